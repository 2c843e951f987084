//! The three administrators before their pages.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

mod support;

use office::Standing;
use support::Site;

#[tokio::test]
async fn the_first_administrator_appoints_three_and_is_none_afterwards() {
    let site = Site::new().await;
    site.account("founder", Standing::Administrator, &[]).await;
    let mut founder = site.signed_in("founder").await;
    founder
        .get("/admin/accounts")
        .await
        .is(200)
        .shows("三员还没有分开")
        .shows("还缺：系统管理员、安全管理员、审计管理员");
    for (login, duty) in [("wang", "system"), ("lisi", "security"), ("zhao", "audit")] {
        let officer = site.account(login, Standing::Officer, &[]).await;
        let page = founder.get(&format!("/admin/accounts/{}", officer.id.0)).await;
        let form = page.is(200).form("/duty");
        let done = founder.submit(&form, &[("duty", duty)]).await;
        if duty == "audit" {
            founder.follow(done.is(303)).await.is(403);
        } else {
            founder.follow(done.is(303)).await.is(200).shows("管理职责已保存");
        }
    }
    founder.get("/admin/accounts").await.is(403);
    founder.get("/my/account").await.is(200);
    let officer = site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    let address = format!("/admin/accounts/{}", officer.id.0);
    let mut security = site.signed_in("lisi").await;
    let page = security.get(&address).await;
    page.is(200).shows("管理职责").shows_not("重置密码");
    let refused = security.submit(&page.form("/duty"), &[("duty", "audit")]).await;
    refused.is(422).shows("有岗位的账号不能兼任管理员");
    security.post(&format!("{address}/duty"), &[("duty", "everything")]).await.is(400);
    let mut system = site.signed_in("wang").await;
    system.get(&address).await.is(200).shows("停用账号").shows("综合窗口").shows_not("保存岗位");
    system.get("/admin/accounts").await.is(200).shows("岗位由安全管理员授予");
}

#[tokio::test]
async fn the_audit_administrator_sees_what_is_kept_how_long_and_holds_a_case() {
    let site = Site::new().await;
    site.account("auditor", Standing::AuditAdministrator, &[]).await;
    let mut person = site.guest();
    let number =
        support::flow::hand_in(&mut person, support::flow::RESTAURANT, support::flow::EXISTING).await;
    let mut auditor = site.signed_in("auditor").await;
    let page = auditor.get("/admin/keeping").await;
    page.is(200).shows("10 年").shows("永久").shows("没有快到期的办件").shows("没有暂停清除的办件");
    let form = page.form("/admin/keeping");
    let sent = [("number", number.as_str()), ("why", "正在诉讼"), ("until", "2027-06-30")];
    auditor
        .submit(&form, &[("number", "1"), ("why", "正在诉讼"), ("until", "2027-06-30")])
        .await
        .is(422)
        .shows("没有找到");
    auditor.submit(&form, &[sent[0], sent[1], ("until", "soon")]).await.is(422).shows("正在诉讼");
    auditor.submit(&form, &[sent[0], sent[1], ("until", "2020-01-01")]).await.is(422).shows("三年以内");
    let held = auditor.submit(&form, &sent).await;
    let page = auditor.follow(held.is(303)).await;
    page.is(200).shows("已暂停清除").shows(&number).shows("正在诉讼");
    let lifted = auditor.submit(&page.form("/admin/keeping/lift"), &[]).await;
    auditor.follow(lifted.is(303)).await.shows("已解除");
    auditor.get("/admin/trail?kind=erasure-held").await.is(200).shows("2027-06-30");
}

#[tokio::test]
async fn the_audit_administrator_reads_the_trail() {
    let site = Site::new().await;
    let clerk = site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    site.account("security", Standing::SecurityAdministrator, &[]).await;
    site.account("auditor", Standing::AuditAdministrator, &[]).await;
    let mut security = site.signed_in("security").await;
    let address = format!("/admin/accounts/{}/roles", clerk.id.0);
    security.post(&address, &[("role", "审批审查员")]).await.is(303);
    let mut auditor = site.signed_in("auditor").await;
    let page = auditor.get("/admin/trail").await;
    page.is(200).shows("变更岗位").shows("审批审查员").shows("登录");
    auditor
        .get("/admin/trail?kind=roles-set")
        .await
        .is(200)
        .shows("security")
        .shows_not("<td data-label=\"事项\">登录");
    auditor.get("/admin/trail?who=nobody-at-all").await.is(200).shows("没有这个账号");
    auditor.get("/admin/trail?from=yesterday").await.is(200).shows("日期请写成");
    auditor.get("/admin/trail?from=2030-01-01").await.is(200).shows("没有符合条件的记录");
    auditor.get("/admin/trail?after=junk").await.is(200);
    let file = auditor.get("/admin/trail.csv?kind=roles-set").await;
    assert!(file.is(200).body.contains("审批审查员"));
    auditor.get("/admin/trail.csv?from=x").await.is(400);
    auditor.headers.push(("accept-language", "en".into()));
    auditor.get("/admin/trail").await.is(200).shows("Roles changed");
}
