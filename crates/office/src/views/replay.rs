//! Every row again, from the first event on.

use std::collections::HashMap;
use std::sync::Arc;

use ::hall::{Bookings, Day};
use casework::Case;
use catalogue::{Edition, EditionHash};
use diagnostic::Lang;
use store::{Envelope, Projector, StoreError, ViewChange};

use crate::account::wire::AccountEvent;
use crate::account::{AccountId, AccountRow};
use crate::case::{CaseId, Party, fold};
use crate::error::{Fault, OfficeError, Result};
use crate::hall::{fold_bookings, fold_day, load, row_of};
use crate::office::Office;
use crate::views;

/// Folds the journal into rows. What rows need besides events (editions, who applies) is read before it starts.
#[derive(Debug)]
pub struct Replay {
    editions: HashMap<EditionHash, Arc<Edition>>,
    parties: HashMap<CaseId, Party>,
    cases: HashMap<CaseId, Case>,
    accounts: HashMap<AccountId, AccountRow>,
    days: HashMap<String, Day>,
    bookings: HashMap<String, Bookings>,
    /// The row of the event at hand on the trail.
    trailed: Option<ViewChange>,
}

impl Replay {
    pub async fn prepare(office: &Office) -> Result<Self> {
        let mut editions = HashMap::new();
        for hash in office.store().editions().await? {
            let Ok(hash) = hash.parse() else { continue };
            editions.insert(hash, office.edition_named(hash).await?);
        }
        let mut parties = HashMap::new();
        let mut after = String::from("case/");
        loop {
            const AT_ONCE: usize = 1000;
            let keys = office.store().vault_walk(&after, AT_ONCE).await?;
            for key in &keys {
                let id = key.strip_prefix("case/").and_then(|rest| rest.strip_suffix("/party"));
                let Some(id) = id.and_then(|id| id.parse::<CaseId>().ok()) else { continue };
                parties.insert(id, office.party(id).await?);
            }
            match keys.last() {
                Some(last) if last.starts_with("case/") && keys.len() == AT_ONCE => after.clone_from(last),
                _ => break,
            }
        }
        Ok(Self {
            editions,
            parties,
            cases: HashMap::new(),
            accounts: HashMap::new(),
            days: HashMap::new(),
            bookings: HashMap::new(),
            trailed: None,
        })
    }

    fn case(&mut self, event: &Envelope) -> Result<Vec<ViewChange>> {
        let id: CaseId = event.stream.id().parse().map_err(|_| OfficeError::NotFound)?;
        let before = self.cases.remove(&id);
        let mut after = before.clone();
        let mut office_events = Vec::new();
        fold(&mut after, &mut office_events, event)?;
        let after = after.ok_or(OfficeError::NotFound)?;
        let edition = |case: &Case| self.editions.get(&case.edition).cloned().ok_or(OfficeError::NotFound);
        let new = edition(&after)?;
        let old = match &before {
            Some(case) => Some(views::rows(id, case, &*edition(case)?)),
            None => None,
        };
        let rows = views::rows(id, &after, &new);
        let mut changes = views::case_changes(id, old.as_ref(), &rows, (&after, &*new), &office_events);
        if before.is_none()
            && let Some(party) = self.parties.get(&id)
        {
            let titles = new
                .thing(&after.thing)
                .map(|thing| format!("{} {}", thing.title.get(Lang::Zh), thing.title.get(Lang::En)));
            let words = format!("{} {}", after.number, titles.unwrap_or_default());
            changes.push(views::parties::row(id, party, &words));
        }
        self.cases.insert(id, after);
        Ok(changes)
    }

    fn day(&mut self, event: &Envelope) -> Result<Vec<ViewChange>> {
        let before = self.days.remove(event.stream.id());
        let mut after = before.clone();
        let schema = u16::try_from(event.schema).unwrap_or(u16::MAX);
        let what = ::hall::decode(&event.kind, schema, &event.body)
            .map_err(|error| OfficeError::Fault(Fault::Broken(error.to_string())))?;
        fold_day(&mut after, event)?;
        let Some(after) = after else { return Ok(Vec::new()) };
        // Offsets do not change from edition to edition: the hours of a zone are the hours of a zone.
        let offset =
            self.editions.get(&after.edition).map_or(jiff::tz::Offset::UTC, |edition| edition.offset());
        let changes = views::hall::day_changes(before.as_ref(), &after, &[what], offset);
        self.days.insert(event.stream.id().to_owned(), after);
        Ok(changes)
    }

    fn bookings(&mut self, event: &Envelope) -> Result<Vec<ViewChange>> {
        let Some((date, hall)) = load::place_of(event.stream.id()) else { return Ok(Vec::new()) };
        let bookings = self.bookings.entry(event.stream.id().to_owned()).or_default();
        fold_bookings(bookings, event)?;
        let schema = u16::try_from(event.schema).unwrap_or(u16::MAX);
        let what = ::hall::decode(&event.kind, schema, &event.body)
            .map_err(|error| OfficeError::Fault(Fault::Broken(error.to_string())))?;
        Ok(row_of(&hall, date, bookings, &what).into_iter().collect())
    }

    fn account(&mut self, event: &Envelope) -> Result<Vec<ViewChange>> {
        let id: AccountId = event.stream.id().parse().map_err(|_| OfficeError::NotFound)?;
        let what: AccountEvent = serde_json::from_slice(&event.body)?;
        let Some(row) = views::accounts::project(self.accounts.get(&id).cloned(), id, &what) else {
            return Ok(Vec::new());
        };
        self.accounts.insert(id, row.clone());
        Ok(vec![views::accounts::row(&row)])
    }
}

impl Projector for Replay {
    fn project(&mut self, event: &Envelope) -> Result<Vec<ViewChange>, StoreError> {
        if views::trail::is_on(event.stream.kind(), &event.kind) {
            let (id, at, stream) = (event.id, event.at, event.stream.as_str());
            self.trailed = Some(views::trail::row(id, at, &event.kind, &event.actor, stream, &event.body));
        }
        let rows = match event.stream.kind() {
            "case" => self.case(event),
            "account" => self.account(event),
            load::DAYS => self.day(event),
            load::BOOKINGS => self.bookings(event),
            _ => Ok(Vec::new()),
        };
        let rows = rows.map(|mut rows| {
            rows.extend(self.trailed.take());
            rows
        });
        rows.map_err(|error| StoreError::Damaged { position: event.position, what: error.to_string() })
    }
}
