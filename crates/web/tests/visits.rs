//! An inspection has a time that its applicant knows.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use office::{Act, Standing};
use support::flow::{EXISTING, RESTAURANT, act, hand_in};
use support::{Actor, Answer, Form, Site};

/// A case whose inspection waits, before its applicant, its officer and a second officer of every role.
async fn waiting() -> (Site, Actor, Actor, String) {
    let site = Site::new().await;
    let officer = site.officer().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    act(&site, &officer, &number, Act::Accept { item: None }).await;
    let id = site.office.case_by_number(&number).await.unwrap();
    for _ in 0..20 {
        let loaded = site.office.load_case(id).await.unwrap();
        let matter = &loaded.case.matters[0];
        let before = matter.open_steps().find(|(step, _)| step.kind != catalogue::StepKind::Inspect);
        let Some((step, _)) = before else { break };
        let (item, step, opinion) = (matter.item.clone(), step.id.clone(), "已核".to_owned());
        let done = Act::CompleteStep {
            item,
            step,
            yes: true,
            opinion,
            checked: office::Checklist::default(),
            officers: vec![],
            joint: false,
        };
        act(&site, &officer, &number, done).await;
    }
    let desk = site.signed_in("everybody").await;
    (site, person, desk, number)
}

fn time_form(page: &Answer) -> Form {
    let asks = |form: &Form| form.controls.iter().any(|each| each.name == "act" && each.value == "visit");
    page.forms().into_iter().find(asks).unwrap_or_else(|| panic!("no time can be set: {}", page.text()))
}

#[tokio::test]
async fn a_time_that_an_officer_sets_is_on_the_applicants_page_and_in_a_calendar() {
    let (_site, mut person, mut desk, number) = waiting().await;
    let case = format!("/cases/{number}");
    person.get(&case).await.is(200).shows("还没有定");
    let page = desk.get(&format!("/desk{case}")).await;
    let set = [("day", "2026-11-25"), ("time", "14:30"), ("way", "video")];
    let done = desk.submit(&time_form(&page), &set).await;
    let page = desk.follow(&done).await;
    page.shows("时间已经定好").shows("11月25日（周三） 14:30，远程视频").shows("已告知申请人");
    page.shows("到时才能记结果");
    assert!(!page.body.contains("value=\"complete\""), "no result before the visit");
    let told = person.get(&case).await;
    told.shows("11月25日（周三） 14:30").shows("视频看").shows_not("还没有定");
    told.shows("时间定在 11月25日（周三） 14:30，视频看，到时会打您的电话");
    let link = told.body.split('"').find(|part| part.ends_with("/visit.ics")).unwrap().to_owned();
    let file = person.get(&link).await;
    file.is(200);
    assert!(file.body.contains("DTSTART:20261125T063000Z"), "{}", file.body);
    let sequence = |body: &str| -> i64 {
        body.split("SEQUENCE:").nth(1).unwrap().split("\r\n").next().unwrap().parse().unwrap()
    };

    // Moved, it takes the place of the first.
    _site.wait_minutes(5);
    let page = desk.get(&format!("/desk{case}")).await;
    page.shows("已经定在");
    let moved = [("day", "2026-11-26"), ("time", "09:00"), ("way", "site")];
    desk.submit(&time_form(&page), &moved).await.is(303);
    person.get(&case).await.shows("11月26日（周四） 09:00").shows("到现场看");
    let again = person.get(&link).await;
    assert!(sequence(&again.body) > sequence(&file.body), "{}", again.body);
    assert!(again.body.contains("DTSTART:20261126T010000Z"), "{}", again.body);
}

#[tokio::test]
async fn a_result_is_not_recorded_before_the_visit_that_it_is_of() {
    let (site, _person, _desk, number) = waiting().await;
    let officer = site.office.sign_in("everybody", support::PASSWORD).await.unwrap().1;
    let id = site.office.case_by_number(&number).await.unwrap();
    let loaded = site.office.load_case(id).await.unwrap();
    let matter = &loaded.case.matters[0];
    let (step, _) = matter.open_steps().find(|(step, _)| step.kind == catalogue::StepKind::Inspect).unwrap();
    let (item, step) = (matter.item.clone(), step.id.clone());
    let set = |at: jiff::Timestamp| Act::SetVisit {
        item: item.clone(),
        step: step.clone(),
        at,
        remote: false,
        why: String::new(),
    };
    let now = site.office.now();
    let by = office::By::Viewer(&officer);
    site.office.act(id, set(now + jiff::SignedDuration::from_hours(30)), by, None).await.unwrap();
    let done = || Act::CompleteStep {
        item: item.clone(),
        step: step.clone(),
        yes: true,
        opinion: "现场符合要求。".into(),
        checked: office::Checklist::default(),
        officers: vec![],
        joint: false,
    };
    let early = site.office.act(id, done(), by, None).await.unwrap_err();
    assert!(matches!(early, office::OfficeError::Refused(casework::Refusal::VisitAhead { .. })), "{early:?}");
    // Moved to a time that has come, it can be recorded; what is refused then is something else.
    site.office.act(id, set(now + jiff::SignedDuration::from_mins(3)), by, None).await.unwrap();
    site.wait_minutes(4);
    let then = site.office.act(id, done(), by, None).await;
    let ahead = matches!(&then, Err(office::OfficeError::Refused(casework::Refusal::VisitAhead { .. })));
    assert!(!ahead, "{then:?}");
}

#[tokio::test]
async fn a_time_that_has_passed_or_that_is_none_is_refused_with_what_to_do() {
    let (site, _person, mut desk, number) = waiting().await;
    let page = desk.get(&format!("/desk/cases/{number}")).await;
    for (day, time) in [("2026-11-20", "09:00"), ("", ""), ("2026-11-25", "25:00")] {
        let refused = desk.submit(&time_form(&page), &[("day", day), ("time", time)]).await;
        refused.is(422).shows("要定在现在以后");
    }
    // At night and on Sundays nobody is visited, unless both agreed to it.
    for (day, time) in [("2026-11-25", "03:00"), ("2026-11-29", "10:00")] {
        let refused = desk.submit(&time_form(&page), &[("day", day), ("time", time), ("way", "site")]).await;
        refused.is(422).shows("不在工作时间");
    }
    let agreed = [("day", "2026-11-29"), ("time", "10:00"), ("way", "site"), ("why", "店主只有周日在")];
    desk.submit(&time_form(&page), &agreed).await.is(303);
    let stranger = site.account("tax", Standing::Officer, &["税务专员"]).await;
    let id = site.office.case_by_number(&number).await.unwrap();
    let loaded = site.office.load_case(id).await.unwrap();
    let matter = &loaded.case.matters[0];
    let (step, _) = matter.open_steps().find(|(step, _)| step.kind == catalogue::StepKind::Inspect).unwrap();
    let at = "2026-11-25T06:30:00Z".parse().unwrap();
    let set = Act::SetVisit {
        item: matter.item.clone(),
        step: step.id.clone(),
        at,
        remote: false,
        why: String::new(),
    };
    assert!(site.office.act(id, set, office::By::Viewer(&stranger), None).await.is_err());
}
