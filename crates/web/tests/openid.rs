//! Signing in at a provider outside, through the pages.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

#[path = "../../openid/tests/provider/mod.rs"]
mod provider;
mod support;

use office::Standing;
use provider::{BACK, CLIENT, Running, SECRET};
use support::{Actor, Answer, PASSWORD, Site};

async fn site(login_claim: Option<&str>) -> Option<(Running, Site)> {
    let running = provider::start()?;
    let here = openid::Provider::new(openid::Settings {
        issuer: running.issuer.clone(),
        client: CLIENT.into(),
        secret: Some(SECRET.into()),
        back: BACK.into(),
        login_claim: login_claim.map(str::to_owned),
    });
    Some((running, Site::with_provider(here.unwrap()).await))
}

/// To the provider and back.
async fn there_and_back(actor: &mut Actor) -> Answer {
    let left = actor.get("/sign-in/openid?next=/desk/cases").await;
    let address = left.is(303).location().to_owned();
    let back = tokio::task::spawn_blocking(move || provider::walk(&address)).await.unwrap();
    actor.get(&back).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_is_linked_by_the_security_administrator_and_signs_in() {
    let Some((running, site)) = site(None).await else { return };
    let clerk = site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    site.account("security", Standing::SecurityAdministrator, &[]).await;
    let mut person = site.guest();
    person.get("/sign-in").await.is(200).shows("用统一身份认证登录").shows("密码");
    let page = there_and_back(&mut person).await;
    page.is(403).shows("还没有绑定账号");
    let code = page.body.split("<li class=\"mono\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    person.get("/desk").await.is(303);
    let mut security = site.signed_in("security").await;
    let address = format!("/admin/accounts/{}", clerk.id.0);
    let form = security.get(&address).await.is(200).form("/identity");
    security.submit(&form, &[("code", "AAAAA-AAAAA")]).await.is(422).shows("绑定码不对");
    let linked = security.submit(&form, &[("code", &code.to_lowercase())]).await;
    security.follow(linked.is(303)).await.shows("统一身份已绑定").shows(&running.issuer);
    assert_eq!(there_and_back(&mut person).await.is(303).location(), "/desk/cases");
    person.get("/desk").await.is(200).shows("clerk");
    // What the browser was sent away with opens nothing a second time, and nothing in another browser.
    let mut stranger = site.guest();
    stranger.get("/sign-in/openid/back?code=x&state=y").await.is(400).shows("再试一次");
    let left = stranger.get("/sign-in/openid").await;
    left.is(303);
    stranger.get("/sign-in/openid/back?code=x&state=forged").await.is(400);
    running.tell("person=nobody");
    there_and_back(&mut stranger).await.is(403).shows("没有通过");
    security.post(&format!("{address}/identity/end"), &[]).await.is(303);
    person.get("/desk").await.is(303);
    running.tell("person=somebody");
    there_and_back(&mut person).await.is(403).shows("还没有绑定账号");
    // Whatever becomes of the provider, the password still opens.
    drop(running);
    site.guest().post("/sign-in", &[("login", "clerk"), ("password", PASSWORD)]).await.is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_was_agreed_on_links_officers_and_nobody_who_administers() {
    let Some((running, site)) = site(Some("staff_number")).await else { return };
    site.account("nr-somebody", Standing::Officer, &["综合窗口"]).await;
    site.account("nr-security", Standing::SecurityAdministrator, &[]).await;
    site.account("nr-wang", Standing::Applicant, &[]).await;
    there_and_back(&mut site.guest()).await.is(303);
    there_and_back(&mut site.guest()).await.is(303);
    for person in ["security", "wang", "stranger"] {
        running.tell(&format!("person={person}"));
        there_and_back(&mut site.guest()).await.is(403).shows("还没有绑定账号");
    }
    let mut english = site.guest();
    english.headers.push(("accept-language", "en".into()));
    drop(running);
    let mut fresh = english;
    fresh.get("/sign-in").await.is(200).shows("Sign in with your official identity");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_of_one_browser_come_back_each_by_its_own_state() {
    let Some((_running, site)) = site(Some("staff_number")).await else { return };
    site.account("nr-somebody", Standing::Officer, &["综合窗口"]).await;
    let mut browser = site.guest();
    let mut backs = Vec::new();
    for next in ["/desk/cases", "/window"] {
        let left = browser.get(&format!("/sign-in/openid?next={next}")).await;
        let address = left.is(303).location().to_owned();
        backs.push(tokio::task::spawn_blocking(move || provider::walk(&address)).await.unwrap());
    }
    // An answer that nobody here asked for leaves both as they are, and theirs open nothing in another browser.
    browser.get("/sign-in/openid/back?code=x&state=forged").await.is(400);
    site.guest().get(&backs[0]).await.is(400);
    let mut other = browser.second_window();
    other.cookies.retain(|name, _| name != "yc_away");
    other.get(&backs[0]).await.is(400);
    assert_eq!(browser.get(&backs[0]).await.is(303).location(), "/desk/cases");
    assert_eq!(browser.get(&backs[1]).await.is(303).location(), "/window");
    browser.get("/desk").await.is(200);
    browser.get(&backs[0]).await.is(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn beginnings_at_the_provider_are_counted_by_address() {
    let Some((_running, site)) = site(None).await else { return };
    let mut bounds = office::Bounds::default();
    bounds.set("sign-ins=3").unwrap();
    site.office.set_bounds(bounds);
    let from = |address: &str| {
        let mut actor = site.guest();
        actor.from = Some(address.parse().unwrap());
        actor
    };
    for _ in 0..3 {
        from("198.51.100.7").get("/sign-in/openid").await.is(303);
    }
    from("198.51.100.7").get("/sign-in/openid").await.is(429).shows("也可以用账号和密码登录");
    from("198.51.100.8").get("/sign-in/openid").await.is(303);
}
