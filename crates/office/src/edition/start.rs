//! Opening the office on a store.

use std::sync::Arc;

use catalogue::Edition;
use jiff::Timestamp;
use store::{Batch, Change, Store};

use crate::edition::calendar::{BEFORE_KEY, moving};
use crate::error::{Fault, OfficeError, Result};
use crate::keys::kept_ring;
use crate::office::{Office, Surroundings};
use crate::views;

/// Where the hash of the current edition is kept.
pub(crate) const CURRENT_SPACE: &str = "zone";
pub(crate) const CURRENT_KEY: &str = "edition";

/// Why an office does not open.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    #[error("the store holds no edition yet: give a pack")]
    NoEdition,
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl Office {
    /// Opens the office. The edition that is given becomes the current one; without one, the last published goes on.
    pub async fn start(surroundings: Surroundings, edition: Option<Edition>) -> Result<Self, StartFault> {
        let store = surroundings.store.clone();
        let now = surroundings.clock.now();
        let stale = store.declare_views(views::schemas()).await.map_err(OfficeError::from)?;
        let edition = match edition {
            // A pack that was current before does not come back by a restart: what was published since goes on.
            Some(edition) if is_former(&*store, &edition, now).await? => {
                let current = last_published(&*store, now).await?.ok_or(StartFault::NoEdition)?;
                let (given, current_hash) = (edition.hash(), current.hash());
                tracing::warn!(
                    %given, current = %current_hash,
                    "the pack given was current before; the edition published since goes on"
                );
                Arc::new(current)
            }
            Some(edition) => {
                let edition = Arc::new(edition);
                let bytes = edition.to_json().map_err(OfficeError::from)?;
                let mut batch = keep(now, &edition, bytes);
                // The journal says which editions are kept: once, and not at every start.
                if store.edition(&edition.hash().to_string()).await.map_err(OfficeError::from)?.is_some() {
                    batch.changes.retain(|change| !matches!(change, Change::EditionPut { .. }));
                }
                if let Some(before) = last_published(&*store, now).await? {
                    let unfinished =
                        store.kv_get(CURRENT_SPACE, BEFORE_KEY, now).await.map_err(OfficeError::from)?;
                    batch = moving(batch, &before, &edition, unfinished.is_some());
                }
                store.commit(batch).await.map_err(OfficeError::from)?;
                edition
            }
            None => Arc::new(last_published(&*store, now).await?.ok_or(StartFault::NoEdition)?),
        };
        let ring = kept_ring(&*store, now).await?;
        let office = Self::assemble(surroundings, edition, &ring);
        if !stale.is_empty() {
            let report = office.rebuild(&mut |_| {}).await?;
            tracing::info!(events = report.events, views = ?stale, "views were rebuilt");
        }
        office.claim_looks().await?;
        Ok(office)
    }

    /// Takes up the edition that another node has made current since; tells whether there was one.
    pub async fn follow_edition(&self) -> Result<bool> {
        let hash = self.store().kv_get(CURRENT_SPACE, CURRENT_KEY, self.now()).await?;
        let hash = hash.and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok());
        match hash {
            Some(hash) if hash != self.edition().hash() => {
                // As it was sealed: in its own calendar, which the others take over.
                let edition = Arc::new(self.stored_edition(hash).await?);
                self.remember_edition(&edition, true);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Computes all rows that people see anew from the journal, while the office goes on serving.
    pub async fn rebuild(
        &self,
        progress: &mut (dyn FnMut(store::Position) + Send),
    ) -> Result<store::RebuildReport> {
        let tables: Vec<String> = views::schemas().into_iter().map(|schema| schema.table).collect();
        let mut projector = views::Replay::prepare(self).await?;
        let report = store::rebuild(self.store(), &tables, &mut projector, progress).await;
        report.map_err(|error| OfficeError::Fault(Fault::Store(error)))
    }
}

impl Office {
    /// Clears away the rows that a rebuild or another declaration has replaced, a part at a time, while the office serves.
    pub async fn sweep_views(&self) -> Result<()> {
        while self.store().rebuild_sweep().await? {}
        Ok(())
    }
}

/// Whether the store had this edition as its current one, and has another since.
async fn is_former(store: &dyn Store, edition: &Edition, now: Timestamp) -> Result<bool> {
    let hash = edition.hash().to_string();
    let current = store.kv_get(CURRENT_SPACE, CURRENT_KEY, now).await?;
    let current = current.and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(current.is_some_and(|current| current != hash) && store.edition(&hash).await?.is_some())
}

/// The edition that was current last.
async fn last_published(store: &dyn Store, now: Timestamp) -> Result<Option<Edition>> {
    let hash = store.kv_get(CURRENT_SPACE, CURRENT_KEY, now).await?;
    let Some(hash) = hash.and_then(|bytes| String::from_utf8(bytes).ok()) else { return Ok(None) };
    let Some(bytes) = store.edition(&hash).await? else { return Ok(None) };
    let Ok(hash) = hash.parse() else { return Ok(None) };
    Ok(Some(Edition::from_json(&bytes, hash)?))
}

/// Keeps an edition and makes it the current one.
pub(crate) fn keep(now: Timestamp, edition: &Edition, bytes: Vec<u8>) -> Batch {
    let hash = edition.hash().to_string();
    Batch::new(now).change(Change::EditionPut { hash: hash.clone(), bytes }).change(Change::KvPut {
        space: CURRENT_SPACE.into(),
        key: CURRENT_KEY.into(),
        bytes: hash.into_bytes(),
        expires_at: None,
    })
}
