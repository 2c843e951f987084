//! Group commit: one task gathers the batches of all callers and commits them together.
//!
//! A group is one transaction in two round trips: the first locks the journal's row and reads what the group
//! must know, the second writes one statement per table and commits. When the connection is lost before the
//! commit, the group is retried; when it is lost while the commit may have taken effect, this node's count of
//! groups in `writers`, read under the lock once the database is back, tells whether it did.

mod facts;
pub(crate) mod group;
mod plan;
mod state;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use store::{Batch, Outcome, Position, Result, StoreError};
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use self::group::End;
use crate::connect::{Connections, Trying};

use crate::views::LivingViews;

/// Work that shares a transaction with others.
#[derive(Debug)]
pub(crate) enum Task {
    Commit { batch: Box<Batch>, answer: oneshot::Sender<Result<Outcome>> },
    Numbers { counter: String, count: u64, answer: oneshot::Sender<Result<u64>> },
}

/// The answer to a task, kept until the transaction is known to be committed.
#[derive(Debug)]
enum Reply {
    Commit(Result<Outcome>),
    Numbers(u64),
}

impl Task {
    fn answer(self, reply: Reply) {
        // Sending fails when the caller was cancelled; the commit stands all the same.
        match (self, reply) {
            (Self::Commit { answer, .. }, Reply::Commit(outcome)) => drop(answer.send(outcome)),
            (Self::Numbers { answer, .. }, Reply::Numbers(first)) => drop(answer.send(Ok(first))),
            (task, _) => task.fail(&|| StoreError::fault("a task was answered as another kind")),
        }
    }

    fn fail(self, error: &dyn Fn() -> StoreError) {
        match self {
            Self::Commit { answer, .. } => drop(answer.send(Err(error()))),
            Self::Numbers { answer, .. } => drop(answer.send(Err(error()))),
        }
    }
}

/// The queue in front of the writer. When it is dropped, the writer stops after everything sent has been
/// done.
#[derive(Debug)]
pub(crate) struct WriterHandle {
    tasks: mpsc::Sender<Task>,
    /// Groups answered, also those that had nothing to write.
    commits: Arc<AtomicU64>,
    failing: Arc<AtomicBool>,
}

impl WriterHandle {
    pub(crate) fn start(writer: Writer, group_max: usize, queue_max: usize) -> Self {
        let (tasks, waiting) = mpsc::channel(queue_max.max(1));
        let (commits, failing) = (Arc::clone(&writer.commits), Arc::clone(&writer.failing));
        tokio::spawn(run(writer, waiting, group_max.max(1)));
        Self { tasks, commits, failing }
    }

    /// Whether the last commit failed.
    pub(crate) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Groups answered, and tasks in the queue.
    pub(crate) fn load(&self) -> (u64, u64) {
        let waiting = self.tasks.max_capacity() - self.tasks.capacity();
        (self.commits.load(Ordering::Relaxed), waiting as u64)
    }

    pub(crate) async fn commit(&self, batch: Batch) -> Result<Outcome> {
        let (answer, answered) = oneshot::channel();
        self.send(Task::Commit { batch: Box::new(batch), answer }).await?;
        answered.await.unwrap_or(Err(StoreError::Unanswered))
    }

    pub(crate) async fn take_numbers(&self, counter: String, count: u64) -> Result<u64> {
        let (answer, answered) = oneshot::channel();
        self.send(Task::Numbers { counter, count, answer }).await?;
        answered.await.unwrap_or(Err(StoreError::Unanswered))
    }

    async fn send(&self, task: Task) -> Result<()> {
        self.tasks.send(task).await.map_err(|_| StoreError::fault("the writer of the store has stopped"))
    }
}

#[derive(Debug)]
pub(crate) struct Writer {
    connections: Connections,
    views: Arc<LivingViews>,
    visible: Arc<watch::Sender<Position>>,
    /// The position of this node's last commit, to notify other nodes of.
    own: watch::Sender<Position>,
    id: Uuid,
    /// Number of groups that this node is known to have committed.
    groups: i64,
    commits: Arc<AtomicU64>,
    /// Whether the last commit failed.
    failing: Arc<AtomicBool>,
}

impl Writer {
    /// Registers the node in `writers`.
    pub(crate) async fn new(
        connections: Connections,
        views: Arc<LivingViews>,
        visible: Arc<watch::Sender<Position>>,
        own: watch::Sender<Position>,
        id: Uuid,
    ) -> Result<Self> {
        let sql = "with old as (delete from writers where opened_at < now() - interval '90 days')
                   insert into writers (id, groups) values ($1, 0) on conflict do nothing";
        connections.rows(sql, &[&id]).await?;
        Ok(Self {
            connections,
            views,
            visible,
            own,
            id,
            groups: 0,
            commits: Arc::default(),
            failing: Arc::default(),
        })
    }

