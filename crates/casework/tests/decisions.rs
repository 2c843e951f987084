//! Steps, clocks, decisions, modes, and what follows them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use casework::Folded as _;
use casework::{
    ActorId, Case, ClockKind, Colour, Command, Context, Delivery, DropCause, Event, FactsRef, Finding, Hold,
    LapseCause, MatterState, PauseKind, ReplanCause, ResultChange, TimerKind, Verdict, VisitTime,
    WarningColour, decide,
};
use catalogue::{Edition, LocalPauseId, ResultId, StatutoryPause, StepId};
use support::*;

fn verdict(item: &str, verdict: Verdict) -> Command<'static> {
    Command::Decide { item: item_id(item), verdict, officers: vec!["同事".into()] }
}

fn grant(item: &str) -> Command<'static> {
    verdict(item, Verdict::Grant { opinion: None })
}

fn issue() -> Command<'static> {
    let (item, result) = (item_id(甲), ResultId::from("甲证"));
    Command::Issue { item, result, number: "证 001".into(), identifier: Some("1.2.3".into()) }
}

fn testing() -> PauseKind {
    PauseKind::Statutory(StatutoryPause::Testing)
}

fn pause(kind: PauseKind, notice: bool) -> Command<'static> {
    let needed = Some(calendar::Limit::working_days(5));
    Command::Pause { item: item_id(甲), kind, needed, notice: notice.then(|| doc("告知书")) }
}

#[test]
fn a_refusal_needs_reasons_and_tells_the_remedies() {
    let mut player = Player::accepted(facts(100));
    assert_eq!(player.refused(&head(), &verdict(甲, Verdict::Refuse { reason: None })), "steps-undone");
    player.does(&reviewer(), &step_command(甲, "审查", false));
    assert_eq!(player.state(甲), "accepted", "a negative opinion is for the decider");
    assert_eq!(player.refused(&head(), &verdict(甲, Verdict::Refuse { reason: None })), "reason-needed");
    let events = player.does(&head(), &verdict(甲, Verdict::Refuse { reason: Some(doc("理由")) }));
    let Event::Refused(refused) = &events[0] else { panic!("{events:?}") };
    assert_eq!(refused.remedies, ["某法 第一条".into(), "某法 第二条".into()]);
    assert_eq!(player.refused(&head(), &grant(甲)), "matter-is-over");
    player.does(&applicant(), &Command::Object { item: Some(item_id(甲)), text: doc("异议") });
    let answer = Command::AnswerObjection { objection: 0, text: doc("答复") };
    assert_eq!(player.refused(&window(), &answer), "not-allowed", "it is for whoever decided, or reviewed");
    for own in [reviewer(), head()] {
        assert_eq!(player.refused(&own, &answer), "own-work");
    }
    let colleague = officer("审查二", &["甲审查员"]);
    player.does(&colleague, &answer);
    assert_eq!(
        player.refused(&colleague, &Command::AnswerObjection { objection: 0, text: doc("答复") }),
        "no-such-objection"
    );
}

#[test]
fn an_inspection_names_different_officers() {
    let mut player = Player::accepted(facts(250));
    for officers in [vec![], vec![ActorId::from("核查一")], vec!["核查一".into(), "核查一".into()]] {
        let (item, step) = (item_id(甲), StepId::from("核查"));
        let command = Command::CompleteStep {
            item,
            step,
            yes: true,
            opinion: None,
            finding: Finding::default(),
            officers,
            joint: false,
        };
        assert_eq!(player.refused(&inspector(), &command), "officers-needed");
    }
    assert_eq!(player.refused(&reviewer(), &step_command(甲, "核查", true)), "role-needed");
    player.done(&inspector(), 甲, "核查");
    assert_eq!(player.refused(&inspector(), &step_command(甲, "核查", true)), "step-not-open");
    assert_eq!(player.refused(&head(), &step_command(甲, "决定", true)), "step-not-open");
    assert_eq!(player.refused(&inspector(), &step_command(甲, "没有", true)), "no-such-step");
    assert_eq!(player.refused(&inspector(), &step_command(丙, "没有", true)), "no-such-matter");
}

#[test]
fn a_task_is_taken_given_and_given_back() {
    let mut player = Player::accepted(facts(100));
    let (item, step) = (item_id(甲), StepId::from("审查"));
    let claim = |officer: Option<&str>| Command::Claim {
        item: item.clone(),
        step: step.clone(),
        officer: officer.map(ActorId::from),
    };
    let release = Command::Release { item: item.clone(), step: step.clone() };
    assert_eq!(player.refused(&reviewer(), &release), "not-claimed");
    assert_eq!(player.refused(&inspector(), &claim(None)), "role-needed");
    player.does(&reviewer(), &claim(None));
    let second = officer("审查二", &["甲审查员"]);
    assert_eq!(player.refused(&second, &claim(None)), "claimed-by-other");
    assert_eq!(player.refused(&second, &step_command(甲, "审查", true)), "claimed-by-other");
    player.does(&head(), &claim(Some("审查二")));
    assert_eq!(player.refused(&reviewer(), &release), "claimed-by-other");
    player.does(&second, &release);
    player.done(&reviewer(), 甲, "审查");
}

