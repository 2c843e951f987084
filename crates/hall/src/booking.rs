//! The appointments of a hall on one day.

use std::sync::Arc;

use catalogue::{SpecialistId, Tongue};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::slots::Demand;
use crate::{
    AppointmentBooked, AppointmentCancelled, AppointmentCheckedIn, AppointmentMoved, AppointmentReminded,
    Event, Refusal, Setup, Slot, Stamp, TicketNo, Want,
};

/// The bookings of one day. They are judged by the edition in force when somebody books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bookings {
    pub appointments: Vec<Appointment>,
    pub version: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    pub id: Arc<str>,
    pub slot: Timestamp,
    pub want: Want,
    pub language: Tongue,
    pub holder: Arc<str>,
    pub specialist: Option<SpecialistId>,
    pub booked_at: Timestamp,
    pub reminded_at: Option<Timestamp>,
    pub state: AppointmentState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppointmentState {
    Booked,
    /// The holder checked in and has this number.
    CheckedIn(TicketNo),
    Cancelled,
    /// Continues on that day under the same id.
    MovedTo(Date),
}

impl AppointmentState {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::CheckedIn(_) => "checked-in",
            Self::Cancelled => "cancelled",
            Self::MovedTo(_) => "moved",
        }
    }
}

#[derive(Clone, Debug)]
pub enum BookCommand {
    Book {
        id: Arc<str>,
        slot: Timestamp,
        want: Want,
        language: Tongue,
        holder: Arc<str>,
        specialist: Option<SpecialistId>,
    },
    /// To another slot of the same day.
    Move {
        id: Arc<str>,
        slot: Timestamp,
    },
    Cancel {
        id: Arc<str>,
        moved_to: Option<Date>,
    },
    Remind {
        id: Arc<str>,
    },
    CheckIn {
        id: Arc<str>,
        number: TicketNo,
    },
}

/// Judges a command on a day's appointments by the rules in force now.
///
/// # Errors
/// A [`Refusal`]; then nothing has happened.
pub fn decide_booking(
    bookings: &Bookings,
    command: &BookCommand,
    setup: &Setup,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    Ok(vec![match command {
        BookCommand::Book { id, slot, want, language, holder, specialist } => {
            let same = |other: &Appointment| {
                other.holder == *holder
                    && other.want.line == want.line
                    && other.state == AppointmentState::Booked
            };
            if bookings.appointments.iter().any(same) {
                return Err(Refusal::OneIsEnough);
            }
            bookings.room_at(*slot, want, *language, None, setup, now)?;
            AppointmentBooked {
                id: id.clone(),
                slot: *slot,
                want: want.clone(),
                language: *language,
                holder: holder.clone(),
                specialist: specialist.clone(),
            }
            .into()
        }
        BookCommand::Move { id, slot } => {
            let found = bookings.booked(id)?;
            bookings.room_at(*slot, &found.want, found.language, Some(id), setup, now)?;
            AppointmentMoved { id: id.clone(), slot: *slot }.into()
        }
        BookCommand::Cancel { id, moved_to } => {
            bookings.booked(id)?;
            AppointmentCancelled { id: id.clone(), moved_to: *moved_to }.into()
        }
        BookCommand::Remind { id } => {
            if bookings.booked(id)?.reminded_at.is_some() {
                return Ok(Vec::new());
            }
            AppointmentReminded { id: id.clone() }.into()
        }
        BookCommand::CheckIn { id, number } => {
            bookings.booked(id)?;
            AppointmentCheckedIn { id: id.clone(), number: *number }.into()
        }
    }])
}

impl Bookings {
    pub fn apply(&mut self, event: &Event, stamp: &Stamp) {
        self.version += 1;
        let change = |this: &mut Self, id: &str, change: &dyn Fn(&mut Appointment)| {
            if let Some(found) = this.appointments.iter_mut().find(|each| *each.id == *id) {
                change(found);
            }
        };
        match event {
            Event::AppointmentBooked(event) => {
                // A booking that was moved away and comes back starts as a new one.
                self.appointments.retain(|other| other.id != event.id);
                self.appointments.push(Appointment {
                    id: event.id.clone(),
                    slot: event.slot,
                    want: event.want.clone(),
                    language: event.language,
                    holder: event.holder.clone(),
                    specialist: event.specialist.clone(),
                    booked_at: stamp.at,
                    reminded_at: None,
                    state: AppointmentState::Booked,
                });
            }
            Event::AppointmentMoved(event) => change(self, &event.id, &|found| {
                found.slot = event.slot;
                found.reminded_at = None;
            }),
            Event::AppointmentCancelled(event) => change(self, &event.id, &|found| {
                found.state = event.moved_to.map_or(AppointmentState::Cancelled, AppointmentState::MovedTo);
            }),
            Event::AppointmentReminded(event) => {
                change(self, &event.id, &|found| found.reminded_at = Some(stamp.at));
            }
            Event::AppointmentCheckedIn(event) => {
                change(self, &event.id, &|found| found.state = AppointmentState::CheckedIn(event.number));
            }
            _ => {}
        }
    }

    pub fn appointment(&self, id: &str) -> Option<&Appointment> {
        self.appointments.iter().find(|each| *each.id == *id)
    }

    /// The slots still to come, each with how many more bookings of this line and language fit.
    pub fn slots(
        &self,
        line: &catalogue::LineId,
        language: Tongue,
        setup: &Setup,
        now: Timestamp,
    ) -> Vec<Slot> {
        let coming = setup.slots().into_iter().filter(|slot| slot.from > now);
        coming
            .map(|at| Slot { at, free: setup.room(&at, &self.demand(at.from, None), line, language) })
            .collect()
    }

    fn booked(&self, id: &str) -> Result<&Appointment, Refusal> {
        let found = self.appointment(id).ok_or(Refusal::NoSuchAppointment)?;
        if found.state == AppointmentState::Booked { Ok(found) } else { Err(Refusal::AppointmentIsOver) }
    }

    /// Bookings that take up time in a slot, checked-in ones included.
    fn demand(&self, slot: Timestamp, without: Option<&str>) -> Demand {
        let mut demand = Demand::new();
        let holds = |each: &&Appointment| {
            each.slot == slot
                && matches!(each.state, AppointmentState::Booked | AppointmentState::CheckedIn(_))
                && without.is_none_or(|id| *each.id != *id)
        };
        for each in self.appointments.iter().filter(holds) {
            *demand.entry((each.want.line.clone(), each.language)).or_default() += 1;
        }
        demand
    }

    fn room_at(
        &self,
        slot: Timestamp,
        want: &Want,
        language: Tongue,
        without: Option<&str>,
        setup: &Setup,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let rules = setup.booking.ok_or(Refusal::NoAppointments)?;
        if setup.line(&want.line).is_none() {
            return Err(Refusal::UnknownLine { line: want.line.clone() });
        }
        let span = setup.slot_at(slot).ok_or(Refusal::NoSuchSlot)?;
        if span.from <= now {
            return Err(Refusal::SlotPast);
        }
        // One day more than the horizon, because the day of booking has already begun.
        if span.from > now + SignedDuration::from_hours(24 * (i64::from(rules.horizon_days) + 1)) {
            return Err(Refusal::TooFarAhead { days: rules.horizon_days });
        }
        if setup.room(&span, &self.demand(slot, without), &want.line, language) == 0 {
            return Err(Refusal::SlotFull);
        }
        Ok(())
    }
}
