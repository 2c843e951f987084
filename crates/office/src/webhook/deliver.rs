//! From jobs to somebody who carries them, and back with what came of it.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{Batch, Change, Job};
use uuid::Uuid;

use super::{DeliveryLine, DeliveryState, HookQueue, HookSecret, Message, QUEUE};
use crate::error::Result;
use crate::office::Office;

/// After each try that failed, as the Standard Webhooks text proposes; the message is given up after the last.
const WAITS_SECONDS: [i64; 7] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];
/// How long one try may take before another node takes it over.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// A destination that asks for more patience than this is tried again anyway.
const PATIENCE_SECONDS: i64 = 24 * 60 * 60;

/// A message that is due, with all that carrying it needs.
#[derive(Clone)]
pub struct DueDelivery {
    job: Job,
    message: Message,
    pub url: String,
    pub secret: HookSecret,
    /// JSON.
    pub body: Vec<u8>,
}

/// Secrets stay out of logs.
impl std::fmt::Debug for DueDelivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DueDelivery").field("message", &self.message.id).finish_non_exhaustive()
    }
}

impl DueDelivery {
    /// The same however often it is sent.
    pub fn message_id(&self) -> Uuid {
        self.message.id
    }
}

/// What came of one try.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    pub status: Option<u16>,
    /// Why there is no status.
    pub problem: Option<String>,
    /// How long the destination wants to be left alone.
    pub retry_after_seconds: Option<i64>,
}

impl Carried {
    fn arrived(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Office {
    /// The queues of all destinations that are open.
    pub async fn webhook_queues(&self) -> Result<Vec<HookQueue>> {
        let open = self.kept_hooks().await?.into_iter().filter(|kept| kept.hook.stopped.is_none());
        let own = open.map(|kept| HookQueue::of(kept.hook.id));
        Ok(std::iter::once(HookQueue(QUEUE.into())).chain(own).collect())
    }

    /// Messages of a queue that are due, leased to whoever asks.
    pub async fn due_webhooks(&self, queue: &HookQueue, at_most: usize) -> Result<Vec<DueDelivery>> {
        let now = self.now();
        let mut all = Vec::new();
        for job in self.store().lease_jobs(&queue.0, now, now + LEASE, at_most).await? {
            let message: Message = serde_json::from_slice(&job.body)?;
            let kept = self.kept_hook(message.hook).await?;
            let Some(kept) = kept.filter(|kept| kept.hook.stopped.is_none()) else {
                self.put_off(&job, &message).await?;
                continue;
            };
            let body = json!({ "type": message.kind, "timestamp": message.at, "data": message.data });
            let (url, secret) = (kept.hook.url.clone(), HookSecret(kept.secret().to_vec()));
            all.push(DueDelivery { body: serde_json::to_vec(&body)?, job, message, url, secret });
        }
        Ok(all)
    }

    /// When the next message of a queue is due.
    pub async fn next_webhook_due(&self, queue: &HookQueue) -> Result<Option<Timestamp>> {
        Ok(self.store().next_job_due(&queue.0).await?)
    }

    /// Writes down what came of a try: done, to be tried again later, or given up.
    pub async fn settle_webhook(&self, due: DueDelivery, carried: Carried) -> Result<DeliveryState> {
        let now = self.now();
        let DueDelivery { job: Job { id, attempt, .. }, message, .. } = due;
        let tries = usize::try_from(attempt).unwrap_or(usize::MAX);
        let wait = WAITS_SECONDS.get(tries.saturating_sub(1)).copied();
        let asked = carried.retry_after_seconds.map(|seconds| seconds.clamp(0, PATIENCE_SECONDS));
        let next = wait.map(|wait| now + SignedDuration::from_secs(wait.max(asked.unwrap_or(0))));
        let problem = || match (&carried.problem, carried.status) {
            (Some(problem), _) => problem.clone(),
            (None, Some(status)) => format!("HTTP {status}"),
            (None, None) => "no answer".to_owned(),
        };
        let (state, change) = match next {
            _ if carried.arrived() => (DeliveryState::Delivered, Change::JobDone { id, attempt }),
            Some(due_at) if carried.status != Some(410) => {
                (DeliveryState::Waiting, Change::JobRetry { id, attempt, due_at, problem: problem() })
            }
            _ => (DeliveryState::GivenUp, Change::JobGiveUp { id, attempt, problem: problem() }),
        };
        let line = DeliveryLine {
            message: message.id,
            kind: message.kind.clone(),
            position: message.position,
            happened_at: message.at,
            state,
            attempts: attempt,
            tried_at: Some(now),
            status: carried.status,
            problem: (state != DeliveryState::Delivered).then(problem),
            next_at: next.filter(|_| state == DeliveryState::Waiting),
        };
        let kept = self.kept_hook(message.hook).await?;
        // Nobody would ever look into the queue of a destination that is no more.
        let change = if kept.is_some() { change } else { Change::JobDone { id, attempt } };
        let mut batch = Batch::new(now).change(change);
        if let Some(kept) = kept {
            batch = batch.change(self.log(message.hook, &line)?);
            // 410: the destination says that it wants nothing more, ever.
            if carried.status == Some(410) {
                batch = batch.change(Self::stop_hook(kept, "the destination says that it is gone (410)")?);
            }
        }
        match self.store().commit(batch).await {
            Err(error) if error.conflict().is_none() => Err(error.into()),
            // The lease ran out, and somebody else has the message now.
            _ => Ok(state),
        }
    }

    /// Lets go of all messages to a destination that is no more.
    pub(super) async fn drop_webhook_jobs(&self, hook: Uuid) -> Result<()> {
        const AT_ONCE: usize = 500;
        let HookQueue(queue) = HookQueue::of(hook);
        // What waits for another try is due within a day and a half.
        let (now, ever) = (self.now(), self.now() + SignedDuration::from_hours(24 * 365));
        loop {
            let jobs = self.store().lease_jobs(&queue, ever, ever, AT_ONCE).await?;
            if jobs.is_empty() {
                return Ok(());
            }
            let done = |job: Job| Change::JobDone { id: job.id, attempt: job.attempt };
            let mut batch = Batch::new(now);
            batch.changes.extend(jobs.into_iter().map(done));
            self.store().commit(batch).await?;
        }
    }

    /// A message to a destination that is stopped waits; to one that is no more it is let go.
    async fn put_off(&self, job: &Job, message: &Message) -> Result<()> {
        const LATER: SignedDuration = SignedDuration::from_mins(30);
        let (id, attempt) = (job.id, job.attempt);
        let gone = self.kept_hook(message.hook).await?.is_none();
        let change = if gone {
            Change::JobDone { id, attempt }
        } else {
            Change::JobRetry { id, attempt, due_at: self.now() + LATER, problem: "stopped".into() }
        };
        match self.store().commit(Batch::new(self.now()).change(change)).await {
            Err(error) if error.conflict().is_none() => Err(error.into()),
            _ => Ok(()),
        }
    }
}
