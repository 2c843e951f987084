//! The one thread that writes.
//!
//! It takes all batches that wait, up to a bound, and commits them in one transaction: one wait for the disk serves
//! many callers. What refuses a batch is found before anything of it is written, so that one refused batch does not
//! touch its neighbours. When writing itself fails, the whole group is undone and each batch is tried alone.

mod append;
mod change;
mod state;

use std::sync::Arc;
use std::thread::JoinHandle;

use store::{Position, Result, StoreError};
use tokio::sync::{mpsc, oneshot, watch};

pub(crate) use self::append::MARK_EVERY;
pub(crate) use self::state::Writer;
use crate::value::fault;
use crate::wal::Wal;

/// Work that shares a commit with others. It may run more than once and answers once.
pub(crate) trait Grouped: Send {
    /// # Errors
    /// Only when writing failed, so that the transaction must be undone; refusals are kept for the answer.
    fn run(&mut self, writer: &mut Writer) -> Result<()>;
    /// Answers after the commit, or with the fault that prevented it.
    fn answer(self: Box<Self>, fault: Option<StoreError>);
}

pub(crate) enum Task {
    Grouped(Box<dyn Grouped>),
    /// Work that makes its own transactions.
    Alone(Box<dyn FnOnce(&mut Writer) + Send>),
}

struct Ask<T, F> {
    ask: F,
    made: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnMut(&mut Writer) -> Result<T> + Send> Grouped for Ask<T, F> {
    fn run(&mut self, writer: &mut Writer) -> Result<()> {
        match (self.ask)(writer) {
            Err(StoreError::Fault(cause)) => Err(StoreError::Fault(cause)),
            made => {
                self.made = Some(made);
                Ok(())
            }
        }
    }

    fn answer(self: Box<Self>, fault: Option<StoreError>) {
        let result = match fault {
            Some(fault) => Err(fault),
            None => self.made.unwrap_or(Err(StoreError::Unanswered)),
        };
        // Nobody waits any more: the caller was cancelled, which changes nothing about the commit.
        let _ = self.answer.send(result);
    }
}

/// The way to the writer. Dropping it stops the thread when all that was sent is done.
#[derive(Debug)]
pub(crate) struct WriterHandle {
    tasks: Option<mpsc::Sender<Task>>,
    thread: Option<JoinHandle<()>>,
}

impl WriterHandle {
    pub(crate) fn start(
        writer: Writer,
        visible: Arc<watch::Sender<Position>>,
        wal: Wal,
        group_max: usize,
        queue_max: usize,
    ) -> Result<Self> {
        let (tasks, waiting) = mpsc::channel(queue_max.max(1));
        let work = Work { writer, visible, wal, group_max: group_max.max(1) };
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || work.run(waiting))
            .map_err(StoreError::fault)?;
        Ok(Self { tasks: Some(tasks), thread: Some(thread) })
    }

    /// Runs `ask` within the next group commit. `ask` refuses before it writes, or fails with
    /// [`StoreError::Fault`], in which case it may be run again.
    pub(crate) async fn grouped<T: Send + 'static>(
        &self,
        ask: impl FnMut(&mut Writer) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        self.send(Task::Grouped(Box::new(Ask { ask, made: None, answer }))).await?;
        answered.await.unwrap_or(Err(StoreError::Unanswered))
    }

    /// Runs `ask` in a transaction of its own.
    pub(crate) async fn alone<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Writer) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.alone_then(ask, |made| made).await
    }

    /// As [`WriterHandle::alone`], with something to do on the writer once it is committed.
    pub(crate) async fn alone_then<T, U: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Writer) -> Result<T> + Send + 'static,
        then: impl FnOnce(T) -> U + Send + 'static,
    ) -> Result<U> {
        let (answer, answered) = oneshot::channel();
        let task = move |writer: &mut Writer| {
            let _ = answer.send(writer.in_transaction(ask).map(then));
        };
        self.send(Task::Alone(Box::new(task))).await?;
        answered.await.unwrap_or(Err(StoreError::Unanswered))
    }

    async fn send(&self, task: Task) -> Result<()> {
        let stopped = || StoreError::fault("the writer of the store has stopped");
        self.tasks.as_ref().ok_or_else(stopped)?.send(task).await.map_err(|_| stopped())
    }
}