    async fn commit_all(&mut self, group: Vec<Task>) {
        let mut groups = VecDeque::from([group]);
        while let Some(group) = groups.pop_front() {
            match self.commit_group(&group).await {
                Ok(replies) => {
                    self.commits.fetch_add(1, Ordering::Relaxed);
                    self.failing.store(false, Ordering::Relaxed);
                    for (task, reply) in group.into_iter().zip(replies) {
                        task.answer(reply);
                    }
                }
                Err(Undone::Refused(error)) if group.len() == 1 => {
                    self.failing.store(true, Ordering::Relaxed);
                    group.into_iter().for_each(|one| one.fail(&|| refusal(&error)));
                }
                Err(Undone::Refused(error)) => {
                    tracing::warn!(%error, "writing a group failed, each batch is tried alone");
                    groups.extend(group.into_iter().map(|one| vec![one]));
                }
                Err(Undone::Away(error)) => {
                    let error = error.to_string();
                    tracing::error!(%error, "a group was given up");
                    self.failing.store(true, Ordering::Relaxed);
                    group.into_iter().for_each(|one| one.fail(&|| StoreError::Away { why: error.clone() }));
                }
                Err(Undone::Unknown) => {
                    tracing::error!("the database did not come back to tell whether a group was committed");
                    group.into_iter().for_each(|one| one.fail(&|| StoreError::Unanswered));
                }
            }
        }
    }

    /// Retries until the group is committed or refused, or patience ends.
    async fn commit_group(&mut self, group: &[Task]) -> Result<Vec<Reply>, Undone> {
        let mut trying = Trying::for_as_long_as(self.connections.patience);
        loop {
            match self.try_group(group).await {
                Ok(done) => return Ok(self.announce(done)),
                Err(End::Refused(error)) => return Err(Undone::Refused(error)),
                Err(End::ViewsMoved) => self.refresh_views().await.map_err(Undone::Away)?,
                Err(End::Away(why)) => trying.pause(why).await.map_err(Undone::Away)?,
                Err(End::Unknown(why, done)) => {
                    tracing::warn!(%why, "the database went away while a group was being committed");
                    match self.took_effect().await {
                        Some(true) => return Ok(self.announce(done)),
                        Some(false) => trying.pause(why).await.map_err(Undone::Away)?,
                        None => return Err(Undone::Unknown),
                    }
                }
            }
        }
    }

    fn announce(&mut self, done: group::Done) -> Vec<Reply> {
        if done.wrote {
            self.groups += 1;
        }
        self.visible.send_if_modified(|seen| {
            let grown = done.head > *seen;
            *seen = done.head.max(*seen);
            grown
        });
        if done.wrote {
            self.own.send_replace(done.head);
        }
        done.replies
    }

    async fn refresh_views(&self) -> Result<()> {
        let client = self.connections.get().await.map_err(|_| StoreError::fault("the database is away"))?;
        let now = self.views.all().refreshed(&client).await?;
        self.views.publish(now);
        Ok(())
    }

    /// Whether the group after the last known one was committed. The lock waits for a transaction of the lost
    /// connection that is still running on the server. `None` when the database does not come back in time.
    async fn took_effect(&self) -> Option<bool> {
        let until = Instant::now() + self.connections.patience;
        let asked = async || {
            self.connections.rows("select 1 from journal for update", &[]).await?;
            self.connections.rows("select groups from writers where id = $1", &[&self.id]).await
        };
        loop {
            match asked().await {
                Ok(rows) => {
                    let stored = rows.first().map_or(0, |row| row.get::<_, i64>(0));
                    return Some(stored > self.groups);
                }
                Err(error) if Instant::now() < until => tracing::warn!(%error, "still asking for a group"),
                Err(_) => return None,
            }
        }
    }
}

/// The error for a caller whose statement the server refused.
fn refusal(error: &str) -> StoreError {
    // SQLSTATE 53100: the disk is full.
    if error.ends_with("(53100)") { StoreError::NoRoom } else { StoreError::fault(error.to_owned()) }
}

/// Why a group was not committed, or is not known to be.
enum Undone {
    Refused(String),
    Away(StoreError),
    Unknown,
}

/// How long a group may wait for callers that were answered with the last one and commit again.
const GATHERING: Duration = Duration::from_micros(300);

async fn run(mut writer: Writer, mut waiting: mpsc::Receiver<Task>, group_max: usize) {
    let mut group = Vec::new();
    let mut usual = 1;
    while waiting.recv_many(&mut group, group_max).await > 0 {
        // Callers answered just now need a moment to send again; starting with the first of them would make
        // the others wait for a whole commit.
        let begun = Instant::now();
        while group.len() < usual && begun.elapsed() < GATHERING {
            tokio::task::yield_now().await;
            while group.len() < group_max
                && let Ok(task) = waiting.try_recv()
            {
                group.push(task);
            }
        }
        usual = group.len();
        writer.commit_all(std::mem::take(&mut group)).await;
    }
}

fn position(head: i64) -> Position {
    Position(crate::value::nat(head))
}
