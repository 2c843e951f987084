//! What comes next for a case, and when its people do it.

use calendar::LimitUnit;
use casework::{Case, CaseState, ClockKind, Doer, ExtensionState, Matter, MatterState, PlannedStep, Side};
use catalogue::{Counting, RoleId, Silence, StepKind};
use jiff::Timestamp;

use super::agenda::{Spot, Wish};
use super::apply::InHand;
use super::fate::Course;
use super::play::World;
use crate::dice::Dice;

const HOURS_PER_DAY: f64 = 8.0;

impl World<'_> {
    /// All that people should do in this case from here on.
    pub fn wishes(&self, hand: &InHand, case: &Case, now: Timestamp, dice: &mut Dice) -> Vec<Wish> {
        let mut wishes = Vec::new();
        for matter in &case.matters {
            self.of_matter(hand, matter, now, dice, &mut wishes);
        }
        let mut wish = |at, spot| wishes.push(Wish { at, spot, role: None });
        let undecided = case.matters.iter().any(|matter| matter.state.is_undecided());
        if hand.fate.course == Course::Withdrawn && undecided {
            wish(self.hours.waking(now, dice.between(4.0, 40.0)), Spot::Withdraw);
        }
        if case.state() != CaseState::Open && case.rating.is_none() && hand.fate.rates {
            wish(self.hours.waking(now, dice.between(0.5, 40.0)), Spot::Rate);
        }
        let refused = case.matters.iter().any(|matter| matter.state == MatterState::Refused);
        if refused && case.objections.is_empty() && hand.fate.explains {
            wish(self.hours.waking(now, dice.between(3.0, 30.0)), Spot::Object);
        }
        if hand.fate.writes && case.messages.is_empty() {
            wish(self.hours.waking(now, dice.between(1.0, 30.0)), Spot::Write);
        }
        let asked = case.messages.last().is_some_and(|message| message.from == Side::Applicant);
        if asked || case.objections.iter().any(|objection| objection.is_open()) {
            wish(self.hours.working(now, dice.between(0.5, 12.0)), Spot::Answer);
        }
        wishes
    }

    fn of_matter(
        &self,
        hand: &InHand,
        matter: &Matter,
        now: Timestamp,
        dice: &mut Dice,
        wishes: &mut Vec<Wish>,
    ) {
        let item = &matter.item;
        let mut wish = |at, spot, role: Option<&RoleId>| wishes.push(Wish { at, spot, role: role.cloned() });
        match &matter.state {
            MatterState::Waiting => {}
            MatterState::Received => {
                let silent = hand.fate.course == Course::Silent
                    && matter.plan.limits.silence == Silence::AcceptedFromReceipt;
                if silent {
                    let days = f64::from(matter.plan.limits.intake.amount) + 1.2;
                    wish(self.hours.working(now, days * HOURS_PER_DAY), Spot::Whole, None);
                } else {
                    let role = matter.open_steps().find_map(|(step, _)| step.by.role());
                    wish(self.hours.working(now, dice.between(0.1, 5.0)), Spot::Intake(item.clone()), role);
                }
            }
            MatterState::Correcting if hand.fate.supplies => {
                wish(self.hours.waking(now, dice.between(3.0, 60.0)), Spot::Supply(item.clone()), None);
            }
            MatterState::Correcting => {}
            MatterState::Accepted | MatterState::Granted => self.of_work(hand, matter, now, dice, &mut wish),
            _ => {}
        }
        let granted = matches!(matter.state, MatterState::Granted | MatterState::Completed);
        if granted && matter.plan.promise_check.is_some() && matter.promise_kept.is_none() {
            wish(self.hours.working(now, dice.between(16.0, 80.0)), Spot::Check(item.clone()), None);
        }
        let late =
            matter.overdue.iter().any(|kind| matches!(kind, ClockKind::Promised | ClockKind::Statutory));
        if late && !matter.overdue_explained && hand.fate.explains {
            wish(self.hours.working(now, dice.between(0.5, 6.0)), Spot::Explain(item.clone()), None);
        }
    }

    fn of_work(
        &self,
        hand: &InHand,
        matter: &Matter,
        now: Timestamp,
        dice: &mut Dice,
        wish: &mut impl FnMut(Timestamp, Spot, Option<&RoleId>),
    ) {
        let item = &matter.item;
        let pace = pace(matter) * hand.fate.speed;
        for (step, run) in matter.open_steps() {
            let spot = Spot::Step(item.clone(), step.id.clone());
            match &step.by {
                Doer::Applicant if hand.fate.confirms => {
                    wish(self.hours.waking(now, dice.between(0.5, 20.0)), spot, None);
                }
                Doer::Applicant => {}
                // Issuing waits until all deferred papers came.
                _ if step.kind == StepKind::Issue && matter.has_open_gap() => {}
                Doer::System | Doer::Role { .. } => {
                    let mut hours = step_hours(step, pace, dice);
                    if run.claimed_by.is_some() {
                        hours *= 0.5;
                    }
                    wish(self.hours.working(now, hours), spot, step.by.role());
                }
            }
        }
        if matter.has_open_gap() && hand.fate.supplies {
            wish(self.hours.waking(now, dice.between(2.0, 24.0)), Spot::Gap(item.clone()), None);
        }
        let accepted = matter.state == MatterState::Accepted;
        let asked = matter.extension.as_ref().map(|extension| extension.state);
        let wanted = hand.fate.course == Course::Extended && matter.plan.limits.extension.is_some();
        if accepted && (wanted && asked.is_none() || asked == Some(ExtensionState::Requested)) {
            let share = if asked.is_none() { pace * 0.4 } else { 1.0 };
            wish(self.hours.working(now, share * dice.between(0.3, 1.0)), Spot::Extend(item.clone()), None);
        }
        if accepted && hand.fate.course == Course::Late {
            wish(self.hours.working(now, promised_hours(matter) + 2.0), Spot::Whole, None);
        }
    }
}

/// Working hours of one step if the steps shared the whole promised time equally.
fn pace(matter: &Matter) -> f64 {
    let steps = matter.plan.steps.iter().filter(|step| step.by.role().is_some()).count().max(1);
    promised_hours(matter) / steps as f64
}

fn promised_hours(matter: &Matter) -> f64 {
    let promised = matter.plan.limits.promised;
    let amount = f64::from(promised.amount);
    match promised.unit {
        LimitUnit::WorkingDays => amount * HOURS_PER_DAY,
        LimitUnit::CalendarDays => amount * HOURS_PER_DAY * 5.0 / 7.0,
        LimitUnit::Hours => amount / 3.0,
        LimitUnit::Minutes => amount / 180.0,
    }
}

fn step_hours(step: &PlannedStep, pace: f64, dice: &mut Dice) -> f64 {
    let usual = match step.kind {
        StepKind::Issue | StepKind::Deliver | StepKind::Record => (pace * 0.3).min(4.0),
        _ => pace,
    };
    // Proceedings that no clock counts take extra time.
    let extra = if step.counting == Counting::Counted { 0.0 } else { dice.between(8.0, 30.0) };
    (usual * dice.between(0.5, 1.5)).max(dice.between(0.1, 0.8)) + extra
}
