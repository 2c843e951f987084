//! From the journal to jobs.

use jiff::SignedDuration;
use serde::Deserialize;
use store::{Batch, Change, CommandId, Envelope, Position};
use uuid::Uuid;

use super::manage::{Hook, ReplayAsked, cursor, is_told};
use super::{
    CURSORS, DeliveryLine, DeliveryState, HookQueue, LOG_DAYS, Message, MessageData, PREFIX, QUEUE, REPLAYS,
    log_space,
};
use crate::case::CaseId;
use crate::error::{OfficeError, Result};
use crate::office::Office;

const AT_ONCE: usize = 500;
const REPLAYS_AT_ONCE: usize = 4;
/// How long one replay may take before another node takes it over; it puts nothing down twice.
const LEASE: SignedDuration = SignedDuration::from_mins(10);

#[derive(Deserialize)]
struct About {
    #[serde(default)]
    item: Option<String>,
}

impl Office {
    /// Puts down what has happened since the last time for every destination that wants it; tells how many messages.
    pub async fn follow_webhooks(&self) -> Result<u64> {
        let mut put = 0;
        for kept in self.kept_hooks().await?.into_iter().filter(|kept| kept.hook.stopped.is_none()) {
            put += self.follow_webhook(&kept.hook).await?;
        }
        Ok(put + self.run_replays().await?)
    }

    async fn follow_webhook(&self, hook: &Hook) -> Result<u64> {
        let (key, mut put) = (hook.id.to_string(), 0);
        loop {
            let Some(bytes) = self.store().kv_get(CURSORS, &key, self.now()).await? else { return Ok(put) };
            let after = std::str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
            let events = self.store().read_all(Position(after), AT_ONCE).await?;
            let Some(last) = events.last().map(|event| event.position) else { return Ok(put) };
            let mut batch = Batch::new(self.now()).change(cursor(hook.id, last));
            for event in &events {
                let Some(message) = self.message(hook, event).await? else { continue };
                batch.changes.extend(self.put_down(&message, "")?);
                put += 1;
            }
            // Jobs and cursor together: after a crash either both are there or neither.
            self.store().commit(batch).await?;
            if events.len() < AT_ONCE {
                return Ok(put);
            }
        }
    }

    /// `None` for what is not told, or not wanted.
    async fn message(&self, hook: &Hook, event: &Envelope) -> Result<Option<Message>> {
        let kind = format!("{PREFIX}{}", event.kind);
        let Some(id) = event.stream.as_str().strip_prefix("case/") else { return Ok(None) };
        if !is_told(&event.kind) || !hook.wants(&kind) {
            return Ok(None);
        }
        let Ok(id) = id.parse::<CaseId>() else { return Ok(None) };
        let Some(row) = self.case_row(id).await? else { return Ok(None) };
        let about: About = serde_json::from_slice(&event.body)?;
        let position = event.position.0;
        let data = MessageData { number: row.number, thing: row.thing, item: about.item, position };
        Ok(Some(Message { hook: hook.id, id: event.id, kind, at: event.at, position, data }))
    }

    /// The job's id follows from the event: put down twice it is there once.
    fn put_down(&self, message: &Message, round: &str) -> Result<[Change; 2]> {
        let now = self.now();
        let job = CommandId::named(QUEUE, &format!("{}/{round}/{}", message.hook, message.id)).0;
        let line = DeliveryLine {
            message: message.id,
            kind: message.kind.clone(),
            position: message.position,
            happened_at: message.at,
            state: DeliveryState::Waiting,
            attempts: 0,
            tried_at: None,
            status: None,
            problem: None,
            next_at: Some(now),
        };
        let HookQueue(queue) = HookQueue::of(message.hook);
        let put = Change::JobPut { id: job, queue, due_at: now, body: serde_json::to_vec(message)? };
        Ok([put, self.log(message.hook, &line)?])
    }

    pub(super) fn log(&self, hook: Uuid, line: &DeliveryLine) -> Result<Change> {
        Ok(Change::KvPut {
            space: log_space(hook),
            key: format!("{:020}", line.position),
            bytes: serde_json::to_vec(line)?,
            expires_at: Some(self.now() + SignedDuration::from_hours(24 * LOG_DAYS)),
        })
    }

    async fn run_replays(&self) -> Result<u64> {
        let now = self.now();
        let mut put = 0;
        for job in self.store().lease_jobs(REPLAYS, now, now + LEASE, REPLAYS_AT_ONCE).await? {
            let asked: ReplayAsked = serde_json::from_slice(&job.body)?;
            if let Some(kept) = self.kept_hook(asked.hook).await? {
                put += self.replay(&kept.hook, asked).await?;
            }
            let done = Change::JobDone { id: job.id, attempt: job.attempt };
            match self.store().commit(Batch::new(self.now()).change(done)).await {
                Err(error) if error.conflict().is_none() => return Err(error.into()),
                // Somebody else took it over, and puts the same down.
                _ => {}
            }
        }
        Ok(put)
    }

    async fn replay(&self, hook: &Hook, asked: ReplayAsked) -> Result<u64> {
        let (mut after, mut put) = (asked.after, 0);
        while after < asked.up_to {
            let events = self.store().read_all(Position(after), AT_ONCE).await?;
            let Some(last) = events.last().map(|event| event.position.0) else { break };
            let mut batch = Batch::new(self.now());
            let wanted = |event: &&Envelope| {
                event.position.0 <= asked.up_to && asked.only.is_none_or(|only| only == event.id)
            };
            for event in events.iter().filter(wanted) {
                let Some(message) = self.message(hook, event).await? else { continue };
                batch.changes.extend(self.put_down(&message, &asked.round.to_string())?);
                put += 1;
            }
            if !batch.is_empty() {
                self.store().commit(batch).await.map_err(OfficeError::from)?;
            }
            after = last;
        }
        Ok(put)
    }
}
