//! Objects and events of halls: tickets, windows, appointments. A ticket that belongs to cases is one object
//! for both.

use std::collections::HashSet;
use std::sync::Arc;

use catalogue::{Edition, HallId, LaneId, LineId, WindowId};
use diagnostic::Lang;
use office::{HallEvent, HallRecord, Records, TicketRecord, TicketRef};
use serde_json::{Value, json};

use super::{Log, related, ticket_key};
use crate::{Result, words};

/// Objects already written, which later days mention again.
#[derive(Debug, Default)]
pub struct Told {
    days: HashSet<String>,
    windows: HashSet<(HallId, WindowId)>,
    appointments: HashSet<Arc<str>>,
}

/// The edition whose names are used for a day.
pub async fn edition_of(records: &Records, hall: &HallRecord) -> Result<Arc<Edition>> {
    let office = records.office();
    Ok(match hall.edition {
        Some(hash) => office.edition_named(hash).await?,
        None => office.edition(),
    })
}

impl Log<'_> {
    pub fn hall_events(&mut self, hall: &HallRecord, edition: &Edition) -> Result<()> {
        for event in &hall.events {
            self.hall_event(hall, event, edition)?;
        }
        Ok(())
    }

    fn hall_event(&mut self, hall: &HallRecord, event: &HallEvent, edition: &Edition) -> Result<()> {
        let name = words::hall_kind(&event.kind, self.lang).to_owned();
        let attributes = json!([
            { "name": "kind", "value": event.kind },
            { "name": "actor", "value": event.actor },
            { "name": "side", "value": words::side(event.side, self.lang) },
            { "name": "hall", "value": words::hall(edition, &hall.hall, self.lang) },
        ]);
        let tickets = event.tickets.iter().map(|number| {
            let ticket = TicketRef { hall: hall.hall.clone(), date: hall.date, number: *number };
            related(ticket_key(&ticket), "ticket")
        });
        let window = event.window.iter().map(|window| related(window_key(&hall.hall, window), "at"));
        let booked = event.appointment.iter().map(|id| related(appointment_key(id), "appointment"));
        let day = std::iter::once(related(day_key(hall), "day"));
        let about: Vec<Value> = day.chain(tickets).chain(window).chain(booked).collect();
        self.element(&json!({
            "id": event.id,
            "type": name,
            "time": event.at.to_string(),
            "attributes": attributes,
            "relationships": about,
        }))?;
        self.written.events += 1;
        self.written.activities.insert(name);
        Ok(())
    }

    pub fn hall_objects(&mut self, hall: &HallRecord, edition: &Edition) -> Result<()> {
        for ticket in &hall.tickets {
            self.ticket(hall, ticket, edition)?;
        }
        let title = words::hall(edition, &hall.hall, self.lang);
        let since = hall.events.first().map_or(jiff::Timestamp::UNIX_EPOCH, |event| event.at);
        let day = day_key(hall);
        // Appointments are recorded separately from the day itself.
        if self.halls.days.insert(day.clone()) {
            let values = [hall.hall.as_str().into(), title.as_str().into(), hall.date.to_string().into()];
            self.object(&day, "hall-day", since, &values, json!([]))?;
        }
        for window in hall.events.iter().filter_map(|event| event.window.as_ref()) {
            if self.halls.windows.insert((hall.hall.clone(), window.clone())) {
                let values = [title.as_str().into(), words::window(edition, window, self.lang).into()];
                self.object(&window_key(&hall.hall, window), "window", since, &values, json!([]))?;
            }
        }
        for booked in &hall.appointments {
            // An appointment moved to another day keeps its id; the first record of it is written.
            if self.halls.appointments.insert(booked.id.clone()) {
                let values = [
                    title.as_str().into(),
                    booked.slot.to_string().into(),
                    line(edition, &booked.line, self.lang).into(),
                    booked.state.into(),
                ];
                let key = appointment_key(&booked.id);
                self.object(&key, "appointment", booked.booked_at, &values, json!([]))?;
            }
        }
        Ok(())
    }

    fn ticket(&mut self, hall: &HallRecord, ticket: &TicketRecord, edition: &Edition) -> Result<()> {
        let place = TicketRef { hall: hall.hall.clone(), date: hall.date, number: ticket.number };
        if !self.tickets.insert(place.clone()) {
            return Ok(());
        }
        let values = [
            hall.hall.as_str().into(),
            hall.date.to_string().into(),
            ticket.number.to_string().into(),
            ticket.source.into(),
            lane(edition, &ticket.lane, self.lang).into(),
            line(edition, &ticket.line, self.lang).into(),
            ticket.state.into(),
        ];
        self.object(&ticket_key(&place), "ticket", ticket.joined_at, &values, json!([]))
    }
}

fn line(edition: &Edition, id: &LineId, lang: Lang) -> String {
    let found = edition.lines().into_iter().find(|line| line.id == *id);
    found.map_or_else(|| id.to_string(), |line| line.name.get(lang).to_owned())
}

fn lane(edition: &Edition, id: &LaneId, lang: Lang) -> String {
    let found = edition.lanes().into_iter().find(|lane| lane.id == *id);
    found.map_or_else(|| id.to_string(), |lane| lane.name.get(lang).to_owned())
}

fn day_key(hall: &HallRecord) -> String {
    format!("hall-day:{}/{}", hall.hall, hall.date)
}

/// Windows of two halls may have the same id.
fn window_key(hall: &HallId, window: &WindowId) -> String {
    format!("window:{hall}/{window}")
}

fn appointment_key(id: &str) -> String {
    format!("appointment:{id}")
}
