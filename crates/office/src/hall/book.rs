//! Appointments: what is free, booking, moving, cancelling.

use std::sync::Arc;

use ::hall::{Appointment, BookCommand, Bookings, Event, Setup, Slot, Stamp, Want};
use catalogue::{HallId, LineId, SpecialistId, Tongue};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use store::{Append, Batch, Change, CommandId, Expected, Outcome, Version};
use uuid::Uuid;

use crate::bounds::Making;
use crate::case::By;
use crate::error::{OfficeError, Result};
use crate::hall::load::{BOOKINGS, stream};
use crate::hall::party::TicketAbout;
use crate::hall::remind;
use crate::office::Office;
use crate::once::own_command;
use crate::views;

pub(crate) const CODES: &str = "appointment-code";
/// No letters or digits that sound or look alike.
const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LETTERS: usize = 10;
/// As far as anybody can book ahead, and some days more.
const CODE_DAYS: i64 = 100;
const TRIES: usize = 400;

/// What somebody books.
#[derive(Clone, Debug)]
pub struct Booking {
    pub hall: HallId,
    pub date: Date,
    /// The beginning of the slot.
    pub slot: Timestamp,
    pub want: Want,
    pub language: Tongue,
    pub specialist: Option<SpecialistId>,
    pub about: TicketAbout,
}

/// Where an appointment lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingPlace {
    pub hall: HallId,
    pub date: Date,
    pub id: Arc<str>,
}

/// An appointment that was made. The code opens its page and checks in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Booked {
    pub code: String,
    pub place: BookingPlace,
}

/// An appointment with what its page needs.
#[derive(Clone, Debug)]
pub struct BookingView {
    pub code: String,
    pub place: BookingPlace,
    pub appointment: Appointment,
    pub ends_at: Timestamp,
    pub about: TicketAbout,
}

/// A day with what is free on it.
#[derive(Clone, Debug)]
pub struct FreeDay {
    pub date: Date,
    pub slots: Vec<Slot>,
}

impl Office {
    /// The slots of the coming days for a line, with how many more each takes.
    pub async fn free_slots(&self, hall: &HallId, line: &LineId, language: Tongue) -> Result<Vec<FreeDay>> {
        let today = self.today();
        let horizon =
            self.hall_setup(hall, today)?.booking.ok_or(::hall::Refusal::NoAppointments)?.horizon_days;
        let mut days = Vec::new();
        for ahead in 0..=i64::from(horizon) {
            let Ok(date) = today.checked_add(ahead.days()) else { break };
            if self.doors_are_closed(hall, date).await? {
                continue;
            }
            let setup = self.hall_setup(hall, date)?;
            let (bookings, _) = self.bookings(hall, date).await?;
            let slots = bookings.slots(line, language, &setup, self.now());
            if !slots.is_empty() {
                days.push(FreeDay { date, slots });
            }
        }
        Ok(days)
    }

    /// Whether the hall lets nobody in any more on that day, however early it is.
    async fn doors_are_closed(&self, hall: &HallId, date: Date) -> Result<bool> {
        let loaded = self.hall_day(hall, date).await?;
        Ok(loaded.is_some_and(|loaded| !matches!(loaded.day.doors, ::hall::Doors::Open)))
    }

    /// Books a slot. With a command id, asking twice books once.
    pub async fn book(&self, booking: Booking, by: By<'_>, command: Option<Uuid>) -> Result<Booked> {
        let command = own_command(command, &by.actor_id(), &format!("book/{}", booking.hall));
        let phone = booking.about.phone.clone();
        let making = self.make_booking(booking, by, command);
        let making = self.within_bounds_of_phone(Making::BookingsOfPhone, by, &phone, making);
        self.once(command, self.within_bounds(Making::Bookings, by, making)).await
    }

