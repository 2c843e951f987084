//! The days that were promised: for pages, papers and programs alike.

use std::collections::BTreeMap;

use casework::ClockKind;
use catalogue::ItemId;
use form::{Form, Input, KnownFacts, Modes};
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
        for matter in case.matters.iter().filter(|matter| !matter.state.is_over()) {
            let of_item = |clock: &&casework::ClockView| clock.item == matter.item;
            match clocks.iter().filter(of_item).find(|clock| clock.kind == ClockKind::Promised) {
                Some(clock) => drop(days.insert(matter.item.clone(), clock.due.due_on)),
                None => unknown.push(&matter.item),
            }
        }
        let Some(thing) = edition.thing(&case.thing).filter(|_| !unknown.is_empty()) else { return Ok(days) };
        let answers = self.answers(loaded).await?;
        // A correction begins the intake anew, so what is planned counts from the newest beginning.
        let begun =
            clocks.iter().filter(|clock| clock.kind == ClockKind::Intake).map(|clock| clock.started_at);
        let received = begun.chain([case.received_at]).max().unwrap_or(case.received_at);
        let received = offset.to_datetime(received).date();
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
        for lane in form.plan(received).items {
            if unknown.contains(&&lane.item.id) {
                // The window may still take until the end of its limit to accept, however late that is.
                let intake =
                    clocks.iter().find(|clock| clock.kind == ClockKind::Intake && clock.item == lane.item.id);
                let day = intake.map_or(lane.promised_on, |clock| clock.due.due_on.max(lane.promised_on));
                days.insert(lane.item.id.clone(), day);
            }
        }
        Ok(days)
    }
}
