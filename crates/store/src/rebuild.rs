//! Rebuilding views from the journal while the live ones go on serving.

use std::sync::Arc;

use crate::{Answer, Digest, Envelope, Position, Result, Store, StoreError, ViewChange};

/// Events per step of a rebuild. A row that changes several times within a step is written once; a longer
/// step blocks commits for longer.
const EVENTS_PER_STEP: usize = 16 * 1024;

/// Computes view rows from events. It gets every event of the journal once, in order.
pub trait Projector: Send {
    /// The changes that turn the rows before these events into the rows after them.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when an event cannot be read.
    fn project<'a>(&'a mut self, events: &'a Arc<Vec<Envelope>>) -> Answer<'a, Vec<ViewChange>>;
}

/// The computed changes of one step, ready to be written.
struct Step {
    last: Position,
    changes: Vec<ViewChange>,
}

/// The result of an attempt to finish a rebuild.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RebuildEnd {
    Swapped,
    /// The rebuilt rows reach only to this position, because events were appended since.
    Behind(Position),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuildReport {
    pub events: u64,
    /// The position from which an interrupted rebuild was resumed.
    pub resumed_from: Position,
    /// The digests of each view before and after.
    pub views: Vec<RebuiltView>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuiltView {
    pub table: String,
    pub before: Digest,
    pub after: Digest,
}

impl RebuildReport {
    /// Whether the live rows already agreed with the journal.
    #[must_use]
    pub fn unchanged(&self) -> bool {
        self.views.iter().all(|view| view.before == view.after)
    }
}

/// Rebuilds all declared views. The store serves and commits meanwhile; at the end the new rows replace the
/// old ones at once.
///
/// An interrupted rebuild is resumed: the projector gets every event again, to restore its state, but rows
/// already written are not written again. `progress` receives the position reached.
///
/// # Errors
/// Faults of the store or the projector, and [`StoreError::Malformed`] when two rebuilds run at once; the
/// live rows stay as they were.
pub async fn rebuild(
    store: &dyn Store,
    tables: &[String],
    projector: &mut dyn Projector,
    progress: &mut (dyn FnMut(Position) + Send),
) -> Result<RebuildReport> {
    let resumed_from = store.rebuild_begin().await?;
    let (mut events, mut at) = (0, Position::START);
    let mut compared = None;
    loop {
        let (read, reached) = advance(store, projector, at, resumed_from, progress).await?;
        events += read;
        at = reached;
        // The comparison takes long, so events committed meanwhile are read before the swap.
        let Some(views) = compared.take() else {
            compared = store.rebuild_compare(tables).await?;
            continue;
        };
        match store.rebuild_finish().await? {
            RebuildEnd::Swapped => return Ok(RebuildReport { events, resumed_from, views }),
            RebuildEnd::Behind(position) if position == at => compared = Some(views),
            RebuildEnd::Behind(position) => {
                return Err(StoreError::malformed(format!("two rebuilds at once, at {at} and {position}")));
            }
        }
    }
}

/// Reads to the end of the journal, as a pipeline: while the rows of one step are written, those of the next
/// are computed and the events of the one after it are read.
async fn advance(
    store: &dyn Store,
    projector: &mut dyn Projector,
    at: Position,
    written: Position,
    progress: &mut (dyn FnMut(Position) + Send),
) -> Result<(u64, Position)> {
    let (mut events, mut at) = (0, at);
    let mut read = Arc::new(look(store, at, written).await?);
    let mut found: Option<Step> = None;
    loop {
        let last = read.last().map(|event| event.position);
        let writing = found.is_some();
        let apply = async {
            match found {
                Some(step) if step.last > written => store.rebuild_apply(step.changes, step.last).await,
                _ => Ok(()),
            }
        };
        let ahead = async {
            match last {
                Some(last) => look(store, last, written).await,
                None => Ok(Vec::new()),
            }
        };
        let project = async {
            match last {
                Some(last) => Some(projector.project(&read).await.map(|changes| Step { last, changes })),
                None => None,
            }
        };
        // Writing and reading run on other threads once they are started; computing runs here.
        let (applied, next, step) = tokio::join!(biased; apply, ahead, project);
        applied?;
        if writing {
            progress(at);
        }
        let Some(step) = step.transpose()? else { return Ok((events, at)) };
        (events, at) = (events + read.len() as u64, step.last);
        (found, read) = (Some(step), Arc::new(next?));
    }
}

/// The next events, at most one step; empty at the end of the journal. They never cross `written`, the
/// position up to which rows are already written.
async fn look(store: &dyn Store, at: Position, written: Position) -> Result<Vec<Envelope>> {
    let mut read = store.read_all(at, EVENTS_PER_STEP).await?;
    if at < written {
        read.retain(|event| event.position <= written);
    }
    Ok(read)
}
