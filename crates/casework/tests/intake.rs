//! Handing in, and the five outcomes of intake.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use casework::{
    Answers, ClockKind, Colour, Command, CorrectionPoints, DropCause, Event, IntakeGround, LapseCause,
    MatterState, Refusal, WarningColour,
};
use catalogue::{Edition, FieldId, Lang, MaterialId};
use support::*;

fn ask(names: &[&str], fields: &[&str], again: bool) -> Command<'static> {
    Command::AskCorrection {
        item: item_id(甲),
        points: CorrectionPoints {
            materials: materials(names),
            fields: fields.iter().map(|field| FieldId::from(*field)).collect(),
        },
        notice: doc("告知书"),
        again: again.then(|| doc("新情况")),
    }
}

fn supply(names: &[&str]) -> Command<'static> {
    Command::SupplyCorrection { item: item_id(甲), materials: materials(names), answers: None }
}

fn incomplete() -> Player {
    let mut player = Player::new();
    let materials = materials(&["申请书", "证明"]);
    player.submit(&Entry { materials, ..Entry::new(facts(100)) }).unwrap();
    player
}

#[test]
fn what_cannot_be_handed_in_says_why() {
    let entry = || Entry::new(facts(100));
    for (entry, code) in [
        (Entry { thing: "别的事", ..entry() }, "unknown-thing"),
        (
            Entry { promise: vec![item_id(乙)], ..Entry::new(facts(100).with("要乙", true)) },
            "mode-not-offered",
        ),
        (Entry { promise: vec![item_id(乙)], ..entry() }, "no-such-matter"),
        (Entry { tolerate: materials(&["大图"]), ..Entry::new(facts(600)) }, "not-tolerable"),
        (Entry::new(facts(100).with("要丁", true).with("要戊", true)), "route-conflict"),
    ] {
        let refusal = Player::new().submit(&entry).unwrap_err();
        assert_eq!(refusal.code(), code);
    }
    let mut parts = parts();
    parts.items[甲].applicants.clear();
    let refusal = Player::with(Edition::seal(parts).unwrap()).submit(&entry()).unwrap_err();
    assert_eq!(refusal, Refusal::PartyNotAllowed { item: item_id(甲) });
    let mut player = Player::submitted(facts(100));
    assert_eq!(player.submit(&entry()).unwrap_err(), Refusal::CaseExists);
    assert_eq!(Player::new().act(&window(), &Command::Tick), Err(Refusal::NoCase));
}

#[test]
fn a_case_is_not_accepted_while_something_is_missing_and_what_the_zone_has_is_never_missing() {
    let mut player = incomplete();
    let refusal = player.act(&window(), &Command::Accept { item: None }).unwrap_err();
    assert_eq!(refusal, Refusal::MaterialsMissing { item: item_id(甲), materials: materials(&["平面图"]) });
    assert_eq!(refusal.statute(), Some("行政许可法 第三十二条"));
    assert!(refusal.message(Lang::Zh).contains("平面图") && refusal.message(Lang::En).contains("平面图"));
    player.does(&applicant(), &Command::AddMaterials { materials: materials(&["平面图"]) });
    player.does(&window(), &Command::Accept { item: None });
    assert_eq!(
        player.refused(&applicant(), &Command::AddMaterials { materials: materials(&["大图"]) }),
        "unknown-material"
    );
}

#[test]
fn outcomes_one_and_two_end_the_matter_and_machines_may_not_reach_them() {
    let (item, reason) = (item_id(甲), doc("理由"));
    for (command, ground) in [
        (Command::NotRequired { item: item.clone(), reason: reason.clone() }, IntakeGround::NotRequired),
        (
            Command::NotOurRemit { item, reason, organ: "某局".into() },
            IntakeGround::NotOurRemit { organ: "某局".into() },
        ),
    ] {
        let mut player = Player::submitted(facts(100));
        assert_eq!(player.refused(&casework::Actor::system(), &command), "no-machine-refusal");
        assert_eq!(player.refused(&reviewer(), &command), "role-needed");
        player.does(&window(), &command);
        assert_eq!(*player.matter_state(甲), MatterState::NotAccepted(ground));
        assert_eq!(player.refused(&window(), &Command::Accept { item: Some(item_id(甲)) }), "matter-is-over");
    }
}

#[test]
fn what_is_corrected_at_the_counter_leaves_intake_open() {
    let mut player = Player::submitted(facts(100));
    player
        .does(&window(), &Command::CorrectOnTheSpot { item: item_id(甲), note: doc("更正"), answers: None });
    assert_eq!(player.state(甲), "received");
    player.does(&window(), &Command::Accept { item: None });
}

