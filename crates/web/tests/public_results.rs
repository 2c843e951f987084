//! To the end: results that are looked at, printed, taken home and verified by anybody; and the rating.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use office::Act;
use support::flow::{EXISTING, RESTAURANT, act, finish, hand_in};
use support::{Actor, Site};

/// A finished restaurant case: its person and number.
async fn finished(site: &Site) -> (Actor, String, office::Viewer) {
    let officer = site.officer().await;
    let second = site.in_every_role("second").await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    site.wait(1);
    finish(site, &officer, &second, &person, &number).await;
    (person, number, officer)
}

fn result_address(page: &str) -> String {
    let found = page
        .split("href=\"")
        .filter_map(|part| part.split('"').next())
        .find(|href| href.contains("/results/") && !href.ends_with("/file"));
    found.expect("a result is listed").to_owned()
}

#[tokio::test]
async fn a_licence_is_printed_taken_home_and_verified_by_a_stranger() {
    let site = Site::new().await;
    let (mut person, number, _) = finished(&site).await;
    let case = person.get(&format!("/cases/{number}")).await;
    case.is(200).shows("已办成").shows("已出具的证照和文书").shows("的结果已出具").shows_not("需要您办");
    let address = result_address(&case.body);
    let sheet = person.get(&address).await;
    sheet.is(200).shows("编号：").shows("二〇二六年十一月").shows("电子证照标识").shows("盖章处");
    assert!(
        sheet.body.contains("class=\"sheet\"") && sheet.body.contains("<svg"),
        "an official sheet with its code"
    );
    let file = person.get(&format!("{address}/file")).await;
    assert_eq!(file.headers["content-type"], "application/json");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));

    let mut stranger = site.guest();
    stranger.get(&address).await.is(404);
    stranger.get(&format!("{address}/file")).await.is(404);
    let identifier = address.rsplit('/').next().unwrap();
    let online = stranger.get(&format!("/v/{identifier}")).await;
    online.is(200).shows("真实有效").shows("签发机关");
    assert!(online.body.contains("data-digest="), "the digest is there to be compared");
    let page = stranger.get("/v").await;
    let form = page.forms().into_iter().find(|form| form.multipart).unwrap();
    stranger.upload(&form, &[], &[("file", "a.json", &file.bytes)]).await.is(200).shows("真实有效");
    // One character changed is noticed.
    let altered = file.body.replacen("2026", "2027", 1);
    stranger
        .upload(&form, &[], &[("file", "a.json", altered.as_bytes())])
        .await
        .is(200)
        .shows("没有通过核验");
}

#[tokio::test]
async fn a_result_of_one_case_is_not_shown_under_another() {
    let site = Site::new().await;
    let (mut person, number, _) = finished(&site).await;
    let other = hand_in(&mut person, RESTAURANT, EXISTING).await;
    let address = result_address(&person.get(&format!("/cases/{number}")).await.body);
    let identifier = address.rsplit('/').next().unwrap();
    person.get(&format!("/cases/{other}/results/{identifier}")).await.is(404);
    person.get(&format!("/cases/{number}/results/none")).await.is(404);
}

#[tokio::test]
async fn a_result_that_was_taken_back_says_so_to_anybody() {
    let site = Site::new().await;
    let (mut person, number, officer) = finished(&site).await;
    let id = site.office.case_by_number(&number).await.unwrap();
    let loaded = site.office.load_case(id).await.unwrap();
    let matter = loaded.case.matters.iter().find(|matter| !matter.results.is_empty()).unwrap();
    let (item, result) = (matter.item.clone(), matter.results[0].result.clone());
    let identifier = matter.results[0].identifier.clone().unwrap();
    let address = result_address(&person.get(&format!("/cases/{number}")).await.body);
    let file = person.get(&format!("{address}/file")).await.bytes;
    // What anybody downloads: the public keys, and the list of what was withdrawn.
    let ring = site.guest().get("/v/keys").await.bytes;
    let ring = credential::TrustStore::from_json(&ring).unwrap();
    let now = site.office.now();
    assert!(credential::verify(&file, &ring, now).valid);
    let list = site.guest().get("/v/status").await.bytes;
    assert_eq!(credential::StatusList::read(&list, &ring, now).unwrap().of(&file), None);
    let change = Act::ChangeResult {
        item,
        result,
        change: casework::ResultChange::Cancelled,
        reason: "餐饮店已经停业。".into(),
    };
    act(&site, &officer, &number, change).await;
    site.guest().get(&format!("/v/{identifier}")).await.is(200).shows("已注销").shows_not("真实有效");
    person.get(&format!("/cases/{number}")).await.shows("已注销");
    // What is printed says it too.
    person.get(&address).await.is(200).shows("本件不再有效").shows_not("与纸质件具有同等效力");
    site.wait(1);
    let list = site.guest().get("/v/status").await.bytes;
    let list = credential::StatusList::read(&list, &ring, site.office.now()).unwrap();
    assert_eq!(list.of(&file).unwrap().change, "cancelled");
    // The list names no document: only who has the file finds it.
    assert!(!String::from_utf8(site.guest().get("/v/status").await.bytes).unwrap().contains(&*identifier));
}

#[tokio::test]
async fn when_it_is_over_it_is_rated_once_by_tap() {
    let site = Site::new().await;
    let (mut person, number, _) = finished(&site).await;
    let page = person.get(&format!("/cases/{number}")).await;
    for level in ["非常满意", "满意", "基本满意", "不满意", "非常不满意"] {
        page.shows(level);
    }
    let form = page.form("/rate");
    let rated = person.submit(&form, &[("level", "5")]).await;
    person.follow(&rated).await.shows("谢谢您的评价").shows("您评了“非常满意”");
    // The second tap of the same button is the same rating.
    person.submit(&form, &[("level", "5")]).await.is(303);
}

