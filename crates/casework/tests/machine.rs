//! Random commands by random people at random times: whatever is asked, what must hold for every case holds.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use casework::Folded as _;
use casework::{
    Actor, Answers, Case, ClockKind, Colour, Command, CorrectionPoints, Delivery, Event, ExtensionState,
    FactsRef, Finding, Matter, MatterState, Need, PauseKind, PauseRun, Proof, ResultChange, StepState,
    Verdict,
};
use catalogue::{
    Channel, FieldId, ItemId, LocalPauseId, MaterialId, ResultId, StatutoryPause, StepId, StepKind,
};
use proptest::prelude::*;
use support::*;

#[derive(Clone, Copy, Debug)]
struct Act {
    what: u8,
    item: u8,
    step: u8,
    yes: bool,
    again: bool,
    actor: u8,
    minutes: u32,
}

fn act() -> impl Strategy<Value = Act> {
    let minutes = prop_oneof![4 => 0..600_u32, 3 => 600..6_000_u32, 1 => 6_000..60_000_u32];
    (0..50_u8, 0..6_u8, 0..16_u8, prop::bool::weighted(0.7), any::<bool>(), 0..8_u8, minutes).prop_map(
        |(what, item, step, yes, again, actor, minutes)| Act { what, item, step, yes, again, actor, minutes },
    )
}

const STEPS: [&str; 16] = [
    "受理", "审查", "核查", "检测", "决定", "发证", "送达", "登簿", "缴费", "整改", "确认", "初审", "复核",
    "初决", "没有", "核查",
];

fn actor(index: u8) -> Actor {
    let everybody = ["窗口", "甲审查员", "甲核查员", "甲负责人", "乙核查员", "乙负责人"];
    match index {
        0 => applicant(),
        1 => Actor::system(),
        2 => window(),
        3 => head(),
        4 => inspector(),
        _ => officer("全能", &everybody),
    }
}

fn pick(item: u8) -> &'static str {
    [甲, 乙, 丙, 丁, 戊, 甲][usize::from(item)]
}

