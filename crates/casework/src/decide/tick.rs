//! What happens without anybody: timers, steps of the engine, matters that were waiting for one another.

use engine::Folded as _;
use std::borrow::Cow;

use catalogue::{ItemId, StepId, StepKind};

use super::stamp;
use super::verdict::is_last_decision;
use crate::{
    Accepted, Case, ClockKind, Context, DeemedAccepted, Delivered, Delivery, Doer, DropCause, Event, Granted,
    IntakeGround, LapseCause, Matter, MatterDropped, MatterLapsed, MatterReleased, MatterState, Overdue,
    Plan, PlannedStep, StepDone, Timer, TimerKind, Warned,
};

/// Enough for every timer of a case with hundreds of matters; only a fault could need more.
const ROUNDS: usize = 4096;

/// Fires what is due, soonest first; what one brings about may set the next.
pub(super) fn tick(case: &Case, context: &Context<'_>) -> Vec<Event> {
    run(Cow::Borrowed(case), context, |_| true)
}

/// Only timers that change what becomes of a matter.
pub(super) fn consequences(case: &Case, context: &Context<'_>) -> Vec<Event> {
    // Only these states have such clocks; most commands meet none and cost nothing.
    let may = |matter: &Matter| {
        matches!(matter.state, MatterState::Received | MatterState::Correcting) || matter.has_open_gap()
    };
    if !case.matters.iter().any(may) {
        return Vec::new();
    }
    run(Cow::Borrowed(case), context, |kind| {
        matches!(kind, TimerKind::DeemedAcceptance | TimerKind::CorrectionExpiry | TimerKind::GapExpiry)
    })
}

fn run(mut case: Cow<'_, Case>, context: &Context<'_>, fires: impl Fn(TimerKind) -> bool) -> Vec<Event> {
    let (calendar, offset) = (context.edition.calendar(), context.edition.offset());
    let mut events = Vec::new();
    for _ in 0..ROUNDS {
        let timers = case.timers(calendar, offset);
        let due = timers.iter().filter(|timer| timer.at <= context.now && fires(timer.kind));
        let due = due.clone().find(|timer| !due.clone().any(|other| other.says_more_than(timer)));
        let Some(event) =
            due.and_then(|timer| fired(&case, timer, context)).or_else(|| next_by_itself(&case))
        else {
            break;
        };
        case.to_mut().apply(&event, &stamp(context));
        events.push(event);
    }
    events
}

impl Timer {
    /// Who is late need not be told that it is getting late: when silence becomes acceptance, the promise that runs from
    /// the day of receipt may be over by then, and after a standstill of the machine many days come at once.
    fn says_more_than(&self, other: &Self) -> bool {
        let TimerKind::Warning(milder) = other.kind else { return false };
        self.item == other.item
            && match self.kind {
                TimerKind::Warning(colour) => colour > milder,
                kind => kind == TimerKind::Overdue(ClockKind::Promised),
            }
    }
}

fn fired(case: &Case, timer: &Timer, context: &Context<'_>) -> Option<Event> {
    let matter = case.matter(&timer.item)?;
    let item = timer.item.clone();
    Some(match timer.kind {
        TimerKind::DeemedAcceptance => Event::from(DeemedAccepted { item, accepted_at: matter.received_at }),
        TimerKind::CorrectionExpiry => {
            Event::from(MatterLapsed { item, cause: LapseCause::CorrectionExpired })
        }
        TimerKind::GapExpiry => Event::from(MatterLapsed { item, cause: LapseCause::GapNotClosed }),
        TimerKind::Unanswered => {
            let asked = matter.unanswered(timer.at, context.edition.calendar(), context.edition.offset())?;
            Event::from(done_by_itself(item, asked.id.clone()))
        }
        TimerKind::Warning(level) => Event::from(Warned { item, level }),
        TimerKind::Overdue(clock) => Event::from(Overdue { item, clock, due_at: timer.at }),
    })
}

/// Adds what follows from `events` at once.
pub(super) fn settle(case: Option<&Case>, mut events: Vec<Event>, context: &Context<'_>) -> Vec<Event> {
    let new_plans = events.iter().any(|event| match event {
        Event::MatterOpened(opened) => moves_alone(&opened.plan),
        Event::MatterReplanned(replanned) => moves_alone(&replanned.plan),
        // What comes back may wait for what happened meanwhile.
        Event::ActUndone(_) => true,
        _ => false,
    });
    let old_plans = case.is_some_and(|case| {
        case.matters.iter().any(|matter| {
            matter.state == MatterState::Waiting || !matter.state.is_over() && moves_alone(&matter.plan)
        })
    });
    if !new_plans && !old_plans {
        return events;
    }
    let stamp = stamp(context);
    let mut fold = events.iter();
    let Some(mut scratch) =
        case.cloned().or_else(|| fold.next().and_then(|opening| Case::begin(opening, &stamp)))
    else {
        return events;
    };
    for event in fold {
        scratch.apply(event, &stamp);
    }
    for _ in 0..ROUNDS {
        let Some(event) = next_by_itself(&scratch) else { break };
        scratch.apply(&event, &stamp);
        events.push(event);
    }
    events
}

