//! What the staff of a hall decide about somebody who waits.

use ::hall::{Command, TicketNo};
use catalogue::{HallId, LaneKind};

use crate::account::Viewer;
use crate::error::{OfficeError, Result};
use crate::hall::act::{Along, OnFloor};
use crate::office::Office;

impl Office {
    /// Gives somebody who waits today the lane that was verified.
    pub async fn give_lane(
        &self,
        hall: &HallId,
        number: TicketNo,
        lane: LaneKind,
        by: &Viewer,
    ) -> Result<OnFloor> {
        self.staff_act(hall, &Command::GiveLane { number, lane }, by).await
    }

    /// Gives some of what a number is for a number of its own.
    pub async fn split_ticket(
        &self,
        hall: &HallId,
        number: TicketNo,
        wants: Vec<usize>,
        by: &Viewer,
    ) -> Result<OnFloor> {
        let new = self.next_ticket_number(self.today()).await?;
        self.staff_act(hall, &Command::Split { number, wants, new }, by).await
    }

    /// Adds the business of one number to another's: a family comes together.
    pub async fn merge_tickets(
        &self,
        hall: &HallId,
        number: TicketNo,
        into: TicketNo,
        by: &Viewer,
    ) -> Result<OnFloor> {
        self.staff_act(hall, &Command::Merge { number, into }, by).await
    }

    /// Closing time, before or at the declared hour.
    pub async fn close_doors(&self, hall: &HallId, by: &Viewer) -> Result<OnFloor> {
        if !by.runs_halls(&self.edition()) {
            return Err(OfficeError::Denied);
        }
        self.staff_act(hall, &Command::CloseDoors, by).await
    }

    async fn staff_act(&self, hall: &HallId, command: &Command, by: &Viewer) -> Result<OnFloor> {
        let edition = self.edition();
        if !by.works_at_window(&edition) && !by.runs_halls(&edition) {
            return Err(OfficeError::Denied);
        }
        let actor = by.id.to_string();
        let (done, _) =
            self.on_floor(hall, self.today(), &actor, command, |_, _| Ok(Along::default())).await?;
        Ok(done)
    }
}
