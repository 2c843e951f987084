//! Files in memory.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::MemoryStore;
use super::state::Blob;
use crate::{BlobRef, BlobSink, BlobSource, BoxFuture, Digest, Result, StoreError};

/// The size of the chunks in which files are read.
const PIECE_BYTES: usize = 64 * 1024;

pub(super) struct Sink {
    store: MemoryStore,
    limit: u64,
    stored_at: Timestamp,
    bytes: Vec<u8>,
}

impl Sink {
    pub(super) fn new(store: MemoryStore, limit: u64, stored_at: Timestamp) -> Self {
        Self { store, limit, stored_at, bytes: Vec::new() }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").field("bytes", &self.bytes.len()).field("limit", &self.limit).finish()
    }
}

impl BlobSink for Sink {
    fn write<'a>(&'a mut self, chunk: &'a [u8]) -> BoxFuture<'a, Result<()>> {
        let fits = (self.bytes.len() + chunk.len()) as u64 <= self.limit;
        if fits {
            self.bytes.extend(chunk);
        }
        let limit = self.limit;
        Box::pin(std::future::ready(if fits { Ok(()) } else { Err(StoreError::TooLarge { limit }) }))
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<BlobRef>> {
        Box::pin(async move {
            let Self { store, stored_at, bytes, .. } = *self;
            let blob = BlobRef { digest: Digest::of(&bytes), bytes: bytes.len() as u64 };
            store.with(|state| {
                let stored = state.blobs.entry(blob.digest).or_insert_with(|| Blob {
                    bytes: bytes.into(),
                    stored_at,
                    owners: Default::default(),
                });
                // Storing the same bytes again resets their age, so that the sweep spares them until they are
                // linked.
                stored.stored_at = stored.stored_at.max(stored_at);
                Ok(())
            })?;
            Ok(blob)
        })
    }
}

pub(super) struct Source {
    bytes: Arc<[u8]>,
    read: usize,
}

impl Source {
    pub(super) fn new(bytes: Arc<[u8]>) -> Self {
        Self { bytes, read: 0 }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("bytes", &self.bytes.len()).field("read", &self.read).finish()
    }
}

impl BlobSource for Source {
    fn bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>>> {
        let rest = &self.bytes[self.read..];
        let piece = &rest[..rest.len().min(PIECE_BYTES)];
        self.read += piece.len();
        let piece = (!piece.is_empty()).then(|| piece.to_vec());
        Box::pin(std::future::ready(Ok(piece)))
    }
}
