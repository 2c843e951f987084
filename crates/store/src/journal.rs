//! The trait that every adapter implements.

use std::fmt;
use std::pin::Pin;

use jiff::Timestamp;
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    Batch, Belonging, BelongingKind, BlobSink, BlobSource, Cell, Checkpoint, CommandId, Digest, Envelope,
    Job, JobState, Load, Outcome, Page, Position, RebuildEnd, RebuiltView, Result, Row, StreamHead, StreamId,
    Survey, TallyRow, VaultEntry, Version, ViewChange, ViewQuery, ViewSchema, ViewTally,
};

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Why commits may fail or may not be durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hindrance {
    /// The files at the store's paths are no longer the ones that it writes.
    FilesGone,
    /// The free disk space is less than a working day may need.
    LittleRoom { bytes: u64 },
    /// The clocks of this node and of the database differ.
    ClockDiffers { seconds: i64 },
    /// The last commit failed.
    CommitsFail,
}

/// The future result of a store operation.
pub type Answer<'a, T> = BoxFuture<'a, Result<T>>;

/// A journal of events with the data that is committed together with it.
///
/// Guarantees, which [`crate::testing`] checks for every adapter: a batch commits whole or not at all; an
/// acknowledged commit survives a crash; a command takes effect once; the next read sees what was
/// acknowledged; readers never see half a batch; positions become visible in order.
pub trait Store: Send + Sync + fmt::Debug + 'static {
    // The journal.

    /// Commits a batch. [`crate::Conflict`] lists why the current state may refuse it.
    fn commit(&self, batch: Batch) -> Answer<'_, Outcome>;
    /// The outcome of a command, as [`Outcome::Repeated`]; `None` if it did not take effect or was forgotten.
    fn outcome(&self, command: CommandId) -> Answer<'_, Option<Outcome>>;
    /// Events of a stream with versions above `after`, ascending, at most `limit`. A caller that has the
    /// stream's state in memory needs only the events after it.
    fn read_stream<'a>(
        &'a self,
        stream: &'a StreamId,
        after: Version,
        limit: usize,
    ) -> Answer<'a, Vec<Envelope>>;
    fn stream_head<'a>(&'a self, stream: &'a StreamId) -> Answer<'a, Option<StreamHead>>;
    /// Heads of the streams whose first event lies after `after`, ascending by the position of that first
    /// event.
    fn stream_heads(&self, after: Position, limit: usize) -> Answer<'_, Vec<StreamHead>>;
    /// Events of all streams with positions above `after`, ascending, at most `limit`.
    fn read_all(&self, after: Position, limit: usize) -> Answer<'_, Vec<Envelope>>;
    /// The position of the last event.
    fn head(&self) -> Answer<'_, Position>;
    /// The position of the last visible event; changes whenever events become visible.
    fn subscribe(&self) -> watch::Receiver<Position>;
    /// The load of this process's part of the store, from counters in memory.
    fn load(&self) -> Load {
        Load::default()
    }

    // Views.

    /// Creates the declared views and returns those whose rows do not yet reflect the journal and need a
    /// rebuild. Views that are no longer declared are dropped.
    fn declare_views(&self, schemas: Vec<ViewSchema>) -> Answer<'_, Vec<String>>;
    fn view_row<'a>(&'a self, table: &'a str, key: &'a [Cell]) -> Answer<'a, Option<Row>>;
    fn view_rows(&self, query: ViewQuery) -> Answer<'_, Page>;
    fn view_tally(&self, tally: ViewTally) -> Answer<'_, Vec<TallyRow>>;
    /// A digest over all rows, independent of their order.
    fn view_digest<'a>(&'a self, table: &'a str) -> Answer<'a, Digest>;

    // Rebuilding views while the live ones go on serving; see `rebuild`.

    /// Starts a rebuild or resumes an interrupted one; returns the position that it had reached.
    fn rebuild_begin(&self) -> Answer<'_, Position>;
    /// Applies changes to the rebuilt rows, which then reflect the journal up to `up_to`.
    fn rebuild_apply(&self, changes: Vec<ViewChange>, up_to: Position) -> Answer<'_, ()>;
    /// The digests of the live and of the rebuilt rows of each view, from one snapshot; `None` when the
    /// rebuilt rows are behind the journal in that snapshot.
    fn rebuild_compare<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Option<Vec<RebuiltView>>>;
    /// Replaces the live rows by the rebuilt ones, if these have caught up with the journal.
    fn rebuild_finish(&self) -> Answer<'_, RebuildEnd>;
    /// Discards an unfinished rebuild.
    fn rebuild_abandon(&self) -> Answer<'_, ()>;
    /// Deletes a portion of the rows that rebuilds and changed declarations have replaced; returns whether
    /// more are left. No query reads these rows; a portion is small, so that commits wait only briefly.
    fn rebuild_sweep(&self) -> Answer<'_, bool> {
        Box::pin(std::future::ready(Ok(false)))
    }

    // Personal data, files, editions.

    fn vault_get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<VaultEntry>>;
    /// The keys of the entries about a subject.
    fn vault_keys<'a>(&'a self, subject: &'a str) -> Answer<'a, Vec<String>>;
    /// Keys above `after` of entries that are not erased, at most `limit`, for audits.
    fn vault_walk<'a>(&'a self, after: &'a str, limit: usize) -> Answer<'a, Vec<String>>;
    /// Begins to store a file of at most `limit` bytes; `now` is recorded as the time when it was stored.
    fn blob_create(&self, limit: u64, now: Timestamp) -> Answer<'_, Box<dyn BlobSink>>;
    fn blob_open(&self, digest: Digest) -> Answer<'_, Option<Box<dyn BlobSource>>>;
    /// The owners linked to a file.
    fn blob_owners(&self, digest: Digest) -> Answer<'_, Vec<String>>;
    /// Removes files without owners that were stored before this instant; returns how many.
    fn blob_sweep(&self, stored_before: Timestamp) -> Answer<'_, u64>;
    fn edition<'a>(&'a self, hash: &'a str) -> Answer<'a, Option<Vec<u8>>>;
    /// The hashes of all kept editions, oldest first.
    fn editions(&self) -> Answer<'_, Vec<String>>;

    // Small values, numbers, jobs.

    /// The value of a key, unless it expired at or before `now`.
    fn kv_get<'a>(&'a self, space: &'a str, key: &'a str, now: Timestamp) -> Answer<'a, Option<Vec<u8>>>;
    /// Keys that begin with `prefix` and have not expired at `now`, with their values, by key.
    fn kv_list<'a>(
        &'a self,
        space: &'a str,
        prefix: &'a str,
        now: Timestamp,
    ) -> Answer<'a, Vec<(String, Vec<u8>)>>;
    /// Deletes expired values; returns how many.
    fn kv_sweep(&self, now: Timestamp) -> Answer<'_, u64>;
    /// Takes the next `count` numbers of a counter and returns the first; no number is given twice. Counters
    /// start at 1.
    fn take_numbers<'a>(&'a self, counter: &'a str, count: u64) -> Answer<'a, u64>;
    /// Leases due jobs until `lease_until`; when a lease expires, the job is due again.
    fn lease_jobs<'a>(
        &'a self,
        queue: &'a str,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Answer<'a, Vec<Job>>;
    fn job_state(&self, id: Uuid) -> Answer<'_, Option<JobState>>;
    /// When the next job of a queue is due, or the lease on it expires; `None` if no job waits.
    fn next_job_due<'a>(&'a self, queue: &'a str) -> Answer<'a, Option<Timestamp>>;
    /// Jobs that were given up, oldest first.
    fn jobs_given_up<'a>(&'a self, queue: &'a str, limit: usize) -> Answer<'a, Vec<Job>>;

    // Proof and upkeep.

    /// One consistent snapshot of all stream heads and of the events after `after`, for a checkpoint.
    fn survey(&self, after: Position) -> Answer<'_, Survey>;
    fn checkpoints(&self) -> Answer<'_, Vec<Checkpoint>>;
    /// Stores a checkpoint; its number must be the next one.
    fn save_checkpoint(&self, checkpoint: Checkpoint) -> Answer<'_, ()>;
    /// Faults that the adapter finds in its own files and tables. Empty when all is well.
    fn self_check(&self) -> Answer<'_, Vec<String>>;
    /// Free bytes on the disk that holds the files; `None` where that is unknown.
    fn room(&self) -> Answer<'_, Option<u64>> {
        Box::pin(std::future::ready(Ok(None)))
    }
    /// Conditions that the adapter can detect under which commits fail or are not durable. Empty when all is
    /// well.
    fn hindrances(&self) -> Answer<'_, Vec<Hindrance>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }
    /// Deletes the keys of commands given before this instant and jobs done before it; returns how many.
    fn forget_commands(&self, given_before: Timestamp) -> Answer<'_, u64>;

    // Moving to another store; see `move_into`.

    /// Items kept beside the journal, by key, after the last item of an earlier answer; at most `limit`. They
    /// include expired values and erased keys.
    fn belongings<'a>(
        &'a self,
        kind: BelongingKind,
        after: Option<&'a Belonging>,
        limit: usize,
    ) -> Answer<'a, Vec<Belonging>>;
    /// Stores items as they were in another store, replacing what is there under the same key. A file's bytes
    /// must be stored first.
    fn take_in(&self, belongings: Vec<Belonging>) -> Answer<'_, ()>;
}