#[test]
fn a_negative_review_sends_the_work_back_to_its_step() {
    let mut player = Player::accepted(facts(100).with("要戊", true));
    player.done(&reviewer(), 戊, "初审");
    player.does(&inspector(), &step_command(戊, "复核", false));
    assert_eq!(player.open(戊), ["初审"]);
    player.done(&reviewer(), 戊, "初审");
    player.done(&inspector(), 戊, "复核");
    // Two have to agree; the first consent decides nothing yet.
    player.does(&head(), &grant(戊));
    assert_eq!((player.state(戊), player.open(戊)), ("accepted", vec!["初决".into()]));
    player.does(&other_head(), &grant(戊));
    assert_eq!(player.state(戊), "completed");
}

#[test]
fn statutory_proceedings_stop_both_clocks_once_the_applicant_was_told() {
    let mut player = Player::accepted(facts(320));
    player.done(&reviewer(), 甲, "审查");
    player.done(&inspector(), 甲, "核查");
    assert_eq!(player.refused(&inspector(), &pause(testing(), false)), "notice-needed");
    player.at("2026-09-21 09:00");
    assert_eq!(player.due_on(甲, ClockKind::Statutory), "2026-10-22");
    player.does(&inspector(), &pause(testing(), true));
    assert_eq!(player.refused(&inspector(), &pause(testing(), true)), "already-paused");
    assert_eq!(player.clock(甲, ClockKind::Statutory).colour, Colour::Paused);
    player.at("2026-09-24 09:00");
    assert!(
        !player
            .case()
            .timers(player.edition.calendar(), player.edition.offset())
            .iter()
            .any(|timer| matches!(timer.kind, TimerKind::Overdue(_)))
    );
    player.done(&inspector(), 甲, "检测");
    // 21, 22 and 23 September are left out; the pause ended with its step.
    assert_eq!(player.due_on(甲, ClockKind::Statutory), "2026-10-27");
    assert_eq!(player.clock(甲, ClockKind::Promised).due.paused, 3);
    assert_eq!(
        player.refused(&inspector(), &Command::Resume { item: item_id(甲), kind: testing() }),
        "not-paused"
    );
}

#[test]
fn local_practice_stops_the_promise_alone_and_overlaps_count_once() {
    let local = PauseKind::Local(LocalPauseId::from("踏勘"));
    let mut player = Player::accepted(facts(250));
    // The step declares it, so its opening stops the promise.
    assert_eq!(player.clock(甲, ClockKind::Promised).colour, Colour::Paused);
    assert_eq!(player.clock(甲, ClockKind::Statutory).colour, Colour::Green);
    assert_eq!(player.refused(&inspector(), &pause(local, false)), "already-paused");
    let unknown = PauseKind::Local(LocalPauseId::from("午休"));
    assert_eq!(player.refused(&inspector(), &pause(unknown, false)), "not-pausable");
    player.at("2026-09-21 09:00").does(&inspector(), &pause(testing(), true));
    player.at("2026-09-22 09:00").done(&inspector(), 甲, "核查");
    player.at("2026-09-23 09:00").does(&inspector(), &Command::Resume { item: item_id(甲), kind: testing() });
    // Promise: 20, 21 and 22 September stood still. Statute: 21 and 22.
    assert_eq!(player.clock(甲, ClockKind::Promised).due.paused, 3);
    assert_eq!(player.clock(甲, ClockKind::Statutory).due.paused, 2);
}

