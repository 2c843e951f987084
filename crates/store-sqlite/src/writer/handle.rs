//! The queue in front of the writer.
//!
//! Under load a thread gathers batches and commits them together. When nobody else writes and the disk
//! answers sooner than a thread wakes up, the calling thread commits itself.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, TrySendError};
use std::sync::{Arc, Mutex, TryLockError};
use std::thread::JoinHandle;
use std::time::Duration;

use store::{Position, Result, StoreError};
use tokio::sync::{oneshot, watch};

use super::Writer;
use super::work::Work;
use crate::wal::Wal;

/// Work that shares a group commit. It may run more than once; it answers once.
pub(crate) trait Grouped: Send {
    /// # Errors
    /// Only when writing failed, so that the transaction must be rolled back; refusals are kept for the
    /// answer.
    fn run(&mut self, writer: &mut Writer) -> Result<()>;
    /// Sends the answer after the commit, or the fault that prevented it.
    fn answer(self: Box<Self>, fault: Option<StoreError>);
}

pub(crate) enum Task {
    Grouped(Box<dyn Grouped>),
    /// Work that makes its own transactions.
    Alone(Box<dyn FnOnce(&mut Writer) + Send>),
    /// A reader waits until the tables contain everything.
    Settle(Waiter),
    /// A caller has committed on its own thread and left changes to settle: the thread settles them when
    /// idle.
    Look,
}

/// Called, before the next commit, with whether the tables contain everything.
pub(crate) type Waiter = Box<dyn FnOnce(Result<()>) + Send>;

/// After so long without work the tables are settled, so that the next reader need not wait.
const IDLE: Duration = Duration::from_millis(20);

/// When commits take less than this, a caller commits on its own thread: waking the writer and being woken
/// takes as long.
const QUICK: Duration = Duration::from_micros(400);

/// After so many commits in a row that no other batch could have shared, callers commit on their own thread.
const LONELY_MIN: usize = 8;
/// One in so many runs goes to the thread all the same: a caller that commits itself blocks the others, so
/// that only the thread can see whether there are any.
const PROBE_EVERY: u64 = 16;