#[test]
fn answers_are_put_right_on_the_spot_with_a_proof_and_the_applicant_may_take_it_back() {
    let mut player = Player::submitted(facts(100));
    let (new, document) = (facts(600), doc("answers/2"));
    let correct = || Command::CorrectOnTheSpot {
        item: item_id(甲),
        note: doc("更正"),
        answers: Some(Answers { facts: &new, document: &document, same_people: false }),
    };
    let with_proof = || Command::ForApplicant {
        act: Box::new(correct()),
        proof: casework::Proof::IdentitySeen,
        note: doc("更正"),
    };
    assert_eq!(player.refused(&window(), &correct()), "proof-needed");
    assert_eq!(player.refused(&reviewer(), &with_proof()), "role-needed");
    let by_phone = Command::ForApplicant {
        act: Box::new(correct()),
        proof: casework::Proof::PhoneDigits,
        note: doc("更正"),
    };
    assert_eq!(player.refused(&window(), &by_phone), "proof-needed", "they have to stand there");
    let events = player.does(&window(), &with_proof());
    let told = ["acted-for", "corrected-on-the-spot", "answers-restated", "matter-replanned"];
    assert_eq!(kinds(&events), told);
    assert_eq!(player.case().answers, document);
    let missing: Vec<_> = player.case().matter(&item_id(甲)).unwrap().plan.missing().cloned().collect();
    assert_eq!(missing, materials(&["大图"]), "the new answer calls for a paper");
    assert_eq!(player.state(甲), "received");
    player.at("2026-09-18 15:00").does(&applicant(), &Command::UndoActedFor { acted: 0 });
    assert_eq!(player.case().answers, doc("answers/1"));
    player.does(&window(), &Command::Accept { item: None });
    assert_eq!(player.refused(&window(), &with_proof()), "wrong-state");
}

#[test]
fn answers_that_another_item_went_on_with_are_not_taken_back_behind_it() {
    let mut player = Player::submitted(facts(100).with("要乙", true));
    let (new, document) = (facts(150).with("要乙", true), doc("answers/2"));
    let act = Command::CorrectOnTheSpot {
        item: item_id(甲),
        note: doc("更正"),
        answers: Some(Answers { facts: &new, document: &document, same_people: false }),
    };
    let proof = casework::Proof::IdentitySeen;
    player.does(&window(), &Command::ForApplicant { act: Box::new(act), proof, note: doc("更正") });
    player.at("2026-09-18 11:00").does(&window(), &Command::Accept { item: Some(item_id(乙)) });
    assert_eq!(player.refused(&applicant(), &Command::UndoActedFor { acted: 0 }), "undo-overtaken");
    assert_eq!(player.case().answers, document);
}

#[test]
fn what_the_window_did_twice_is_taken_back_step_by_step() {
    let mut player = Player::submitted(facts(100));
    for (minute, area) in [("10:10", 150), ("10:20", 160)] {
        let (new, document) = (facts(area), doc(&format!("answers/{area}")));
        let act = Command::CorrectOnTheSpot {
            item: item_id(甲),
            note: doc("更正"),
            answers: Some(Answers { facts: &new, document: &document, same_people: false }),
        };
        let proof = casework::Proof::IdentitySeen;
        let act = Command::ForApplicant { act: Box::new(act), proof, note: doc("更正") };
        player.at(&format!("2026-09-18 {minute}")).does(&window(), &act);
    }
    assert_eq!(player.refused(&applicant(), &Command::UndoActedFor { acted: 0 }), "undo-overtaken");
    player.at("2026-09-18 11:00").does(&applicant(), &Command::UndoActedFor { acted: 1 });
    assert_eq!(player.case().answers, doc("answers/150"));
    player.does(&applicant(), &Command::UndoActedFor { acted: 0 });
    assert_eq!(player.case().answers, doc("answers/1"));
}

