//! Cases from start to end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use casework::{
    CaseState, ClockKind, Colour, Command, Delivery, Event, Finding, Proof, ResultChange, Verdict, Visits,
    Whose,
};
use catalogue::{Edition, ItemId, ResultId};
use support::*;

fn grant(item: &str) -> Command<'static> {
    Command::Decide {
        item: item_id(item),
        verdict: Verdict::Grant { opinion: None },
        officers: vec!["同事".into()],
    }
}

fn issue(item: &str, result: &str) -> Command<'static> {
    let (item, result) = (item_id(item), ResultId::from(result));
    Command::Issue { item, result, number: "证 001".into(), identifier: None }
}

#[test]
fn a_case_runs_from_submission_to_delivery_and_every_step_opens_in_its_turn() {
    let mut player = Player::submitted(facts(320));
    assert_eq!((player.state(甲), player.open(甲)), ("received", vec!["受理".into()]));
    player.at("2026-09-18 14:00").does(&window(), &Command::Accept { item: None });
    assert_eq!((player.state(甲), player.open(甲)), ("accepted", vec!["审查".into(), "核查".into()]));
    assert_eq!(player.due_on(甲, ClockKind::Statutory), "2026-10-22");
    assert_eq!(player.case().visits(), Visits { made: 0, to_come: 1 });
    player.at("2026-09-21 09:00").done(&reviewer(), 甲, "审查");
    player.at("2026-09-22 09:00").done(&inspector(), 甲, "核查");
    assert_eq!(player.open(甲), ["检测"]);
    player.at("2026-09-23 09:00").done(&inspector(), 甲, "检测");
    player.at("2026-09-24 09:00").does(&head(), &grant(甲));
    assert_eq!((player.state(甲), player.open(甲)), ("granted", vec!["发证".into()]));
    // Five of the statute's twenty were used: the make-up Sunday 20 September, and 21 to 24.
    assert_eq!(player.case().days_saved(player.edition.calendar(), player.edition.offset()), 15);
    player.does(&window(), &issue(甲, "甲证"));
    player.does(&window(), &Command::Deliver { item: item_id(甲), how: Delivery::Window });
    assert_eq!((player.state(甲), player.case().state()), ("completed", CaseState::Completed));
    assert_eq!(player.case().visits(), Visits { made: 2, to_come: 0 });
    assert!(player.case().who_has_it_now().is_empty());
    assert_eq!(player.clock(甲, ClockKind::Promised).colour, Colour::Done);
}

#[test]
fn conditions_choose_items_steps_and_materials() {
    let player = Player::accepted(facts(100));
    assert_eq!(player.open(甲), ["审查"]);
    let plan = &player.case().matter(&item_id(甲)).unwrap().plan;
    assert!(!plan.steps.iter().any(|step| step.id == *"核查"));
    // What came after the step that fell away comes after what that came after.
    assert_eq!(plan.steps.iter().find(|step| step.id == *"决定").unwrap().after, ["审查", "受理"]);
    let player = Player::submitted(facts(100).with("要乙", true));
    let items: Vec<&ItemId> = player.case().matters.iter().map(|matter| &matter.item).collect();
    assert_eq!(items, [甲, 乙]);
}

#[test]
fn nothing_goes_on_upon_a_result_that_was_ended_and_nobody_hands_it_out() {
    let change = |change| Command::ChangeResult {
        item: item_id(甲),
        result: ResultId::from("甲证"),
        change,
        reason: doc("理由"),
    };
    let deliver = || Command::Deliver { item: item_id(甲), how: Delivery::Window };
    for handed_out in [false, true] {
        let mut player = Player::accepted(facts(100).with("要丙", true).with("人数", 5));
        player.done(&reviewer(), 甲, "审查");
        player.does(&head(), &grant(甲));
        player.does(&window(), &issue(甲, "甲证"));
        if handed_out {
            player.does(&window(), &deliver());
        }
        if handed_out {
            player.does(&head(), &change(ResultChange::Altered));
        }
        assert_eq!((player.state(丙), player.open(丙)), ("accepted", vec!["缴费".into()]));
        let events = player.does(&head(), &change(ResultChange::Annulled));
        if handed_out {
            assert_eq!(kinds(&events), ["result-changed", "matter-dropped"]);
            assert_eq!(player.state(甲), "completed");
        } else {
            assert_eq!(kinds(&events), ["result-changed", "matter-lapsed", "matter-dropped"]);
            assert_eq!(player.refused(&window(), &deliver()), "matter-is-over");
        }
        assert_eq!(player.state(丙), "dropped");
    }
}

