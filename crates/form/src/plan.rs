//! The schedule of a form submitted on a given day: which items run in parallel, and by when each is decided.

use std::collections::HashMap;

use calendar::{Calendar, Clock, ClockRules, Date, Limit, Pause, Timestamp};
use catalogue::{Counting, Department, Item, ItemId, Step, StepId};
use jiff::ToSpan;
use jiff::tz::Offset;

use crate::Form;

/// The schedule if everything is submitted on one day and each department uses its full time.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// One per item, in the order of the thing.
    pub items: Vec<ItemPlan<'a>>,
    /// The day by which everything that applies is decided as promised; `None` when nothing applies yet.
    pub done_on: Option<Date>,
    /// The same by statute; `None` unless every item has a statutory limit.
    pub statute_on: Option<Date>,
}

/// The schedule of one item.
#[derive(Clone, Debug)]
pub struct ItemPlan<'a> {
    pub item: &'a Item,
    pub department: Option<&'a Department>,
    /// Items whose results it waits for.
    pub after: Vec<&'a ItemId>,
    /// The day of the application, or when the items before it are decided.
    pub starts_on: Date,
    pub accepted_on: Date,
    pub steps: Vec<StepPlan<'a>>,
    pub promised_on: Date,
    pub statute_on: Option<Date>,
    /// The latest day on which the result is delivered.
    pub delivered_on: Date,
}

/// One step of an item. Steps without a limit of their own take no time here.
#[derive(Clone, Debug)]
pub struct StepPlan<'a> {
    pub step: &'a Step,
    /// Of the role that performs it; `None` for the applicant and the system.
    pub department: Option<&'a Department>,
    pub starts_on: Date,
    pub ends_on: Date,
    /// Whether days of the step count against the promise.
    pub counted: bool,
}

struct Planner<'c> {
    calendar: &'c Calendar,
    rules: ClockRules,
    offset: Offset,
}

/// What is under way already of what is planned.
#[derive(Clone, Debug, Default)]
pub struct Begun {
    /// When intake of an item began, or begins at the earliest.
    pub starts: HashMap<ItemId, Date>,
    /// The last day of intake that runs.
    pub accepted: HashMap<ItemId, Date>,
    /// The last day of promises that run, and the day of decisions that were made.
    pub decided: HashMap<ItemId, Date>,
}