#[test]
fn an_extension_is_asked_with_a_reason_and_approved_once_by_its_approver() {
    let mut player = Player::accepted(facts(100));
    let ask = Command::RequestExtension { item: item_id(甲), reason: doc("理由") };
    let approve = Command::ApproveExtension { item: item_id(甲) };
    assert_eq!(player.refused(&head(), &approve), "extension-not-asked");
    player.does(&reviewer(), &ask);
    assert_eq!(player.refused(&reviewer(), &approve), "role-needed");
    player.does(&head(), &Command::DenyExtension { item: item_id(甲), reason: doc("不批") });
    player.does(&head(), &ask);
    assert_eq!(player.refused(&head(), &approve), "own-request");
    player.does(&head(), &Command::DenyExtension { item: item_id(甲), reason: doc("由承办人申请") });
    player.does(&reviewer(), &ask);
    player.does(&head(), &approve);
    assert_eq!(player.due_on(甲, ClockKind::Statutory), "2026-11-05");
    assert_eq!(player.due_on(甲, ClockKind::Promised), "2026-10-22");
    assert_eq!(player.refused(&reviewer(), &ask), "extension-used");
    assert_eq!(player.refused(&head(), &approve), "extension-used");
    let mut player = Player::accepted(facts(100).with("要乙", true));
    assert_eq!(
        player.refused(
            &other_inspector(),
            &Command::RequestExtension { item: item_id(乙), reason: doc("理由") }
        ),
        "no-extension"
    );
    // Broken promises stay broken: after the promised day an extension lengthens the statute's limit alone.
    player.at("2026-10-20 09:00").does(&reviewer(), &ask);
    player.does(&head(), &approve);
    assert_eq!(player.clock(甲, ClockKind::Promised).colour, Colour::Overdue);
    assert_eq!(player.due_on(甲, ClockKind::Statutory), "2026-11-05");
}

#[test]
fn after_the_statutory_day_nothing_can_be_extended() {
    let mut player = Player::accepted(facts(100));
    player.at("2026-10-23 00:00");
    let ask = Command::RequestExtension { item: item_id(甲), reason: doc("理由") };
    assert_eq!(player.refused(&reviewer(), &ask), "too-late");
}

#[test]
fn supervision_warns_before_the_promised_day_and_lateness_is_explained_in_public() {
    let mut player = Player::accepted(facts(100));
    assert_eq!(player.due_on(甲, ClockKind::Promised), "2026-10-09");
    let explain = Command::ExplainOverdue { item: item_id(甲), text: doc("公开说明") };
    assert_eq!(player.refused(&reviewer(), &explain), "nothing-overdue");
    let mut told = Vec::new();
    for day in ["2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10"] {
        for event in player.at(&format!("{day} 08:00")).tick() {
            told.push((day, event.kind()));
        }
    }
    assert_eq!(told, [("2026-09-30", "warned"), ("2026-10-09", "warned"), ("2026-10-10", "overdue")]);
    assert_eq!(player.case().matter(&item_id(甲)).unwrap().warned, Some(WarningColour::Red));
    player.does(&reviewer(), &explain);
}

#[test]
fn colours_follow_the_days_left() {
    let mut player = Player::accepted(facts(100));
    for (now, colour) in [
        ("2026-09-29 09:00", Colour::Green),
        ("2026-09-30 09:00", Colour::Yellow),
        ("2026-10-08 09:00", Colour::Yellow),
        ("2026-10-09 00:00", Colour::DueToday),
        ("2026-10-09 23:59", Colour::DueToday),
        ("2026-10-10 00:00", Colour::Overdue),
    ] {
        player.at(now);
        assert_eq!(player.clock(甲, ClockKind::Promised).colour, colour, "{now}");
        let task = &player.case().worklist(player.edition.calendar(), player.edition.offset(), player.now)[0];
        assert_eq!((task.colour, task.step.as_str()), (colour, "审查"));
    }
}

#[test]
fn a_tolerated_gap_lets_the_case_run_but_nothing_is_issued() {
    let mut player = Player::new();
    let entry = || Entry {
        materials: materials(&["申请书", "证明"]),
        tolerate: materials(&["平面图"]),
        ..Entry::new(facts(100))
    };
    player.submit(&entry()).unwrap();
    player.does(&window(), &Command::Accept { item: None });
    player.done(&reviewer(), 甲, "审查");
    player.does(&head(), &grant(甲));
    assert_eq!(player.refused(&window(), &issue()), "gap-open");
    let tasks = player.case().worklist(player.edition.calendar(), player.edition.offset(), player.now);
    assert_eq!(tasks[0].held_by, Some(Hold::GapOpen));
    let close = |names: &[&str]| Command::CloseGap { item: item_id(甲), materials: materials(names) };
    assert_eq!(player.refused(&applicant(), &close(&["申请书"])), "not-a-gap");
    player.does(&applicant(), &close(&["平面图"]));
    player.does(&window(), &issue());
    // Not brought in time, the matter ends, granted or not.
    let mut player = Player::new();
    player.submit(&entry()).unwrap();
    player.does(&window(), &Command::Accept { item: None });
    assert_eq!(player.due_on(甲, ClockKind::Gap), "2026-09-24");
    player.at("2026-09-25 00:00").tick();
    assert_eq!(*player.matter_state(甲), MatterState::Lapsed(LapseCause::GapNotClosed));
}