#[test]
fn what_rests_on_a_result_that_was_replaced_goes_on_and_nobody_replaces_by_command() {
    let mut player = Player::accepted(facts(100).with("要丙", true).with("人数", 5));
    player.done(&reviewer(), 甲, "审查");
    player.does(&head(), &grant(甲));
    player.does(&window(), &issue(甲, "甲证"));
    let replaced =
        Command::ReplaceResult { item: item_id(甲), result: "甲证".into(), number: "新证 1".into() };
    let change = |change| Command::ChangeResult {
        item: item_id(甲),
        result: ResultId::from("甲证"),
        change,
        reason: doc("理由"),
    };
    assert_eq!(player.refused(&head(), &replaced), "not-allowed");
    assert_eq!(player.refused(&head(), &change(ResultChange::Replaced)), "nothing-changes");
    let events = player.does(&casework::Actor::system(), &replaced);
    assert_eq!(kinds(&events), ["result-replaced", "matter-lapsed"], "nobody hands the old one out");
    assert_eq!((player.state(甲), player.state(丙)), ("lapsed", "accepted"));
    assert!(player.case().resting_on(&item_id(甲)).contains(&&item_id(丙)));
    assert!(player.case().rests_on_ended(player.case().matter(&item_id(丙)).unwrap()).is_none());
    let issued = &player.case().matter(&item_id(甲)).unwrap().results[0];
    assert_eq!(
        (issued.change, issued.replaced_by.as_deref()),
        (Some(ResultChange::Replaced), Some("新证 1"))
    );
    assert_eq!(player.refused(&casework::Actor::system(), &replaced), "no-result");
    assert_eq!(player.refused(&head(), &change(ResultChange::Annulled)), "no-result");
}

#[test]
fn what_is_taken_back_comes_to_where_the_others_are_by_then() {
    for granted in [true, false] {
        let mut player = Player::accepted(facts(100).with("要丙", true).with("人数", 5));
        player.done(&reviewer(), 甲, "审查");
        player.does(
            &window(),
            &for_applicant(Command::Withdraw { item: Some(item_id(丙)), reason: Some(doc("理由")) }),
        );
        assert_eq!(player.state(丙), "withdrawn");
        player.at("2026-09-18 15:00");
        if granted {
            player.does(&head(), &grant(甲));
            player.does(&window(), &issue(甲, "甲证"));
        } else {
            let verdict = Verdict::Refuse { reason: Some(doc("理由")) };
            player.does(&head(), &Command::Decide { item: item_id(甲), verdict, officers: vec![] });
        }
        player.does(&applicant(), &Command::UndoActedFor { acted: 0 });
        assert_eq!(player.state(丙), if granted { "accepted" } else { "dropped" });
    }
}

#[test]
fn what_rests_on_an_ended_result_is_refused_by_whoever_decides_also_after_a_grant() {
    for granted in [false, true] {
        let mut parts = parts();
        parts.things["一件事"].members[1].after = vec![item_id(甲)];
        let mut player = Player::with(Edition::seal(parts).unwrap());
        player.submit(&Entry::new(facts(100).with("要乙", true))).unwrap();
        player.does(&window(), &Command::Accept { item: None });
        player.done(&reviewer(), 甲, "审查");
        player.does(&head(), &grant(甲));
        player.does(&window(), &issue(甲, "甲证"));
        if player.state(乙) == "received" {
            player.does(&window(), &Command::Accept { item: Some(item_id(乙)) });
        }
        if granted {
            player.does(&other_inspector(), &joint_record(乙, "合格", "乙核查二"));
            player.does(&other_head(), &grant(乙));
            assert_eq!((player.state(乙), player.open(乙)), ("granted", vec!["发证".into()]));
        }
        assert_eq!(player.case().resting_on(&item_id(甲)), [&item_id(乙)]);
        let (item, result) = (item_id(甲), ResultId::from("甲证"));
        let annul =
            Command::ChangeResult { item, result, change: ResultChange::Annulled, reason: doc("理由") };
        player.does(&head(), &annul);
        let refuse = |reason| Command::Decide {
            item: item_id(乙),
            verdict: Verdict::Refuse { reason },
            officers: vec!["同事".into()],
        };
        assert_eq!(player.refused(&other_head(), &grant(乙)), "rests-on-ended");
        if granted {
            assert_eq!(player.refused(&window(), &issue(乙, "乙证")), "rests-on-ended");
        }
        assert_eq!(player.refused(&other_head(), &refuse(None)), "reason-needed");
        let events = player.does(&other_head(), &refuse(Some(doc("所依据的证照已撤销"))));
        let Event::Refused(refused) = &events[0] else { panic!("{events:?}") };
        assert!(!refused.remedies.is_empty());
        assert_eq!(player.state(乙), "refused");
    }
}