/// Most acts by whoever may do them, so that cases get somewhere.
fn play(player: &mut Player, act: Act) -> bool {
    player.now = player.now.checked_add(jiff::Span::new().minutes(i64::from(act.minutes))).unwrap();
    if act.what >= 30 {
        return advance(player, act);
    }
    let item = item_id(pick(act.item));
    let step = StepId::from(STEPS[usize::from(act.step)]);
    let reason = doc("理由");
    let known = facts(i32::from(act.step) * 50).with("要乙", act.yes).with("要丙", act.again).with("人数", 5);
    let document = doc("answers/n");
    let answers = Answers { facts: &known, document: &document, same_people: false };
    let pause = if act.again {
        PauseKind::Statutory(StatutoryPause::ALL[usize::from(act.step % 8)])
    } else {
        PauseKind::Local(LocalPauseId::from("踏勘"))
    };
    let missing: Vec<_> =
        player.case().matter(&item).map_or_else(Vec::new, |matter| matter.plan.missing().cloned().collect());
    let names = if act.yes { missing } else { materials(&["平面图"]) };
    let own = act.actor == 7 && matches!(act.what, 0 | 5 | 13 | 17 | 18);
    let by = if own || act.what == 24 && act.yes { applicant() } else { actor(act.actor) };
    let command = match act.what {
        0 => Command::Restate { answers },
        1 => Command::AddMaterials { materials: names },
        2 | 26 => Command::Accept { item: act.yes.then_some(item) },
        3 => Command::NotRequired { item, reason },
        4 => Command::AskCorrection {
            item,
            points: CorrectionPoints {
                materials: names,
                fields: if act.again { vec![] } else { vec![FieldId::from("面积")] },
            },
            notice: doc("告知书"),
            again: act.again.then_some(reason),
        },
        5 => Command::SupplyCorrection { item, materials: names, answers: act.again.then_some(answers) },
        6 => Command::Claim { item, step, officer: act.again.then(|| "别人".into()) },
        7 => Command::Release { item, step },
        8 | 27..=29 => Command::CompleteStep {
            item,
            step,
            yes: act.yes,
            opinion: None,
            finding: Finding { failed: u8::from(act.step == 2), explained: true },
            officers: vec!["同事".into()],
            joint: act.again,
        },
        9 => Command::Pause {
            item,
            kind: pause,
            needed: Some(calendar::Limit::working_days(3)),
            notice: act.yes.then(|| doc("告知书")),
        },
        10 => Command::Resume { item, kind: pause },
        11 => Command::RequestExtension { item, reason },
        12 => {
            if act.yes {
                Command::ApproveExtension { item }
            } else {
                Command::DenyExtension { item, reason }
            }
        }
        13 => Command::Withdraw { item: Some(item), reason: None },
        14 | 25 => {
            let verdict = if act.yes {
                Verdict::Grant { opinion: None }
            } else {
                Verdict::Refuse { reason: act.again.then_some(reason) }
            };
            Command::Decide { item, verdict, officers: vec!["同事".into()] }
        }
        15 => Command::Issue {
            item,
            result: ResultId::from(if act.yes { "甲证" } else { "乙证" }),
            number: "1".into(),
            identifier: None,
        },
        16 => Command::Deliver { item, how: Delivery::Window },
        17 => Command::CloseGap { item, materials: materials(&["平面图"]) },
        18 => Command::Rate { level: act.step, comment: None, named: act.yes },
        19 => Command::VerifyPromise { item, kept: act.yes, record: reason },
        20 => Command::ChangeResult {
            item,
            result: ResultId::from("甲证"),
            change: ResultChange::Altered,
            reason,
        },
        21 => Command::Object { item: act.again.then_some(item), text: reason },
        22 => Command::AnswerObjection { objection: u32::from(act.step), text: reason },
        23 => {
            if act.yes {
                Command::ExplainOverdue { item, text: reason }
            } else {
                Command::MoveEdition { facts: FactsRef(&known) }
            }
        }
        24 if act.yes => {
            let last = player.case().acted_for.len().saturating_sub(1);
            Command::UndoActedFor { acted: u32::try_from(last).unwrap() }
        }
        _ => Command::Tick,
    };
    // The window acts for the applicant, now and then.
    let own = matches!(
        command,
        Command::CompleteStep { .. }
            | Command::Withdraw { .. }
            | Command::Object { .. }
            | Command::SupplyCorrection { .. }
            | Command::Restate { .. }
    );
    if act.actor == 2 && act.again && own {
        let command =
            Command::ForApplicant { act: Box::new(command), proof: Proof::IdentitySeen, note: doc("原因") };
        let done = give(player, &by, &command);
        if done && act.yes {
            let last = player.case().acted_for.len().saturating_sub(1);
            give(player, &applicant(), &Command::UndoActedFor { acted: u32::try_from(last).unwrap() });
        }
        return done;
    }
    give(player, &by, &command)
}

