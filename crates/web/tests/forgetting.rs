//! The administrator forgets somebody; the person's pages are gone and the licence is still verified.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

mod support;

use office::{Act, Standing};
use support::Site;
use support::flow::{EXISTING, RESTAURANT, act, hand_in};

#[tokio::test]
async fn somebody_is_forgotten_once_nothing_is_under_way() {
    let site = Site::new().await;
    let officer = site.officer().await;
    site.account("admin", Standing::Administrator, &[]).await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    let mut admin = site.signed_in("admin").await;
    let page = admin.get("/admin/forget").await;
    let form = page.is(200).form("/admin/forget");
    let filled = [("whom", number.as_str()), ("ground", "consent-withdrawn"), ("sure", "yes")];
    admin.submit(&form, &filled).await.is(422).shows("还有办件没办完");
    admin.submit(&form, &[("whom", &number), ("sure", "yes")]).await.is(422).shows("请选择依据");
    admin.submit(&form, &filled[..2]).await.is(422).shows("请先确认");
    act(&site, &officer, &number, Act::Accept { item: None }).await;
    person.get(&format!("/cases/{number}")).await.is(200);
    person.post(&format!("/cases/{number}/withdraw"), &[("reason", "不办了")]).await.is(303);
    // The law has the case kept for years: it is not erased, and the page says what can be done instead.
    admin.submit(&form, &filled).await.is(422).shows("没有满法定保存期限").shows("限制处理");
    let restrict = [&filled[..], &[("restrict", "yes")]].concat();
    let done = admin.submit(&form, &restrict).await;
    admin.follow(&done).await.is(200).shows("涉及 0 个办件").shows("另有 1 个办件").shows("本人撤回同意");
    person.get(&format!("/cases/{number}")).await.is(303);
    person.get("/my").await.is(200).shows_not(&number);
    admin.headers.push(("accept-language", "en".into()));
    admin.submit(&form, &filled).await.is(422).shows("forgotten already");
    admin.get("/admin/forget").await.is(200).shows("The person has withdrawn consent");
    let mut desk = site.signed_in("everybody").await;
    desk.get(&format!("/desk/cases/{number}")).await.is(200);
}

#[tokio::test]
async fn what_the_law_has_kept_is_stored_unread_and_opened_again_by_the_audit_administrator() {
    let site = Site::new().await;
    site.officer().await;
    site.account("admin", Standing::Administrator, &[]).await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    person.post(&format!("/cases/{number}/withdraw"), &[("reason", "不办了")]).await.is(303);
    let mut admin = site.signed_in("admin").await;
    let mut desk = site.signed_in("everybody").await;
    desk.get(&format!("/desk/cases/{number}")).await.is(200).shows("不办了");
    let form = admin.get("/admin/forget").await.is(200).form("/admin/forget");
    let filled =
        [("whom", number.as_str()), ("ground", "consent-withdrawn"), ("restrict", "yes"), ("sure", "yes")];
    admin.submit(&form, &filled).await.is(303);
    desk.get(&format!("/desk/cases/{number}")).await.is(200).shows_not("不办了");
    let page = admin.get("/admin/keeping").await;
    page.is(200).shows("限制处理的办件").shows(&number);
    let form = page.form("/admin/keeping/unrestrict");
    let done = admin.submit(&form, &[]).await;
    admin.follow(&done).await.is(200).shows("已解除限制").shows("没有限制处理的办件");
    desk.get(&format!("/desk/cases/{number}")).await.is(200).shows("不办了");
}
