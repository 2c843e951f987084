//! What is drawn once and shown to many: never another person's, never of yesterday, never of an edition that is over.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

mod support;

use office::{Act, Standing};
use support::flow::{EXISTING, RESTAURANT, act, hand_in};
use support::{Actor, Site};

const GUIDE: &str = "/things/%E5%BC%80%E5%8A%9E%E9%A4%90%E9%A5%AE%E5%BA%97";

/// Without what must be new on every page.
fn lasting(body: &str) -> String {
    let mut parts = body.split("name=\"command\" value=\"");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| text + part.split_once('"').unwrap().1)
}

#[tokio::test]
async fn a_guide_is_the_same_for_everybody_but_for_the_frame() {
    let site = Site::new().await;
    site.account("wang", Standing::Applicant, &[]).await;
    let mut stranger = site.guest();
    let before = stranger.get(GUIDE).await;
    before.is(200).shows_not("wang").shows("登录");
    let mut wang = site.signed_in("wang").await;
    wang.get(GUIDE).await.is(200).shows("wang").shows("退出");
    let after = stranger.get(GUIDE).await;
    assert_eq!(before.body, after.body, "nothing of who came between");
    let mut english = site.guest();
    english.headers.push(("accept-language", "en".into()));
    english.get(GUIDE).await.is(200).shows("No account needed").shows_not("不用登录");
    assert_eq!(stranger.get(GUIDE).await.body, before.body);
    // What is answered in the address is another page, and does not stay.
    let own = stranger.get(&format!("{GUIDE}?f.%E8%90%A5%E4%B8%9A%E9%9D%A2%E7%A7%AF=77")).await;
    assert!(own.is(200).body.contains("value=\"77\""));
    assert_eq!(stranger.get(GUIDE).await.body, before.body);
}

#[tokio::test]
async fn a_guide_is_of_today_and_of_the_edition_in_force() {
    let site = Site::new().await;
    let mut person = site.guest();
    let today = person.get(GUIDE).await;
    site.wait_minutes(60);
    assert_eq!(person.get(GUIDE).await.body, today.body, "the hour makes no difference");
    site.wait(1);
    let tomorrow = person.get(GUIDE).await;
    assert_ne!(tomorrow.body, today.body, "everything is done a day later");
    // A browser that asks afresh sees what another process would draw.
    let other = Site::new().await;
    other.wait(1);
    assert_eq!(other.guest().get(GUIDE).await.body, tomorrow.body);
    let mut parts = site.office.edition().parts().clone();
    parts.things.get_mut("开办餐饮店").unwrap().outcome.zh = "新版说的话".into();
    let mut compiled = checker::compile(&support::pack());
    compiled.edition = Some(catalogue::Edition::seal(parts).unwrap());
    let admin = site.account("admin", Standing::Administrator, &[]).await;
    site.office.publish(compiled, None, &admin).await.unwrap();
    person.get(GUIDE).await.is(200).shows("新版说的话");
    assert_eq!(other.guest().get(GUIDE).await.body, tomorrow.body);
}

#[tokio::test]
async fn a_case_stays_its_persons_also_after_it_was_drawn() {
    let site = Site::new().await;
    let (mut first, mut second) = (site.guest(), site.guest());
    let one = hand_in(&mut first, RESTAURANT, EXISTING).await;
    let two = hand_in(&mut second, RESTAURANT, EXISTING).await;
    let page = |number: &str| format!("/cases/{number}");
    let drawn = first.get(&page(&one)).await;
    drawn.is(200);
    second.get(&page(&two)).await.is(200);
    for _ in 0..2 {
        second.get(&page(&one)).await.is(303);
        site.guest().get(&page(&one)).await.is(303);
        let again = first.get(&page(&one)).await;
        assert!(!again.body.contains(&two));
        assert_eq!(lasting(&again.body), lasting(&drawn.body));
    }
    let commands = |body: &str| {
        let parts = body.split("name=\"command\" value=\"").skip(1);
        parts.map(|part| part.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (before, after) = (commands(&drawn.body), commands(&first.get(&page(&one)).await.body));
    assert!(
        !before.is_empty() && before.iter().all(|command| !after.contains(command)),
        "each page acts anew"
    );
}

#[tokio::test]
async fn a_kept_case_page_is_what_would_be_drawn_now() {
    let site = Site::new().await;
    let officer = site.officer().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    compare(&site, &mut person, &number).await;
    site.wait_minutes(90);
    compare(&site, &mut person, &number).await;
    act(&site, &officer, &number, Act::Accept { item: None }).await;
    compare(&site, &mut person, &number).await.shows("已受理");
    for _ in 0..4 {
        site.wait(3);
        compare(&site, &mut person, &number).await;
    }
    act(&site, &officer, &number, Act::Message { item: None, text: "请带原件。".into() }).await;
    compare(&site, &mut person, &number).await.shows("请带原件。");
    site.wait(1);
    let mut english = person.second_window();
    english.headers.push(("accept-language", "en".into()));
    compare(&site, &mut english, &number).await.shows_not("等候受理");
    compare(&site, &mut person, &number).await;
}

/// The page as this site shows it, first and second time, against a server that was started just now on the same store.
async fn compare(site: &Site, person: &mut Actor, number: &str) -> support::Answer {
    let address = format!("/cases/{number}");
    let first = person.get(&address).await;
    let second = person.get(&address).await;
    let mut afresh = person.second_window();
    afresh.router = site.started_again();
    let third = afresh.get(&address).await;
    first.is(200);
    assert_eq!(lasting(&first.body), lasting(&third.body));
    assert_eq!(lasting(&second.body), lasting(&third.body));
    first
}
