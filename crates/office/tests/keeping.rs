//! Records are kept as long as the pack says, and longer where somebody holds them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan as _};
use office::{By, Duty, NotPossible, OfficeError, Standing, TrailFilter};
use support::{Zone, views};

fn refused<T: std::fmt::Debug>(answer: office::Result<T>, reason: NotPossible) {
    assert!(matches!(answer, Err(OfficeError::NotPossible(why)) if why == reason), "{answer:?}");
}

fn today(zone: &Zone) -> Date {
    zone.office.edition().offset().to_datetime(zone.office.now()).date()
}

/// Things whose cases go after a time; of the others the pack says that they stay.
fn passing(zone: &Zone) -> catalogue::ThingId {
    let edition = zone.office.edition();
    let rules = &edition.zone().retention;
    let stays = |thing: &catalogue::ThingId| {
        edition.thing(thing).unwrap().members.iter().any(|member| {
            let class = &edition.parts().items[&member.item].class;
            rules.iter().any(|rule| rule.years.is_none() && rule.classes.contains(class))
        })
    };
    zone.services().into_iter().find(|thing| !stays(thing)).unwrap()
}

#[tokio::test]
async fn what_a_case_says_about_people_goes_when_its_time_is_over_and_chains_stay_whole() {
    let zone = Zone::open(121).await;
    let office = &zone.office;
    let auditor = zone.account("auditor", Standing::AuditAdministrator, Vec::new()).await;
    let security = zone.account("security", Standing::SecurityAdministrator, Vec::new()).await;
    let (viewer, key) = (zone.applicant("somebody").await, zone.guest());
    let thing = passing(&zone);
    let gone = zone.apply(&thing, false, By::Viewer(&viewer)).await.unwrap();
    let held = zone.apply(&thing, false, By::Guest(&key)).await.unwrap();
    let open = zone.apply(&thing, false, By::Guest(&key)).await.unwrap();
    zone.finish(gone.id, By::Viewer(&viewer)).await;
    zone.finish(held.id, By::Guest(&key)).await;
    let documents = office.documents(gone.id, By::System).await.unwrap();
    let until = today(&zone).checked_add(2.years()).unwrap();
    refused(office.hold_erasure(&held.number, " ", until, &auditor).await, NotPossible::HoldReason);
    refused(office.hold_erasure("no number", "诉讼", until, &auditor).await, NotPossible::NobodyFound);
    let yesterday = today(&zone).yesterday().unwrap();
    refused(office.hold_erasure(&held.number, "诉讼", yesterday, &auditor).await, NotPossible::HoldUntil);
    assert!(matches!(
        office.hold_erasure(&held.number, "诉讼", until, &security).await,
        Err(OfficeError::Denied)
    ));
    assert_eq!(
        office.keep_no_longer().await.unwrap(),
        office::Kept::default(),
        "nothing is due on the first day"
    );

    zone.pass(SignedDuration::from_hours(24 * 366 * 11));
    let until = today(&zone).checked_add(1.years()).unwrap();
    office.hold_erasure(&held.number, "正在诉讼，保全材料", until, &auditor).await.unwrap();
    let forget = office
        .forget_person(&held.number, office::Ground::PeriodOver, office::WithinPeriod::Refuse, &security)
        .await;
    assert!(matches!(
        forget,
        Err(OfficeError::NotPossible(NotPossible::CasesOpen | NotPossible::ErasureHeld))
    ));
    let due = office.due_by(today(&zone), &auditor).await.unwrap();
    let mut numbers: Vec<_> = due.iter().map(|one| (one.number.as_str(), one.held)).collect();
    numbers.sort();
    let mut expected = vec![(gone.number.as_str(), false), (held.number.as_str(), true)];
    expected.sort();
    assert_eq!(numbers, expected, "what is open has no end yet");
    let kept = office.keep_no_longer().await.unwrap();
    assert_eq!((kept.erased, kept.held, kept.failed), (1, 1, 0));
    assert_eq!(office.party(gone.id).await.unwrap().name, "");
    assert_eq!(office.applicant_shown(gone.id).await.unwrap(), "");
    assert!(office.case_files(gone.id, By::System).await.unwrap().is_empty());
    assert!(office.answers(&office.load_case(gone.id).await.unwrap()).await.unwrap().is_empty());
    for stays in [held.id, open.id] {
        assert!(!office.party(stays).await.unwrap().name.is_empty());
    }
    for document in &documents {
        assert!(
            office.verify_online(&document.identifier).await.is_ok(),
            "what was issued is verified as before"
        );
    }
    assert_eq!(office.keep_no_longer().await.unwrap().erased, 0, "once is enough");
    let holds = office.holds(&auditor).await.unwrap();
    assert_eq!((holds.len(), holds[0].why.as_str()), (1, "正在诉讼，保全材料"));
    assert!(office.audit().await.unwrap().is_clean());
    let before = views(office).await;
    office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(views(office).await, before);
    let erased = TrailFilter { kind: Some("records-erased".into()), ..TrailFilter::default() };
    let lines = office.trail(&erased, 10, None, &auditor).await.unwrap().0;
    assert_eq!(lines.len(), 1);
    assert!(lines[0].body.contains("basis") && lines[0].actor == "system");

    // The hold is lifted, or it ends: then the case goes too.
    office.lift_hold(held.id, &auditor).await.unwrap();
    assert!(matches!(office.lift_hold(held.id, &auditor).await, Err(OfficeError::NotFound)));
    office
        .hold_erasure(&held.number, "再查一周", today(&zone).checked_add(7.days()).unwrap(), &auditor)
        .await
        .unwrap();
    assert_eq!(office.keep_no_longer().await.unwrap().held, 1);
    zone.pass(SignedDuration::from_hours(24 * 9));
    assert_eq!(office.keep_no_longer().await.unwrap().erased, 1);
    assert!(auditor.has_duty(Duty::Audit) && office.audit().await.unwrap().is_clean());
}
