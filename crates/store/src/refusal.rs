//! Whether the current state refuses a batch: decided in one place for all adapters, before anything is
//! written.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use uuid::Uuid;

use crate::{Append, Batch, Change, Conflict, Digest, Result, StreamId, Version, ViewChange};

/// Queries on the current state that decide whether a batch is refused.
pub trait Facts {
    /// # Errors
    /// Faults of the store; the same holds for all methods.
    fn version(&mut self, stream: &StreamId) -> Result<Version>;
    /// Whether a key holds a value that has not expired at `now`.
    fn key_lives(&mut self, space: &str, key: &str, now: Timestamp) -> Result<bool>;
    fn blob_is_stored(&mut self, digest: Digest) -> Result<bool>;
    /// Whether the job waits and is leased under this attempt.
    fn lease_holds(&mut self, id: Uuid, attempt: u32) -> Result<bool>;
    /// Checks that the change fits a declared view.
    fn check_view_change(&mut self, change: &ViewChange) -> Result<()>;
}

/// Checks everything that can refuse a batch. The effects of earlier parts of the batch on later ones are
/// kept in small overlays, so that nothing need be written for the check.
///
/// # Errors
/// A [`Conflict`], a malformed view change, or a fault of the store.
pub fn check_batch(batch: &Batch, facts: &mut impl Facts) -> Result<()> {
    check_versions(batch, facts)?;
    let mut keys: HashMap<(&str, &str), bool> = HashMap::new();
    let mut ended: BTreeSet<Uuid> = BTreeSet::new();
    for change in &batch.changes {
        match change {
            Change::View(change) => facts.check_view_change(change)?,
            Change::KvPut { space, key, expires_at, .. } => {
                keys.insert((space, key), expires_at.is_none_or(|end| end > batch.at));
            }
            Change::KvRemove { space, key } => {
                keys.insert((space, key), false);
            }
            Change::KvClaim { space, key, expires_at, .. } => {
                let taken = match keys.get(&(space.as_str(), key.as_str())) {
                    Some(&taken) => taken,
                    None => facts.key_lives(space, key, batch.at)?,
                };
                if taken {
                    return Err(Conflict::Taken { space: space.clone(), key: key.clone() }.into());
                }
                keys.insert((space, key), expires_at.is_none_or(|end| end > batch.at));
            }
            Change::BlobLink { digest, .. } if !facts.blob_is_stored(*digest)? => {
                return Err(Conflict::NoBlob { digest: *digest }.into());
            }
            Change::JobDone { id, attempt }
            | Change::JobRetry { id, attempt, .. }
            | Change::JobGiveUp { id, attempt, .. }
                if !ended.insert(*id) || !facts.lease_holds(*id, *attempt)? =>
            {
                return Err(Conflict::Lease { id: *id }.into());
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_versions(batch: &Batch, facts: &mut impl Facts) -> Result<()> {
    // Batches touch few streams: a list beats a map.
    let mut versions: Vec<(&StreamId, Version)> = Vec::with_capacity(batch.appends.len());
    for Append { stream, expected, events } in &batch.appends {
        let place = match versions.iter().position(|(known, _)| *known == stream) {
            Some(place) => place,
            None => {
                versions.push((stream, facts.version(stream)?));
                versions.len() - 1
            }
        };
        let actual = &mut versions[place].1;
        if !expected.holds(*actual) {
            return Err(Conflict::Version { stream: stream.clone(), actual: *actual }.into());
        }
        actual.0 += events.len() as u64;
    }
    Ok(())
}