/// Does what some open step is waiting for, or undoes a claim.
fn advance(player: &mut Player, act: Act) -> bool {
    let all = actor(5);
    let case = player.case();
    let open: Vec<_> = case
        .matters
        .iter()
        .flat_map(|matter| {
            matter.open_steps().map(move |(step, run)| (matter.item.clone(), step.clone(), run.clone()))
        })
        .collect();
    if open.is_empty() {
        let (item, record) = (item_id(甲), doc("核查"));
        let result = ResultId::from("甲证");
        return match act.step % 3 {
            0 => give(player, &all, &Command::VerifyPromise { item, kept: act.yes, record }),
            1 => give(
                player,
                &all,
                &Command::ChangeResult { item, result, change: ResultChange::Altered, reason: record },
            ),
            _ => give(
                player,
                &applicant(),
                &Command::Rate { level: 1 + act.step % 5, comment: None, named: act.yes },
            ),
        };
    }
    let accepted = player.case().matters.iter().find(|matter| matter.state == MatterState::Accepted);
    if let Some(matter) = accepted.filter(|_| act.step.is_multiple_of(5)) {
        let item = matter.item.clone();
        let requested =
            matter.extension.as_ref().is_some_and(|asked| asked.state == ExtensionState::Requested);
        let open = matter.pauses.iter().find(|pause| pause.to.is_none());
        let command = match open.map(|pause| pause.kind.clone()) {
            Some(kind) if act.again => Command::Resume { item, kind },
            _ if !requested => Command::RequestExtension { item, reason: doc("理由") },
            _ if act.yes => Command::ApproveExtension { item },
            _ => Command::DenyExtension { item, reason: doc("理由") },
        };
        return give(player, &all, &command);
    }
    let (item, step, run) = open[usize::from(act.step) % open.len()].clone();
    let officers = vec!["同事".into()];
    let id = step.id.clone();
    let command = match step.kind {
        _ if run.claimed_by.is_some() && act.again => Command::Release { item, step: id },
        StepKind::Inspect if act.again && run.visit.is_none() => {
            let at = player.now + jiff::SignedDuration::from_hours(24);
            Command::SetVisit { item, step: id, at, remote: act.yes, reason: None }
        }
        StepKind::Accept if act.yes => Command::Accept { item: Some(item) },
        StepKind::Accept => Command::AskCorrection {
            points: something_of(player, &item),
            item,
            notice: doc("告知书"),
            again: act.again.then(|| doc("理由")),
        },
        StepKind::Decide => {
            let verdict = if act.yes || act.again {
                Verdict::Grant { opinion: None }
            } else {
                Verdict::Refuse { reason: Some(doc("理由")) }
            };
            Command::Decide { item, verdict, officers }
        }
        StepKind::Issue => Command::Issue {
            item,
            result: step.result.clone().unwrap(),
            number: "1".into(),
            identifier: None,
        },
        StepKind::Deliver => Command::Deliver { item, how: Delivery::Post },
        _ => Command::CompleteStep {
            item,
            step: id,
            yes: act.yes,
            opinion: None,
            finding: Finding { failed: 0, explained: true },
            officers,
            joint: act.again && step.joint.is_some(),
        },
    };
    if player.case().matters.iter().any(|matter| matter.state == MatterState::Correcting) && act.yes {
        let correcting =
            player.case().matters.iter().find(|matter| matter.state == MatterState::Correcting).unwrap();
        let item = correcting.item.clone();
        let materials = correcting.correction.as_ref().unwrap().points.materials.clone();
        give(player, &applicant(), &Command::SupplyCorrection { item, materials, answers: None });
        return true;
    }
    give(player, &all, &command)
}

/// What the item lacks; else a paper of it, or one of its answers.
fn something_of(player: &Player, item: &ItemId) -> CorrectionPoints {
    let lacks = lacking(player.case(), item);
    if !lacks.is_empty() {
        return CorrectionPoints { materials: lacks, fields: Vec::new() };
    }
    let paper = player.case().matter(item).and_then(|matter| matter.plan.materials.first());
    let materials: Vec<_> = paper.map(|paper| paper.id.clone()).into_iter().collect();
    let declared = player.edition.item(item).unwrap();
    let fields = declared.fields.iter().take(usize::from(materials.is_empty()));
    CorrectionPoints { fields: fields.map(|used| used.field.clone()).collect(), materials }
}

fn give(player: &mut Player, by: &Actor, command: &Command<'_>) -> bool {
    let before = player.log.len();
    let case_before = player.case().clone();
    let Ok(events) = player.act(by, command) else {
        assert_eq!((player.log.len(), player.case()), (before, &case_before));
        return false;
    };
    nothing_happens_after_the_end(case_before, &events, player);
    holds(player);
    !events.is_empty()
}