fn moves_alone(plan: &Plan) -> bool {
    let moves = |step: &PlannedStep| step.by == Doer::System || step.confirms.is_some();
    !plan.after.is_empty() || plan.steps.iter().any(moves)
}

fn next_by_itself(case: &Case) -> Option<Event> {
    case.matters.iter().find_map(|matter| match matter.state {
        _ if falls(case, matter) => {
            let item = matter.item.clone();
            Some(Event::from(MatterDropped { item, cause: DropCause::PrerequisiteFailed }))
        }
        MatterState::Waiting => released(case, matter),
        MatterState::Received | MatterState::Accepted | MatterState::Granted => matter
            .open_steps()
            .filter(|(step, _)| step.by == Doer::System && case.rests_on_ended(matter).is_none())
            .filter(|(step, _)| !step.confirms.as_ref().is_some_and(|confirmed| case.awaits(confirmed)))
            .find_map(|(step, _)| by_engine(matter, step)),
        _ => None,
    })
}

/// What has not begun, or what nobody decides, ends with what it rests on. The rest is refused by whoever decides it, with
/// reasons and remedies: no machine decides against a person.
fn falls(case: &Case, matter: &Matter) -> bool {
    let decided =
        matter.plan.steps.iter().any(|step| step.kind == StepKind::Decide && step.by.role().is_some());
    (matter.state == MatterState::Waiting || !decided) && case.rests_on_ended(matter).is_some()
}

/// A matter that waits is taken up when every result that it needs is there, and dropped when one will not come. Until
/// then nothing of it runs: an application without the result it rests on is not complete, so it counts as received on
/// the day that the last of them is issued.
fn released(case: &Case, matter: &Matter) -> Option<Event> {
    let item = matter.item.clone();
    let mut ready = true;
    for before in &matter.plan.after {
        let Some(before) = case.matter(before) else { continue };
        match &before.state {
            MatterState::Completed
            | MatterState::NotAccepted(IntakeGround::NotRequired)
            | MatterState::Dropped(DropCause::NoLongerApplies | DropCause::Abolished) => {}
            MatterState::Granted => ready &= before.has_issued(),
            state if state.is_over() => {
                return Some(Event::from(MatterDropped { item, cause: DropCause::PrerequisiteFailed }));
            }
            _ => ready = false,
        }
    }
    ready.then(|| Event::from(MatterReleased { item }))
}

impl Matter {
    fn has_issued(&self) -> bool {
        self.runs().filter(|(step, _)| step.kind == StepKind::Issue).all(|(_, run)| run.state.is_done())
    }

    fn has_doubts(&self) -> bool {
        self.plan.needs_judgement || self.adverse().next().is_some()
    }
}

/// What the engine does with its own steps. It never decides against anybody (个人信息保护法 Art. 24) and never makes out a
/// result, whose number is not its to give.
fn by_engine(matter: &Matter, step: &PlannedStep) -> Option<Event> {
    let (item, id) = (matter.item.clone(), step.id.clone());
    match step.kind {
        StepKind::Accept => {
            matter.plan.missing().next().is_none().then(|| Event::from(Accepted { item, automatic: true }))
        }
        StepKind::Decide if matter.has_doubts() => None,
        StepKind::Decide if is_last_decision(matter, &id) => Some(Event::from(Granted {
            item,
            step: id,
            opinion: None,
            officers: Vec::new(),
            automatic: true,
        })),
        StepKind::Issue => None,
        StepKind::Deliver => {
            Some(Event::from(Delivered { item, step: id, how: Delivery::Online, automatic: true }))
        }
        _ => Some(Event::from(done_by_itself(item, id))),
    }
}

fn done_by_itself(item: ItemId, step: StepId) -> StepDone {
    StepDone {
        item,
        step,
        yes: true,
        opinion: None,
        officers: Vec::new(),
        returns_to: None,
        joint: false,
        same_visit: false,
        failed: 0,
        automatic: true,
    }
}