struct Ask<T, F> {
    ask: F,
    made: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnMut(&mut Writer) -> Result<T> + Send> Grouped for Ask<T, F> {
    fn run(&mut self, writer: &mut Writer) -> Result<()> {
        match (self.ask)(writer) {
            Err(error @ (StoreError::Fault(_) | StoreError::NoRoom)) => Err(error),
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
        // Sending fails when the caller was cancelled; the commit stands all the same.
        let _ = self.answer.send(result);
    }
}

/// State shared by the thread and the callers.
#[derive(Debug)]
struct Shared {
    work: Mutex<Work>,
    /// Tasks sent and not yet taken by the thread.
    queued: AtomicUsize,
    /// Commits of the thread in a row that no other batch could have shared.
    lonely: AtomicUsize,
    /// Moving average of the duration of a commit, in nanoseconds.
    commit_nanos: AtomicU64,
    /// Changes not yet in the tables, as readers see it.
    unsettled: Arc<AtomicU64>,
    /// Runs of the writer so far (groups and other tasks), to tell whether it is in use.
    groups: AtomicU64,
    /// Transactions committed.
    commits: AtomicU64,
}

impl Shared {
    /// Whether a caller should commit on its own thread: the disk is quick and nobody else writes.
    fn is_quiet(&self) -> bool {
        self.lonely.load(Ordering::Relaxed) >= LONELY_MIN
            && !self.groups.load(Ordering::Relaxed).is_multiple_of(PROBE_EVERY)
            && self.queued.load(Ordering::Relaxed) == 0
            && self.commit_nanos.load(Ordering::Relaxed) < u64::try_from(QUICK.as_nanos()).unwrap_or(0)
    }

    /// Runs `act` with the writer on the calling thread, if it is quiet and the writer is free.
    fn on_the_spot(&self, act: impl FnOnce(&mut Work)) -> bool {
        if !self.is_quiet() {
            return false;
        }
        match self.work.try_lock() {
            Ok(mut work) if !work.is_log_full() => {
                act(&mut work);
                self.after(&mut work);
                true
            }
            // The thread reports a writer that panicked.
            Ok(_) | Err(TryLockError::WouldBlock | TryLockError::Poisoned(_)) => false,
        }
    }

    fn after(&self, work: &mut Work) {
        work.after_commit();
        self.groups.fetch_add(1, Ordering::Relaxed);
        self.commits.store(work.commits(), Ordering::Relaxed);
        // Recent commits weigh more; a single slow one raises the average at once.
        let (known, last) = (self.commit_nanos.load(Ordering::Relaxed), work.commit_nanos());
        self.commit_nanos.store(
            if last > known { known / 2 + last / 2 } else { known / 8 * 7 + last / 8 },
            Ordering::Relaxed,
        );
    }

    fn run(&self, waiting: &mpsc::Receiver<Task>) {
        let mut held = None;
        while let Some(task) = held.take().or_else(|| self.next(waiting)) {
            let Ok(mut work) = self.work.lock() else { return };
            match task {
                Task::Alone(ask) => work.alone(ask),
                Task::Look => {}
                first => {
                    let take = || self.taken(waiting.try_recv().ok());
                    let (group, rest) = work.run_group(first, take);
                    if group > 1 || rest.is_some() || self.queued.load(Ordering::Relaxed) > 0 {
                        self.lonely.store(0, Ordering::Relaxed);
                    } else {
                        self.lonely.fetch_add(1, Ordering::Relaxed);
                    }
                    held = rest;
                }
            }
            self.after(&mut work);
        }
        if let Ok(mut work) = self.work.lock() {
            work.settle(Vec::new());
        }
    }

    fn taken(&self, task: Option<Task>) -> Option<Task> {
        if task.as_ref().is_some_and(|task| !matches!(task, Task::Look)) {
            self.queued.fetch_sub(1, Ordering::Relaxed);
        }
        task
    }

    /// The next task; `None` when there are no senders any more. While idle, deferred changes are settled.
    fn next(&self, waiting: &mpsc::Receiver<Task>) -> Option<Task> {
        while self.unsettled.load(Ordering::Acquire) > 0 {
            let groups = self.groups.load(Ordering::Relaxed);
            match waiting.recv_timeout(IDLE) {
                Ok(task) => return self.taken(Some(task)),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) if self.groups.load(Ordering::Relaxed) != groups => {}
                Err(RecvTimeoutError::Timeout) => {
                    let Ok(mut work) = self.work.lock() else { return None };
                    if !work.settle(Vec::new()) {
                        break;
                    }
                }
            }
        }
        self.taken(waiting.recv().ok())
    }
}

/// Dropping it stops the thread after everything sent has been done.
#[derive(Debug)]
pub(crate) struct WriterHandle {
    shared: Arc<Shared>,
    failing: Arc<AtomicBool>,
    tasks: Option<mpsc::SyncSender<Task>>,
    thread: Option<JoinHandle<()>>,
}

impl WriterHandle {
    pub(crate) fn start(
        writer: Writer,
        unsettled: Arc<AtomicU64>,
        visible: Arc<watch::Sender<Position>>,
        wal: Wal,
        group_max: usize,
        queue_max: usize,
    ) -> Result<Self> {
        let (tasks, waiting) = mpsc::sync_channel(queue_max.max(1));
        let shared = Arc::new(Shared {
            work: Mutex::new(Work::new(writer, visible, wal, group_max.max(1))),
            queued: AtomicUsize::new(0),
            lonely: AtomicUsize::new(0),
            // Assumed to be slow until it is measured.
            commit_nanos: AtomicU64::new(1_000_000_000),
            unsettled,
            groups: AtomicU64::new(0),
            commits: AtomicU64::new(0),
        });
        let failing = shared.work.lock().map(|work| work.failing()).unwrap_or_default();
        let own = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || own.run(&waiting))
            .map_err(StoreError::fault)?;
        Ok(Self { shared, failing, tasks: Some(tasks), thread: Some(thread) })
    }