fn nothing_happens_after_the_end(mut case: Case, events: &[Event], player: &Player) {
    for (event, (_, stamp)) in events.iter().zip(&player.log[player.log.len() - events.len()..]) {
        if let Some(matter) = event.item().and_then(|item| case.matter(item)) {
            let reopened =
                matches!(event, Event::MatterOpened(_)) && matches!(matter.state, MatterState::Dropped(_));
            assert!(
                !matter.state.is_over() || event.is_aftercare() || reopened,
                "{event:?} after {:?}",
                matter.state
            );
            if let Event::Overdue(overdue) = event {
                let holds = |pause: &PauseRun| {
                    pause.to.is_none() && pause.kind.stops(overdue.clock) && pause.from < overdue.due_at
                };
                let paused = matter.pauses.iter().any(holds);
                assert!(!paused, "{event:?} while the clock stands still");
            }
        }
        case.apply(event, stamp);
    }
}

/// What the matter lacks once it was corrected: at first nothing is named, so that it goes on lacking.
fn lacking(case: &Case, item: &ItemId) -> Vec<MaterialId> {
    let corrected = case.matter(item).filter(|matter| matter.corrections > 0);
    corrected.map(|matter| matter.plan.missing().cloned().collect()).unwrap_or_default()
}

fn holds(player: &Player) {
    let case = player.case();
    assert_eq!(case.version, player.log.len() as u64);
    let (calendar, offset) = (player.edition.calendar(), player.edition.offset());
    let timers = case.timers(calendar, offset);
    assert!(timers.is_sorted_by_key(|timer| timer.at));
    assert!(timers.iter().all(|timer| !case.matter(&timer.item).unwrap().state.is_over()
        || timer.kind == casework::TimerKind::Overdue(ClockKind::PromiseCheck)));
    case.clocks(calendar, offset, player.now);
    case.days_saved(calendar, offset);
    case.visits();
    let tasks = case.worklist(calendar, offset, player.now);
    let open: usize = case.matters.iter().map(|matter| matter.open_steps().count()).sum();
    assert_eq!(tasks.iter().filter(|task| task.need == Need::Step).count(), open);
    for task in &tasks {
        let has_day = task.step_due_at.is_some() || task.matter_due_at.is_some();
        assert!(task.colour != Colour::Overdue || has_day, "overdue, and nothing says since when: {task:?}");
    }
    assert!(case.timeline().is_sorted_by_key(|entry| entry.at));
    for matter in &case.matters {
        matter_holds(matter, player);
    }
    if case.matters.iter().all(|matter| matter.state.is_over()) {
        assert!(tasks.iter().all(|task| task.need == Need::Explanation) && case.who_has_it_now().is_empty());
    } else {
        assert!(
            case.matters
                .iter()
                .filter(|matter| !matter.state.is_over())
                .all(|matter| matter.state == MatterState::Waiting || matter.open_steps().count() > 0),
            "somebody always has it"
        );
    }
}

