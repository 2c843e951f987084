//! What a store keeps beside the journal and its views: personal data, files, jobs.

use std::fmt;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{BoxFuture, Digest, Result};

/// What a vault key holds.
#[derive(Clone, PartialEq, Eq)]
pub enum VaultEntry {
    Kept {
        subject: String,
        salt: [u8; 16],
        bytes: Vec<u8>,
        digest: Digest,
    },
    /// The entry was erased; events that refer to the key stay valid.
    Erased,
}

/// Prints no personal data, because debug output may reach logs.
impl fmt::Debug for VaultEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept { digest, bytes, .. } => {
                f.debug_struct("Kept").field("digest", digest).field("bytes", &bytes.len()).finish()
            }
            Self::Erased => f.write_str("Erased"),
        }
    }
}

/// The digest of personal data that an event may carry. The salt is erased with the data, so that a short
/// value, such as a phone number, cannot be found afterwards by trying all values.
#[must_use]
pub fn vault_digest(salt: &[u8; 16], bytes: &[u8]) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(bytes);
    Digest(hasher.finalize().into())
}

/// The load of a store, as far as this process knows it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// Transactions committed since the store was opened; a group commit carries many batches in one.
    pub commits: u64,
    /// Batches and other work in the queue.
    pub waiting: u64,
    /// Committed changes that are not yet in the tables; a read of those tables waits for them.
    pub unsettled: u64,
}

/// A stored file: its digest, which is its name, and its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobRef {
    pub digest: Digest,
    pub bytes: u64,
}

/// A file being stored. Dropping it before `finish` leaves nothing behind.
pub trait BlobSink: Send + fmt::Debug {
    /// # Errors
    /// [`crate::StoreError::TooLarge`] when the file outgrows its limit.
    fn write<'a>(&'a mut self, chunk: &'a [u8]) -> BoxFuture<'a, Result<()>>;
    /// Makes the file durable. Until a [`crate::Change::BlobLink`] it may be swept.
    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<BlobRef>>;
}

/// A stored file being read.
pub trait BlobSource: Send + fmt::Debug {
    /// The size of the whole file.
    fn bytes(&self) -> u64;
    /// The next piece, or nothing at the end.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>>>;
}

/// A job as a worker gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: Uuid,
    pub queue: String,
    pub due_at: Timestamp,
    /// The number of the attempt, from 1; identifies this lease when the job is done, retried or given up.
    pub attempt: u32,
    pub body: Vec<u8>,
    /// Why the last attempt failed.
    pub problem: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Waiting for its due time, or leased.
    Waiting,
    Done,
    GivenUp,
}
