//! Proving the past: signed checkpoints over the heads of all streams, and the audit that checks them.

use std::sync::Arc;

use credential::{PublicKey, Signature, Signer};
use store::{AuditReport, Checkpoint, CheckpointSigner, CheckpointVerifier, Store};

use crate::error::{Fault, OfficeError, Result};
use crate::keys::{CHECKPOINT, Keys, kept_ring};
use crate::office::Office;

#[derive(Debug)]
struct ZoneKey(Arc<dyn Signer>);

impl CheckpointSigner for ZoneKey {
    fn key_id(&self) -> String {
        self.0.key_id().to_string()
    }

    fn sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, String> {
        self.0.sign(message).map(|signature| signature.as_raw().to_vec()).map_err(|fault| fault.to_string())
    }
}

/// Checks checkpoints with public keys alone, those of before included.
#[derive(Debug)]
struct ZonePublicKeys(Vec<PublicKey>);

impl CheckpointVerifier for ZonePublicKeys {
    fn verify(&self, key_id: &str, message: &[u8], signature: &[u8]) -> bool {
        let Ok(raw) = <[u8; 64]>::try_from(signature) else { return false };
        let signature = Signature::from_raw(raw);
        let mut named = self.0.iter().filter(|key| key_id == key.key_id().to_string());
        named.any(|key| key.verifies(message, &signature))
    }
}

/// Checks every chain, every checkpoint and its signature in a store that nobody need serve.
///
/// # Errors
/// Faults of the store; damage is a finding, not an error.
pub async fn audit_store(
    store: &dyn Store,
    keys: &dyn Keys,
    now: jiff::Timestamp,
    progress: &mut (dyn FnMut(store::Position) + Send),
) -> Result<AuditReport> {
    let mut public = vec![keys.signer(CHECKPOINT).public_key().clone()];
    let ring = kept_ring(store, now).await?;
    public.extend(ring.keys().filter(|key| key.issuer_code == CHECKPOINT).map(|key| key.public_key.clone()));
    let report = store::audit_told(store, Some(&ZonePublicKeys(public)), progress).await;
    let mut report = report.map_err(|error| OfficeError::Fault(Fault::Store(error)))?;
    for hash in store.editions().await? {
        let bytes = store.edition(&hash).await?.unwrap_or_default();
        let named = hash.parse().ok().map(|named| catalogue::Edition::from_json(&bytes, named));
        if !matches!(named, Some(Ok(_))) {
            report.findings.push(store::Finding::EditionDiffers { hash });
        }
    }
    Ok(report)
}

impl Office {
    /// Signs a checkpoint over everything that happened so far; nothing when nothing happened since the last one.
    pub async fn checkpoint(&self) -> Result<Option<Checkpoint>> {
        let key = ZoneKey(self.keys().signer(CHECKPOINT));
        let taken = store::take_checkpoint(self.store(), &key, self.now()).await;
        taken.map_err(|error| OfficeError::Fault(Fault::Store(error)))
    }

    /// Whether an hour has gone by since things were last put in order, by this node or another. Who is told so has to do it.
    pub async fn upkeep_is_due(&self) -> Result<bool> {
        const EVERY: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);
        let now = self.now();
        let last = self.store().kv_get("zone", "upkeep", now).await?;
        let last = last.and_then(|bytes| String::from_utf8(bytes).ok()?.parse::<jiff::Timestamp>().ok());
        // A mark from a time to come was left by a clock that was ahead.
        if last.is_some_and(|last| last <= now && now.duration_since(last) < EVERY) {
            return Ok(false);
        }
        let (space, key) = ("zone".to_owned(), "upkeep".to_owned());
        let put = store::Change::KvPut { space, key, bytes: now.to_string().into_bytes(), expires_at: None };
        self.store().commit(store::Batch::new(now).change(put)).await?;
        Ok(true)
    }

    /// Checks every chain, every checkpoint and its signature.
    pub async fn audit(&self) -> Result<AuditReport> {
        audit_store(self.store(), self.keys(), self.now(), &mut |_| {}).await
    }

    /// Keeps the public keys that sign from now on; see [`crate::keep_keys`].
    pub async fn keep_keys(&self) -> Result<()> {
        crate::keys::keep_keys(self.store(), self.keys(), self.now()).await
    }
}
