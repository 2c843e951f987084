//! Proving the past: signed checkpoints over the heads of all streams, and the audit that checks them.

use std::sync::Arc;

use credential::{PublicKey, Signature, Signer};
use store::{AuditReport, Checkpoint, CheckpointSigner, CheckpointVerifier};

use crate::error::{Fault, OfficeError, Result};
use crate::office::Office;

/// The zone's own key signs checkpoints; it is no organ's, so that no licence can pass for a checkpoint.
const CODE: &str = "yichuang/checkpoint";

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

/// Checks checkpoints with a public key alone.
#[derive(Debug)]
struct ZonePublicKey(PublicKey);

impl CheckpointVerifier for ZonePublicKey {
    fn verify(&self, key_id: &str, message: &[u8], signature: &[u8]) -> bool {
        let Ok(raw) = <[u8; 64]>::try_from(signature) else { return false };
        key_id == self.0.key_id().to_string() && self.0.verifies(message, &Signature::from_raw(raw))
    }
}

impl Office {
    /// Signs a checkpoint over everything that happened so far; nothing when nothing happened since the last one.
    pub async fn checkpoint(&self) -> Result<Option<Checkpoint>> {
        let key = ZoneKey(self.keys().signer(CODE));
        let taken = store::take_checkpoint(self.store(), &key, self.now()).await;
        taken.map_err(|error| OfficeError::Fault(Fault::Store(error)))
    }

    /// Checks every chain, every checkpoint and its signature.
    pub async fn audit(&self) -> Result<AuditReport> {
        let key = ZonePublicKey(self.keys().signer(CODE).public_key().clone());
        let report = store::audit(self.store(), Some(&key)).await;
        report.map_err(|error| OfficeError::Fault(Fault::Store(error)))
    }
}
