//! Statutory and promised clocks counted again, day by day, from what the journal says of starts, pauses and extensions.

use std::collections::BTreeMap;

use calendar::LimitUnit;
use casework::{ClockKind, ClockView, PlannedStep};
use catalogue::{Counting, Edition};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use office::{CaseId, Office, OfficeError};

use super::journal::{Journal, Told};

/// What has happened to the time of one matter.
#[derive(Clone, Debug, Default)]
struct Time {
    accepted_at: Option<Timestamp>,
    /// Which, from when, until when.
    pauses: Vec<(serde_json::Value, Timestamp, Option<Timestamp>)>,
    extended: Option<(u32, bool)>,
}

impl Time {
    /// `at` is the time of its case, which a machine's clock that is set back does not set back.
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
            // Whatever ends the matter ends its proceedings.
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

    /// The last day in time, by walking over the days one after the other.
    fn due_on(&self, clock: &ClockView, edition: &Edition) -> Option<Date> {
        let day_of = |at: Timestamp| edition.offset().to_datetime(at).date();
        let statutory = clock.kind == ClockKind::Statutory;
        let more = self.extended.filter(|(_, promise)| statutory || *promise).map_or(0, |(more, _)| more);
        let stops = |pause: &serde_json::Value| !statutory || pause.get("statutory").is_some();
        let paused = |day: Date| {
            self.pauses.iter().any(|(kind, from, to)| {
                stops(kind) && day_of(*from) <= day && to.is_none_or(|to| day < day_of(to))
            })
        };
        let mut day = day_of(self.accepted_at?);
        let mut left = clock.limit.amount + more;
        while left > 0 {
            day = day.checked_add(1.day()).ok()?;
            if edition.calendar().is_working(day) && !paused(day) {
                left -= 1;
            }
        }
        Some(day)
    }
}

/// How many clocks were counted, and which of them the office counts otherwise.
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
    let mut views: BTreeMap<String, (std::sync::Arc<Edition>, Vec<ClockView>)> = BTreeMap::new();
    for ((case, item), time) in &times {
        if !views.contains_key(case) {
            let Ok(id) = case.parse::<CaseId>() else { continue };
            let loaded = office.load_case(id).await?;
            let edition = loaded.edition.clone();
            let mut clocks = loaded.case.clocks(edition.calendar(), edition.offset(), office.now());
            // A step that is local practice stops the promise while it is open, and no event says when that is.
            clocks.retain(|clock| {
                let local = |step: &PlannedStep| matches!(step.counting, Counting::Local { .. });
                let matter = loaded.case.matter(&clock.item);
                clock.kind != ClockKind::Promised
                    || !matter.is_some_and(|matter| matter.plan.steps.iter().any(local))
            });
            views.insert(case.clone(), (edition, clocks));
        }
        let Some((edition, clocks)) = views.get(case) else { continue };
        let days = |clock: &&ClockView| {
            matches!(clock.kind, ClockKind::Statutory | ClockKind::Promised)
                && clock.limit.unit == LimitUnit::WorkingDays
                && clock.limit.amount > 0
                && !clock.due.open
                && clock.item.as_str() == item
        };
        for clock in clocks.iter().filter(days) {
            counted += 1;
            if time.due_on(clock, edition) != Some(clock.due.due_on) {
                wrong.push(format!(
                    "the {:?} clock of {item} in case {case} ends on {}, and counted day by day on {:?}",
                    clock.kind,
                    clock.due.due_on,
                    time.due_on(clock, edition)
                ));
            }
        }
    }
    Ok((counted, wrong))
}
