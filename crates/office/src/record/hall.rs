//! A hall's day as others may see it: numbers, windows and appointments, without who held or called them.

use std::sync::Arc;

use ::hall::{Day, Event, TicketNo};
use catalogue::{EditionHash, HallId, LaneId, LineId, WindowId};
use engine::Folded as _;
use jiff::Timestamp;
use jiff::civil::Date;
use store::Envelope;
use uuid::Uuid;

use crate::error::Result;
use crate::hall::load::read;
use crate::record::Side;
use crate::record::event::pseudonym;
use crate::record::walk::Officers;

/// What happened in a hall on one day, or to its appointments of that day; the two are written apart.
#[derive(Clone, Debug)]
pub struct HallRecord {
    pub hall: HallId,
    pub date: Date,
    /// The edition whose rules the day follows; none for appointments, which follow each edition in turn.
    pub edition: Option<EditionHash>,
    /// In the order in which they joined.
    pub tickets: Vec<TicketRecord>,
    pub appointments: Vec<AppointmentRecord>,
    /// In the order of the stream.
    pub events: Vec<HallEvent>,
}

/// A number with all that became of it.
#[derive(Clone, Debug)]
pub struct TicketRecord {
    pub number: TicketNo,
    pub joined_at: Timestamp,
    /// The stable code of where it was taken.
    pub source: &'static str,
    pub lane: LaneId,
    /// What the person came for first.
    pub line: LineId,
    pub state: &'static str,
}

#[derive(Clone, Debug)]
pub struct AppointmentRecord {
    pub id: Arc<str>,
    pub slot: Timestamp,
    pub booked_at: Timestamp,
    pub line: LineId,
    pub state: &'static str,
}

/// One event of a hall.
#[derive(Clone, Debug)]
pub struct HallEvent {
    pub id: Uuid,
    pub at: Timestamp,
    /// The name of its kind on the wire.
    pub kind: String,
    /// The numbers that it is about: two when one was split or merged.
    pub tickets: Vec<TicketNo>,
    pub window: Option<WindowId>,
    pub appointment: Option<Arc<str>>,
    pub side: Side,
    /// As in the events of cases: the same account has the same one.
    pub actor: String,
}

impl HallRecord {
    pub(super) fn of(hall: HallId, date: Date, envelopes: &[Envelope], officers: &Officers) -> Result<Self> {
        let mut day: Option<Day> = None;
        let mut bookings = ::hall::Bookings::default();
        let mut events = Vec::with_capacity(envelopes.len());
        for envelope in envelopes {
            let (event, stamp) = read(envelope)?;
            Day::fold(&mut day, &event, &stamp);
            bookings.apply(&event, &stamp);
            events.push(HallEvent::of(&event, envelope, officers));
        }
        let tickets = day.iter().flat_map(|day| &day.tickets).map(TicketRecord::of).collect();
        let appointments = bookings.appointments.iter().map(AppointmentRecord::of).collect();
        let edition = day.as_ref().map(|day| day.edition);
        Ok(Self { hall, date, edition, tickets, appointments, events })
    }
}

impl TicketRecord {
    fn of(ticket: &::hall::Ticket) -> Self {
        Self {
            number: ticket.number,
            joined_at: ticket.joined_at,
            source: ticket.source.code(),
            lane: ticket.lane.clone(),
            line: ticket.wants[0].line.clone(),
            state: ticket.state.code(),
        }
    }
}

impl AppointmentRecord {
    fn of(appointment: &::hall::Appointment) -> Self {
        Self {
            id: appointment.id.clone(),
            slot: appointment.slot,
            booked_at: appointment.booked_at,
            line: appointment.want.line.clone(),
            state: appointment.state.code(),
        }
    }
}

impl HallEvent {
    fn of(event: &Event, envelope: &Envelope, officers: &Officers) -> Self {
        let actor = envelope.actor.as_str();
        let side = officers.side(actor);
        let other = match event {
            Event::TicketSplit(event) => Some(event.into),
            Event::TicketsMerged(event) => Some(event.into),
            Event::TicketRestored(event) => Some(event.from),
            _ => None,
        };
        let (window, appointment) = place(event);
        Self {
            id: envelope.id,
            at: envelope.at,
            kind: envelope.kind.clone(),
            tickets: event.number().into_iter().chain(other).collect(),
            window: window.cloned(),
            appointment: appointment.cloned(),
            side,
            actor: pseudonym(side, actor),
        }
    }
}

/// The window and the appointment that an event names.
fn place(event: &Event) -> (Option<&WindowId>, Option<&Arc<str>>) {
    let window = match event {
        Event::WindowOpened(event) => &event.window,
        Event::WindowPaused(event) => &event.window,
        Event::WindowResumed(event) => &event.window,
        Event::WindowClosed(event) => &event.window,
        Event::Called(event) => &event.window,
        Event::Recalled(event) => &event.window,
        Event::Skipped(event) => &event.window,
        Event::TicketLost(event) => &event.window,
        Event::Started(event) => &event.window,
        Event::Served(event) => &event.window,
        Event::Transferred(event) => &event.window,
        Event::AppointmentBooked(event) => return (None, Some(&event.id)),
        Event::AppointmentMoved(event) => return (None, Some(&event.id)),
        Event::AppointmentCancelled(event) => return (None, Some(&event.id)),
        Event::AppointmentReminded(event) => return (None, Some(&event.id)),
        Event::AppointmentCheckedIn(event) => return (None, Some(&event.id)),
        _ => return (None, None),
    };
    (Some(window), None)
}