#[test]
fn what_rests_on_an_ended_result_at_second_hand_ends_too() {
    let mut parts = parts();
    parts.things["一件事"].members[3].after = vec![item_id(丙)];
    let mut player = Player::with(Edition::seal(parts).unwrap());
    let facts = facts(100).with("要丙", true).with("要丁", true).with("人数", 5);
    player.submit(&Entry::new(facts)).unwrap();
    player.does(&window(), &Command::Accept { item: None });
    player.done(&reviewer(), 甲, "审查");
    player.does(&head(), &grant(甲));
    player.does(&window(), &issue(甲, "甲证"));
    player.done(&applicant(), 丙, "缴费");
    assert_eq!(player.state(丙), "completed");
    let goes_on = player.state(丁);
    assert!(!player.case().matter(&item_id(丁)).unwrap().state.is_over(), "{goes_on}");
    let (item, result) = (item_id(甲), ResultId::from("甲证"));
    let revoked =
        Command::ChangeResult { item, result, change: ResultChange::Revoked, reason: doc("理由") };
    player.does(&head(), &revoked);
    assert_eq!((player.state(丙), player.state(丁)), ("completed", "dropped"));
}

fn joint_record(item: &str, opinion: &str, second: &str) -> Command<'static> {
    Command::CompleteStep {
        item: item_id(item),
        step: "核查".into(),
        yes: true,
        opinion: Some(doc(opinion)),
        finding: Finding { failed: 0, explained: true },
        officers: vec![second.into()],
        joint: true,
    }
}

#[test]
fn one_visit_serves_all_departments_and_each_concludes_for_itself() {
    let mut player = Player::accepted(facts(250).with("要乙", true));
    assert_eq!(player.case().visits().to_come, 1);
    let events = player.does(&inspector(), &joint_record(甲, "甲笔录", "甲核查二"));
    assert_eq!(kinds(&events), ["step-done"]);
    // The other department's step waits for its own officers, with the day and the record of the visit beside it.
    assert_eq!(player.open(乙), ["核查"]);
    let tasks = player.case().worklist(player.edition.calendar(), player.edition.offset(), player.now);
    let waiting = tasks.iter().find(|task| task.item == *乙 && task.step == *"核查").unwrap();
    assert!(waiting.to_confirm);
    let matter = player.case().matter(&item_id(乙)).unwrap();
    let (_, run) = matter.open_steps().next().unwrap();
    assert_eq!(run.visited, Some((player.now, Some(doc("甲笔录")))));
    assert_eq!(player.case().visits(), Visits { made: 1, to_come: 0 });
    assert_eq!(player.refused(&inspector(), &joint_record(乙, "乙笔录", "甲核查二")), "role-needed");
    player.does(&other_inspector(), &joint_record(乙, "乙笔录", "乙核查二"));
    assert_eq!(player.case().visits().made, 1, "the applicant was visited once");
    assert_eq!(player.open(乙), ["决定"]);
    player.done(&reviewer(), 甲, "审查");
    assert_eq!(player.refused(&other_head(), &grant(甲)), "role-needed");
    player.does(&other_head(), &grant(乙));
    player.does(&head(), &grant(甲));
    // The engine records 乙 by itself, then waits for a number.
    assert_eq!(player.open(乙), ["发证"]);
    let events = player.does(&window(), &issue(乙, "乙证"));
    assert_eq!(kinds(&events), ["result-issued", "delivered"]);
    assert_eq!(player.state(乙), "completed");
    assert_eq!(player.case().state(), CaseState::Open);
}

