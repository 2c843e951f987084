//! Reminders: put down with the booking, so that a crash cannot lose them; told on the appointment's page when due.

use ::hall::{AppointmentState, BookCommand};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Change, CommandId, Job};

use crate::error::{OfficeError, Result};
use crate::hall::book::BookingPlace;
use crate::office::Office;

const QUEUE: &str = "hall-reminder";
const LEASE: SignedDuration = SignedDuration::from_mins(5);
const TRIES_MAX: u32 = 20;
/// A day before, or, for whoever books later than that, two hours before.
const BEFORE: [SignedDuration; 2] = [SignedDuration::from_hours(24), SignedDuration::from_hours(2)];

#[derive(Debug, Serialize, Deserialize)]
struct Reminder {
    place: BookingPlace,
    slot: Timestamp,
}

/// The job that reminds of an appointment; none when it is close at hand.
pub(crate) fn job(place: &BookingPlace, slot: Timestamp, now: Timestamp) -> Result<Option<Change>> {
    let Some(due_at) = BEFORE.iter().map(|before| slot - *before).find(|due| *due > now) else {
        return Ok(None);
    };
    let id = CommandId::named(QUEUE, &format!("{}/{}/{slot}", place.id, place.date)).0;
    let body = serde_json::to_vec(&Reminder { place: place.clone(), slot })?;
    Ok(Some(Change::JobPut { id, queue: QUEUE.into(), due_at, body }))
}

impl Office {
    /// Reminds whoever is due; tells how many.
    pub(crate) async fn remind_due(&self) -> Result<u64> {
        const AT_ONCE: usize = 100;
        let mut reminded = 0;
        loop {
            let now = self.now();
            let jobs = self.store().lease_jobs(QUEUE, now, now + LEASE, AT_ONCE).await?;
            let count = jobs.len();
            for job in jobs {
                match self.remind(&job).await {
                    Ok(done) => reminded += u64::from(done),
                    Err(error) => self.remind_later(&job, &error).await?,
                }
            }
            if count < AT_ONCE {
                return Ok(reminded);
            }
        }
    }

    async fn remind(&self, job: &Job) -> Result<bool> {
        let Reminder { place, slot } = serde_json::from_slice(&job.body)?;
        let done = Change::JobDone { id: job.id, attempt: job.attempt };
        let (bookings, _) = self.bookings(&place.hall, place.date).await?;
        let found = bookings.appointment(&place.id);
        // Moved and cancelled ones are not reminded of; the move put down a reminder of its own.
        let due = found.is_some_and(|found| found.state == AppointmentState::Booked && found.slot == slot);
        if !due {
            self.store().commit(Batch::new(self.now()).change(done)).await?;
            return Ok(false);
        }
        let decision = BookCommand::Remind { id: place.id.clone() };
        self.on_bookings(&place.hall, place.date, &decision, "system", vec![done], None).await?;
        Ok(true)
    }

    async fn remind_later(&self, job: &Job, error: &OfficeError) -> Result<()> {
        tracing::warn!(job = %job.id, %error, "a reminder could not be given");
        let (id, attempt, problem) = (job.id, job.attempt, error.to_string());
        let change = if attempt >= TRIES_MAX {
            Change::JobGiveUp { id, attempt, problem }
        } else {
            let due_at = self.now() + LEASE * i32::try_from(attempt).unwrap_or(1);
            Change::JobRetry { id, attempt, due_at, problem }
        };
        self.store().commit(Batch::new(self.now()).change(change)).await?;
        Ok(())
    }
}
