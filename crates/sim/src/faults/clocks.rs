//! Recounts statutory and promised clocks day by day from the starts, pauses and extensions in the journal.

use std::collections::BTreeMap;
use std::sync::Arc;

use calendar::LimitUnit;
use casework::{Case, ClockKind, ClockView, PlannedStep};
use catalogue::{Counting, Edition};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use office::{CaseId, Office, OfficeError};

use super::journal::{Journal, Told};

/// What the journal says about the time of one matter.
#[derive(Clone, Debug, Default)]
struct Time {
    accepted_at: Option<Timestamp>,
    /// Kind of pause, start, end.
    pauses: Vec<(serde_json::Value, Timestamp, Option<Timestamp>)>,
    extended: Option<(u32, bool)>,
}

impl Time {
    /// Applies an event. `at` is the time of its case, which does not go back when a machine's clock does.
    fn hear(&mut self, event: &Told, at: Timestamp) {
        let body = &event.body;
        match event.kind.as_str() {
            "accepted" => self.accepted_at = Some(at),
            "deemed-accepted" => self.accepted_at = body.accepted_at,
            "clock-paused" => self.pauses.push((body.pause.clone().unwrap_or_default(), at, None)),
            "clock-resumed" => {
                let stopped = |pause: &&mut (serde_json::Value, Timestamp, Option<Timestamp>)| {
                    pause.2.is_none() && Some(&pause.0) == body.pause.as_ref()
                };
                if let Some(pause) = self.pauses.iter_mut().find(stopped) {
                    pause.2 = Some(at);
                }
            }
            // The end of the matter ends its pauses.
            "granted" | "refused" | "withdrawn" | "matter-lapsed" | "matter-dropped" => {
                for pause in self.pauses.iter_mut().filter(|pause| pause.2.is_none()) {
                    pause.2 = Some(at);
                }
            }
            "extension-approved" => {
                self.extended = body.more.as_ref().map(|more| (more.amount, body.lengthens_promise));
            }
            _ => {}
        }
    }

    /// The last day of the limit, counted day by day.
    fn due_on(&self, clock: &Counted, edition: &Edition) -> Option<Date> {
        let day_of = |at: Timestamp| edition.offset().to_datetime(at).date();
        let statutory = clock.view.kind == ClockKind::Statutory;
        let more = self.extended.filter(|(_, promise)| statutory || *promise).map_or(0, |(more, _)| more);
        let stops = |pause: &serde_json::Value| !statutory || pause.get("statutory").is_some();
        let paused = |day: Date| {
            self.pauses.iter().any(|(kind, from, to)| {
                stops(kind) && day_of(*from) <= day && to.is_none_or(|to| day < day_of(to))
            })
        };
        let mut day = day_of(self.accepted_at?);
        let mut left = clock.declared + more;
        while left > 0 {
            day = day.checked_add(1.day()).ok()?;
            if edition.calendar().is_working(day) && !paused(day) {
                left -= 1;
            }
        }
        Some(day)
    }
}

/// A clock as the office shows it, and the working days that the pack declares for it.
struct Counted {
    view: ClockView,
    declared: u32,
}

impl Counted {
    fn of(view: ClockView, case: &Case) -> Option<Self> {
        let plan = &case.matter(&view.item)?.plan;
        let declared = match view.kind {
            ClockKind::Statutory => plan.limits.statutory?,
            // A local-practice step, and one that waits for another item's result, pause the promise while they are open, but
            // no event says when they open; not recounted.
            ClockKind::Promised if !plan.steps.iter().any(pauses_promise) => plan.limits.promised,
            _ => return None,
        };
        let in_days = declared.unit == LimitUnit::WorkingDays && declared.amount > 0 && !view.due.open;
        in_days.then_some(Self { view, declared: declared.amount })
    }
}

fn pauses_promise(step: &PlannedStep) -> bool {
    matches!(step.counting, Counting::Local { .. }) || step.confirms.is_some()
}

/// The number of clocks recounted, and those for which the office has another result.
pub async fn compare(office: &Office, journal: &Journal) -> Result<(u32, Vec<String>), OfficeError> {
    let mut times: BTreeMap<(String, String), Time> = BTreeMap::new();
    let mut latest: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for event in journal.of("case") {
        let at = latest.entry(&event.id).or_insert(event.at);
        *at = event.at.max(*at);
        if !event.body.item.is_empty() {
            times.entry((event.id.clone(), event.body.item.clone())).or_default().hear(event, *at);
        }
    }
    let (mut counted, mut wrong) = (0, Vec::new());
    let mut cases: BTreeMap<&str, (Arc<Edition>, Vec<Counted>)> = BTreeMap::new();
    for ((case, item), time) in &times {
        if !cases.contains_key(case.as_str()) {
            let Ok(id) = case.parse::<CaseId>() else { continue };
            let loaded = office.load_case(id).await?;
            let edition = loaded.edition.clone();
            let clocks = loaded.case.clocks(edition.calendar(), edition.offset(), office.now());
            let counted = clocks.into_iter().filter_map(|view| Counted::of(view, &loaded.case)).collect();
            cases.insert(case, (edition, counted));
        }
        let Some((edition, clocks)) = cases.get(case.as_str()) else { continue };
        for clock in clocks.iter().filter(|clock| clock.view.item.as_str() == item) {
            counted += 1;
            let (due_on, by_days) = (clock.view.due.due_on, time.due_on(clock, edition));
            if by_days != Some(due_on) {
                let kind = clock.view.kind;
                wrong.push(format!(
                    "the {kind:?} clock of {item} in case {case} ends on {due_on}, and counted day by day on {by_days:?}"
                ));
            }
        }
    }
    Ok((counted, wrong))
}
