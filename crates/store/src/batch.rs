//! The batch: everything that one command changes, committed as a whole or not at all.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{CommandId, Digest, NewEvent, Position, StreamId, Version, ViewChange};

/// The stream version that an append requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Any version, also none.
    Any,
    /// The stream has no event yet.
    NoStream,
    /// The stream is exactly at this version.
    Version(Version),
}

impl Expected {
    /// Whether a stream at version `actual` meets the requirement.
    #[must_use]
    pub fn holds(self, actual: Version) -> bool {
        match self {
            Self::Any => true,
            Self::NoStream => actual == Version::NONE,
            Self::Version(version) => actual == version,
        }
    }
}

/// Events for one stream. With no events it only checks the version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    pub stream: StreamId,
    pub expected: Expected,
    pub events: Vec<NewEvent>,
}

/// Everything that one command changes: events, rows, personal data, files, numbers, jobs.
///
/// A store commits the whole batch or nothing of it. Appends come first, in order, then `changes` in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// Idempotency key: a batch repeated with the same key has no effect and returns the first one's reply.
    pub command: Option<CommandId>,
    /// When the command was given; kept with the key so that old keys can be forgotten.
    pub at: Timestamp,
    pub appends: Vec<Append>,
    pub changes: Vec<Change>,
    /// The reply that a repetition of the command gets. It is stored with the key: keep it small.
    pub reply: Vec<u8>,
    /// Its changes are copied from another store, whose journal says them already.
    pub(crate) is_copy: bool,
}

impl Batch {
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self { at, ..Self::default() }
    }

    #[must_use]
    pub fn command(mut self, id: CommandId, reply: Vec<u8>) -> Self {
        self.command = Some(id);
        self.reply = reply;
        self
    }

    #[must_use]
    pub fn append(mut self, stream: StreamId, expected: Expected, events: Vec<NewEvent>) -> Self {
        self.appends.push(Append { stream, expected, events });
        self
    }

    #[must_use]
    pub fn change(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    #[must_use]
    pub fn views(mut self, changes: impl IntoIterator<Item = ViewChange>) -> Self {
        self.changes.extend(changes.into_iter().map(Change::View));
        self
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.command.is_none() && self.appends.is_empty() && self.changes.is_empty()
    }
}

/// A change beside the journal, committed with it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// Changes rows of a declared view.
    View(ViewChange),
    /// Personal data under a key that events refer to. Replaces what the key held.
    VaultPut {
        key: String,
        subject: String,
        salt: [u8; 16],
        bytes: Vec<u8>,
    },
    /// Erases what the key holds; the key remains, marked as erased.
    VaultErase {
        key: String,
    },
    /// Erases every vault entry of one subject.
    VaultEraseSubject {
        subject: String,
    },
    /// Links a stored file to `owner`; a file without owners is removed by the sweep.
    BlobLink {
        digest: Digest,
        owner: String,
    },
    BlobUnlink {
        digest: Digest,
        owner: String,
    },
    /// Stores an edition under its content hash. Storing it again has no effect.
    EditionPut {
        hash: String,
        bytes: Vec<u8>,
    },
    /// Sets a small value under a key, such as a session.
    KvPut {
        space: String,
        key: String,
        bytes: Vec<u8>,
        expires_at: Option<Timestamp>,
    },
    /// As `KvPut`, but refused with [`crate::Conflict::Taken`] while the key holds a value that has not
    /// expired at the batch's time.
    KvClaim {
        space: String,
        key: String,
        bytes: Vec<u8>,
        expires_at: Option<Timestamp>,
    },
    KvRemove {
        space: String,
        key: String,
    },
    /// Takes the next number of a counter; see [`Outcome::numbers`].
    NumberTake {
        counter: String,
    },
    /// Queues a job. Has no effect if the id is already known (waiting, done or given up).
    JobPut {
        id: Uuid,
        queue: String,
        due_at: Timestamp,
        body: Vec<u8>,
    },
    /// Ends a leased job as done.
    JobDone {
        id: Uuid,
        attempt: u32,
    },
    /// Returns a leased job to its queue for another attempt at `due_at`.
    JobRetry {
        id: Uuid,
        attempt: u32,
        due_at: Timestamp,
        problem: String,
    },
    /// Gives a leased job up; it stays readable.
    JobGiveUp {
        id: Uuid,
        attempt: u32,
        problem: String,
    },
}

/// The result of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Committed {
        positions: Option<PositionRange>,
        numbers: Vec<u64>,
    },
    /// The command was committed before; positions, numbers and reply are those of the first time.
    Repeated {
        positions: Option<PositionRange>,
        numbers: Vec<u64>,
        reply: Vec<u8>,
    },
}

impl Outcome {
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        matches!(self, Self::Repeated { .. })
    }

    /// The positions of the batch's events, if it had any.
    #[must_use]
    pub fn positions(&self) -> Option<PositionRange> {
        match self {
            Self::Committed { positions, .. } | Self::Repeated { positions, .. } => *positions,
        }
    }

    /// The numbers taken by [`Change::NumberTake`], in order.
    #[must_use]
    pub fn numbers(&self) -> &[u64] {
        match self {
            Self::Committed { numbers, .. } | Self::Repeated { numbers, .. } => numbers,
        }
    }
}

/// The first and the last position of a batch's events. Other events may lie between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PositionRange {
    pub first: Position,
    pub last: Position,
}