#[test]
fn a_promise_replaces_proof_and_steps_and_a_broken_one_annuls_the_result() {
    for (kept, change) in [(true, None), (false, Some(ResultChange::Annulled))] {
        let mut player = Player::new();
        let entry = Entry {
            materials: materials(&["申请书", "平面图"]),
            promise: vec![item_id(甲)],
            ..Entry::new(facts(250))
        };
        player.submit(&entry).unwrap();
        player.does(&window(), &Command::Accept { item: None });
        assert_eq!(player.open(甲), ["审查"], "the inspection falls away");
        player.done(&reviewer(), 甲, "审查");
        player.does(&head(), &grant(甲));
        player.does(&window(), &issue());
        player.does(&window(), &Command::Deliver { item: item_id(甲), how: Delivery::Online });
        let verify = Command::VerifyPromise { item: item_id(甲), kept, record: doc("核查") };
        assert_eq!(player.refused(&applicant(), &verify), "not-allowed");
        let checked_by = player.clock(甲, ClockKind::PromiseCheck).due.due_at;
        player.now = checked_by;
        assert_eq!(kinds(&player.tick()), ["overdue"]);
        // What was decided is annulled by whoever decides.
        if !kept {
            assert_eq!(player.refused(&inspector(), &verify), "not-allowed");
        }
        let by = if kept { inspector() } else { head() };
        player.does(&by, &verify);
        assert_eq!(player.refused(&by, &verify), "no-promise");
        assert_eq!(player.case().matter(&item_id(甲)).unwrap().results[0].change, change);
    }
    let mut player = Player::new();
    player.submit(&Entry { promise: vec![item_id(甲)], ..Entry::new(facts(250)) }).unwrap();
    player.does(&window(), &Command::Accept { item: None });
    player.done(&reviewer(), 甲, "审查");
    player.does(&head(), &grant(甲));
    player.does(&head(), &Command::VerifyPromise { item: item_id(甲), kept: false, record: doc("核查") });
    assert_eq!(*player.matter_state(甲), MatterState::Lapsed(LapseCause::PromiseBroken));
}

#[test]
fn results_have_a_later_life_of_distinct_kinds() {
    let mut player = Player::accepted(facts(100));
    let change = |change, result: &str| {
        let (item, result) = (item_id(甲), ResultId::from(result));
        Command::ChangeResult { item, result, change, reason: doc("理由") }
    };
    assert_eq!(player.refused(&head(), &change(ResultChange::Cancelled, "甲证")), "no-result");
    player.done(&reviewer(), 甲, "审查");
    assert_eq!(player.refused(&window(), &issue()), "not-granted");
    player.does(&head(), &grant(甲));
    let wrong = Command::Issue {
        item: item_id(甲),
        result: ResultId::from("乙证"),
        number: "1".into(),
        identifier: None,
    };
    assert_eq!(player.refused(&window(), &wrong), "wrong-result");
    player.does(&window(), &issue());
    assert_eq!(player.refused(&reviewer(), &change(ResultChange::Altered, "甲证")), "not-allowed");
    assert_eq!(player.refused(&head(), &change(ResultChange::Altered, "甲证")), "alter-undelivered");
    player.does(&window(), &Command::Deliver { item: item_id(甲), how: Delivery::Window });
    player.does(&head(), &change(ResultChange::Altered, "甲证"));
    assert_eq!(player.refused(&head(), &change(ResultChange::Altered, "甲证")), "nothing-changes");
    player.does(&head(), &change(ResultChange::Revoked, "甲证"));
    assert_eq!(player.refused(&head(), &change(ResultChange::Cancelled, "甲证")), "no-result");
}

#[test]
fn delivery_has_its_own_clock() {
    let mut player = Player::accepted(facts(100));
    player.done(&reviewer(), 甲, "审查");
    player.does(&head(), &grant(甲));
    player.now = player.clock(甲, ClockKind::Delivery).due.due_at;
    let events = player.tick();
    assert_eq!(kinds(&events), ["overdue"]);
    player.does(&window(), &issue());
    player.does(&window(), &Command::Deliver { item: item_id(甲), how: Delivery::Post });
    assert_eq!(player.clock(甲, ClockKind::Delivery).colour, Colour::DoneLate);
}