    /// Whether the last commit failed.
    pub(crate) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Transactions committed, and tasks in the queue.
    pub(crate) fn load(&self) -> (u64, u64) {
        let waiting = self.shared.queued.load(Ordering::Relaxed);
        (self.shared.commits.load(Ordering::Relaxed), waiting as u64)
    }

    /// Runs `ask` within the next group commit. `ask` refuses before it writes, or fails with
    /// [`StoreError::Fault`], after which it may be run again.
    pub(crate) async fn grouped<T: Send + 'static>(
        &self,
        ask: impl FnMut(&mut Writer) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let mut one: Option<Box<dyn Grouped>> = Some(Box::new(Ask { ask, made: None, answer }));
        let was_settled = self.shared.unsettled.load(Ordering::Relaxed) == 0;
        let done = self.shared.on_the_spot(|work| work.commit_group(one.take().into_iter().collect(), false));
        if done && was_settled {
            let _ = self.tasks.as_ref().map(|tasks| tasks.try_send(Task::Look));
        }
        if let Some(one) = one {
            self.send(Task::Grouped(one)).await?;
        }
        answered.await.unwrap_or(Err(StoreError::Unanswered))
    }

    /// Brings the tables up to date with everything that was committed.
    pub(crate) async fn settle(&self) -> Result<()> {
        self.settle_then(|settled| settled).await
    }

    /// As [`WriterHandle::settle`], and runs `then` before the next commit, so that what it reads is settled.
    pub(crate) async fn settle_then<T: Send + 'static>(
        &self,
        then: impl FnOnce(Result<()>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let waiter: Waiter = Box::new(move |settled| {
            // Sending fails when the caller was cancelled.
            let _ = answer.send(then(settled));
        });
        let mut reader = Some(waiter);
        self.shared.on_the_spot(|work| {
            work.settle(reader.take().into_iter().collect());
        });
        if let Some(reader) = reader {
            self.send(Task::Settle(reader)).await?;
        }
        answered.await.unwrap_or(Err(StoreError::Unanswered))
    }

    /// Runs `ask` in a transaction of its own.
    pub(crate) async fn alone<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Writer) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.alone_then(ask, |made| made).await
    }

    /// As [`WriterHandle::alone`] without waiting for the disk: for work that can be repeated after a power
    /// loss.
    pub(crate) async fn lazily<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Writer) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.do_alone(move |writer| writer.in_lazy_transaction(ask)).await
    }

    /// As [`WriterHandle::lazily`], for work whose rollback data should not be held in memory.
    pub(crate) async fn sweeping<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Writer) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.do_alone(move |writer| writer.in_large_transaction(ask)).await
    }

    /// As [`WriterHandle::alone`], and runs `then` on the writer after the commit.
    pub(crate) async fn alone_then<T, U: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Writer) -> Result<T> + Send + 'static,
        then: impl FnOnce(T) -> U + Send + 'static,
    ) -> Result<U> {
        self.do_alone(move |writer| writer.in_transaction(ask).map(then)).await
    }

    async fn do_alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let task = move |writer: &mut Writer| {
            let _ = answer.send(work(writer));
        };
        self.send(Task::Alone(Box::new(task))).await?;
        answered.await.unwrap_or(Err(StoreError::Unanswered))
    }

    async fn send(&self, task: Task) -> Result<()> {
        let stopped = || StoreError::fault("the writer of the store has stopped");
        let tasks = self.tasks.as_ref().ok_or_else(stopped)?;
        self.shared.queued.fetch_add(1, Ordering::Relaxed);
        match tasks.try_send(task) {
            Ok(()) => Ok(()),
            // The queue is full: wait for a free slot, off the runtime's own threads.
            Err(TrySendError::Full(task)) => {
                let tasks = tasks.clone();
                let sent = tokio::task::spawn_blocking(move || tasks.send(task).is_ok());
                if sent.await.map_err(StoreError::fault)? { Ok(()) } else { Err(stopped()) }
            }
            Err(TrySendError::Disconnected(_)) => Err(stopped()),
        }
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