impl<'a> Form<'a> {
    /// The schedule of what is known to apply, if submitted on `start`.
    pub fn plan(&self, start: Date) -> Plan<'a> {
        self.plan_after(start, &Begun::default())
    }

    /// As [`Form::plan`], of a case in which some of it has begun.
    pub fn plan_after(&self, start: Date, begun: &Begun) -> Plan<'a> {
        let edition = self.input.edition;
        let offset = edition.offset();
        let planner = Planner { calendar: edition.calendar(), rules: ClockRules::new(offset), offset };
        let mut done: HashMap<&ItemId, Date> = HashMap::new();
        let mut items: Vec<Option<ItemPlan<'a>>> = self.applying.iter().map(|_| None).collect();
        // Topological order in rounds: each round plans the items that wait for nothing more. The first item
        // of a cycle is planned as if it waited for nothing.
        while items.iter().any(Option::is_none) {
            let ready: Vec<usize> = (0..items.len())
                .filter(|&place| items[place].is_none())
                .filter(|&place| self.waits_for(place).iter().all(|item| done.contains_key(item)))
                .collect();
            let stuck = ready.is_empty();
            let round =
                if stuck { items.iter().position(Option::is_none).into_iter().collect() } else { ready };
            for place in round {
                let after = self.waits_for(place);
                let starts_on =
                    after.iter().filter_map(|item| done.get(item)).copied().fold(start, Date::max);
                let id = &self.applying[place].item.id;
                let starts_on = begun.starts.get(id).copied().unwrap_or(starts_on);
                let mut plan = self.lane(&planner, place, after, starts_on, begun.accepted.get(id).copied());
                plan.promised_on = begun.decided.get(id).copied().unwrap_or(plan.promised_on);
                done.insert(&plan.item.id, plan.promised_on);
                items[place] = Some(plan);
            }
        }
        let items: Vec<ItemPlan<'a>> = items.into_iter().flatten().collect();
        let statute_on = items
            .iter()
            .map(|item| item.statute_on)
            .collect::<Option<Vec<Date>>>()
            .and_then(|days| days.into_iter().max());
        Plan { done_on: items.iter().map(|item| item.promised_on).max(), statute_on, items }
    }

    /// Items that apply and come before this one.
    fn waits_for(&self, place: usize) -> Vec<&'a ItemId> {
        let id = &self.applying[place].item.id;
        let member = self.members().iter().map(|state| state.member).find(|member| member.item == *id);
        let applies = |item: &ItemId| self.applying.iter().any(|other| other.item.id == *item);
        member
            .map_or(&[][..], |member| &member.after)
            .iter()
            .filter(|item| applies(item) && *item != id)
            .collect()
    }

    fn lane(
        &self,
        planner: &Planner<'_>,
        place: usize,
        after: Vec<&'a ItemId>,
        starts_on: Date,
        intake_on: Option<Date>,
    ) -> ItemPlan<'a> {
        let edition = self.input.edition;
        let applying = &self.applying[place];
        let item = applying.item;
        let happening: Vec<&'a Step> =
            applying.steps.iter().filter(|(_, truth)| truth.is_true()).map(|(step, _)| *step).collect();
        // Whoever takes the whole limit of intake accepts on its last day, and what is promised counts from there. The engine
        // accepts at once.
        let accept = happening.iter().find(|step| step.kind == catalogue::StepKind::Accept);
        let at_once = accept.is_some_and(|step| step.by == catalogue::Performer::System);
        let limits =
            [accept.and_then(|step| step.limit), Some(item.limits.intake.limit).filter(|_| !at_once)];
        let planned_on = limits
            .into_iter()
            .flatten()
            .map(|limit| planner.after(starts_on, limit, &[]))
            .fold(starts_on, Date::max);
        let accepted_on = intake_on.unwrap_or(planned_on);
        let ends = step_ends(planner, item, &happening, starts_on, accepted_on);
        let steps: Vec<StepPlan<'a>> = happening
            .iter()
            .map(|step| StepPlan {
                step,
                department: match &step.by {
                    catalogue::Performer::Role { role } => edition.department_of(role),
                    _ => None,
                },
                starts_on: ends[&step.id].0,
                ends_on: ends[&step.id].1,
                counted: step.counting == Counting::Counted,
            })
            .collect();
        let pauses = |statute: bool| -> Vec<Pause> {
            let stops = steps.iter().filter(|each| match each.step.counting {
                Counting::Counted => false,
                Counting::Statutory { .. } => true,
                Counting::Local { .. } => !statute,
            });
            stops.map(|each| planner.pause(each.step.id.as_str(), each.starts_on, each.ends_on)).collect()
        };
        let promised_on = planner.after(accepted_on, item.limits.promised, &pauses(false));
        let statute_on = item.limits.statutory.map(|limit| planner.after(accepted_on, limit, &pauses(true)));
        let delivered_on = match item.limits.delivery {
            Some(limit) => planner.after(promised_on, limit, &[]),
            None => promised_on,
        };
        ItemPlan {
            item,
            department: edition.department(&item.department),
            after,
            starts_on,
            accepted_on,
            steps,
            promised_on,
            statute_on,
            delivered_on,
        }
    }
}

/// Start and end of each step: after its predecessors as far as they happen, else after acceptance.
fn step_ends<'a>(
    planner: &Planner<'_>,
    item: &'a Item,
    happening: &[&'a Step],
    starts_on: Date,
    accepted_on: Date,
) -> HashMap<&'a StepId, (Date, Date)> {
    let mut ends: HashMap<&StepId, (Date, Date)> = HashMap::new();
    // A step that does not happen passes on the end of its predecessors. Repeated because steps may be
    // declared in any order; an acyclic graph settles within as many rounds as it has steps.
    for _ in 0..=item.steps.len() {
        let mut changed = false;
        for step in item.steps.values() {
            let ready = step.after.iter().filter_map(|id| ends.get(id)).map(|(_, end)| *end).max();
            let begin = match step.kind {
                catalogue::StepKind::Accept => starts_on,
                _ => ready.unwrap_or(accepted_on).max(accepted_on),
            };
            let happens = happening.iter().any(|each| each.id == step.id);
            let end = match (happens, step.limit) {
                (true, Some(limit)) => planner.after(begin, limit, &[]),
                _ => begin,
            };
            changed |= ends.insert(&step.id, (begin, end)) != Some((begin, end));
        }
        if !changed {
            break;
        }
    }
    ends
}

impl Planner<'_> {
    /// The last day of a limit that starts on a day. Hours and minutes count from 17:00, so that the plan
    /// never promises an hour that may already be over.
    fn after(&self, day: Date, limit: Limit, pauses: &[Pause]) -> Date {
        let started_at = self.at(day, 17);
        let mut clock = Clock::new(started_at, limit);
        clock.pauses = pauses.to_vec();
        clock.due(self.calendar, &self.rules, started_at).due_on
    }

    /// A pause that excludes the days after `from` up to and including `to`.
    fn pause(&self, kind: &str, from: Date, to: Date) -> Pause {
        let next = |day: Date| day.checked_add(1.day()).unwrap_or(day);
        Pause::new(kind, self.at(next(from), 0), Some(self.at(next(to), 0)))
    }

    fn at(&self, day: Date, hour: i8) -> Timestamp {
        self.offset.to_timestamp(day.at(hour, 0, 0, 0)).unwrap_or(Timestamp::MAX)
    }
}
