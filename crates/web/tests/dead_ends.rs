//! Nobody is left without a way on: what cannot be shown has the frame of every page, keeps what was written, and leads on.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use office::Standing;
use support::flow::{EXISTING, RESTAURANT, begin, hand_in};
use support::{Answer, Site};

#[track_caller]
fn has_the_frame(what: &str, answer: &Answer) {
    for part in [
        "<header class=\"bar\">",
        "action=\"/language\"",
        "href=\"/feedback?from=",
        "<main id=\"content\"",
        "class=\"brand\"",
    ] {
        assert!(answer.body.contains(part), "{what} ({}) has no {part}: {}", answer.status, answer.text());
    }
}

#[tokio::test]
async fn no_answer_is_without_the_frame() {
    let site = Site::new().await;
    site.account("applicant", Standing::Applicant, &[]).await;
    site.account("officer", Standing::Officer, &["审批审查员"]).await;
    site.account("admin", Standing::Administrator, &[]).await;
    let routes = support::routes();
    assert!(routes.len() > 100, "the routes were not found: {routes:?}");
    let mut refused = 0;
    for login in [None, Some("applicant"), Some("officer"), Some("admin")] {
        let cookies = match login {
            Some(login) => site.signed_in(login).await.cookies,
            None => Default::default(),
        };
        for route in routes.iter().filter(|route| *route != "/metrics" && *route != "/sign-out") {
            let parts = route.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
            let address = parts.collect::<Vec<_>>().join("/");
            for method in ["GET", "POST", "PUT"] {
                let mut actor = site.guest();
                actor.cookies = cookies.clone();
                let answer = actor.request(method, &address).await;
                if answer.status >= 400 {
                    refused += 1;
                    has_the_frame(&format!("{method} {address} for {login:?}"), &answer);
                }
                assert!(answer.status != 405 || method != "GET", "{address} has no page");
            }
        }
    }
    assert!(refused > 300, "only {refused} refusals were met");
}

/// Whoever reloads after a refusal, or keeps the address of a form, comes to the page that has it.
#[tokio::test]
async fn the_address_of_a_form_leads_to_its_page() {
    let site = Site::new().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    let draft = begin(&mut person, RESTAURANT).await;
    for address in [
        format!("/cases/{number}/message"),
        format!("/cases/{number}/withdraw"),
        format!("/cases/{number}/correction/食品经营许可"),
        format!("/cases/{number}/agents/end"),
        format!("{draft}/papers/设备布局和操作流程图"),
        format!("{draft}/submit"),
        format!("{draft}/autosave"),
        format!("{draft}/code"),
        "/hall/政务服务大厅/take".to_owned(),
        "/language".to_owned(),
        "/drafts".to_owned(),
    ] {
        let sent_on = person.get(&address).await;
        let page = person.follow(&sent_on).await;
        page.is(200);
    }
}

#[tokio::test]
async fn a_case_link_on_another_phone_asks_for_the_telephone() {
    let site = Site::new().await;
    let number = hand_in(&mut site.guest(), RESTAURANT, EXISTING).await;
    let mut other = site.guest();
    let sent_on = other.get(&format!("/cases/{number}")).await;
    assert_eq!(sent_on.location(), format!("/track?number={number}"));
    let page = other.follow(&sent_on).await;
    assert!(page.body.contains(&format!("value=\"{number}\"")), "{}", page.body);
    // Pages under it do not exist for a stranger, and lead there too.
    let deep = other.get(&format!("/cases/{number}/traces")).await;
    deep.is(404).shows("查这个办件的进度");
    assert!(deep.body.contains(&format!("href=\"/track?number={number}\"")));
}

#[tokio::test]
async fn what_was_written_is_shown_again_on_a_refused_page() {
    const WORDS: &str = "我的店门口在修路，能不能改到下周三上午来看？";
    let site = Site::new().await;
    let number = hand_in(&mut site.guest(), RESTAURANT, EXISTING).await;
    let mut other = site.guest();
    let refused = other.post(&format!("/cases/{number}/message"), &[("text", WORDS)]).await;
    refused.is(404).shows(WORDS).shows("您刚才写的内容还在这里");
    // Too many controls: the page is refused before anybody reads it.
    let many: Vec<(String, String)> = (0..5000).map(|place| (format!("x{place}"), "1".to_owned())).collect();
    has_the_frame("many controls", &other.post_pairs("/track", &many).await);
    // From another site nothing is shown again, nor offered to be sent again.
    other.headers.push(("origin", "https://evil.example".to_owned()));
    let refused = other.post(&format!("/cases/{number}/message"), &[("text", WORDS)]).await;
    refused.is(403).shows_not(WORDS);
}

#[tokio::test]
async fn passwords_are_not_shown_again() {
    let site = Site::new().await;
    site.account("applicant", Standing::Applicant, &[]).await;
    let mut person = site.signed_in("applicant").await;
    let refused =
        person.post("/my/account/nowhere", &[("password", "hunter22hunter"), ("text", "一句话")]).await;
    refused.is(404).shows("一句话").shows_not("hunter22hunter");
}