#[test]
fn a_case_is_rated_once_in_five_levels() {
    let mut player = Player::accepted(facts(100));
    let rate = |level| Command::Rate { level, comment: None, named: true };
    assert_eq!(player.refused(&applicant(), &rate(1)), "not-yet-ratable");
    player.does(&applicant(), &Command::Withdraw { item: None, reason: None });
    for level in [0, 6, 255] {
        assert_eq!(player.refused(&applicant(), &rate(level)), "bad-level");
    }
    assert_eq!(player.refused(&reviewer(), &rate(5)), "not-allowed");
    let agent = casework::Actor { id: "zhangwei".into(), standing: casework::Standing::Agent };
    assert_eq!(player.refused(&agent, &rate(5)), "agent-cannot-rate", "the one rating is the applicant's");
    player.does(&applicant(), &rate(2));
    assert!(player.case().rating.as_ref().unwrap().is_bad());
    assert_eq!(player.refused(&applicant(), &rate(5)), "already-rated");
}

#[test]
fn messages_go_both_ways() {
    let mut player = Player::submitted(facts(100));
    player.does(&applicant(), &Command::Message { item: None, text: doc("问") });
    player.does(&reviewer(), &Command::Message { item: Some(item_id(甲)), text: doc("答") });
    assert_eq!(
        player.refused(&other_head(), &Command::Message { item: None, text: doc("答") }),
        "not-allowed"
    );
    assert_eq!(player.case().messages.len(), 2);
}

#[test]
fn a_new_edition_changes_what_is_still_to_be_done_and_not_the_clocks_that_run() {
    let mut player = Player::accepted(facts(250).with("要乙", true));
    let mut parts = parts();
    parts.items[甲].steps.shift_remove("核查");
    parts.items[甲].limits.promised = calendar::Limit::working_days(15);
    parts.items.shift_remove(乙);
    parts.things["一件事"].members.retain(|member| member.item != *乙);
    parts.things["一件事"].joint_inspections.clear();
    let newer = Edition::seal(parts).unwrap();
    let known = facts(250).with("要乙", true);
    let move_on = Command::MoveEdition { facts: FactsRef(&known) };
    assert_eq!(player.refused(&head(), &move_on), "same-edition");
    let old = std::mem::replace(&mut player.edition, newer);
    let tick = decide(
        player.case.as_ref(),
        &Command::Tick,
        &Context { now: player.now, actor: &head(), edition: &player.edition },
    );
    assert_eq!(tick.unwrap_err().code(), "wrong-edition");
    let events = player.does(&head(), &move_on);
    assert_eq!(kinds(&events), ["edition-moved", "matter-replanned", "matter-dropped"]);
    let Event::MatterReplanned(replanned) = &events[1] else { panic!("{events:?}") };
    assert_eq!((replanned.cause, replanned.changes.len()), (ReplanCause::EditionMoved, 1));
    assert_eq!(*player.matter_state(乙), MatterState::Dropped(DropCause::Abolished));
    assert_eq!(player.clock(甲, ClockKind::Promised).limit.amount, 10);
    assert_ne!(old.hash(), player.case().edition);
    player.done(&reviewer(), 甲, "审查");
    assert_eq!(player.open(甲), ["决定"]);
}

#[test]
fn every_prefix_of_a_log_is_a_case() {
    let mut player = Player::accepted(facts(320).with("要乙", true).with("要丙", true).with("人数", 5));
    player.done(&reviewer(), 甲, "审查");
    player.at("2026-10-30 09:00").tick();
    for length in 1..=player.log.len() {
        let case = Case::replay(player.log[..length].iter().map(|(event, stamp)| (event, stamp))).unwrap();
        assert_eq!(case.version, length as u64);
        case.clocks(player.edition.calendar(), player.edition.offset(), player.now);
    }
    assert_eq!(Case::replay(player.log[1..].iter().map(|(event, stamp)| (event, stamp))), None);
}

#[test]
fn every_due_day_explains_itself() {
    let player = Player::accepted(facts(100));
    let explained = player
        .case()
        .explain(
            &item_id(甲),
            ClockKind::Statutory,
            player.edition.calendar(),
            player.edition.offset(),
            player.now,
        )
        .unwrap();
    assert_eq!(explained.explanation.counted.len(), 20);
    assert_eq!(explained.explanation.due_on, explained.view.due.due_on);
    assert_eq!(explained.view.days_left, 20);
}

/// 甲 with a fee that is paid between the grant and the certificate.
fn with_fee() -> Player {
    let mut parts = parts();
    let mut pay = parts.items[丙].steps["缴费"].clone();
    pay.after = vec!["决定".into()];
    let item = &mut parts.items[甲];
    item.limits.delivery = Some(calendar::Limit::working_days(1));
    item.steps["发证"].after.push("缴费".into());
    item.steps.insert("缴费".into(), pay);
    let mut player = Player::with(Edition::seal(parts).unwrap());
    player.submit(&Entry::new(facts(100))).unwrap();
    player.does(&window(), &Command::Accept { item: None });
    player.done(&reviewer(), 甲, "审查");
    let verdict = Verdict::Grant { opinion: None };
    let grant = Command::Decide { item: item_id(甲), verdict, officers: vec![] };
    player.at("2026-09-21 10:00").does(&head(), &grant);
    player
}

