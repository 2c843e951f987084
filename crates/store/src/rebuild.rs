//! Computing views anew from the journal, beside the living ones and while they serve.

use crate::{Answer, Digest, Envelope, Position, Result, Store, StoreError, ViewChange};

/// How many events one step of a rebuild reads. What a stream does and undoes within a step is written once; a longer
/// step keeps commits waiting longer.
const EVENTS_PER_STEP: usize = 16 * 1024;

/// Computes the rows that events make. It sees every event of the journal once, in order.
pub trait Projector: Send {
    /// The changes that lead from the rows before this stretch of the journal to those after it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when an event cannot be read.
    fn project<'a>(&'a mut self, events: &'a [Envelope]) -> Answer<'a, Vec<ViewChange>>;
}

/// What a step found, ready to be written.
struct Step {
    events: u64,
    last: Position,
    changes: Vec<ViewChange>,
}

/// How an attempt to finish a rebuild ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RebuildEnd {
    Swapped,
    /// Events were appended since: read on from here.
    Behind(Position),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuildReport {
    pub events: u64,
    /// Where a rebuild that had been left off was taken up.
    pub resumed_from: Position,
    /// Each view with its digest before and after.
    pub views: Vec<RebuiltView>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuiltView {
    pub table: String,
    pub before: Digest,
    pub after: Digest,
}

impl RebuildReport {
    /// Whether the living rows were already what the journal says.
    #[must_use]
    pub fn unchanged(&self) -> bool {
        self.views.iter().all(|view| view.before == view.after)
    }
}

/// Rebuilds all declared views. The store serves and commits meanwhile; the new rows appear at once at the end.
///
/// A rebuild that was left off is taken up: the projector still sees every event, to have its state, but rows
/// that were written are not written again. `progress` is told the position reached.
///
/// # Errors
/// Faults of the store or the projector; the living rows stay as they were.
pub async fn rebuild(
    store: &dyn Store,
    tables: &[String],
    projector: &mut dyn Projector,
    progress: &mut (dyn FnMut(Position) + Send),
) -> Result<RebuildReport> {
    let resumed_from = store.rebuild_begin().await?;
    let mut events = 0;
    let mut at = Position::START;
    loop {
        let (read, reached) = advance(store, projector, at, resumed_from, progress).await?;
        events += read;
        at = reached;
        // Digests are of no use while rows are still being added; they are taken just before the swap.
        let views = digests(store, tables).await?;
        match store.rebuild_finish().await? {
            RebuildEnd::Swapped => return Ok(RebuildReport { events, resumed_from, views }),
            RebuildEnd::Behind(position) if position == at => {}
            RebuildEnd::Behind(position) => {
                return Err(StoreError::malformed(format!("two rebuilds at once, at {at} and {position}")));
            }
        }
    }
}

/// Reads to the end of the journal. While the rows of one step are written, the next is read and computed.
async fn advance(
    store: &dyn Store,
    projector: &mut dyn Projector,
    at: Position,
    written: Position,
    progress: &mut (dyn FnMut(Position) + Send),
) -> Result<(u64, Position)> {
    let (mut events, mut at) = (0, at);
    let mut found = look(store, projector, at, written).await?;
    while let Some(step) = found {
        events += step.events;
        at = step.last;
        let apply = async {
            if step.last > written { store.rebuild_apply(step.changes, step.last).await } else { Ok(()) }
        };
        let (applied, next) = tokio::join!(apply, look(store, projector, at, written));
        applied?;
        progress(at);
        found = next?;
    }
    Ok((events, at))
}

/// The next step, if there is one. It never crosses `written`, up to where the rows are there already.
async fn look(
    store: &dyn Store,
    projector: &mut dyn Projector,
    at: Position,
    written: Position,
) -> Result<Option<Step>> {
    let mut read = store.read_all(at, EVENTS_PER_STEP).await?;
    if at < written {
        read.retain(|event| event.position <= written);
    }
    let Some(last) = read.last().map(|event| event.position) else { return Ok(None) };
    let changes = projector.project(&read).await?;
    Ok(Some(Step { events: read.len() as u64, last, changes }))
}

async fn digests(store: &dyn Store, tables: &[String]) -> Result<Vec<RebuiltView>> {
    let mut views = Vec::new();
    for table in tables {
        let before = store.view_digest(table, false).await?;
        let after = store.view_digest(table, true).await?;
        views.push(RebuiltView { table: table.clone(), before, after });
    }
    Ok(views)
}