#[test]
fn a_matter_that_needs_a_result_waits_for_it_and_its_time_begins_then() {
    let mut player = Player::accepted(facts(100).with("要丙", true).with("人数", 5));
    assert_eq!(player.state(丙), "waiting");
    assert_eq!(player.case().who_has_it_now()[1].who, Whose::Items(vec![item_id(甲)]));
    player.at("2026-09-21 09:00").done(&reviewer(), 甲, "审查");
    player.does(&head(), &grant(甲));
    assert_eq!(player.state(丙), "waiting");
    player.at("2026-09-22 09:00").does(&window(), &issue(甲, "甲证"));
    // Released, accepted by the engine, waiting for the payment.
    assert_eq!((player.state(丙), player.open(丙)), ("accepted", vec!["缴费".into()]));
    assert_eq!(player.case().matter(&item_id(丙)).unwrap().accepted_at, Some(player.now));
    player.done(&applicant(), 丙, "缴费");
    assert_eq!(player.state(丙), "completed");
}

#[test]
fn a_matter_is_dropped_when_the_result_it_needs_will_not_come() {
    let mut player = Player::accepted(facts(100).with("要丙", true));
    player.done(&reviewer(), 甲, "审查");
    let verdict = Verdict::Refuse { reason: Some(doc("理由")) };
    let events = player.does(&head(), &Command::Decide { item: item_id(甲), verdict, officers: vec![] });
    assert_eq!(kinds(&events), ["refused", "matter-dropped"]);
    assert_eq!((player.state(甲), player.state(丙)), ("refused", "dropped"));
    assert_eq!(player.case().state(), CaseState::Closed);
}

#[test]
fn the_engine_grants_only_without_doubt_and_people_decide_the_rest() {
    for (people, state) in [(5, "completed"), (500, "accepted")] {
        let mut parts = parts();
        parts.things["一件事"].members[2].after.clear();
        let mut player = Player::with(Edition::seal(parts).unwrap());
        player.submit(&Entry::new(facts(100).with("要丙", true).with("人数", people))).unwrap();
        player.done(&applicant(), 丙, "缴费");
        assert_eq!(player.state(丙), state, "{people}");
        if state == "accepted" {
            let reason = Verdict::Refuse { reason: Some(doc("理由")) };
            let refuse = Command::Decide { item: item_id(丙), verdict: reason, officers: vec![] };
            assert_eq!(player.refused(&casework::Actor::system(), &refuse), "no-machine-refusal");
            player.does(&reviewer(), &refuse);
            assert_eq!(player.state(丙), "refused");
        }
    }
}

#[test]
fn a_complaint_goes_round_until_the_person_is_content() {
    let mut player = Player::new();
    player.submit(&Entry { thing: "投诉", ..Entry::new(expression::Answers::new()) }).unwrap();
    player.does(&window(), &Command::Accept { item: None });
    player.done(&reviewer(), 丁, "整改");
    assert_eq!(player.case().who_has_it_now()[0].who, Whose::Applicant);
    player.does(&applicant(), &step_command(丁, "确认", false));
    assert_eq!(player.open(丁), ["整改"]);
    player.done(&reviewer(), 丁, "整改");
    player.done(&applicant(), 丁, "确认");
    assert_eq!((player.state(丁), player.case().state()), ("completed", CaseState::Completed));
}