fn matter_holds(matter: &Matter, player: &Player) {
    assert_eq!(matter.steps.len(), matter.plan.steps.len());
    assert_eq!(matter.closed_at.is_some(), matter.state.is_over());
    if let (Some(accepted), Some(decided)) = (matter.accepted_at, matter.decided_at) {
        assert!(accepted <= decided);
    }
    let of_matter = |kind: &str| {
        player
            .log
            .iter()
            .filter(|(event, _)| event.kind() == kind && event.item() == Some(&matter.item))
            .count()
    };
    let silent = of_matter("correction-asked").saturating_sub(of_matter("repeated-correction"));
    let openings = of_matter("matter-opened");
    assert!(silent <= openings, "a second correction shows");
    assert!(of_matter("extension-approved") <= openings, "one extension");
    assert!(of_matter("granted") <= openings && of_matter("refused") <= openings, "one decision");
    for (step, run) in matter.runs() {
        let before_done = || {
            step.after.iter().all(|id| {
                matter.runs().find(|(other, _)| other.id == *id).is_some_and(|(_, run)| run.state.is_done())
            })
        };
        match &run.state {
            StepState::Open { .. } => {
                assert!(!matter.state.is_over() && before_done(), "{} of {:?}", step.id, matter.state);
                if matches!(step.kind, StepKind::Issue | StepKind::Deliver) {
                    assert_eq!(matter.state, MatterState::Granted);
                }
            }
            StepState::Done { at, .. } => assert!(*at <= player.now),
            StepState::Blocked => assert_eq!(run.claimed_by, None),
        }
    }
    let kinds = matter.pauses.iter().filter(|pause| pause.to.is_none()).map(|pause| &pause.kind);
    let open: Vec<&PauseKind> = kinds.collect();
    assert!(open.iter().enumerate().all(|(place, kind)| !open[..place].contains(kind)), "a pause opens once");
    assert!(matter.decided_at.is_none() || open.is_empty(), "the decision ends every pause");
    if let Some(extension) = &matter.extension {
        assert!(extension.state != ExtensionState::Requested || of_matter("extension-requested") > 0);
    }
    if matter.state == MatterState::Completed {
        assert!(matter.steps.iter().all(|run| run.state.is_done()) && !matter.has_open_gap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_the_case_stays_sound(
        area in 0..700_i32, flags in any::<[bool; 5]>(), acts in prop::collection::vec(act(), 1..60)
    ) {
        let answers = facts(area)
            .with("要乙", flags[0])
            .with("要丙", flags[1])
            .with(if flags[2] { "要丁" } else { "要戊" }, true)
            .with("人数", 5);
        let mut player = Player::new();
        let mut entry = Entry::new(answers);
        if flags[3] {
            entry.materials = materials(&["申请书", "证明"]);
            entry.tolerate = materials(&["平面图"]);
        }
        if flags[4] {
            entry.promise = vec![item_id(甲)];
            entry.channel = Channel::Window;
        }
        player.submit(&entry).unwrap();
        holds(&player);
        for act in acts {
            play(&mut player, act);
        }
    }
}

/// The generator is worth nothing if it never gets anywhere.
#[test]
fn random_cases_reach_every_kind_of_event_that_commands_bring_about() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let strategy = prop::collection::vec(act(), 80);
    let mut seen = std::collections::BTreeSet::new();
    for round in 0..300 {
        let acts = strategy.new_tree(&mut runner).unwrap().current();
        let mut player = Player::new();
        let area = 50 + (round % 4) * 150;
        let mut entry =
            Entry::new(facts(area).with("要乙", true).with("要丙", round % 2 == 0).with("人数", 5));
        if round % 3 == 0 {
            entry.promise = vec![item_id(甲)];
        }
        if round % 5 == 0 {
            entry.materials = materials(&["申请书", "证明"]);
            entry.tolerate = materials(&["平面图"]);
        }
        if round % 7 == 0 {
            entry.materials = materials(&["申请书"]);
        }
        player.submit(&entry).unwrap();
        for act in acts {
            play(&mut player, act);
        }
        seen.extend(player.log.iter().map(|(event, _)| event.kind()));
    }
    // Editions, remits and messages have tests of their own.
    let elsewhere = [
        "edition-moved",
        "corrected-on-the-spot",
        "message-sent",
        "parties-came",
        "presence-taken-back",
        "result-replaced",
    ];
    let unseen: Vec<_> = Event::KINDS
        .iter()
        .map(|(kind, _)| *kind)
        .filter(|kind| !seen.contains(kind) && !elsewhere.contains(kind))
        .collect();
    assert!(unseen.is_empty(), "never reached: {unseen:?}");
}
