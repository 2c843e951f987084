//! Somebody with an appointment has come: the appointment becomes a number.

use ::hall::{AppointmentState, BookCommand, Join, Refusal, Source};
use uuid::Uuid;

use crate::case::By;
use crate::error::{OfficeError, Result};
use crate::hall::act::Along;
use crate::hall::load::{BOOKINGS, stream};
use crate::hall::take::Taken;
use crate::office::Office;
use crate::once::own_command;

impl Office {
    /// Checks in by the appointment's code. One commit uses the appointment and gives the number.
    pub async fn check_in(&self, code: &str, by: By<'_>, command: Option<Uuid>) -> Result<Taken> {
        let command = own_command(command, &by.actor_id(), &format!("check-in/{code}"));
        self.once(command, self.make_number(code, by, command)).await
    }

    async fn make_number(&self, code: &str, by: By<'_>, command: Option<Uuid>) -> Result<Taken> {
        const TRIES: usize = 10;
        let view = self.booking(code).await?;
        let (place, found) = (view.place, view.appointment);
        if found.state != AppointmentState::Booked {
            return Err(Refusal::AppointmentIsOver.into());
        }
        let today = self.today();
        if place.date > today {
            return Err(Refusal::TooEarly { from: found.slot }.into());
        }
        if place.date < today {
            return Err(Refusal::AppointmentIsOver.into());
        }
        self.may_join(&place.hall, today, &found)?;
        self.open_day(&place.hall, today).await?;
        let number = self.next_ticket_number(today).await?;
        let holder = found.holder.to_string();
        let decision = BookCommand::CheckIn { id: place.id.clone(), number };
        let _turn = self.inner.halls.turn(&stream(BOOKINGS, &place.hall, today)?).await;
        for _ in 0..TRIES {
            let now = store::whole_microseconds(self.now());
            let decided = self.decided(&place.hall, today, &decision, &holder, now).await?;
            let join = Join {
                number,
                source: Source::Appointment,
                lane: catalogue::LaneKind::Appointment,
                wants: vec![found.want.clone()],
                language: found.language,
                holder: found.holder.clone(),
                booked_for: Some(found.slot),
                specialist: found.specialist.clone(),
                held: false,
            };
            let first = Along { changes: decided.changes, appends: vec![decided.append], command: None };
            match self.join(&place.hall, today, join, &view.about, by, command, first).await {
                Err(OfficeError::Stale) => {}
                done => return done,
            }
        }
        Err(OfficeError::Stale)
    }

    /// Whoever comes too early is told so before a number is taken for nothing.
    fn may_join(
        &self,
        hall: &catalogue::HallId,
        date: jiff::civil::Date,
        found: &::hall::Appointment,
    ) -> Result<()> {
        let early = self.hall_setup(hall, date)?.booking.map_or(0, |rules| rules.early_minutes);
        let from = found.slot - jiff::SignedDuration::from_mins(early.into());
        if self.now() < from { Err(Refusal::TooEarly { from }.into()) } else { Ok(()) }
    }
}