#[test]
fn the_promise_waits_for_the_person_alone_and_silence_is_a_yes_where_the_item_says_so() {
    for silent_yes in [true, false] {
        let mut parts = parts();
        let asked = parts.items[丁].steps.get_mut("确认").unwrap();
        (asked.silent_yes, asked.limit) = (silent_yes, Some(calendar::Limit::working_days(5)));
        let mut player = Player::with(Edition::seal(parts).unwrap());
        player.at("2026-10-12 09:00");
        player.submit(&Entry { thing: "投诉", ..Entry::new(expression::Answers::new()) }).unwrap();
        player.does(&window(), &Command::Accept { item: None });
        player.at("2026-10-13 09:00").done(&reviewer(), 丁, "整改");
        let said_no = step_command(丁, "确认", false);
        player.at("2026-10-14 09:00").does(&applicant(), &said_no);
        assert_ne!(player.clock(丁, ClockKind::Promised).colour, Colour::Paused, "it is the office's turn");
        player.at("2026-10-15 09:00").done(&reviewer(), 丁, "整改");
        let asked = player.now;
        assert_eq!(player.clock(丁, ClockKind::Promised).colour, Colour::Paused);
        let (calendar, offset) = (player.edition.calendar(), player.edition.offset());
        let matter = player.case().matter(&item_id(丁)).unwrap();
        // Five working days after the day of the question.
        let silent = matter.silent_yes_at(&"确认".into(), calendar, offset, asked);
        assert_eq!(silent, silent_yes.then(|| at("2026-10-23 00:00")));
        assert_eq!(kinds(&player.at("2026-10-22 23:59").tick()), [""; 0]);
        let told: &[&str] = if silent_yes { &["step-done"] } else { &[] };
        assert_eq!(kinds(&player.at("2026-10-23 00:00").tick()), told);
        assert_eq!(player.state(丁), if silent_yes { "completed" } else { "accepted" });
        if silent_yes {
            assert_eq!(kinds(&player.at("2027-03-01 10:00").tick()), [""; 0], "nobody is late");
        } else {
            // The statute's limit knows nothing of who has to answer.
            assert_eq!(kinds(&player.at("2027-03-01 10:00").tick()), ["overdue"]);
            assert_eq!(player.clock(丁, ClockKind::Promised).colour, Colour::Paused);
        }
    }
}

/// The law's vectors: due days counted from acceptance, holidays and make-up days included.
#[test]
fn due_days_agree_with_the_published_calendar_through_a_whole_case() {
    for (start, limit, due) in [
        ("2026-02-10", 5, "2026-02-24"),
        ("2026-02-10", 20, "2026-03-16"),
        ("2026-02-14", 5, "2026-02-28"),
        ("2026-02-15", 5, "2026-02-28"),
        ("2026-03-02", 45, "2026-05-08"),
        ("2026-03-02", 60, "2026-05-28"),
        ("2026-04-30", 1, "2026-05-06"),
        ("2026-09-18", 20, "2026-10-22"),
        ("2026-09-18", 30, "2026-11-05"),
        ("2026-10-01", 30, "2026-11-17"),
        ("2025-09-28", 5, "2025-10-11"),
        ("2025-12-29", 10, "2026-01-13"),
        ("2024-02-05", 20, "2024-03-08"),
        ("2020-01-20", 5, "2020-02-04"),
    ] {
        let mut parts = parts();
        let limits = &mut parts.items[甲].limits;
        limits.statutory = Some(calendar::Limit::working_days(limit));
        limits.promised = calendar::Limit::working_days(limit);
        limits.intake.limit = calendar::Limit::working_days(limit);
        let mut player = Player::with(Edition::seal(parts).unwrap());
        player.at(&format!("{start} 10:00")).submit(&Entry::new(facts(100))).unwrap();
        assert_eq!(player.due_on(甲, ClockKind::Intake), due, "{start}+{limit}");
        player.does(&window(), &Command::Accept { item: None });
        assert_eq!(player.due_on(甲, ClockKind::Statutory), due, "{start}+{limit}");
        // Still in time at the last minute, too late at midnight.
        player.at(&format!("{due} 23:59")).tick();
        assert_ne!(player.clock(甲, ClockKind::Statutory).colour, Colour::Overdue);
        player.now = player.clock(甲, ClockKind::Statutory).due.due_at;
        let told = kinds(&player.tick());
        assert_eq!(told.iter().filter(|kind| **kind == "overdue").count(), 2, "{start}+{limit}: {told:?}");
        assert_eq!(player.clock(甲, ClockKind::Statutory).colour, Colour::Overdue);
    }
}

