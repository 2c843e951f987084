//! Computing views anew from the journal, beside the living ones and while they serve.

use crate::{Digest, Envelope, Position, Result, Store, StoreError, ViewChange};

/// How many events one step of a rebuild reads.
const EVENTS_PER_STEP: usize = 4096;

/// Computes the rows that events make. It sees every event of the journal once, in order.
pub trait Projector: Send {
    /// # Errors
    /// [`StoreError::Damaged`] when an event cannot be read.
    fn project(&mut self, event: &Envelope) -> Result<Vec<ViewChange>>;
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

async fn advance(
    store: &dyn Store,
    projector: &mut dyn Projector,
    mut at: Position,
    written: Position,
    progress: &mut (dyn FnMut(Position) + Send),
) -> Result<(u64, Position)> {
    let mut events = 0;
    loop {
        let step = store.read_all(at, EVENTS_PER_STEP).await?;
        let Some(last) = step.last().map(|event| event.position) else { return Ok((events, at)) };
        let mut changes = Vec::new();
        for event in &step {
            let made = projector.project(event)?;
            if event.position > written {
                changes.extend(made);
            }
        }
        if last > written {
            store.rebuild_apply(changes, last).await?;
        }
        events += step.len() as u64;
        at = last;
        progress(at);
    }
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
