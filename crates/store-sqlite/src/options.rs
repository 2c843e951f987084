//! The settings of a SQLite store.

use std::path::PathBuf;

/// Settings with defaults; only the path is required.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// The database file. Uploaded files are stored beside it in `<path>.blobs/`.
    pub path: PathBuf,
    /// Number of read connections.
    pub readers: usize,
    /// The most batches in one group commit.
    pub group_max: usize,
    /// The most tasks in the writer's queue; at the limit callers wait to enqueue.
    pub queue_max: usize,
    /// The page cache of the writer and of each reader, in KiB.
    pub writer_cache_kib: u32,
    pub reader_cache_kib: u32,
    /// Bytes of write-ahead log after which a SQLite checkpoint starts on its own thread.
    pub wal_soft_bytes: u64,
    /// Bytes of write-ahead log after which the writer itself finishes a checkpoint, which bounds the log.
    pub wal_hard_bytes: u64,
    /// The most stream heads that the writer caches.
    pub stream_cache: usize,
    /// The most rows of each view that the writer caches.
    pub row_cache: usize,
}

impl SqliteOptions {
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            readers: 4,
            group_max: 256,
            queue_max: 4096,
            writer_cache_kib: 65_536,
            reader_cache_kib: 16_384,
            wal_soft_bytes: 8 << 20,
            wal_hard_bytes: 64 << 20,
            stream_cache: 100_000,
            row_cache: 8_192,
        }
    }
}