    async fn make_booking(&self, mut booking: Booking, by: By<'_>, command: Option<Uuid>) -> Result<Booked> {
        booking.about = self.about_own_case(booking.about, by, &booking.hall).await?;
        self.need_covered(booking.specialist.as_ref(), std::iter::once(&booking.want))?;
        let (hall, date) = (&booking.hall, booking.date);
        if self.doors_are_closed(hall, date).await? {
            return Err(::hall::Refusal::HallClosed.into());
        }
        let id: Arc<str> = self.new_id().to_string().into();
        let place = BookingPlace { hall: hall.clone(), date, id: id.clone() };
        let booked = Booked { code: self.new_code(), place: place.clone() };
        let holder = by.actor_id();
        let decision = BookCommand::Book {
            id: id.clone(),
            slot: booking.slot,
            want: booking.want.clone(),
            language: booking.language,
            holder: holder.as_str().into(),
            specialist: booking.specialist.clone(),
        };
        let about = serde_json::to_vec(&booking.about)?;
        let mut changes =
            vec![self.keep_code(&booked)?, self.vault_put(&format!("appointment/{id}"), &holder, about)];
        changes.extend(remind::job(&place, booking.slot, self.now())?);
        changes.push(Change::KvPut {
            space: format!("appointments/{holder}"),
            key: id.to_string(),
            bytes: booked.code.clone().into_bytes(),
            expires_at: Some(self.now() + SignedDuration::from_hours(24 * CODE_DAYS)),
        });
        let reply = serde_json::to_vec(&booked)?;
        let command = command.map(|command| (command, reply));
        match self.on_bookings(hall, date, &decision, &holder, changes, command).await? {
            Some(reply) => Ok(serde_json::from_slice(&reply)?),
            None => Ok(booked),
        }
    }

    /// Moves an appointment to another slot, on the same day or another. The old one is given up only with the new one had.
    pub async fn move_booking(&self, code: &str, date: Date, slot: Timestamp) -> Result<BookingPlace> {
        let view = self.booking(code).await?;
        let (old, holder) = (view.place, view.appointment.holder.to_string());
        let place = BookingPlace { date, ..old.clone() };
        if self.doors_are_closed(&old.hall, date).await? {
            return Err(::hall::Refusal::HallClosed.into());
        }
        let mut changes = Vec::from_iter(remind::job(&place, slot, self.now())?);
        if date == old.date {
            let decision = BookCommand::Move { id: old.id.clone(), slot };
            self.on_bookings(&old.hall, date, &decision, &holder, changes, None).await?;
            return Ok(place);
        }
        changes.push(self.keep_code(&Booked { code: view.code, place: place.clone() })?);
        let cancel = BookCommand::Cancel { id: old.id.clone(), moved_to: Some(date) };
        let book = BookCommand::Book {
            id: old.id.clone(),
            slot,
            want: view.appointment.want,
            language: view.appointment.language,
            holder: holder.as_str().into(),
            specialist: view.appointment.specialist,
        };
        for _ in 0..TRIES {
            let now = store::whole_microseconds(self.now());
            let from = self.decided(&old.hall, old.date, &cancel, &holder, now).await?;
            let to = self.decided(&old.hall, date, &book, &holder, now).await?;
            let mut batch = Batch::new(now);
            for decided in [from, to] {
                batch.appends.push(decided.append);
                batch.changes.extend(decided.changes);
            }
            batch.changes.extend(changes.clone());
            match self.store().commit(batch).await.map_err(OfficeError::from) {
                // The others' turn: whoever tries again at once only stands in their way.
                Err(OfficeError::Stale) => tokio::task::yield_now().await,
                done => return done.map(|_| place),
            }
        }
        Err(OfficeError::Stale)
    }

    pub async fn cancel_booking(&self, code: &str) -> Result<()> {
        let view = self.booking(code).await?;
        let holder = view.appointment.holder.to_string();
        let decision = BookCommand::Cancel { id: view.place.id.clone(), moved_to: None };
        self.on_bookings(&view.place.hall, view.place.date, &decision, &holder, Vec::new(), None).await?;
        Ok(())
    }

    /// The appointment of a code.
    pub async fn booking(&self, code: &str) -> Result<BookingView> {
        let code = plain(code);
        let found = self.store().kv_get(CODES, &code, self.now()).await?.ok_or(OfficeError::NotFound)?;
        let place: BookingPlace = serde_json::from_slice(&found)?;
        let (bookings, _) = self.bookings(&place.hall, place.date).await?;
        let appointment = bookings.appointment(&place.id).cloned().ok_or(OfficeError::NotFound)?;
        let setup = self.hall_setup(&place.hall, place.date)?;
        let minutes = setup.booking.map_or(30, |rules| rules.slot_minutes);
        let about = match self.vault(&format!("appointment/{}", place.id)).await? {
            Some(bytes) => serde_json::from_slice(&bytes)?,
            None => TicketAbout::default(),
        };
        let ends_at = appointment.slot + SignedDuration::from_mins(minutes.into());
        Ok(BookingView { code, place, appointment, ends_at, about })
    }