#[test]
fn a_correction_is_asked_once_whatever_the_reason() {
    let mut player = incomplete();
    assert_eq!(player.refused(&window(), &ask(&["无关"], &[], false)), "unknown-material");
    assert_eq!(player.refused(&window(), &ask(&[], &["人数"], false)), "unknown-field");
    player.does(&window(), &ask(&["平面图", "申请书"], &[], false));
    assert_eq!(player.state(甲), "correcting");
    assert_eq!(player.refused(&window(), &Command::Accept { item: Some(item_id(甲)) }), "wrong-state");
    // A faulty paper has to come again, not only the missing one.
    let refusal = player.act(&applicant(), &supply(&["平面图"])).unwrap_err();
    assert_eq!(
        refusal,
        Refusal::CorrectionIncomplete { item: item_id(甲), materials: materials(&["申请书"]) }
    );
    player.does(&applicant(), &supply(&["平面图", "申请书"]));
    assert_eq!(player.refused(&window(), &ask(&["证明"], &[], false)), "correction-repeated");
    assert_eq!(player.refused(&window(), &ask(&["证明"], &[], true)), "correction-repeated");
    assert_eq!(player.refused(&window(), &ask(&[], &[], true)), "correction-empty");
    player.does(&window(), &Command::Accept { item: Some(item_id(甲)) });
}

#[test]
fn the_intake_clock_restarts_when_everything_has_come() {
    let mut player = incomplete();
    player.does(&window(), &ask(&["平面图"], &[], false));
    assert_eq!(player.clock(甲, ClockKind::Intake).colour, Colour::Done);
    player.at("2026-09-21 09:00").does(&applicant(), &supply(&["平面图"]));
    // 22, 23, 24 September, then 中秋 25–27, then 28 and 29.
    assert_eq!(player.due_on(甲, ClockKind::Intake), "2026-09-29");
    let events = player.at("2026-10-01 09:00").tick();
    assert_eq!(kinds(&events)[0], "deemed-accepted");
    assert_eq!(player.case().matter(&item_id(甲)).unwrap().accepted_at, Some(at("2026-09-21 09:00")));
}

#[test]
fn a_correction_of_answers_comes_with_new_answers_and_changes_the_plan() {
    let mut player = Player::submitted(facts(100));
    player.does(&window(), &ask(&[], &["面积"], false));
    assert_eq!(player.refused(&applicant(), &supply(&[])), "restatement-needed");
    let (corrected, document) = (facts(600), doc("answers/2"));
    let answers = Some(Answers { facts: &corrected, document: &document, same_people: false });
    let command = Command::SupplyCorrection { item: item_id(甲), materials: vec![], answers };
    let events = player.does(&applicant(), &command);
    assert_eq!(kinds(&events), ["answers-restated", "matter-replanned", "correction-supplied"]);
    assert_eq!(player.case().answers, document);
    let plan = &player.case().matter(&item_id(甲)).unwrap().plan;
    assert_eq!(plan.missing().collect::<Vec<_>>(), [&MaterialId::from("大图")]);
    assert!(plan.steps.iter().any(|step| step.id == *"检测"));
    // What the new answers call for could not be told the first time: with a reason, and nothing beside it.
    assert_eq!(player.refused(&window(), &ask(&["大图"], &[], false)), "correction-repeated");
    assert_eq!(player.refused(&window(), &ask(&["大图", "证明"], &[], true)), "correction-repeated");
    assert_eq!(player.refused(&window(), &ask(&["大图"], &["面积"], true)), "correction-repeated");
    let events = player.does(&window(), &ask(&["大图"], &[], true));
    assert_eq!(kinds(&events), ["repeated-correction", "correction-asked"]);
}

#[test]
fn a_correction_that_does_not_come_lets_the_matter_lapse() {
    let mut player = incomplete();
    player.does(&window(), &ask(&["平面图"], &[], false));
    player.at(&format!("{} 23:59", player.due_on(甲, ClockKind::Correction)));
    assert_eq!(player.tick(), []);
    player.now = player.clock(甲, ClockKind::Correction).due.due_at;
    // Too late, although no timer has fired yet.
    assert_eq!(player.refused(&applicant(), &supply(&["平面图"])), "matter-is-over");
    player.tick();
    assert_eq!(*player.matter_state(甲), MatterState::Lapsed(LapseCause::CorrectionExpired));
}

#[test]
fn silence_accepts_from_the_day_of_receipt() {
    let mut player = incomplete();
    assert_eq!(player.due_on(甲, ClockKind::Intake), "2026-09-24");
    player.at("2026-09-24 23:59").tick();
    assert_eq!(player.state(甲), "received");
    let events = player.at("2026-09-25 00:00").tick();
    assert_eq!(kinds(&events), ["deemed-accepted"]);
    assert_eq!(
        (player.state(甲), player.due_on(甲, ClockKind::Statutory)),
        ("accepted", "2026-10-22".into())
    );
    assert!(player.case().matter(&item_id(甲)).unwrap().deemed);
    assert_eq!(player.clock(甲, ClockKind::Intake).colour, Colour::DoneLate);
}

