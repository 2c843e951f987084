//! What people without an account meet who ask for more than one address is given: a sentence, a way on, and what they typed.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use office::Bounds;
use support::flow::{EXISTING, RESTAURANT, act, answer_all, begin, hand_in, upload_all};
use support::{Actor, Answer, PDF, Site};

const HALL: &str = "政务服务大厅";

async fn bounded(amounts: &[&str]) -> Site {
    let site = Site::new().await;
    let mut bounds = Bounds::default();
    amounts.iter().for_each(|amount| bounds.set(amount).unwrap());
    site.office.set_bounds(bounds);
    site
}

/// Somebody new each time, from one address.
fn stranger(site: &Site) -> Actor {
    let mut actor = site.guest();
    actor.from = Some("198.51.100.7".parse().unwrap());
    actor
}

fn english(site: &Site) -> Actor {
    let mut actor = stranger(site);
    actor.headers.push(("accept-language", "en".into()));
    actor
}

#[track_caller]
fn told_to_wait(answer: &Answer, words: &str) {
    answer.is(429).shows(words).shows("分钟后再试");
    let seconds: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!(seconds >= 60);
}

#[tokio::test]
async fn the_page_that_verifies_cannot_be_walked() {
    let site = bounded(&["checks=5"]).await;
    let officer = site.officer().await;
    let second = site.in_every_role("second").await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    support::flow::finish(&site, &officer, &second, &person, &number).await;
    let id = site.office.case_by_number(&number).await.unwrap();
    let documents = site.office.documents(id, office::By::System).await.unwrap();
    let real = format!("/v/{}", documents[0].identifier);
    stranger(&site).get(&real).await.is(200).shows("真实有效");
    for each in 0..4 {
        stranger(&site).get(&format!("/v/1.2.156.3005.2.{each}")).await.is(404);
    }
    // The same for what is there and what is not, with a way on in both languages.
    let (there, not) = (stranger(&site).get(&real).await, stranger(&site).get("/v/none").await);
    told_to_wait(&there, "不联网也能查");
    told_to_wait(&not, "不联网也能查");
    assert_eq!(there.text(), not.text());
    english(&site).get(&real).await.is(429).shows("verified offline").shows("Try again in");
    // A file that is sent is not called valid unseen: it may have been withdrawn.
    let file = person.get(&format!("/cases/{number}/results/{}/file", documents[0].identifier)).await;
    let mut asker = stranger(&site);
    let form = site.guest().get("/v").await.forms().into_iter().find(|form| form.multipart).unwrap();
    asker.upload(&form, &[], &[("file", "a.json", &file.bytes)]).await.is(429).shows_not("真实有效");
    site.guest().get(&real).await.is(200);
}

#[tokio::test]
async fn what_a_person_bought_is_on_the_paper_and_not_on_the_page_that_verifies_it() {
    let site = Site::new().await;
    let officer = site.officer().await;
    let second = site.in_every_role("second").await;
    let mut person = site.guest();
    let number = hand_in(&mut person, "/things/房屋买卖过户", &[]).await;
    support::flow::finish(&site, &officer, &second, &person, &number).await;
    let id = site.office.case_by_number(&number).await.unwrap();
    let mut checked = 0;
    for row in site.office.documents(id, office::By::System).await.unwrap() {
        let signed = site.office.document(&row.identifier, office::By::System).await.unwrap();
        let document = signed.document();
        let page = site.guest().get(&format!("/v/{}", row.identifier)).await;
        page.is(200).shows("真实有效").shows(&document.title.zh);
        if document.subject.kind == credential::SubjectKind::Person {
            page.shows_not(&document.subject.name);
            for entry in document.content.iter().filter(|entry| entry.text.zh.chars().count() > 4) {
                page.shows_not(&entry.text.zh);
                checked += 1;
            }
        }
    }
    assert!(checked > 0, "somebody bought a home");
}

