//! What a deployment may choose about its SQLite store.

use std::path::PathBuf;

/// Settings with sound defaults; only the path is needed.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// The database file. Uploaded files lie beside it in `<path>.blobs/`.
    pub path: PathBuf,
    /// Connections for reading.
    pub readers: usize,
    /// The most batches that share one commit.
    pub group_max: usize,
    /// How many batches may wait for the writer before callers wait too.
    pub queue_max: usize,
    /// The page cache of the writer and of each reader, in KiB.
    pub writer_cache_kib: u32,
    pub reader_cache_kib: u32,
    /// After how many bytes of write-ahead log a checkpoint of SQLite's begins beside the writer.
    pub wal_soft_bytes: u64,
    /// After how many bytes the writer itself finishes one, so that the log cannot grow for ever.
    pub wal_hard_bytes: u64,
    /// How many streams the writer remembers the heads of.
    pub stream_cache: usize,
    /// How many rows of each view the writer remembers.
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