#[test]
fn what_was_granted_can_be_withdrawn_until_it_is_recorded_or_issued_and_a_fee_that_was_not_paid_is_not_recorded()
 {
    let mut player = with_fee();
    let unpaid = step_command(甲, "缴费", false);
    assert_eq!(player.refused(&applicant(), &unpaid), "not-paid");
    let withdraw = Command::Withdraw { item: None, reason: None };
    player.does(&applicant(), &withdraw);
    assert_eq!(*player.matter_state(甲), MatterState::Withdrawn);
    assert!(!player.case().matters[0].is_paid_for_nothing());
    // Who has paid can still leave; the fee is to be paid back.
    let mut player = with_fee();
    player.done(&applicant(), 甲, "缴费");
    player.does(&applicant(), &withdraw);
    assert!(player.case().matters[0].is_paid_for_nothing());
    // What a register says was recorded is not withdrawn either.
    let mut parts = parts();
    let mut record = parts.items[丙].steps["缴费"].clone();
    record.kind = catalogue::StepKind::Record;
    record.by = parts.items[甲].steps["受理"].by.clone();
    record.after = vec!["决定".into()];
    parts.items[甲].steps["发证"].after.push("登簿".into());
    parts.items[甲].steps.insert("登簿".into(), catalogue::Step { id: "登簿".into(), ..record });
    let mut player = Player::with(Edition::seal(parts).unwrap());
    player.submit(&Entry::new(facts(100))).unwrap();
    player.does(&window(), &Command::Accept { item: None });
    player.done(&reviewer(), 甲, "审查");
    player.does(&head(), &grant(甲));
    player.done(&window(), 甲, "登簿");
    assert_eq!(player.refused(&applicant(), &withdraw), "nothing-fits");
}

#[test]
fn what_others_need_a_number_of_does_not_end_as_not_required() {
    let mut parts = parts();
    parts.things["一件事"].members[2].after = vec![item_id(甲)];
    let assign = serde_json::json!({"field": "面积", "prefix": "91", "block": "MA"});
    parts.items[甲].steps["发证"].assigns = vec![serde_json::from_value(assign).unwrap()];
    let edition = Edition::seal(parts).unwrap();
    let not_required = Command::NotRequired { item: item_id(甲), reason: doc("理由") };
    for (others, refused) in [(true, true), (false, false)] {
        let mut player = Player::with(edition.clone());
        player.submit(&Entry::new(facts(100).with("要丙", others).with("人数", 5))).unwrap();
        if refused {
            assert_eq!(player.refused(&window(), &not_required), "others-rest-on-it");
        } else {
            player.does(&window(), &not_required);
        }
    }
}

#[test]
fn the_delivery_clock_stands_still_while_the_applicants_own_step_is_open() {
    let mut player = with_fee();
    assert_eq!(player.open(甲), ["缴费"]);
    for later in ["2026-09-22 10:00", "2026-09-24 10:00", "2026-10-20 10:00"] {
        assert_eq!(kinds(&player.at(later).tick()), [""; 0], "nobody is late");
        assert_eq!(player.clock(甲, ClockKind::Delivery).colour, Colour::Paused, "{later}");
    }
    player.at("2026-10-20 15:00").done(&applicant(), 甲, "缴费");
    let explained = player
        .case()
        .explain(
            &item_id(甲),
            ClockKind::Delivery,
            player.edition.calendar(),
            player.edition.offset(),
            player.now,
        )
        .unwrap();
    assert_eq!(explained.view.due.due_on.to_string(), "2026-10-20");
    let reason = calendar::SkipReason::Paused { kind: casework::APPLICANT_STEP.into() };
    let paused = explained.explanation.skipped.iter().filter(|day| day.reason == reason);
    // Working days from 22 September: the day of the grant is not counted anyway, and the day of payment counts.
    assert_eq!(paused.map(|day| day.date.to_string()).next().as_deref(), Some("2026-09-22"));
    assert_eq!(explained.explanation.counted, [jiff::civil::date(2026, 10, 20)]);
    // From here on it is the organ's time again.
    assert_ne!(player.clock(甲, ClockKind::Delivery).colour, Colour::Paused);
    assert_eq!(kinds(&player.at("2026-10-21 09:00").tick()), ["overdue"]);
    assert_eq!(player.clock(甲, ClockKind::Delivery).colour, Colour::Overdue);
}