#[tokio::test]
async fn officers_learn_the_level_of_a_rating_without_a_name_once_the_case_is_over() {
    let site = Site::new().await;
    site.officer().await;
    let mut desk = site.signed_in("everybody").await;
    let told = "评价：不满意";
    for named in ["", "yes"] {
        let mut person = site.guest();
        let advertising: Vec<_> = EXISTING
            .iter()
            .map(|(field, said)| (*field, if *field == "大型户外广告" { "true" } else { *said }))
            .collect();
        let number = hand_in(&mut person, RESTAURANT, &advertising).await;
        let case = format!("/cases/{number}");
        let item = site.office.load_case(site.office.case_by_number(&number).await.unwrap()).await.unwrap();
        let [first, .., last] = &*item.case.matters else { panic!("several items") };
        let withdraw = |item: &str| [("item", item.to_owned()), ("reason", "不办了".to_owned())];
        let form = format!("{case}/withdraw");
        let post = withdraw(first.item.as_str());
        person.post(&form, &post.each_ref().map(|(name, value)| (*name, value.as_str()))).await.is(303);
        let rated = [("level", "2"), ("comment", "来了三次"), ("named", named)];
        person.post(&format!("{case}/rate"), &rated).await.is(303);
        person.get(&case).await.shows("您评了“不满意”");
        let (seen, csv) = (desk.get(&format!("/desk{case}")).await, desk.get("/desk/cases.csv").await);
        let row = csv.is(200).body.lines().find(|line| line.contains(&number)).unwrap().to_owned();
        if named.is_empty() {
            seen.is(200).shows("没有留名").shows_not(told).shows_not("来了三次");
            assert!(row.ends_with(",,0"), "{row}");
        } else {
            seen.is(200).shows(told);
            assert!(row.ends_with(",2,0"), "{row}");
        }
        // With the last item nothing is left for which it could be held against anybody.
        assert_ne!(first.item, last.item);
        person.post(&form, &[("reason", "不办了")]).await.is(303);
        desk.get(&format!("/desk{case}")).await.is(200).shows(told);
    }
}

#[tokio::test]
async fn the_due_day_goes_into_ones_own_calendar() {
    let site = Site::new().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    let file = person.get(&format!("/cases/{number}/due.ics")).await;
    file.is(200);
    assert!(file.headers["content-type"].to_str().unwrap().starts_with("text/calendar"));
    assert!(file.body.starts_with("BEGIN:VCALENDAR\r\n") && file.body.ends_with("END:VCALENDAR\r\n"));
    assert!(
        file.body.contains("DTSTART;VALUE=DATE:202612") || file.body.contains("DTSTART;VALUE=DATE:202611"),
        "{}",
        file.body
    );
    assert!(file.body.lines().all(|line| line.len() <= 75));
    site.guest().get(&format!("/cases/{number}/due.ics")).await.is(404);
}

#[tokio::test]
async fn a_refusal_tells_its_reason_and_what_can_be_done() {
    let site = Site::new().await;
    let officer = site.officer().await;
    let second = site.in_every_role("second").await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    let id = site.office.case_by_number(&number).await.unwrap();
    for _ in 0..30 {
        let loaded = site.office.load_case(id).await.unwrap();
        let open = loaded
            .case
            .matters
            .iter()
            .find_map(|matter| Some((matter.item.clone(), matter.open_steps().next()?.0.clone())));
        let Some((item, step)) = open else { break };
        let officers = if step.officers > 1 { vec![second.id.to_string()] } else { Vec::new() };
        match step.kind {
            catalogue::StepKind::Accept => {
                act(&site, &officer, &number, Act::Accept { item: Some(item) }).await
            }
            catalogue::StepKind::Decide => {
                act(&site, &officer, &number, Act::Refuse { item, reason: "后厨面积不足".into(), officers })
                    .await
            }
            _ => {
                act(
                    &site,
                    &officer,
                    &number,
                    Act::CompleteStep {
                        item,
                        step: step.id,
                        yes: true,
                        opinion: "内部意见不公开".into(),
                        officers,
                        checked: office::Checklist::default(),
                        joint: false,
                    },
                )
                .await
            }
        }
    }
    let page = person.get(&format!("/cases/{number}")).await;
    page.is(200).shows("不予许可").shows("后厨面积不足").shows("不服怎么办").shows_not("内部意见不公开");
}

#[tokio::test]
async fn days_that_passed_in_silence_count_as_acceptance() {
    let site = Site::new().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    site.wait(20);
    let id = site.office.case_by_number(&number).await.unwrap();
    site.office.act(id, Act::Tick, office::By::System, None).await.unwrap();
    person.get(&format!("/cases/{number}")).await.is(200).shows("到期没有答复，依法从");
}

#[tokio::test]
async fn an_english_reader_follows_the_whole_case() {
    let site = Site::new().await;
    let (mut person, number, _) = finished(&site).await;
    person.cookies.insert("yc_lang".into(), "en".into());
    let page = person.get(&format!("/cases/{number}")).await;
    page.is(200).shows("What has happened").shows("was granted").shows("Completed").shows("How was it?");
    let sheet = person.get(&result_address(&page.body)).await;
    sheet.is(200).shows("For reference; the Chinese text counts.");
    person.get("/").await.is(200).shows("My cases");
}
