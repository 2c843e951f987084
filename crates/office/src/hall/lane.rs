//! What the staff of a hall decide about somebody who waits.

use ::hall::{Command, Day, Event, TicketNo};
use catalogue::{HallId, LaneKind};
use uuid::Uuid;

use crate::account::Viewer;
use crate::error::{OfficeError, Result};
use crate::hall::act::{Along, OnFloor};
use crate::hall::take::{Taken, TicketKey};
use crate::office::Office;

impl Office {
    /// Gives somebody who waits today the lane that was verified.
    pub async fn give_lane(
        &self,
        hall: &HallId,
        number: TicketNo,
        lane: LaneKind,
        by: &Viewer,
        command: Option<Uuid>,
    ) -> Result<OnFloor> {
        self.staff_act(hall, by, command, async || Ok(Command::GiveLane { number, lane })).await
    }

    /// Notes that somebody whose number was kept is here.
    pub async fn came(
        &self,
        hall: &HallId,
        number: TicketNo,
        by: &Viewer,
        command: Option<Uuid>,
    ) -> Result<OnFloor> {
        self.staff_act(hall, by, command, async || Ok(Command::Come { number })).await
    }

    /// Gives some of what a number is for a number of its own.
    pub async fn split_ticket(
        &self,
        hall: &HallId,
        number: TicketNo,
        wants: Vec<usize>,
        by: &Viewer,
        command: Option<Uuid>,
    ) -> Result<OnFloor> {
        self.need_staff(by)?;
        if let Some(done) = self.done_on_floor(hall, command).await? {
            return Ok(done);
        }
        let (actor, date) = (by.id.to_string(), self.today());
        let new = self.next_ticket_number(date).await?;
        let taken = Taken { hall: hall.clone(), date, number: new, key: TicketKey(self.new_secret::<10>()) };
        let key = self.keep_key(&taken)?;
        // The new number is its holder's as the old one is, with a page of its own.
        let along = |day: &Day, _: &[Event]| {
            let mut along = Along::once(command, date);
            along.changes.push(key.clone());
            if let Some(ticket) = day.ticket(number) {
                along.changes.push(self.keep_for_holder(&taken, &ticket.holder)?);
            }
            Ok(along)
        };
        let (done, _) =
            self.on_floor(hall, date, &actor, &Command::Split { number, wants, new }, along).await?;
        Ok(done)
    }

    fn need_staff(&self, by: &Viewer) -> Result<()> {
        let edition = self.edition();
        if by.works_at_window(&edition) || by.runs_halls(&edition) {
            Ok(())
        } else {
            Err(OfficeError::Denied)
        }
    }

    /// Adds the business of one number to another's: a family comes together.
    pub async fn merge_tickets(
        &self,
        hall: &HallId,
        number: TicketNo,
        into: TicketNo,
        by: &Viewer,
        command: Option<Uuid>,
    ) -> Result<OnFloor> {
        self.staff_act(hall, by, command, async || Ok(Command::Merge { number, into })).await
    }

    /// Closing time, before or at the declared hour.
    pub async fn close_doors(&self, hall: &HallId, by: &Viewer, command: Option<Uuid>) -> Result<OnFloor> {
        if !by.runs_halls(&self.edition()) {
            return Err(OfficeError::Denied);
        }
        self.staff_act(hall, by, command, async || Ok(Command::CloseDoors)).await
    }

    async fn staff_act(
        &self,
        hall: &HallId,
        by: &Viewer,
        command: Option<Uuid>,
        act: impl AsyncFnOnce() -> Result<Command>,
    ) -> Result<OnFloor> {
        self.need_staff(by)?;
        if let Some(done) = self.done_on_floor(hall, command).await? {
            return Ok(done);
        }
        let (actor, date) = (by.id.to_string(), self.today());
        let along = Along::once(command, date);
        let (done, _) = self.on_floor(hall, date, &actor, &act().await?, |_, _| Ok(along.clone())).await?;
        Ok(done)
    }
}