/// 审查 of the first item rests on the result of the second.
fn awaiting() -> Player {
    let mut parts = parts();
    let rests = catalogue::ItemResult { item: item_id(乙), result: "乙证".into() };
    parts.items[甲].steps["审查"].confirms = Some(rests);
    let mut player = Player::with(Edition::seal(parts).unwrap());
    player.submit(&Entry::new(facts(100).with("要乙", true))).unwrap();
    player.does(&window(), &Command::Accept { item: None });
    player
}

#[test]
fn a_step_that_waits_for_the_result_of_another_item_is_held_and_its_promise_stands_still() {
    let mut player = awaiting();
    let task = |player: &Player, step: &str| {
        let tasks = player.case().worklist(player.edition.calendar(), player.edition.offset(), player.now);
        tasks.into_iter().find(|task| task.item == *甲 && task.step == *step).unwrap()
    };
    for now in ["2026-09-21 10:00", "2026-09-30 10:00"] {
        player.at(now).tick();
        let held = task(&player, "审查");
        assert_eq!((held.held_by, held.step_due_at), (Some(Hold::ResultAwaited), None), "{now}");
        assert_eq!(held.colour, Colour::Paused, "{now}");
        let waits = player.case().who_has_it_now().into_iter().find(|holder| holder.item == *甲).unwrap();
        assert_eq!(waits.who, casework::Whose::Items(vec![item_id(乙)]), "{now}");
    }
    assert_eq!(player.clock(甲, ClockKind::Statutory).colour, Colour::Green, "the statute's limit runs on");
    assert_eq!(player.refused(&reviewer(), &step_command(甲, "审查", true)), "result-awaited");
    player.at("2026-10-09 15:00").done(&other_inspector(), 乙, "核查");
    let verdict = Verdict::Grant { opinion: None };
    player.does(
        &other_head(),
        &Command::Decide { item: item_id(乙), verdict, officers: vec!["乙负责人乙".into()] },
    );
    let issue = Command::Issue {
        item: item_id(乙),
        result: "乙证".into(),
        number: "乙字1号".into(),
        identifier: None,
    };
    player.does(&window(), &issue);
    let free = task(&player, "审查");
    assert_eq!(free.held_by, None);
    // Two working days from the day on which the result came: 10 October is a make-up working day, 11 October is Sunday.
    assert_eq!(free.step_due_at, Some(at("2026-10-13 00:00")));
    assert_ne!(free.colour, Colour::Overdue);
    player.done(&reviewer(), 甲, "审查");
    let reason = calendar::SkipReason::Paused { kind: casework::RESULT_AWAITED.into() };
    let (calendar, offset) = (player.edition.calendar(), player.edition.offset());
    let told =
        player.case().explain(&item_id(甲), ClockKind::Promised, calendar, offset, player.now).unwrap();
    assert!(told.explanation.skipped.iter().any(|day| day.reason == reason));
}

#[test]
fn what_will_never_come_holds_nobody() {
    let mut player = awaiting();
    let refuse = Verdict::Refuse { reason: Some(doc("理由")) };
    player.done(&other_inspector(), 乙, "核查");
    player.at("2026-09-22 10:00").does(
        &other_head(),
        &Command::Decide { item: item_id(乙), verdict: refuse, officers: vec!["乙负责人乙".into()] },
    );
    let tasks = player.case().worklist(player.edition.calendar(), player.edition.offset(), player.now);
    let task = tasks.iter().find(|task| task.item == *甲 && task.step == *"审查").unwrap();
    assert_eq!(task.held_by, None, "somebody has to say no");
    assert_ne!(player.clock(甲, ClockKind::Promised).colour, Colour::Paused);
    assert_eq!(player.refused(&reviewer(), &step_command(甲, "审查", true)), "result-awaited");
    player.does(&reviewer(), &step_command(甲, "审查", false));
}

#[test]
fn a_window_stops_no_clock_of_another_department() {
    let mut player = Player::submitted(facts(100).with("要乙", true));
    player.does(&window(), &Command::Accept { item: None });
    let pause = |item: &str| Command::Pause {
        item: item_id(item),
        kind: PauseKind::Statutory(StatutoryPause::Hearing),
        needed: Some(calendar::Limit::working_days(5)),
        notice: Some(doc("听证")),
    };
    assert_eq!(player.refused(&window(), &pause(乙)), "not-allowed");
    player.does(&other_head(), &pause(乙));
}

