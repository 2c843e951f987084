//! The days that were promised: for pages, papers and programs alike.

use std::collections::BTreeMap;

use casework::ClockKind;
use catalogue::ItemId;
use form::{Begun, Form, Input, KnownFacts, Modes};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::LoadedCase;
use crate::error::Result;
use crate::office::Office;

impl LoadedCase {
    /// The promised day of an item, where `at` lies after it.
    pub fn promised_before(&self, item: &ItemId, at: Timestamp, now: Timestamp) -> Option<Date> {
        let (calendar, offset) = (self.edition.calendar(), self.edition.offset());
        let clocks = self.case.clocks(calendar, offset, now);
        let promised =
            clocks.iter().find(|clock| clock.item == *item && clock.kind == ClockKind::Promised)?;
        let due = promised.due.due_on;
        (offset.to_datetime(at).date() > due).then_some(due)
    }
}

impl Office {
    /// For each item that is not over, the day by which it is decided as promised: by its running clock, and by the plan for what has
    /// not begun. Every page and paper that names such a day reads it here.
    pub async fn promised_days(&self, loaded: &LoadedCase) -> Result<BTreeMap<ItemId, Date>> {
        let (edition, case) = (&loaded.edition, &loaded.case);
        let offset = edition.offset();
        let clocks = case.clocks(edition.calendar(), offset, self.now());
        let mut days: BTreeMap<ItemId, Date> = BTreeMap::new();
        let mut unknown: Vec<&ItemId> = Vec::new();
        let mut begun = Begun::default();
        let civil = |at: Timestamp| offset.to_datetime(at).date();
        for matter in &case.matters {
            let clock = |kind| clocks.iter().find(|clock| clock.item == matter.item && clock.kind == kind);
            let over = matter.decided_at.or(matter.closed_at).map(civil);
            let promised = clock(ClockKind::Promised).map(|clock| clock.due.due_on);
            if let Some(day) = over.or(promised) {
                begun.decided.insert(matter.item.clone(), day);
            }
            if let Some(intake) = clock(ClockKind::Intake) {
                begun.starts.insert(matter.item.clone(), civil(intake.started_at));
                begun.accepted.insert(matter.item.clone(), intake.due.due_on);
            }
            if matter.awaits_presence {
                // Nothing is promised before they come; what follows it counts from today at the earliest.
                begun.starts.insert(matter.item.clone(), civil(self.now()));
                continue;
            }
            match promised {
                _ if matter.state.is_over() => {}
                Some(day) => drop(days.insert(matter.item.clone(), day)),
                None => unknown.push(&matter.item),
            }
        }
        let Some(thing) = edition.thing(&case.thing).filter(|_| !unknown.is_empty()) else { return Ok(days) };
        let answers = self.answers(loaded).await?;
        let received = civil(case.received_at);
        let facts = KnownFacts::new();
        // Ways of handling that were chosen change which steps there are, and so the day.
        let chosen = case.matters.iter().filter(|matter| matter.plan.promise_check.is_some());
        let modes =
            Modes { promised: chosen.map(|matter| matter.item.clone()).collect(), ..Modes::default() };
        let form = Form::new(Input {
            edition,
            thing,
            party: case.party,
            known: &facts,
            answers: &answers,
            modes: &modes,
            today: received,
        });
        // Each day counts from the last one on which what comes before may end: other items, then intake.
        for lane in form.plan_after(received, &begun).items {
            if unknown.contains(&&lane.item.id) {
                days.insert(lane.item.id.clone(), lane.promised_on);
            }
        }
        Ok(days)
    }
}