    /// Does `decision` on a day's appointments, in turn. With the reply of the first time, if it was given before.
    pub(crate) async fn on_bookings(
        &self,
        hall: &HallId,
        date: Date,
        decision: &BookCommand,
        actor: &str,
        changes: Vec<Change>,
        command: Option<(Uuid, Vec<u8>)>,
    ) -> Result<Option<Vec<u8>>> {
        let _turn = self.inner.halls.turn(&stream(BOOKINGS, hall, date)?).await;
        for _ in 0..TRIES {
            let now = store::whole_microseconds(self.now());
            let decided = self.decided(hall, date, decision, actor, now).await?;
            let mut batch = Batch::new(now);
            batch.appends.push(decided.append);
            batch.changes.extend(decided.changes);
            batch.changes.extend(changes.clone());
            if let Some((command, reply)) = &command {
                batch = batch.command(CommandId(*command), reply.clone());
            }
            match self.store().commit(batch).await.map_err(OfficeError::from) {
                Err(OfficeError::Stale) => {}
                Err(error) => return Err(error),
                Ok(Outcome::Committed { .. }) => return Ok(None),
                Ok(Outcome::Repeated { reply, .. }) => return Ok(Some(reply)),
            }
        }
        Err(OfficeError::Stale)
    }

    /// What a decision appends and changes, against the appointments as they are now.
    pub(crate) async fn decided(
        &self,
        hall: &HallId,
        date: Date,
        decision: &BookCommand,
        actor: &str,
        now: Timestamp,
    ) -> Result<Decided> {
        let setup: Setup = self.hall_setup(hall, date)?;
        let (mut bookings, version) = self.bookings(hall, date).await?;
        let events = ::hall::decide_booking(&bookings, decision, &setup, now)?;
        let stamp = Stamp { at: now, actor: actor.into() };
        let mut changes = Vec::new();
        for event in &events {
            bookings.apply(event, &stamp);
            changes.extend(row_of(hall, date, &bookings, event).map(Change::View));
        }
        let expected = if version == Version::NONE { Expected::NoStream } else { Expected::Version(version) };
        let appended = events.iter().map(|event| self.hall_event(now, event, actor)).collect();
        let append = Append { stream: stream(BOOKINGS, hall, date)?, expected, events: appended };
        Ok(Decided { append, changes })
    }

    fn keep_code(&self, booked: &Booked) -> Result<Change> {
        /// The page of an appointment can be looked at for some days after it.
        const DAYS_AFTER: i64 = 7;
        let end = booked.place.date.checked_add(DAYS_AFTER.days()).unwrap_or(booked.place.date);
        let expires_at = self.edition().offset().to_timestamp(end.at(0, 0, 0, 0)).ok();
        let bytes = serde_json::to_vec(&booked.place)?;
        Ok(Change::KvPut { space: CODES.into(), key: booked.code.clone(), bytes, expires_at })
    }

    fn new_code(&self) -> String {
        let mut random = [0; CODE_LETTERS];
        self.inner.surroundings.entropy.fill(&mut random);
        random.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
    }

    /// The appointments of whoever asks that are still to come, each with the code of its page.
    pub async fn own_bookings(
        &self,
        by: By<'_>,
    ) -> Result<Vec<(views::hall::appointments::AppointmentRow, String)>> {
        let actor = by.actor_id();
        let mut own = Vec::new();
        for row in views::hall::appointments::coming_of(self, &actor, self.today()).await? {
            let code = self.store().kv_get(&format!("appointments/{actor}"), &row.id, self.now()).await?;
            own.push((row, code.map(|code| String::from_utf8_lossy(&code).into_owned()).unwrap_or_default()));
        }
        Ok(own)
    }

    /// The appointments of a hall on a day, by slot: for its staff.
    pub async fn bookings_of(&self, hall: &HallId, date: Date) -> Result<Vec<Appointment>> {
        let mut all = self.bookings(hall, date).await?.0.appointments;
        all.sort_by_key(|each| each.slot);
        Ok(all)
    }
}

/// What one decision appends and changes.
#[derive(Debug)]
pub(crate) struct Decided {
    pub append: Append,
    pub changes: Vec<Change>,
}

/// The row that an event moves.
pub(crate) fn row_of(
    hall: &HallId,
    date: Date,
    bookings: &Bookings,
    event: &Event,
) -> Option<store::ViewChange> {
    let id = match event {
        Event::AppointmentBooked(event) => &event.id,
        Event::AppointmentMoved(event) => &event.id,
        Event::AppointmentCancelled(event) => &event.id,
        Event::AppointmentReminded(event) => &event.id,
        Event::AppointmentCheckedIn(event) => &event.id,
        _ => return None,
    };
    Some(views::hall::appointments::row(hall, date, bookings.appointment(id)?))
}

/// As it was given out, however it was typed.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}
