//! Who stands behind a number, as the vault keeps it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::Change;

use crate::error::Result;
use crate::office::Office;

/// What somebody said about themselves when taking a number. All of it may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketAbout {
    /// Name of the person or undertaking.
    #[serde(default)]
    pub name: String,
    /// Credit code or resident number.
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub phone: String,
    /// The case that they come about.
    #[serde(default)]
    pub case_number: String,
}

impl TicketAbout {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Office {
    pub(crate) fn keep_about(
        &self,
        date: Date,
        number: ::hall::TicketNo,
        holder: &str,
        about: &TicketAbout,
    ) -> Result<Option<Change>> {
        if about.is_empty() {
            return Ok(None);
        }
        let key = format!("ticket/{date}/{}", number.0);
        Ok(Some(self.vault_put(&key, holder, serde_json::to_vec(about)?)))
    }

    /// What the person with a number said about themselves, for whoever serves them; nothing once it was erased.
    pub async fn ticket_about(&self, date: Date, number: ::hall::TicketNo) -> Result<TicketAbout> {
        match self.vault(&format!("ticket/{date}/{}", number.0)).await? {
            Some(bytes) => Ok(serde_json::from_slice(&bytes)?),
            None => Ok(TicketAbout::default()),
        }
    }
}
