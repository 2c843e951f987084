//! Whoever is forgotten comes to nothing any more: their appointments are free for others, their numbers are called for nobody.

use ::hall::{BookCommand, Command};

use crate::error::{OfficeError, Result};
use crate::hall::act::Along;
use crate::hall::link::TicketRef;
use crate::hall::take::Taken;
use crate::office::Office;
use crate::views;

impl Office {
    /// Gives back what somebody still has coming in the halls. `holder` is how events name them.
    pub(crate) async fn let_go_of_halls(&self, holder: &str, by: &str) -> Result<()> {
        self.cancel_coming(holder, by).await?;
        let numbers = self.store().kv_list(&format!("tickets/{holder}"), "", self.now()).await?;
        for (_, bytes) in numbers {
            let taken: Taken = serde_json::from_slice(&bytes)?;
            let old = TicketRef { hall: taken.hall, date: taken.date, number: taken.number };
            let now = self.ticket_now(old).await?;
            if now.date < self.today() {
                continue;
            }
            let leave = Command::Leave { number: now.number };
            over_already(self.on_floor(&now.hall, now.date, by, &leave, |_, _| Ok(Along::default())).await)?;
        }
        Ok(())
    }

    async fn cancel_coming(&self, holder: &str, by: &str) -> Result<()> {
        // The list has a bound, so it is asked for until nothing of it is left.
        loop {
            let mut cancelled = 0;
            for row in views::hall::appointments::coming_of(self, holder, self.today()).await? {
                let cancel = BookCommand::Cancel { id: row.id.as_str().into(), moved_to: None };
                let done = self.on_bookings(&row.hall, row.date, &cancel, by, Vec::new(), None).await;
                cancelled += usize::from(over_already(done)?);
            }
            if cancelled == 0 {
                return Ok(());
            }
        }
    }
}

/// Whether it was done now; what the hall refuses had come to its end before.
fn over_already<T>(done: Result<T>) -> Result<bool> {
    match done {
        Ok(_) => Ok(true),
        Err(OfficeError::Hall(_) | OfficeError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}
