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

/// Why what is committed might not last, or could not be committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hindrance {
    /// The files under the store's names are no longer those that it writes.
    FilesGone,
    /// Less room is left on the disk than a working day may need.
    LittleRoom { bytes: u64 },
    /// The clock of this node is not that of the database.
    ClockDiffers { seconds: i64 },
    /// The last commit failed.
    CommitsFail,
}

/// What a store answers, later.
pub type Answer<'a, T> = BoxFuture<'a, Result<T>>;

/// A journal of events with everything that is committed beside it.
///
/// Guarantees, which [`crate::testing`] holds every adapter to: a batch commits whole or not at all; a commit that
/// was acknowledged survives a crash; a command takes effect once; what was acknowledged is seen by the next
/// question; readers never see half a batch; positions become visible in order.
pub trait Store: Send + Sync + fmt::Debug + 'static {
    // The journal.

    /// Commits a batch. See [`crate::Conflict`] for what the present state can refuse.
    fn commit(&self, batch: Batch) -> Answer<'_, Outcome>;
    /// What became of a command, as [`Outcome::Repeated`], if it took effect.
    fn outcome(&self, command: CommandId) -> Answer<'_, Option<Outcome>>;
    /// Events of a stream with versions above `after`, ascending, at most `limit`. A caller that keeps a state in
    /// memory asks only for what came after it.
    fn read_stream<'a>(
        &'a self,
        stream: &'a StreamId,
        after: Version,
        limit: usize,
    ) -> Answer<'a, Vec<Envelope>>;
    fn stream_head<'a>(&'a self, stream: &'a StreamId) -> Answer<'a, Option<StreamHead>>;
    /// Heads of the streams whose first event lies after `after`, by the position of that first event.
    fn stream_heads(&self, after: Position, limit: usize) -> Answer<'_, Vec<StreamHead>>;
    /// Events of all streams with positions above `after`, ascending, at most `limit`.
    fn read_all(&self, after: Position, limit: usize) -> Answer<'_, Vec<Envelope>>;
    /// The position of the last event.
    fn head(&self) -> Answer<'_, Position>;
    /// Changes whenever events become visible; tells how far.
    fn subscribe(&self) -> watch::Receiver<Position>;
    /// How busy this process's part of the store is. Asks nobody.
    fn load(&self) -> Load {
        Load::default()
    }

    // Views.

    /// Makes the views as declared and tells which of them do not yet show the journal and need a rebuild.
    /// Views that are not declared any more are dropped.
    fn declare_views(&self, schemas: Vec<ViewSchema>) -> Answer<'_, Vec<String>>;
    fn view_row<'a>(&'a self, table: &'a str, key: &'a [Cell]) -> Answer<'a, Option<Row>>;
    fn view_rows(&self, query: ViewQuery) -> Answer<'_, Page>;
    fn view_tally(&self, tally: ViewTally) -> Answer<'_, Vec<TallyRow>>;
    /// A digest over all rows, whatever their order: equal rows, equal digest.
    fn view_digest<'a>(&'a self, table: &'a str) -> Answer<'a, Digest>;

    // Rebuilding views beside the living ones; see `rebuild`.

    /// Starts a rebuild or takes up the one that was left off; tells how far it had come.
    fn rebuild_begin(&self) -> Answer<'_, Position>;
    /// Applies changes to the rebuilt rows; they now show the journal up to `up_to`.
    fn rebuild_apply(&self, changes: Vec<ViewChange>, up_to: Position) -> Answer<'_, ()>;
    /// The digests of living and of rebuilt rows of each view at one moment, which says whether they are the same; nothing
    /// when the rebuilt rows are behind the journal at that moment.
    fn rebuild_compare<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Option<Vec<RebuiltView>>>;
    /// Puts the rebuilt rows in the place of the living ones, if they have caught up with the journal.
    fn rebuild_finish(&self) -> Answer<'_, RebuildEnd>;
    /// Forgets an unfinished rebuild.
    fn rebuild_abandon(&self) -> Answer<'_, ()>;
    /// Clears away a part of the rows that rebuilds and other declarations have replaced, and tells whether there is more.
    /// Nobody sees them any more; a part keeps commits waiting for a moment only.
    fn rebuild_sweep(&self) -> Answer<'_, bool> {
        Box::pin(std::future::ready(Ok(false)))
    }

    // Personal data, files, editions.

    fn vault_get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<VaultEntry>>;
    /// The keys that hold something about a subject.
    fn vault_keys<'a>(&'a self, subject: &'a str) -> Answer<'a, Vec<String>>;
    /// Keys above `after` of entries that are kept, for audits.
    fn vault_walk<'a>(&'a self, after: &'a str, limit: usize) -> Answer<'a, Vec<String>>;
    /// Begins to store a file of at most `limit` bytes; `now` is when it counts as stored.
    fn blob_create(&self, limit: u64, now: Timestamp) -> Answer<'_, Box<dyn BlobSink>>;
    fn blob_open(&self, digest: Digest) -> Answer<'_, Option<Box<dyn BlobSource>>>;
    /// Who links to a file.
    fn blob_owners(&self, digest: Digest) -> Answer<'_, Vec<String>>;
    /// Removes files that nobody links to and that were stored before this instant; tells how many.
    fn blob_sweep(&self, stored_before: Timestamp) -> Answer<'_, u64>;
    fn edition<'a>(&'a self, hash: &'a str) -> Answer<'a, Option<Vec<u8>>>;
    /// The hashes of all kept editions, oldest first.
    fn editions(&self) -> Answer<'_, Vec<String>>;

    // Small values, numbers, jobs.

    /// The value of a key, unless it expired at or before `now`.
    fn kv_get<'a>(&'a self, space: &'a str, key: &'a str, now: Timestamp) -> Answer<'a, Option<Vec<u8>>>;
    /// Keys that begin with `prefix`, with their values, by key.
    fn kv_list<'a>(
        &'a self,
        space: &'a str,
        prefix: &'a str,
        now: Timestamp,
    ) -> Answer<'a, Vec<(String, Vec<u8>)>>;
    /// Forgets expired values; tells how many.
    fn kv_sweep(&self, now: Timestamp) -> Answer<'_, u64>;
    /// Takes `count` numbers of a counter for good and gives the first. Counters start at 1.
    fn take_numbers<'a>(&'a self, counter: &'a str, count: u64) -> Answer<'a, u64>;
    /// Leases due jobs until `lease_until`; a lease that runs out makes the job due again.
    fn lease_jobs<'a>(
        &'a self,
        queue: &'a str,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Answer<'a, Vec<Job>>;
    fn job_state(&self, id: Uuid) -> Answer<'_, Option<JobState>>;
    /// When the next job of a queue is due, if any waits.
    fn next_job_due<'a>(&'a self, queue: &'a str) -> Answer<'a, Option<Timestamp>>;
    /// Jobs that were given up, oldest first.
    fn jobs_given_up<'a>(&'a self, queue: &'a str, limit: usize) -> Answer<'a, Vec<Job>>;

    // Proof and upkeep.

    /// One consistent look at all stream heads and at the events after `after`, for a checkpoint.
    fn survey(&self, after: Position) -> Answer<'_, Survey>;
    fn checkpoints(&self) -> Answer<'_, Vec<Checkpoint>>;
    /// Keeps a checkpoint; its number must be the next one.
    fn save_checkpoint(&self, checkpoint: Checkpoint) -> Answer<'_, ()>;
    /// What the adapter can check about itself: its file, its links. Empty when all is well.
    fn self_check(&self) -> Answer<'_, Vec<String>>;
    /// Bytes that are free where files are kept; nothing where that cannot be known.
    fn room(&self) -> Answer<'_, Option<u64>> {
        Box::pin(std::future::ready(Ok(None)))
    }
    /// What stands in the way of commits that last, as far as the adapter can see it. Empty when all is well.
    fn hindrances(&self) -> Answer<'_, Vec<Hindrance>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }
    /// Forgets the keys of commands given before this instant, and jobs done before it; tells how many.
    fn forget_commands(&self, given_before: Timestamp) -> Answer<'_, u64>;

    // Moving to another store; see `move_into`.

    /// What is kept beside the journal, by key, after the last one of an earlier answer; at most `limit`. Expired values
    /// and erased keys are among it.
    fn belongings<'a>(
        &'a self,
        kind: BelongingKind,
        after: Option<&'a Belonging>,
        limit: usize,
    ) -> Answer<'a, Vec<Belonging>>;
    /// Keeps things as they were in another store; what is there under the same key is replaced. A file must be stored
    /// before it is taken in.
    fn take_in(&self, belongings: Vec<Belonging>) -> Answer<'_, ()>;
}
