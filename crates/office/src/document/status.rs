//! Which documents were withdrawn since they were issued: the signed list that is verified by offline.

use std::collections::BTreeMap;

use casework::{Event, ResultChange};
use credential::{Digest, STATUS_ISSUER, StatusList, Withdrawal};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Condition, Envelope, Position, ViewQuery};

use crate::case::CaseId;
use crate::document::issue::whole_seconds;
use crate::error::{Fault, OfficeError, Result};
use crate::office::Office;
use crate::views;

/// For how long a list may be relied on.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(24);
/// A list is given to everybody who asks within so short a time.
const HOLDS: SignedDuration = SignedDuration::from_secs(60);
const EVENTS_AT_ONCE: usize = 4096;
/// What was read is noted down when so much more was read, so that the next start need not read it again.
const NOTED_EVERY: u64 = 10_000;
const SPACE: &str = "zone";
const KEY: &str = "withdrawn";

/// What is known of withdrawals, and up to where the journal was read for it.
#[derive(Debug, Default)]
pub(crate) struct StatusBook {
    known: Option<Known>,
    /// The list that was signed last.
    signed: Option<(Timestamp, Vec<u8>)>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Known {
    read_to: Position,
    withdrawn: BTreeMap<String, Withdrawal>,
}

impl Office {
    /// The list of all documents that were withdrawn, as a file that is signed and dated.
    pub async fn status_list(&self) -> Result<Vec<u8>> {
        let mut book = self.inner.status.lock().await;
        let now = self.now();
        if let Some((at, bytes)) = &book.signed
            && now.duration_since(*at) < HOLDS
            && now >= *at
        {
            return Ok(bytes.clone());
        }
        if book.known.is_none() {
            let noted = self.store().kv_get(SPACE, KEY, now).await?;
            book.known =
                Some(noted.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default());
        }
        let known = book.known.get_or_insert_default();
        self.read_on(known).await?;
        let issued_at = whole_seconds(now);
        let list =
            StatusList { issued_at, next_at: issued_at + GOOD_FOR, withdrawn: known.withdrawn.clone() };
        let signed = list.sign(&*self.keys().signer(STATUS_ISSUER));
        let bytes = signed.map_err(|fault| OfficeError::Fault(Fault::Broken(format!("signing: {fault}"))))?;
        book.signed = Some((now, bytes.clone()));
        Ok(bytes)
    }

    async fn read_on(&self, known: &mut Known) -> Result<()> {
        let mut noted = known.read_to;
        loop {
            let events = self.store().read_all(known.read_to, EVENTS_AT_ONCE).await?;
            let Some(last) = events.last().map(|event| event.position) else { return Ok(()) };
            for event in
                events.iter().filter(|event| matches!(&*event.kind, "result-changed" | "result-replaced"))
            {
                self.note_withdrawal(event, known).await?;
            }
            known.read_to = last;
            if last.0 - noted.0 >= NOTED_EVERY {
                noted = last;
                let bytes = serde_json::to_vec(known)?;
                let put = Change::KvPut { space: SPACE.into(), key: KEY.into(), bytes, expires_at: None };
                self.store().commit(Batch::new(self.now()).change(put)).await?;
            }
        }
    }

    async fn note_withdrawal(&self, event: &Envelope, known: &mut Known) -> Result<()> {
        let (item, result, change) = match crate::recorded::event(event) {
            Ok(Event::ResultChanged(changed)) => (changed.item, changed.result, changed.change),
            Ok(Event::ResultReplaced(replaced)) => (replaced.item, replaced.result, ResultChange::Replaced),
            _ => return Ok(()),
        };
        let Ok(case) = event.stream.id().parse::<CaseId>() else { return Ok(()) };
        let query = ViewQuery::new(views::documents::TABLE)
            .filter(Condition::eq("case_id", case.to_string()))
            .filter(Condition::eq("item", item.as_str()))
            .filter(Condition::eq("result", result.as_str()))
            .limit(1000);
        for row in self.store().view_rows(query).await?.rows {
            // What was erased with its person cannot be shown to anybody any more.
            let Some(file) = self.vault(row.text(5).unwrap_or_default()).await? else { continue };
            let change = serde_json::to_value(change)?;
            let change = change.as_str().unwrap_or_default().to_owned();
            known
                .withdrawn
                .insert(Digest::sm3(&file).to_string(), Withdrawal { change, at: whole_seconds(event.at) });
        }
        Ok(())
    }
}
