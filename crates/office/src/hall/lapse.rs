//! What people said about themselves with a number or an appointment goes after the days of the zone's rule. Who was
//! called when stays in the journal, under holders that name nobody.

use catalogue::RecordKind;
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use store::{Batch, Change};

use crate::error::Result;
use crate::office::Office;
use crate::views;

const TICKETS: &str = "ticket/";
const APPOINTMENTS: &str = "appointment/";
const PAGE_KEYS: usize = 200;
/// Nobody books further ahead than this.
const AHEAD_DAYS: i64 = 100;

impl Office {
    /// Erases what is older than the zone keeps it. Gives how many numbers and appointments that were.
    pub(crate) async fn erase_numbers(&self) -> Result<usize> {
        let Some(kept) = self.edition().zone().kept(RecordKind::Numbers) else { return Ok(0) };
        Ok(self.erase_tickets(kept).await? + self.erase_appointments(kept).await?)
    }

    async fn erase_tickets(&self, kept: Span) -> Result<usize> {
        let mut erased = 0;
        loop {
            let keys = self.store().vault_walk(TICKETS, PAGE_KEYS).await?;
            let day = |key: &str| key.strip_prefix(TICKETS)?.split('/').next()?.parse::<Date>().ok();
            // Keys begin with the day, so that the oldest come first and no walk reads the others.
            let over: Vec<String> = keys
                .into_iter()
                .take_while(|key| key.starts_with(TICKETS))
                .take_while(|key| day(key).is_none_or(|day| self.is_past(day, kept)))
                .collect();
            if over.is_empty() {
                return Ok(erased);
            }
            // A rating goes with its number.
            erased += over.iter().filter(|key| !key.ends_with("/rating")).count();
            self.erase_keys(over).await?;
        }
    }

    async fn erase_appointments(&self, kept: Span) -> Result<usize> {
        let (mut erased, mut after) = (0, APPOINTMENTS.to_owned());
        loop {
            let keys = self.store().vault_walk(&after, PAGE_KEYS).await?;
            let own: Vec<&String> = keys.iter().take_while(|key| key.starts_with(APPOINTMENTS)).collect();
            let mut over = Vec::new();
            for key in &own {
                let id = &key[APPOINTMENTS.len()..];
                let row = self.store().view_row(views::hall::appointments::TABLE, &[id.into()]).await?;
                let day = row.and_then(|row| row.text(2)?.parse::<Date>().ok());
                let booked = || {
                    crate::draft::began(id.parse().ok()?)
                        .map(|at| crate::case::perform::day_of(&self.edition(), at))
                };
                let last = day.or_else(|| booked()?.checked_add(AHEAD_DAYS.days()).ok());
                if last.is_none_or(|day| self.is_past(day, kept)) {
                    over.push((*key).clone());
                }
            }
            erased += over.len();
            self.erase_keys(over).await?;
            match own.last() {
                Some(last) if own.len() == PAGE_KEYS => after.clone_from(last),
                _ => return Ok(erased),
            }
        }
    }

    fn is_past(&self, day: Date, kept: Span) -> bool {
        day.checked_add(kept).is_ok_and(|last| last < self.today())
    }

    async fn erase_keys(&self, keys: Vec<String>) -> Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let mut batch = Batch::new(self.now());
        batch.changes.extend(keys.into_iter().map(|key| Change::VaultErase { key }));
        self.store().commit(batch).await?;
        Ok(())
    }
}
