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
    admin.submit(&form, &filled).await.is(422).shows("没有办完的办件");
    admin.submit(&form, &[("whom", &number), ("sure", "yes")]).await.is(422).shows("请选择依据");
    admin.submit(&form, &filled[..2]).await.is(422).shows("请先确认");
    act(&site, &officer, &number, Act::Accept { item: None }).await;
    person.get(&format!("/cases/{number}")).await.is(200);
    person.post(&format!("/cases/{number}/withdraw"), &[("reason", "不办了")]).await.is(303);
    let done = admin.submit(&form, &filled).await;
    admin.follow(&done).await.is(200).shows("涉及 1 个办件").shows("本人撤回同意");
    person.get(&format!("/cases/{number}")).await.is(404);
    person.get("/my").await.is(200).shows_not(&number);
    admin.headers.push(("accept-language", "en".into()));
    admin.submit(&form, &filled).await.is(422).shows("forgotten already");
    admin.get("/admin/forget").await.is(200).shows("The person has withdrawn consent");
    let mut desk = site.signed_in("everybody").await;
    desk.get(&format!("/desk/cases/{number}")).await.is(200);
}