#[test]
fn silence_that_outlasts_the_promise_is_told_as_lateness_without_warnings() {
    // The promise runs from the day of receipt, to 9 October.
    let mut player = incomplete();
    let events = player.at("2026-10-10 00:00").tick();
    assert_eq!(kinds(&events), ["deemed-accepted", "overdue"]);
    let Event::Overdue(overdue) = &events[1] else { panic!("{events:?}") };
    assert_eq!((overdue.clock, overdue.due_at), (ClockKind::Promised, at("2026-10-10 00:00")));
    assert!(player.at("2026-10-12 09:00").tick().is_empty());
    // A day earlier it was not late yet, and the nearer warning says what the farther one would.
    let events = incomplete().at("2026-10-09 00:00").tick();
    assert_eq!(kinds(&events), ["deemed-accepted", "warned"]);
    let Event::Warned(warned) = &events[1] else { panic!("{events:?}") };
    assert_eq!(warned.level, WarningColour::Red);
}

#[test]
fn nobody_asks_for_a_correction_after_silence_and_accepting_only_records_it() {
    let mut player = incomplete();
    player.at("2026-09-25 09:00");
    assert_eq!(player.refused(&window(), &ask(&["平面图"], &[], false)), "wrong-state");
    for stranger in [applicant(), other_inspector()] {
        assert!(
            player.act(&stranger, &Command::Accept { item: Some(item_id(甲)) }).is_err(),
            "silence lends no rights"
        );
    }
    let events = player.does(&window(), &Command::Accept { item: Some(item_id(甲)) });
    let Event::DeemedAccepted(deemed) = &events[0] else { panic!("{events:?}") };
    assert_eq!((events.len(), deemed.accepted_at), (1, at("2026-09-18 10:00")));
}

#[test]
fn where_nothing_follows_from_silence_lateness_is_only_told() {
    let mut player = Player::submitted(facts(100).with("要乙", true));
    // An intake limit of no days ends with the day.
    assert_eq!(player.due_on(乙, ClockKind::Intake), "2026-09-18");
    assert_eq!(kinds(&player.at("2026-09-19 00:00").tick()), ["overdue"]);
    assert_eq!((player.state(乙), player.clock(乙, ClockKind::Intake).colour), ("received", Colour::Overdue));
    player.does(&window(), &Command::Accept { item: Some(item_id(乙)) });
    assert_eq!(player.clock(乙, ClockKind::Intake).colour, Colour::DoneLate);
}

#[test]
fn corrected_answers_drop_and_open_matters() {
    let mut player = Player::accepted(facts(250).with("要乙", true));
    player.done(&reviewer(), 甲, "审查");
    let (without, document) = (facts(100).with("要戊", true), doc("answers/2"));
    let events = player.does(
        &applicant(),
        &Command::Restate { answers: Answers { facts: &without, document: &document, same_people: false } },
    );
    assert_eq!(kinds(&events), ["answers-restated", "matter-replanned", "matter-dropped", "matter-opened"]);
    assert_eq!(*player.matter_state(乙), MatterState::Dropped(DropCause::NoLongerApplies));
    // What is done stays done, so the decision is next.
    assert_eq!(player.open(甲), ["决定"]);
    assert_eq!(player.state(戊), "received");
    let (with, document) = (facts(100).with("要乙", true).with("要戊", true), doc("answers/3"));
    player.does(
        &applicant(),
        &Command::Restate { answers: Answers { facts: &with, document: &document, same_people: false } },
    );
    assert_eq!(player.state(乙), "received");
}

#[test]
fn an_applicant_withdraws_what_is_not_decided() {
    let mut player = Player::accepted(facts(100).with("要乙", true));
    assert_eq!(player.refused(&reviewer(), &Command::Withdraw { item: None, reason: None }), "not-allowed");
    player.does(&applicant(), &Command::Withdraw { item: Some(item_id(乙)), reason: None });
    assert_eq!((player.state(甲), player.state(乙)), ("accepted", "withdrawn"));
    player.does(&applicant(), &Command::Withdraw { item: None, reason: Some(doc("理由")) });
    assert_eq!(player.refused(&applicant(), &Command::Withdraw { item: None, reason: None }), "nothing-fits");
    assert!(
        player.case().worklist(player.edition.calendar(), player.edition.offset(), player.now).is_empty()
    );
}
