//! Computing views anew from the journal, beside the living ones and while they serve.

use std::sync::Arc;

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
    fn project<'a>(&'a mut self, events: &'a Arc<Vec<Envelope>>) -> Answer<'a, Vec<ViewChange>>;
}

/// What a step found, ready to be written.
struct Step {
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
    let (mut events, mut at) = (0, Position::START);
    let mut compared = None;
    loop {
        let (read, reached) = advance(store, projector, at, resumed_from, progress).await?;
        events += read;
        at = reached;
        // It takes long, so what is committed meanwhile is read afterwards.
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

/// Reads to the end of the journal. While the rows of one step are written, those of the next are computed and the one
/// after it is read.
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
        // Writing and reading go on in threads of their own, once they were begun; computing is done here.
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

/// The next stretch of the journal; empty at its end. It never crosses `written`, up to where the rows are there already.
async fn look(store: &dyn Store, at: Position, written: Position) -> Result<Vec<Envelope>> {
    let mut read = store.read_all(at, EVENTS_PER_STEP).await?;
    if at < written {
        read.retain(|event| event.position <= written);
    }
    Ok(read)
}
