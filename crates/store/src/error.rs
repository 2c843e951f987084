//! The errors of a store.

use uuid::Uuid;

use crate::{Position, StreamId, Version};

/// Why the current state of the store refuses a batch. No part of the batch took effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Conflict {
    /// Another command appended first: load the stream again and decide again.
    #[error("stream {stream} is at version {actual}")]
    Version { stream: StreamId, actual: Version },
    /// The key to be claimed already holds a value ([`crate::Change::KvClaim`]).
    #[error("{space}/{key} is taken")]
    Taken { space: String, key: String },
    /// The lease is not valid any more: another worker leased the job since, or the job has ended.
    #[error("the lease on job {id} is lost")]
    Lease { id: Uuid },
    /// The file is not stored ([`crate::Change::BlobLink`]).
    #[error("no such blob: {digest}")]
    NoBlob { digest: crate::Digest },
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// The caller's mistake: an undeclared table, a row that does not fit, an unknown column.
    #[error("malformed request: {0}")]
    Malformed(String),
    /// The file is larger than the caller's limit.
    #[error("more than {limit} bytes")]
    TooLarge { limit: u64 },
    /// The record at this position cannot be read as one that this store wrote.
    #[error("the record at position {position} is damaged: {what}")]
    Damaged { position: Position, what: String },
    /// The operation failed; a batch did not take effect.
    #[error("the store failed: {0}")]
    Fault(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk is full. A batch did not take effect; a retry may succeed once there is free space.
    #[error("there is no room left for the data")]
    NoRoom,
    /// The database cannot be reached at present. A batch did not take effect; a retry may succeed.
    #[error("the database is away: {why}")]
    Away { why: String },
    /// The acknowledgement was lost: the batch may have taken effect. Repeat it with the same command id.
    #[error("the store did not answer; the batch may have taken effect")]
    Unanswered,
}

impl StoreError {
    pub fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }

    pub fn fault(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Fault(cause.into())
    }

    /// The conflict, if it is one.
    #[must_use]
    pub fn conflict(&self) -> Option<&Conflict> {
        match self {
            Self::Conflict(conflict) => Some(conflict),
            _ => None,
        }
    }
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;
