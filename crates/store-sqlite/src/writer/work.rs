//! Groups of batches, committed together.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use store::{Position, Result, StoreError};
use tokio::sync::watch;

use super::Writer;
use super::handle::{Grouped, Task, Waiter};
use crate::wal::Wal;

/// The writer with the steps around its commits.
#[derive(Debug)]
pub(super) struct Work {
    writer: Writer,
    visible: Arc<watch::Sender<Position>>,
    wal: Wal,
    group_max: usize,
    /// Whether the last commit failed.
    failing: Arc<AtomicBool>,
}

impl Work {
    pub(super) fn new(
        writer: Writer,
        visible: Arc<watch::Sender<Position>>,
        wal: Wal,
        group_max: usize,
    ) -> Self {
        Self { writer, visible, wal, group_max, failing: Arc::default() }
    }

    pub(super) fn failing(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.failing)
    }

    /// Whether the next commit is followed by copying the log, which takes a while.
    pub(super) fn is_log_full(&self) -> bool {
        self.wal.is_full()
    }

    pub(super) fn commits(&self) -> u64 {
        self.writer.commits
    }

    /// How long the last commit took.
    pub(super) fn commit_nanos(&self) -> u64 {
        u64::try_from(self.writer.last_commit.as_nanos()).unwrap_or(u64::MAX)
    }

    pub(super) fn alone(&mut self, ask: Box<dyn FnOnce(&mut Writer) + Send>) {
        ask(&mut self.writer);
    }

    /// Commits `first` with all tasks from `take`, up to a bound. Returns the size of the group, and the task
    /// that could not share the commit.
    pub(super) fn run_group(
        &mut self,
        first: Task,
        take: impl Fn() -> Option<Task>,
    ) -> (usize, Option<Task>) {
        let (mut group, mut readers) = (Vec::new(), Vec::new());
        let mut next = Some(first);
        while let Some(task) = next.take() {
            match task {
                Task::Grouped(one) => group.push(one),
                Task::Settle(reader) => readers.push(reader),
                Task::Look => {}
                alone @ Task::Alone(_) => {
                    next = Some(alone);
                    break;
                }
            }
            if group.len() < self.group_max {
                next = take();
            }
        }
        let size = group.len();
        if !group.is_empty() {
            self.commit_group(group, !readers.is_empty());
        }
        if !readers.is_empty() {
            self.settle(readers);
        }
        (size, next)
    }

    /// Brings the tables up to date if the last commit did not. Returns whether it succeeded.
    pub(super) fn settle(&mut self, readers: Vec<Waiter>) -> bool {
        let settled = if self.writer.is_settled() { Ok(()) } else { self.writer.settle_alone() };
        if let Err(error) = &settled {
            tracing::error!(%error, "waiting changes could not be written");
        }
        for reader in readers {
            reader(settled.as_ref().copied().map_err(again));
        }
        settled.is_ok()
    }

    pub(super) fn after_commit(&mut self) {
        let head = self.writer.head();
        self.visible.send_if_modified(|seen| std::mem::replace(seen, head) != head);
        let erased = std::mem::take(&mut self.writer.erased);
        self.wal.after_commit(&self.writer.connection, erased);
    }

    pub(super) fn commit_group(&mut self, mut group: Vec<Box<dyn Grouped>>, must_settle: bool) {
        match self.try_group(&mut group, must_settle) {
            Ok(()) => {
                self.failing.store(false, Ordering::Relaxed);
                group.into_iter().for_each(|one| one.answer(None));
            }
            Err(End::Commit(StoreError::NoRoom)) => {
                tracing::error!("there is no room left for the data");
                self.failing.store(true, Ordering::Relaxed);
                // SQLite has rolled it back.
                group.into_iter().for_each(|one| one.answer(Some(StoreError::NoRoom)));
            }
            Err(End::Commit(error)) => {
                self.failing.store(true, Ordering::Relaxed);
                tracing::error!(%error, "a group commit failed");
                group.into_iter().for_each(|one| one.answer(Some(StoreError::Unanswered)));
            }
            Err(End::Write(error)) if group.len() == 1 => {
                self.failing.store(true, Ordering::Relaxed);
                group.into_iter().for_each(|one| one.answer(Some(again(&error))));
            }
            Err(End::Write(error)) => {
                tracing::warn!(%error, "writing a group failed, each batch is tried alone");
                group.into_iter().for_each(|one| self.commit_group(vec![one], must_settle));
            }
        }
    }

    fn try_group(&mut self, group: &mut [Box<dyn Grouped>], must_settle: bool) -> Result<(), End> {
        let begun = self.writer.begin().map_err(End::Write);
        let ran = begun.and_then(|()| {
            group.iter_mut().try_for_each(|one| one.run(&mut self.writer)).map_err(End::Write)?;
            self.writer.end_group(must_settle).map_err(End::Write)
        });
        let done = ran.and_then(|()| self.writer.commit().map_err(End::Commit));
        if done.is_err() {
            self.writer.undo();
        }
        done
    }
}

/// A copy of the error for another caller.
fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::NoRoom => StoreError::NoRoom,
        other => StoreError::fault(other.to_string()),
    }
}

/// Where a group failed: before the commit nothing took effect; in the commit it is unknown.
enum End {
    Write(StoreError),
    Commit(StoreError),
}