fn for_applicant(act: Command<'static>) -> Command<'static> {
    Command::ForApplicant {
        act: Box::new(act), proof: Proof::IdentitySeen, note: doc("本人在窗口办理")
    }
}

#[test]
fn the_window_acts_for_the_applicant_only_with_a_reason_and_a_proof_and_the_applicant_can_take_it_back() {
    let mut player = Player::accepted(facts(100).with("要乙", true));
    let withdraw = || Command::Withdraw { item: None, reason: None };
    assert_eq!(player.refused(&window(), &withdraw()), "proof-needed");
    let object = Command::Object { item: None, text: doc("异议") };
    assert_eq!(player.refused(&window(), &object), "proof-needed");
    assert_eq!(player.refused(&reviewer(), &for_applicant(withdraw())), "not-allowed");
    let before = player.case().matters.clone();
    let events = player.does(&window(), &for_applicant(withdraw()));
    assert_eq!(kinds(&events), ["acted-for", "withdrawn", "withdrawn"]);
    assert_eq!((player.state(甲), player.state(乙)), ("withdrawn", "withdrawn"));
    assert_eq!(player.case().acted_for[0].by, window().id);
    assert_eq!(player.refused(&window(), &Command::UndoActedFor { acted: 0 }), "not-allowed");
    player.at("2026-09-19 09:00").does(&applicant(), &Command::UndoActedFor { acted: 0 });
    assert_eq!(player.case().matters, before, "everything stands as before");
    assert_eq!(player.refused(&applicant(), &Command::UndoActedFor { acted: 0 }), "undo-too-late");
    player.does(&window(), &for_applicant(withdraw()));
    player.at("2026-09-20 09:01");
    assert_eq!(player.refused(&applicant(), &Command::UndoActedFor { acted: 1 }), "undo-too-late");
}

#[test]
fn a_step_of_the_applicants_that_the_window_did_opens_again_unless_others_went_on_from_it() {
    let mut player = Player::accepted(facts(100).with("要丙", true).with("人数", 5));
    player.done(&reviewer(), 甲, "审查");
    player.does(&head(), &grant(甲));
    player.does(&window(), &issue(甲, "甲证"));
    let pay = || step_command(丙, "缴费", true);
    assert_eq!(player.refused(&window(), &pay()), "proof-needed");
    player.does(&window(), &for_applicant(pay()));
    assert_eq!(player.state(丙), "completed");
    player.does(&applicant(), &Command::UndoActedFor { acted: 0 });
    assert_eq!((player.state(丙), player.open(丙)), ("accepted", vec!["缴费".into()]));
    // An officer's own step is not done in the applicant's name.
    assert_eq!(player.refused(&window(), &for_applicant(step_command(丙, "审查", true))), "no-such-step");
}

#[test]
fn what_did_not_pass_is_explained_and_a_grant_against_it_says_why() {
    let mut player = Player::accepted(facts(100));
    let review = |yes, finding| Command::CompleteStep {
        item: item_id(甲),
        step: "审查".into(),
        yes,
        opinion: Some(doc("记录")),
        finding,
        officers: vec![],
        joint: false,
    };
    let silent = |failed| Finding { failed, explained: false };
    assert_eq!(player.refused(&reviewer(), &review(false, silent(0))), "finding-unexplained");
    assert_eq!(player.refused(&reviewer(), &review(true, silent(1))), "finding-unexplained");
    player.does(&reviewer(), &review(true, Finding { failed: 1, explained: true }));
    assert_eq!(player.refused(&head(), &grant(甲)), "against-review");
    let why = Verdict::Grant { opinion: Some(doc("已当场整改")) };
    player.does(&head(), &Command::Decide { item: item_id(甲), verdict: why, officers: vec![] });
    assert_eq!(player.state(甲), "granted");
}

#[test]
fn a_public_notice_is_over_when_its_days_are() {
    let mut parts = parts();
    let shown = parts.items[丁].steps.get_mut("整改").unwrap();
    shown.lasts = Some(calendar::Limit::working_days(5));
    let mut player = Player::with(Edition::seal(parts).unwrap());
    player.at("2026-10-12 09:00");
    player.submit(&Entry { thing: "投诉", ..Entry::new(expression::Answers::new()) }).unwrap();
    player.does(&window(), &Command::Accept { item: None });
    let over = step_command(丁, "整改", true);
    let (calendar, offset) = (player.edition.calendar(), player.edition.offset());
    let task = player.case().worklist(calendar, offset, player.now).remove(0);
    assert_eq!((task.step.as_str(), task.runs_until), ("整改", Some(at("2026-10-20 00:00"))));
    for early in ["2026-10-12 10:00", "2026-10-19 23:59"] {
        assert_eq!(player.at(early).refused(&reviewer(), &over), "still-running", "{early}");
    }
    player.at("2026-10-20 08:30").done(&reviewer(), 丁, "整改");
    assert_eq!(player.open(丁), ["确认"]);
}
