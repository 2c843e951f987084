//! The ticket and the case know each other: the case's stream says which number it came in with.

use catalogue::HallId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Condition, ViewQuery};

use crate::account::Viewer;
use crate::case::perform::Extras;
use crate::case::wire::OfficeEvent;
use crate::case::{By, CaseId};
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::views;

/// A number of one day in a hall.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TicketRef {
    pub hall: HallId,
    pub date: Date,
    pub number: ::hall::TicketNo,
}

impl Office {
    /// Notes on a case that this number was served with it. Doing it twice does it once.
    pub async fn link_ticket(&self, id: CaseId, ticket: &TicketRef, by: &Viewer) -> Result<()> {
        if by.is_applicant() {
            return Err(OfficeError::Denied);
        }
        const TRIES: usize = 5;
        for _ in 0..TRIES {
            let loaded = self.load_case(id).await?;
            let noted = |event: &OfficeEvent| matches!(event, OfficeEvent::TicketLinked { ticket: noted, .. } if noted == ticket);
            if loaded.office_events.iter().any(noted) {
                return Ok(());
            }
            let event = OfficeEvent::TicketLinked { ticket: ticket.clone(), by_hand: true };
            let extras = Extras { office_events: vec![event], ..Extras::default() };
            let actor = By::Viewer(by).actor_id();
            match self.commit_case(Some(&loaded), id, Vec::new(), &actor, extras, None).await {
                Err(OfficeError::Stale) => {}
                done => return done.map(|_| ()),
            }
        }
        Err(OfficeError::Stale)
    }

    /// The numbers of the cases that were dealt with under a ticket.
    pub async fn cases_of_ticket(&self, ticket: &TicketRef) -> Result<Vec<String>> {
        const SHOWN: u32 = 20;
        let query = ViewQuery::new(views::hall::links::TABLE)
            .filter(Condition::eq("day", ticket.date.to_string()))
            .filter(Condition::eq("number", ticket.number.0))
            .limit(SHOWN);
        let page = self.store().view_rows(query).await?;
        Ok(page.rows.iter().filter_map(|row| row.text(4).map(str::to_owned)).collect())
    }
}

impl crate::case::LoadedCase {
    /// The numbers under which people came to a hall about this case.
    pub fn tickets(&self) -> impl Iterator<Item = &TicketRef> {
        self.office_events.iter().filter_map(|event| match event {
            OfficeEvent::TicketLinked { ticket, .. } => Some(ticket),
            _ => None,
        })
    }
}
