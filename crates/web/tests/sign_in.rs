//! The way in, as people meet it: the second step, the waiting time, and where one is signed in.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

mod support;

use office::{Clock as _, FactorSecret, Standing};
use support::{Actor, Answer, PASSWORD, Site};

/// The key as it is shown for typing.
fn key(page: &Answer) -> FactorSecret {
    let after = page.body.split("<span class=\"mono strong\">").nth(1).expect("a key is shown");
    FactorSecret::from_base32(&after.split('<').next().unwrap().replace(' ', "")).expect("the key is whole")
}

fn recovery_codes(page: &Answer) -> Vec<String> {
    let codes = page.body.split("<li class=\"mono\">").skip(1);
    codes.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

async fn password(actor: &mut Actor, login: &str) -> Answer {
    actor.post("/sign-in", &[("login", login), ("password", PASSWORD), ("next", "/desk/cases")]).await
}

fn now(site: &Site, secret: &FactorSecret) -> String {
    secret.code_at(site.clock.now())
}

#[tokio::test]
async fn an_officer_of_a_strict_zone_sets_the_second_factor_up_on_the_way_in() {
    let site = Site::strict().await;
    site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    let mut clerk = site.guest();
    let answer = password(&mut clerk, "clerk").await;
    assert_eq!(answer.is(303).location(), "/sign-in/enrol?next=/desk/cases");
    clerk.get("/desk").await.is(303);
    let page = clerk.follow(&answer).await;
    page.is(200).shows("两步验证");
    assert!(page.body.contains("<svg"), "the code to scan is drawn");
    let form = page.form("/sign-in/enrol");
    let wrong = clerk.submit(&form, &[("code", "000000")]).await;
    wrong.is(422).shows("验证码不对");
    let secret = key(&wrong);
    let done = clerk.submit(&form, &[("code", &now(&site, &secret))]).await;
    let codes = recovery_codes(done.is(200).shows("备用码"));
    assert_eq!(codes.len(), 10);
    assert!(done.body.contains("href=\"/desk/cases\""));
    clerk.get("/desk").await.is(200);
    clerk.get("/my/account").await.is(200).shows("备用码还剩 10 个").shows_not(&codes[0]);

    // The next time only the code is asked; the one that was given already does not do.
    let mut again = site.guest();
    let answer = password(&mut again, "clerk").await;
    assert_eq!(answer.is(303).location(), "/sign-in/code?next=/desk/cases");
    let page = again.follow(&answer).await;
    let form = page.form("/sign-in/code");
    again.submit(&form, &[("code", &now(&site, &secret))]).await.is(422).shows("已经用过");
    again.get("/desk").await.is(303);
    site.wait_minutes(1);
    let inside = again.submit(&form, &[("code", &now(&site, &secret))]).await;
    assert_eq!(inside.is(303).location(), "/desk/cases");
    again.get("/desk").await.is(200);
    let mut third = site.guest();
    let answer = password(&mut third, "clerk").await;
    let page = third.follow(&answer).await;
    third.submit(&page.form("/sign-in/code"), &[("code", &codes[7])]).await.is(303);
    third.get("/my/account").await.shows("备用码还剩 9 个");
}

#[tokio::test]
async fn a_sign_in_that_was_left_alone_begins_again() {
    let site = Site::strict().await;
    site.account("clerk", Standing::Officer, &[]).await;
    let mut clerk = site.guest();
    let answer = password(&mut clerk, "clerk").await;
    site.wait_minutes(11);
    let page = clerk.follow(&answer).await;
    assert_eq!(page.is(303).location(), "/sign-in?next=/desk/cases");
    let sent = clerk.post("/sign-in/code", &[("code", "123456")]).await;
    assert!(sent.is(303).location().starts_with("/sign-in?"));
}

#[tokio::test]
async fn an_officer_turns_it_on_and_an_administrator_resets_it() {
    let site = Site::new().await;
    let officer = site.account("officer", Standing::Officer, &[]).await;
    site.account("admin", Standing::Administrator, &[]).await;
    let mut person = site.signed_in("officer").await;
    let mut admin = site.signed_in("admin").await;
    let address = format!("/admin/accounts/{}", officer.id.0);
    admin.get(&address).await.is(200).shows("没有开通");
    let page = person.get("/my/account").await;
    let code = now(&site, &key(&page));
    person
        .submit(&page.form("/my/account/factor"), &[("code", &code)])
        .await
        .is(200)
        .shows("备用码只显示这一次");
    let page = admin.get(&address).await;
    let reset = admin.submit(&page.form("/second-factor"), &[]).await;
    admin.follow(&reset).await.is(200).shows("两步验证已重置");
    person.get("/my/account").await.is(303);
    site.signed_in("officer").await.get("/my/account").await.is(200).shows("开通两步验证");
}

#[tokio::test]
async fn whoever_is_wrong_too_often_is_told_how_long_to_wait() {
    let site = Site::new().await;
    site.account("wang", Standing::Applicant, &[]).await;
    let mut known = site.signed_in("wang").await;
    let mut stranger = site.guest();
    for _ in 0..8 {
        stranger.post("/sign-in", &[("login", "wang"), ("password", "wrong")]).await.is(422);
    }
    site.wait_minutes(4);
    password(&mut stranger, "wang").await.is(429).shows("请 11 分钟后再试");
    stranger.headers.push(("accept-language", "en".into()));
    password(&mut stranger, "wang").await.is(429).shows("Try again in 11 min");
    // The browser that was there before is let in.
    known.post("/sign-out", &[]).await.is(303);
    known.get("/my/account").await.is(303);
    password(&mut known, "wang").await.is(303);
    known.get("/my/account").await.is(200);
    site.wait_minutes(11);
    password(&mut stranger, "wang").await.is(303);
}

#[tokio::test]
async fn somebody_ends_a_session_that_was_left_open_elsewhere() {
    let site = Site::new().await;
    site.account("wang", Standing::Applicant, &[]).await;
    let mut home = site.guest();
    home.headers.push(("user-agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0".into()));
    password(&mut home, "wang").await.is(303);
    let mut hall = site.guest();
    hall.headers.push(("user-agent", "Mozilla/5.0 (Linux; Android 15) MicroMessenger/8.0".into()));
    password(&mut hall, "wang").await.is(303);
    let page = home.get("/my/account").await;
    page.is(200).shows("Firefox · Windows").shows("WeChat · Android").shows("就是这台");
    let forms = page.forms();
    let one = forms.iter().find(|form| form.action == "/my/account/sessions").unwrap();
    let ended = home.submit(one, &[]).await;
    home.follow(&ended).await.is(200).shows("已退出").shows_not("WeChat");
    hall.get("/my/account").await.is(303);
    password(&mut hall, "wang").await.is(303);
    home.post("/my/account/sessions", &[("end", "others")]).await.is(303);
    hall.get("/my/account").await.is(303);
    home.headers.push(("accept-language", "en".into()));
    home.get("/my/account").await.is(200).shows("Where you are signed in");
}
