//! Y202 · 各环节加起来超过承诺期限 / The steps take longer than the promise
//!
//! 从受理到决定，先后相接的环节时限加起来，最长的一条路超过了承诺期限：每个环节都按时，整件事还是会超期。
//! 受理环节、申请人自己的环节和不计时的环节不算；条件互相排斥的环节不会加在一起。
//!
//! ---
//!
//! From acceptance to decision the limits of steps that follow each other add up to more than the promise: the case would
//! be late although every step is on time. Acceptance itself, steps of the applicant and time that does not count are
//! left out; steps whose conditions exclude each other are not added up.

use calendar::{Limit, LimitUnit};
use catalogue::{Counting, Performer, Step};
use expression::analysis;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y202");

/// Paths tried before the search gives up in favour of the pack.
const MOST_TRIES: usize = 20_000;

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["limits", "steps"]) {
        return;
    }
    let promised = item.item.limits.promised;
    let Some((route, (zh, en))) = too_long(item, promised, |step| matches!(step.counting, Counting::Counted)) else {
        return;
    };
    out.push(
        Finding::error(
            CODE,
            item.at("limits").key("promised"),
            format!("{route} 合计 {zh}，超过承诺的 {}", promised.text(calendar::Lang::Zh)),
            format!("{route} add up to {en}, more than the promised {}", promised.text(calendar::Lang::En)),
        )
        .help("缩短环节时限，让环节并行，或者改承诺", "shorten steps, let them run in parallel, or change the promise"),
    );
}

/// A route to a decision whose steps, as far as they count, take longer than the limit; with its sum in both languages.
pub(super) fn too_long(
    item: &ItemView<'_>,
    limit: Limit,
    counts: impl Fn(&Step) -> bool,
) -> Option<(String, (String, String))> {
    let flow = &item.flow;
    if flow.has_circle() {
        return None;
    }
    let unit = limit.unit;
    let limit = comparable(limit, unit);
    let cost: Vec<u64> =
        flow.steps.iter().map(|step| if counts(step) { counted(step, unit) } else { 0 }).collect();
    let mut longest = cost.clone();
    for &step in &flow.order {
        let before = flow.after[step].iter().map(|earlier| longest[*earlier]).max().unwrap_or(0);
        longest[step] = cost[step] + before;
    }
    for decision in flow.of_kind(StepKind::Decide).filter(|decision| longest[*decision] > limit) {
        let mut search =
            Search { item, cost: &cost, longest: &longest, limit, tries: 0, path: Vec::new(), conditions: Vec::new() };
        if search.exceeds(decision, 0) {
            let names: Vec<&str> = search.path.iter().rev().map(|step| flow.steps[*step].id.as_str()).collect();
            let total = search.path.iter().map(|step| cost[*step]).sum::<u64>();
            return Some((names.join(" → "), shown(total, unit)));
        }
    }
    None
}

struct Search<'s> {
    item: &'s ItemView<'s>,
    cost: &'s [u64],
    longest: &'s [u64],
    limit: u64,
    tries: usize,
    path: Vec<usize>,
    conditions: Vec<&'s Condition>,
}

impl Search<'_> {
    /// Walks back from `step` along paths whose steps can all apply together; true when one exceeds the limit.
    fn exceeds(&mut self, step: usize, behind: u64) -> bool {
        self.tries += 1;
        if self.tries > MOST_TRIES || self.longest[step] + behind <= self.limit {
            return false;
        }
        let item = self.item;
        let when = item.flow.steps[step].when.as_ref();
        let names = item.pack.names;
        let possible = when.is_none_or(|when| {
            self.conditions
                .iter()
                .all(|other| analysis::overlap(&[other, when], names) != analysis::Finding::Absent)
        });
        if possible {
            self.path.push(step);
            self.conditions.extend(when);
            let here = behind + self.cost[step];
            if here > self.limit || item.flow.after[step].iter().any(|earlier| self.exceeds(*earlier, here)) {
                return true;
            }
            self.path.pop();
            if when.is_some() {
                self.conditions.pop();
            }
        }
        // The step may also fall away, and what comes before it still come first.
        when.is_some() && item.flow.after[step].iter().any(|earlier| self.exceeds(*earlier, behind))
    }
}

/// What a step adds to the clock, at least, in the unit of the limit (in minutes below a day).
fn counted(step: &Step, unit: LimitUnit) -> u64 {
    let free = step.kind == StepKind::Accept || step.by == Performer::Applicant;
    match step.limit {
        Some(limit) if !free => comparable(limit, unit),
        _ => 0,
    }
}

/// A limit in minutes of the unit's clock: of working days, a day is a working day. The least that it takes.
fn comparable(limit: Limit, unit: LimitUnit) -> u64 {
    let amount = u64::from(limit.amount);
    match (limit.unit, unit) {
        (LimitUnit::Minutes, LimitUnit::Hours | LimitUnit::Minutes) => amount,
        (LimitUnit::Hours, LimitUnit::Hours | LimitUnit::Minutes) => amount * 60,
        (LimitUnit::WorkingDays, LimitUnit::CalendarDays) => (amount + amount / 5 * 2) * 1440,
        (LimitUnit::WorkingDays, _) | (LimitUnit::CalendarDays, LimitUnit::CalendarDays) => amount * 1440,
        (LimitUnit::CalendarDays, LimitUnit::Hours | LimitUnit::Minutes) => amount * 1440,
        (LimitUnit::CalendarDays, LimitUnit::WorkingDays) => working(amount) * 1440,
        (LimitUnit::Hours, LimitUnit::WorkingDays) => working(amount / 24) * 1440,
        (LimitUnit::Minutes, LimitUnit::WorkingDays) => working(amount / 1440) * 1440,
        (LimitUnit::Hours, LimitUnit::CalendarDays) => amount * 60,
        (LimitUnit::Minutes, LimitUnit::CalendarDays) => amount,
    }
}

/// Working days among so many calendar days of ordinary weeks, at least: two of seven are days of rest.
fn working(days: u64) -> u64 {
    days / 7 * 5 + (days % 7).saturating_sub(2)
}

fn shown(minutes: u64, unit: LimitUnit) -> (String, String) {
    let per = match unit {
        LimitUnit::WorkingDays | LimitUnit::CalendarDays => 1440,
        LimitUnit::Hours => 60,
        LimitUnit::Minutes => 1,
    };
    let limit = Limit { amount: u32::try_from(minutes.div_ceil(per)).unwrap_or(u32::MAX), unit };
    (limit.text(calendar::Lang::Zh), limit.text(calendar::Lang::En))
}
