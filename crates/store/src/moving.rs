//! Moving a whole store into another adapter: the journal with its chains and positions, and the data beside
//! it.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Batch, Change, CommandId, Digest, Expected, JobState, Outcome, Position, Result, Store, StoreError,
    VaultEntry, Version,
};

/// One item kept beside the journal, with all its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Belonging {
    Vault {
        key: String,
        entry: VaultEntry,
    },
    /// A file's metadata; its bytes are copied separately.
    File {
        digest: Digest,
        stored_at: Timestamp,
        owners: Vec<String>,
    },
    Value {
        space: String,
        key: String,
        bytes: Vec<u8>,
        expires_at: Option<Timestamp>,
    },
    Counter {
        name: String,
        last: u64,
    },
    Job(Box<KeptJob>),
    Command {
        id: CommandId,
        at: Timestamp,
        outcome: Outcome,
    },
}

/// A job in any state, with all its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptJob {
    pub id: Uuid,
    pub queue: String,
    pub due_at: Timestamp,
    pub attempt: u32,
    pub state: JobState,
    /// When the lease ends, while a worker holds one.
    pub lease_until: Option<Timestamp>,
    pub body: Vec<u8>,
    pub problem: Option<String>,
    pub ended_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BelongingKind {
    Vault,
    File,
    Value,
    Counter,
    Job,
    Command,
}

impl BelongingKind {
    /// Files come last: they are the largest, and nothing else waits for them.
    pub const ALL: [Self; 6] =
        [Self::Vault, Self::Value, Self::Counter, Self::Job, Self::Command, Self::File];
}

/// What was moved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MoveReport {
    pub events: u64,
    pub belongings: u64,
    pub files: u64,
    pub file_bytes: u64,
    pub editions: u64,
    pub checkpoints: u64,
    /// Events that an interrupted earlier move had already copied.
    pub there_before: u64,
}

const EVENTS_PER_STEP: usize = 1000;
const BELONGINGS_PER_STEP: usize = 500;
/// Space and key of the marker in the target store while a move is unfinished.
const SPACE: &str = "moving";
const KEY: &str = "begun";

/// Copies everything that `from` holds into `to`, which must be empty or the target of an interrupted move of
/// the same store; that move is resumed. Views are not copied: they are rebuilt when they are declared.
/// Neither store may be written to meanwhile. At the end the two must agree in every event, position, head
/// and checkpoint.
///
/// # Errors
/// [`StoreError::Malformed`] when `to` holds something else; [`StoreError::Fault`] when a position or a file
/// is missing, a file is damaged, or the journals differ afterwards; faults of either store.
pub async fn move_into(
    from: &dyn Store,
    to: &dyn Store,
    now: Timestamp,
    progress: &mut (dyn FnMut(Position) + Send),
) -> Result<MoveReport> {
    begin_move(from, to, now).await?;
    let mut report = MoveReport::default();
    move_events(from, to, now, &mut report, progress).await?;
    for hash in from.editions().await? {
        let bytes = from.edition(&hash).await?.ok_or_else(|| StoreError::fault("an edition vanished"))?;
        let copied = Batch { is_copy: true, ..Batch::new(now).change(Change::EditionPut { hash, bytes }) };
        to.commit(copied).await?;
        report.editions += 1;
    }
    for kind in BelongingKind::ALL {
        move_belongings(from, to, kind, &mut report).await?;
    }
    let there = to.checkpoints().await?.len();
    for checkpoint in from.checkpoints().await?.into_iter().skip(there) {
        to.save_checkpoint(checkpoint).await?;
    }
    report.checkpoints = to.checkpoints().await?.len() as u64;
    if from.survey(Position::START).await? != to.survey(Position::START).await?
        || from.checkpoints().await? != to.checkpoints().await?
    {
        return Err(StoreError::fault("the journals differ after the move"));
    }
    to.commit(Batch::new(now).change(Change::KvRemove { space: SPACE.into(), key: KEY.into() })).await?;
    Ok(report)
}