impl Drop for WriterHandle {
    fn drop(&mut self) {
        self.tasks = None;
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has already told its callers.
            let _ = thread.join();
        }
    }
}

struct Work {
    writer: Writer,
    visible: Arc<watch::Sender<Position>>,
    wal: Wal,
    group_max: usize,
}

impl Work {
    fn run(mut self, mut waiting: mpsc::Receiver<Task>) {
        let mut next = waiting.blocking_recv();
        while let Some(task) = next.take() {
            match task {
                Task::Grouped(first) => {
                    let mut group = vec![first];
                    while group.len() < self.group_max {
                        match waiting.try_recv() {
                            Ok(Task::Grouped(one)) => group.push(one),
                            Ok(alone) => {
                                next = Some(alone);
                                break;
                            }
                            Err(_) => break,
                        }
                    }
                    self.commit_group(group);
                }
                Task::Alone(ask) => ask(&mut self.writer),
            }
            self.announce();
            let erased = std::mem::take(&mut self.writer.erased);
            self.wal.after_commit(&self.writer.connection, erased);
            if next.is_none() {
                next = waiting.blocking_recv();
            }
        }
    }

    fn announce(&self) {
        let head = self.writer.head();
        self.visible.send_if_modified(|seen| std::mem::replace(seen, head) != head);
    }

    fn commit_group(&mut self, mut group: Vec<Box<dyn Grouped>>) {
        match self.try_group(&mut group) {
            Ok(()) => group.into_iter().for_each(|one| one.answer(None)),
            Err(End::Commit(error)) => {
                tracing::error!(%error, "a group commit failed");
                group.into_iter().for_each(|one| one.answer(Some(StoreError::Unanswered)));
            }
            Err(End::Write(error)) if group.len() == 1 => {
                group.into_iter().for_each(|one| one.answer(Some(StoreError::fault(error.to_string()))));
            }
            Err(End::Write(error)) => {
                tracing::warn!(%error, "writing a group failed, each batch is tried alone");
                group.into_iter().for_each(|one| self.commit_group(vec![one]));
            }
        }
    }

    fn try_group(&mut self, group: &mut [Box<dyn Grouped>]) -> Result<(), End> {
        let begun = self.writer.begin().map_err(End::Write);
        let ran = begun.and_then(|()| {
            group.iter_mut().try_for_each(|one| one.run(&mut self.writer)).map_err(End::Write)?;
            self.writer.flush().map_err(End::Write)
        });
        let done = ran.and_then(|()| self.writer.commit().map_err(End::Commit));
        if done.is_err() {
            self.writer.undo();
        }
        done
    }
}

/// Where a group failed: before the commit nothing is kept, in the commit nobody knows.
enum End {
    Write(StoreError),
    Commit(StoreError),
}

impl Writer {
    pub(crate) fn begin(&mut self) -> Result<()> {
        self.execute("begin immediate")
    }

    fn flush(&mut self) -> Result<()> {
        self.behind.flush(&self.connection)
    }

    pub(crate) fn commit(&mut self) -> Result<()> {
        self.heads.hide(self.moved.iter().map(|(stream, _)| stream));
        self.execute("commit")?;
        self.after_commit();
        Ok(())
    }

    /// Goes back to what is in the file.
    pub(crate) fn undo(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.execute("rollback")
        {
            tracing::error!(%error, "a transaction could not be undone");
        }
        self.forget();
    }

    fn in_transaction<T>(&mut self, ask: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.begin()?;
        let result = ask(self);
        if result.is_ok() {
            if let Err(error) = self.commit() {
                tracing::error!(%error, "a commit failed");
                self.undo();
                return Err(StoreError::Unanswered);
            }
        } else {
            self.undo();
        }
        result
    }

    fn execute(&self, sql: &str) -> Result<()> {
        self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map_err(fault)?;
        Ok(())
    }
}
