//! The journal trait, its memory version and the conformance suite.
//!
//! A store holds streams of hash-chained events and, committed together with them, rows of declared views,
//! personal data that can be erased, files, small values, numbers and jobs. It knows no case, no form and no
//! person; it must not know SQL, HTTP or a signature algorithm. Start at [`Store`] and [`Batch`];
//! [`MemoryStore`] shows what an adapter must do, and `testing::run_all` (feature `testing`) checks that it does.

mod audit;
mod batch;
mod checkpoint;
mod envelope;
mod error;
mod identity;
mod journal;
mod keeping;
mod matching;
mod memory;
mod moving;
mod query;
mod rebuild;
mod refusal;
mod said;
mod search;
mod takeover;
#[cfg(feature = "testing")]
pub mod testing;
mod view;

pub use audit::{AuditReport, Finding, audit, audit_told};
pub use batch::{Append, Batch, Change, Expected, Outcome, PositionRange};
pub use checkpoint::{
    Checkpoint, CheckpointSigner, CheckpointVerifier, HeadsRoot, SpanDigest, StreamHead, Survey, head_leaf,
    take_checkpoint,
};
pub use envelope::{Envelope, NewEvent, whole_microseconds};
pub use error::{Conflict, Result, StoreError};
pub use identity::{CommandId, Digest, EventId, Position, STREAM_NAME_BYTES_MAX, StreamId, Version};
pub use journal::{Answer, BoxFuture, Hindrance, Store};
pub use keeping::{BlobRef, BlobSink, BlobSource, Job, JobState, Load, VaultEntry, vault_digest};
pub use matching::{CellRef, RowsDigest};
pub use memory::{Fate, Fates, MemoryStore};
pub use moving::{Belonging, BelongingKind, KeptJob, MoveReport, begin_move, is_moving, move_into};
pub use query::{
    Condition, Cursor, Direction, Measure, OrderBy, PAGE_ROWS_MAX, Page, TallyRow, ViewQuery, ViewTally,
};
pub use rebuild::{Projector, RebuildEnd, RebuildReport, RebuiltView, rebuild};
pub use refusal::{Facts, check_batch};
pub use said::as_appended;
pub use search::{Wanted, search_words, wanted_words, words_match};
pub use view::{Cell, Column, ColumnKind, Row, ViewChange, ViewSchema};
