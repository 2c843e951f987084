//! The shapes that are stored for ever: one file for each kind and version of event, never edited once written.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use calendar::Limit;
use casework::*;
use catalogue::*;
use support::{Player, at, doc, facts, item_id, materials};

fn events() -> Vec<Event> {
    let item = || item_id("甲事项");
    let step = || StepId::from("审查");
    let officers = || vec![ActorId::from("officer-2")];
    let case = Player::submitted(facts(320)).case().clone();
    let plan = || Arc::clone(&case.matters[0].plan);
    let opened = CaseOpened {
        number: "370271-20260918-0001".into(),
        thing: "一件事".into(),
        edition: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".parse().unwrap(),
        party: PartyKind::Legal,
        channel: Channel::Online,
        answers: doc("answers/1"),
        received_at: at("2026-09-18 10:00"),
    };
    let changes = vec![
        PlanChange::StepAdded(step()),
        PlanChange::StepRemoved(step()),
        PlanChange::MaterialAdded("申请书".into()),
        PlanChange::MaterialRemoved("申请书".into()),
        PlanChange::LimitsChanged,
    ];
    let points = CorrectionPoints { materials: materials(&["申请书"]), fields: vec!["面积".into()] };
    let statutory = PauseKind::Statutory(StatutoryPause::ExpertReview);
    let more = Limit::working_days(10);
    let opinion = Some(doc("opinion/1"));
    vec![
        Event::from(MatterOpened {
            item: item(),
            department: "甲部".into(),
            received_at: opened.received_at,
            plan: plan(),
            feedback: false,
        }),
        Event::from(opened.clone()),
        Event::from(MatterReleased { item: item() }),
        Event::from(AnswersRestated { answers: doc("answers/2"), same_people: false }),
        Event::from(MatterReplanned { item: item(), plan: plan(), cause: ReplanCause::Restated, changes }),
        Event::from(MatterDropped { item: item(), cause: DropCause::PrerequisiteFailed }),
        Event::from(EditionMoved { edition: opened.edition }),
        Event::from(MaterialsAdded { item: item(), materials: materials(&["申请书"]) }),
        Event::from(PartiesCame { item: item(), proof: Proof::IdentitySeen }),
        Event::from(PresenceTakenBack { item: item(), reason: doc("reason/1") }),
        Event::from(Accepted { item: item(), automatic: false }),
        Event::from(DeemedAccepted { item: item(), accepted_at: opened.received_at }),
        Event::from(AcceptanceRefused {
            item: item(),
            ground: IntakeGround::NotOurRemit { organ: "某局".into() },
            reason: doc("reason/1"),
        }),
        Event::from(CorrectedOnTheSpot { item: item(), note: doc("note/1") }),
        Event::from(CorrectionAsked { item: item(), points, notice: doc("notice/1") }),
        Event::from(RepeatedCorrection { item: item(), reason: doc("reason/1") }),
        Event::from(CorrectionSupplied { item: item(), materials: materials(&["申请书"]) }),
        Event::from(MatterLapsed { item: item(), cause: LapseCause::GapNotClosed }),
        Event::from(TaskClaimed { item: item(), step: step(), officer: "officer-1".into() }),
        Event::from(TaskReleased { item: item(), step: step() }),
        Event::from(StepDone {
            item: item(),
            step: step(),
            yes: false,
            opinion: opinion.clone(),
            officers: officers(),
            returns_to: Some("受理".into()),
            joint: true,
            same_visit: true,
            failed: 0,
            automatic: true,
        }),
        Event::from(ClockPaused {
            item: item(),
            pause: statutory.clone(),
            needed: Some(Limit::hours(4)),
            notice: Some(doc("notice/2")),
        }),
        Event::from(ClockResumed { item: item(), pause: PauseKind::Local("踏勘".into()) }),
        Event::from(ExtensionRequested { item: item(), reason: doc("reason/1") }),
        Event::from(ExtensionApproved {
            item: item(),
            more,
            reason: doc("reason/1"),
            lengthens_promise: true,
        }),
        Event::from(ExtensionDenied { item: item(), reason: doc("reason/2") }),
        Event::from(Granted { item: item(), step: step(), opinion, officers: officers(), automatic: true }),
        Event::from(Refused {
            item: item(),
            step: step(),
            reason: doc("reason/1"),
            remedies: vec!["某法 第一条".into()],
            officers: officers(),
        }),
        Event::from(ResultIssued {
            item: item(),
            step: step(),
            result: "甲证".into(),
            number: "证 001".into(),
            identifier: Some("1.2.156".into()),
        }),
        Event::from(Delivered { item: item(), step: step(), how: Delivery::Window, automatic: false }),
        Event::from(GapClosed { item: item(), materials: materials(&["平面图"]) }),
        Event::from(PromiseVerified { item: item(), kept: false, record: doc("record/1") }),
        Event::from(ResultChanged {
            item: item(),
            result: "甲证".into(),
            change: ResultChange::Annulled,
            reason: doc("reason/1"),
        }),
        Event::from(ResultReplaced { item: item(), result: "甲证".into(), number: "证 002".into() }),
        Event::from(ActedFor {
            item: Some(item()),
            step: Some(step()),
            act: ApplicantAct::Step,
            proof: Proof::Ticket { number: "A027".into() },
            note: doc("note/1"),
        }),
        Event::from(ActUndone { acted: 0 }),
        Event::from(Withdrawn { item: item(), reason: Some(doc("reason/1")) }),
        Event::from(ObjectionRaised { item: Some(item()), text: doc("text/1") }),
        Event::from(ObjectionAnswered { objection: 0, text: doc("text/2") }),
        Event::from(Rated { level: 2, comment: Some(doc("text/3")), named: true }),
        Event::from(MessageSent { item: Some(item()), from: Side::Applicant, text: doc("text/4") }),
        Event::from(Warned { item: item(), level: WarningColour::Yellow }),
        Event::from(Overdue { item: item(), clock: ClockKind::PromiseCheck, due_at: opened.received_at }),
        Event::from(OverdueExplained { item: item(), text: doc("text/5") }),
        Event::from(VisitSet {
            item: item(),
            step: step(),
            at: at("2026-09-22 14:30"),
            remote: true,
            reason: None,
        }),
    ]
}