#[test]
fn what_people_have_to_be_there_for_is_accepted_once_they_came_and_silence_means_nothing_before() {
    let mut parts = parts();
    parts.items[甲].steps["受理"].present = true;
    let mut player = Player::with(Edition::seal(parts).unwrap());
    player.submit(&Entry::new(facts(100))).unwrap();
    player.at("2026-10-20 10:00");
    assert_eq!(kinds(&player.tick()), [""; 0], "nobody came, so nothing is deemed accepted");
    let task = &player.case().worklist(player.edition.calendar(), player.edition.offset(), player.now)[0];
    assert_eq!((task.held_by, task.colour), (Some(Hold::PresenceAwaited), Colour::Green));
    assert_eq!(player.case().who_has_it_now()[0].who, casework::Whose::Applicant);
    assert_eq!(player.refused(&window(), &Command::Accept { item: None }), "presence-needed");
    let came = |proof| Command::Present { item: item_id(甲), proof };
    assert_eq!(player.refused(&window(), &came(casework::Proof::PhoneDigits)), "proof-needed");
    assert_eq!(player.refused(&applicant(), &came(casework::Proof::IdentitySeen)), "role-needed");
    player.does(&window(), &came(casework::Proof::IdentitySeen));
    assert_eq!(player.case().visits().made, 1);
    // The limit of intake counts from here: five working days.
    assert_eq!(player.due_on(甲, ClockKind::Intake), "2026-10-27");
    player.does(&window(), &Command::Accept { item: None });
    assert_eq!(player.case().visits().made, 1, "one journey");
    assert_eq!(player.state(甲), "accepted");
    // A correction that is supplied from elsewhere brings nobody to the window.
    let mut player = Player::with(player.edition);
    player.submit(&Entry::new(facts(100))).unwrap();
    let points = casework::CorrectionPoints { materials: materials(&["申请书"]), fields: Vec::new() };
    let ask = Command::AskCorrection { item: item_id(甲), points, notice: doc("补正"), again: None };
    player.does(&window(), &ask);
    let supply =
        Command::SupplyCorrection { item: item_id(甲), materials: materials(&["申请书"]), answers: None };
    player.does(&applicant(), &supply);
    assert_eq!(player.refused(&window(), &Command::Accept { item: None }), "presence-needed");
    // At the window they stand there.
    let mut player = Player::with(player.edition);
    player.submit(&Entry { channel: catalogue::Channel::Window, ..Entry::new(facts(100)) }).unwrap();
    player.does(&window(), &Command::Accept { item: None });
}

#[test]
fn what_the_applicant_does_after_delivery_gives_the_organ_no_time() {
    let mut parts = parts();
    let mut confirm = parts.items[丙].steps["缴费"].clone();
    confirm.after = vec!["决定".into()];
    let item = &mut parts.items[甲];
    item.limits.delivery = Some(calendar::Limit::working_days(1));
    item.steps.insert("缴费".into(), confirm);
    let mut player = Player::with(Edition::seal(parts).unwrap());
    player.submit(&Entry::new(facts(100))).unwrap();
    player.does(&window(), &Command::Accept { item: None });
    player.done(&reviewer(), 甲, "审查");
    let verdict = Verdict::Grant { opinion: None };
    let grant = Command::Decide { item: item_id(甲), verdict, officers: vec![] };
    player.at("2026-09-21 10:00").does(&head(), &grant);
    assert_eq!(player.open(甲), ["发证", "缴费"]);
    player.at("2026-09-23 10:00").tick();
    assert_eq!(player.clock(甲, ClockKind::Delivery).colour, Colour::Overdue);
}

#[test]
fn a_visit_has_the_time_that_its_officers_set_until_it_is_done() {
    let mut player = Player::accepted(facts(320));
    let set = |at: jiff::Timestamp, remote| Command::SetVisit {
        item: item_id(甲),
        step: "核查".into(),
        at,
        remote,
        reason: None,
    };
    let (first, second) = (at("2026-09-22 14:30"), at("2026-09-23 09:00"));
    assert_eq!(player.refused(&applicant(), &set(first, false)), "role-needed");
    assert_eq!(player.refused(&inspector(), &set(at("2026-09-01 09:00"), false)), "visit-over");
    player.does(&inspector(), &set(first, false));
    player.does(&inspector(), &set(second, true));
    let run = |player: &Player| {
        let matter = player.case().matter(&item_id(甲)).unwrap();
        let found = matter.runs().find(|(step, _)| step.id == *"核查").map(|(_, run)| run.visit);
        found.unwrap()
    };
    assert_eq!(run(&player), Some(VisitTime { at: second, remote: true }));
    let early = step_command(甲, "核查", true);
    assert_eq!(player.refused(&inspector(), &early), "visit-ahead");
    // Moved to an hour that has come, it can be recorded.
    let sooner = player.now + jiff::SignedDuration::from_mins(5);
    player.does(&inspector(), &set(sooner, false));
    player.now = sooner;
    player.done(&inspector(), 甲, "核查");
    assert_eq!(run(&player), None);
}
