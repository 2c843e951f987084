//! The page of webhooks: a destination named, stopped, sent to again, removed.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod desk_filing;
mod support;

use desk_filing::{TAKE_AWAY, file};
use office::{By, Carried, Standing};
use support::{Actor, Site};

async fn administration() -> (Site, Actor) {
    let site = Site::new().await;
    site.account("system", Standing::SystemAdministrator, &[]).await;
    let admin = site.signed_in("system").await;
    (site, admin)
}

const URL: &str = "https://hooks.example/zone";

#[tokio::test]
async fn a_destination_is_named_and_its_secret_shown_once() {
    let (site, mut admin) = administration().await;
    let page = admin.get("/admin/webhooks").await;
    page.is(200).shows("还没有推送地址");
    let form = page.form("/admin/webhooks");
    let inside = admin.submit(&form, &[("url", "https://10.0.0.1/")]).await;
    inside.is(422).shows("不能指向内部网络");
    assert!(inside.body.contains("https://10.0.0.1/"), "what was typed is kept");
    let nothing = [("url", URL), ("kind", "case.nothing")];
    admin.post("/admin/webhooks", &nothing).await.is(422).shows("至少选一种事件");
    let made =
        admin.post("/admin/webhooks", &[("url", URL), ("kind", "case.*"), ("kind", "case.accepted")]).await;
    made.is(200).shows("whsec_");
    let listed = admin.get("/admin/webhooks").await;
    listed.shows(URL).shows("case.accepted").shows("正在推送");
    assert!(!listed.body.contains("whsec_"));
    let viewer = site.office.viewer_with_login("system").await.unwrap();
    assert_eq!(site.office.webhooks(&viewer).await.unwrap()[0].kinds, ["case.accepted"], "some, not all");
}

#[tokio::test]
async fn what_became_of_messages_is_shown_and_they_are_sent_again() {
    let (site, mut admin) = administration().await;
    admin.post("/admin/webhooks", &[("url", URL), ("kind", "case.*")]).await.is(200);
    let viewer = site.office.viewer_with_login("system").await.unwrap();
    let id = site.office.webhooks(&viewer).await.unwrap()[0].id;
    let log = format!("/admin/webhooks/{id}");
    admin.get(&log).await.is(200).shows("还没有推送过");
    let applicant = site.account("zhangsan", Standing::Applicant, &[]).await;
    file(&site, By::Viewer(&applicant), "开办餐饮店", &TAKE_AWAY).await;
    site.office.follow_webhooks().await.unwrap();
    let carry = async |status: u16| {
        let mut carried = 0;
        for queue in site.office.webhook_queues().await.unwrap() {
            for due in site.office.due_webhooks(&queue, 100).await.unwrap() {
                let told = Carried { status: Some(status), ..Carried::default() };
                site.office.settle_webhook(due, told).await.unwrap();
                carried += 1;
            }
        }
        carried
    };
    assert!(carry(503).await > 0);
    let shown = admin.get(&log).await;
    shown.is(200).shows("case.case-opened").shows("等待发送").shows("503");
    let all =
        shown.forms().into_iter().filter(|form| form.action == format!("{log}/again")).collect::<Vec<_>>();
    assert!(all.len() > 1, "all of them, or one");
    let again = admin.submit(&all[0], &[]).await;
    admin.follow(&again).await.shows("已安排重发");
    site.office.follow_webhooks().await.unwrap();
    assert!(carry(204).await > 0, "sent again at once, whatever the wait was");
    admin.get(&log).await.shows("已送到");

    let stop = admin.get(&log).await.form(&format!("{log}/standing"));
    let stopped = admin.submit(&stop, &[]).await;
    admin.follow(&stopped).await.shows("已停止推送").shows("恢复推送");
    let started = admin.post(&format!("{log}/standing"), &[("open", "yes")]).await;
    admin.follow(&started).await.shows("已恢复推送");
    let remove = admin.get("/admin/webhooks").await.form(&format!("{log}/remove"));
    let removed = admin.submit(&remove, &[]).await;
    admin.follow(&removed).await.shows("已删除").shows("还没有推送地址");
    admin.get(&log).await.is(404);
}