fn golden(kind: &str, schema: u16) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{kind}.v{schema}.json"))
}

/// A missing file is written when `BLESS` is set; one that exists is never touched.
#[test]
fn every_event_is_written_as_its_golden_file_and_read_back() {
    let events = events();
    let kinds: BTreeSet<_> = events.iter().map(|event| (event.kind(), event.schema())).collect();
    assert_eq!(kinds, Event::KINDS.iter().copied().collect(), "one example for each kind");
    for event in events {
        let encoded = encode(&event);
        let path = golden(encoded.kind, encoded.schema);
        if !path.exists() && std::env::var_os("BLESS").is_some() {
            fs::write(&path, [&encoded.bytes[..], b"\n"].concat()).unwrap();
        }
        let stored = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(String::from_utf8(encoded.bytes).unwrap(), stored.trim_end(), "{}", path.display());
        assert_eq!(decode::<Event>(encoded.kind, encoded.schema, stored.as_bytes()).unwrap(), event);
    }
}

#[test]
fn every_golden_file_of_any_version_can_still_be_read() {
    let folder = golden("any", 1);
    for entry in fs::read_dir(folder.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (kind, schema) = name.strip_suffix(".json").and_then(|name| name.rsplit_once(".v")).unwrap();
        decode::<Event>(kind, schema.parse().unwrap(), &fs::read(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn members_that_a_newer_writer_added_are_ignored() {
    let event = decode::<Event>("rated", 1, r#"{"level":5,"mood":"sunny","named":true}"#.as_bytes()).unwrap();
    assert_eq!(event, Event::from(Rated { level: 5, comment: None, named: true }));
}

#[test]
fn what_cannot_be_read_says_so() {
    assert!(matches!(
        decode::<Event>("rated", 9, b"{}"),
        Err(UnreadableEvent::UnknownKind { schema: 9, .. })
    ));
    assert!(matches!(decode::<Event>("dreamt", 1, b"{}"), Err(UnreadableEvent::UnknownKind { .. })));
    for bytes in [&b"{}"[..], b"", b"[]", b"{\"level\":\"high\"}", b"\xff\xfe"] {
        assert!(matches!(decode::<Event>("rated", 1, bytes), Err(UnreadableEvent::Shape { .. })));
    }
}