#[tokio::test]
async fn a_report_that_is_one_too_many_is_shown_again_with_all_that_was_written() {
    let site = bounded(&["drafts=2"]).await;
    for _ in 0..2 {
        let mut person = stranger(&site);
        let page = person.get("/feedback").await;
        person.submit(&page.form("/drafts"), &[]).await.is(303);
    }
    let mut person = stranger(&site);
    let page = person.get("/feedback").await;
    let form = page.form("/drafts");
    let said = form.names().into_iter().find(|name| name.starts_with("f.")).unwrap().to_owned();
    let refused = person.submit(&form, &[(&said, "排队的牌子指错了方向")]).await;
    told_to_wait(&refused, "大厅窗口");
    refused.shows("排队的牌子指错了方向");
    let mut reader = english(&site);
    reader
        .submit(&form, &[(&said, "The sign points the wrong way")])
        .await
        .is(429)
        .shows("points the wrong way")
        .shows("bring your papers");
    site.wait(1);
    person.submit(&form, &[(&said, "排队的牌子指错了方向")]).await.is(303);
}

#[tokio::test]
async fn numbers_and_appointments_of_one_address_end_with_a_sentence() {
    let site = bounded(&["numbers=2", "bookings=1", "accounts=1"]).await;
    let take = async || {
        let mut person = stranger(&site);
        let page = person.get(&format!("/hall/{HALL}")).await;
        person.submit(&page.form("/take"), &[("line", "税务"), ("here", "yes")]).await
    };
    take().await.is(303);
    take().await.is(303);
    told_to_wait(&take().await, "请工作人员取号");
    let mut kiosk = stranger(&site);
    let page = kiosk.get(&format!("/kiosk/{HALL}")).await;
    let pressed = kiosk.submit(&page.form("/kiosk"), &[("line", "税务")]).await;
    assert!((400..500).contains(&pressed.status), "the machine's page is no way round: {}", pressed.status);
    pressed.shows("取号太多");
    let book = async |name: &str| {
        let mut person = stranger(&site);
        let page = person.get(&format!("/book/{HALL}?line=税务")).await;
        let slot = page.body.split("name=\"slot\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let form = page.form("/book/");
        person.submit(&form, &[("slot", slot), ("name", name), ("phone", "13800001234")]).await
    };
    let long = book(&"名".repeat(61)).await;
    long.is(422).shows("最多 60 个字");
    assert!(
        long.body.contains("value=\"13800001234\"") && long.body.contains("checked"),
        "what was typed is there"
    );
    book("李某").await.is(303);
    told_to_wait(&book("王某").await, "直接到大厅取号");
    let register = async |login: &str| {
        let mut person = stranger(&site);
        let page = person.get("/register").await;
        let typed =
            [("login", login), ("name", "某人"), ("phone", "13800001234"), ("password", "long enough 8")];
        person.submit(&page.form("/register"), &typed).await
    };
    register("first").await.is(303);
    told_to_wait(&register("second").await, "大厅窗口");
}

#[tokio::test]
async fn files_find_no_place_when_the_disk_is_nearly_full_and_the_form_is_still_there() {
    let site = Site::new().await;
    let mut person = stranger(&site);
    let draft = begin(&mut person, RESTAURANT).await;
    let draft = draft.split("/s/").next().unwrap().to_owned();
    answer_all(&mut person, &draft, EXISTING).await;
    site.store.set_room(1 << 20);
    let page = person.get(&format!("{draft}/papers")).await;
    let control = page.body.split("name=\"file:").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let sent =
        person.upload(&page.form("/papers"), &[], &[(&format!("file:{control}"), "材料.pdf", PDF)]).await;
    assert!(sent.status >= 400, "{}", sent.status);
    sent.shows("存储空间快满了");
    stranger(&site)
        .submit(&site.guest().get(RESTAURANT).await.form("/drafts"), &[])
        .await
        .is(503)
        .shows("大厅窗口");
    // With room again nothing has to be typed twice.
    site.store.set_room(1 << 40);
    upload_all(&mut person, &draft).await;
    let check = person.get(&format!("{draft}/check")).await;
    person.submit(&check.form("/submit"), &[]).await.is(303);
}

#[tokio::test]
async fn what_officers_write_holds_nothing_that_turns_or_hides_it() {
    let site = Site::new().await;
    let officer = site.officer().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    let text = "请补\u{202e}交\u{2066}材料\u{e0041}\u{200b}。\u{2028}第二行".to_owned();
    act(&site, &officer, &number, office::Act::Message { item: None, text }).await;
    let page = person.get(&format!("/cases/{number}")).await;
    page.is(200).shows("请补交材料。");
    assert!(
        !page.body.contains(|c: char| c != '\n' && c != '\r' && c != '\t' && identifier::is_unseen(c)),
        "nothing unseen on the page"
    );
}