/// Whether a store is the target of an unfinished move. Such a store is incomplete and must not be served.
///
/// # Errors
/// Faults of the store.
pub async fn is_moving(store: &dyn Store, now: Timestamp) -> Result<bool> {
    Ok(store.kv_get(SPACE, KEY, now).await?.is_some())
}

/// Marks `to` as the target of a move from `from`; idempotent. [`move_into`] calls it too.
///
/// # Errors
/// [`StoreError::Malformed`] when `to` holds something else; faults of either store.
pub async fn begin_move(from: &dyn Store, to: &dyn Store, now: Timestamp) -> Result<()> {
    let first = from.read_all(Position::START, 1).await?;
    let name = first.first().map_or(Digest::ZERO, |event| event.hash).to_string().into_bytes();
    match to.kv_get(SPACE, KEY, now).await? {
        Some(begun) if begun == name => return Ok(()),
        Some(_) => return Err(StoreError::malformed("a move of another store into this one was begun")),
        None => {}
    }
    let mut empty = to.head().await? == Position::START
        && to.editions().await?.is_empty()
        && to.checkpoints().await?.is_empty();
    for kind in BelongingKind::ALL {
        empty &= to.belongings(kind, None, 1).await?.is_empty();
    }
    if !empty {
        return Err(StoreError::malformed("the store that is to be filled is not empty"));
    }
    let put = Change::KvPut { space: SPACE.into(), key: KEY.into(), bytes: name, expires_at: None };
    to.commit(Batch::new(now).change(put)).await?;
    Ok(())
}

async fn move_events(
    from: &dyn Store,
    to: &dyn Store,
    now: Timestamp,
    report: &mut MoveReport,
    progress: &mut (dyn FnMut(Position) + Send),
) -> Result<()> {
    let mut at = to.head().await?;
    report.there_before = at.0;
    loop {
        let events = from.read_all(at, EVENTS_PER_STEP).await?;
        let Some(last) = events.last().map(|event| event.position) else { return Ok(()) };
        report.events += events.len() as u64;
        let mut batch = Batch::new(now);
        for event in events {
            let before = Expected::Version(Version(event.version.0.saturating_sub(1)));
            let stream = event.stream.clone();
            let crate::Envelope { id, at, kind, schema, actor, body, .. } = event;
            let event = crate::NewEvent { id, at, kind, schema, actor, body };
            match batch.appends.last_mut() {
                Some(run) if run.stream == stream => run.events.push(event),
                _ => batch = batch.append(stream, before, vec![event]),
            }
        }
        let reached = to.commit(batch).await?.positions().map_or(at, |range| range.last);
        if reached != last {
            return Err(StoreError::fault(format!(
                "position {last} became {reached}: a position is missing"
            )));
        }
        at = last;
        progress(at);
    }
}

async fn move_belongings(
    from: &dyn Store,
    to: &dyn Store,
    kind: BelongingKind,
    report: &mut MoveReport,
) -> Result<()> {
    let mut last: Option<Belonging> = None;
    loop {
        let some = from.belongings(kind, last.as_ref(), BELONGINGS_PER_STEP).await?;
        let Some(end) = some.last().cloned() else { return Ok(()) };
        for belonging in &some {
            if let Belonging::File { digest, stored_at, .. } = belonging {
                report.file_bytes += move_file(from, to, *digest, *stored_at).await?;
                report.files += 1;
            }
        }
        report.belongings += some.len() as u64;
        to.take_in(some).await?;
        last = Some(end);
    }
}

async fn move_file(from: &dyn Store, to: &dyn Store, digest: Digest, stored_at: Timestamp) -> Result<u64> {
    let missing = || StoreError::fault(format!("file {digest} is missing"));
    let mut source = from.blob_open(digest).await?.ok_or_else(missing)?;
    let bytes = source.bytes();
    if to.blob_open(digest).await?.is_some() {
        return Ok(bytes);
    }
    let mut sink = to.blob_create(bytes, stored_at).await?;
    while let Some(piece) = source.next().await? {
        sink.write(&piece).await?;
    }
    if sink.finish().await?.digest == digest {
        Ok(bytes)
    } else {
        Err(StoreError::fault(format!("file {digest} is damaged")))
    }
}
