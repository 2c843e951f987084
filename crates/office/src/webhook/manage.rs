//! Naming destinations, and looking at what became of messages.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Batch, Change, CommandId, Expected, Position};
use uuid::Uuid;

use super::secret::message_named;
use super::{CURSORS, HOOKS, HookSecret, PREFIX, REPLAYS, Reach, log_space};
use crate::account::{Duty, Viewer};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

const HOOKS_MAX: usize = 50;
const URL_CHARS_MAX: usize = 500;

/// A destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    pub id: Uuid,
    pub url: String,
    /// Which events: `case.accepted`, or `case.*` for all.
    pub kinds: Vec<String>,
    pub made_at: Timestamp,
    pub made_by: String,
    /// Why nothing is sent any more.
    #[serde(default)]
    pub stopped: Option<String>,
}

/// A destination as it is asked for.
#[derive(Clone, Debug)]
pub struct NewHook {
    pub url: String,
    pub kinds: Vec<String>,
}

/// What is to be sent once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// Everything after a position of the journal.
    After(u64),
    /// One message.
    Message(Uuid),
}

impl Replay {
    /// A message by its name, `msg_…`.
    pub fn message(name: &str) -> Result<Self> {
        message_named(name).map(Self::Message).ok_or(OfficeError::NotFound)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryState {
    Waiting,
    Delivered,
    GivenUp,
}

/// What became of one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryLine {
    pub message: Uuid,
    pub kind: String,
    pub position: u64,
    pub happened_at: Timestamp,
    pub state: DeliveryState,
    pub attempts: u32,
    pub tried_at: Option<Timestamp>,
    /// What the destination answered last.
    pub status: Option<u16>,
    pub problem: Option<String>,
    pub next_at: Option<Timestamp>,
}

/// As it is kept: with the secret that only the destination and the sender have.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(flatten)]
    pub hook: Hook,
    secret: Vec<u8>,
}

impl Kept {
    pub fn secret(&self) -> &[u8] {
        &self.secret
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct ReplayAsked {
    pub hook: Uuid,
    /// Makes the jobs of one replay other jobs than those of another.
    pub round: Uuid,
    pub after: u64,
    pub up_to: u64,
    pub only: Option<Uuid>,
}

/// What leaves the machine is the system administrator's to say.
fn needs_administrator(by: &Viewer) -> Result<()> {
    if by.has_duty(Duty::System) { Ok(()) } else { Err(OfficeError::Denied) }
}

/// All kinds of events that can be told.
pub(super) fn is_told(kind: &str) -> bool {
    casework::Event::KINDS.iter().any(|(known, _)| *known == kind)
}

impl Hook {
    pub(super) fn wants(&self, kind: &str) -> bool {
        self.kinds.iter().any(|wanted| wanted == kind || wanted == "case.*")
    }
}

impl Office {
    /// Every kind of message.
    pub fn webhook_kinds() -> impl Iterator<Item = String> {
        casework::Event::KINDS.iter().map(|(kind, _)| format!("{PREFIX}{kind}"))
    }

    /// Names a destination within reach. What happens from now on is told to it. The secret is shown this once.
    pub async fn add_webhook(&self, new: NewHook, reach: &Reach, by: &Viewer) -> Result<(Hook, HookSecret)> {
        needs_administrator(by)?;
        if !reach.takes(&new.url) || self.leads_inside(reach, &new.url).await? {
            return Err(NotPossible::WebhookAddress.into());
        }
        let known = |kind: &String| kind == "case.*" || Self::webhook_kinds().any(|each| each == *kind);
        if new.kinds.is_empty() || !new.kinds.iter().all(known) || new.url.chars().count() > URL_CHARS_MAX {
            return Err(NotPossible::WebhookKinds.into());
        }
        if self.webhooks(by).await?.len() >= HOOKS_MAX {
            return Err(NotPossible::WebhooksMany.into());
        }
        let mut secret = vec![0; 32];
        self.inner.surroundings.entropy.fill(&mut secret);
        let hook = Hook {
            id: self.new_id(),
            url: new.url,
            kinds: new.kinds,
            made_at: self.now(),
            made_by: by.id.to_string(),
            stopped: None,
        };
        let head = self.store().head().await?;
        let batch = self
            .hook_change(&hook, "webhook-named", by)?
            .change(keep(&hook, secret.clone())?)
            .change(cursor(hook.id, head));
        self.store().commit(batch).await?;
        Ok((hook, HookSecret(secret)))
    }

    /// Where the name leads now. One that is not known yet may be tomorrow: what is sent looks again.
    async fn leads_inside(&self, reach: &Reach, url: &str) -> Result<bool> {
        const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);
        let (reach, url) = (reach.clone(), url.to_owned());
        let looked = tokio::task::spawn_blocking(move || reach.leads_inside(&url));
        Ok(matches!(tokio::time::timeout(PATIENCE, looked).await, Ok(Ok(true))))
    }

    /// All destinations, the newest first.
    pub async fn webhooks(&self, by: &Viewer) -> Result<Vec<Hook>> {
        needs_administrator(by)?;
        let mut hooks: Vec<Hook> = self.kept_hooks().await?.into_iter().map(|kept| kept.hook).collect();
        hooks.sort_by_key(|hook| std::cmp::Reverse(hook.made_at));
        Ok(hooks)
    }

    pub async fn webhook(&self, id: Uuid, by: &Viewer) -> Result<Hook> {
        needs_administrator(by)?;
        Ok(self.kept_hook(id).await?.ok_or(OfficeError::NotFound)?.hook)
    }

    /// Sends no more to it, and forgets it.
    pub async fn remove_webhook(&self, id: Uuid, by: &Viewer) -> Result<()> {
        let hook = self.webhook(id, by).await?;
        let mut batch = self.hook_change(&hook, "webhook-removed", by)?;
        for space in [HOOKS, CURSORS] {
            batch = batch.change(Change::KvRemove { space: space.into(), key: id.to_string() });
        }
        for (key, _) in self.store().kv_list(&log_space(id), "", self.now()).await? {
            batch = batch.change(Change::KvRemove { space: log_space(id), key });
        }
        self.store().commit(batch).await?;
        self.drop_webhook_jobs(id).await
    }

    /// Stops sending, or begins again where it was stopped: what happened in between is told too.
    pub async fn set_webhook_open(&self, id: Uuid, open: bool, by: &Viewer) -> Result<Hook> {
        needs_administrator(by)?;
        let kept = self.kept_hook(id).await?.ok_or(OfficeError::NotFound)?;
        let stopped = (!open).then(|| "stopped by an administrator".to_owned());
        let hook = Hook { stopped, ..kept.hook };
        let kind = if open { "webhook-started" } else { "webhook-stopped" };
        let batch = self.hook_change(&hook, kind, by)?.change(keep(&hook, kept.secret)?);
        self.store().commit(batch).await?;
        Ok(hook)
    }

    /// Sends once more, under the same message ids: a destination that has a message already knows it.
    pub async fn replay_webhook(
        &self,
        id: Uuid,
        what: Replay,
        command: Option<Uuid>,
        by: &Viewer,
    ) -> Result<()> {
        self.webhook(id, by).await?;
        let head = self.store().head().await?.0;
        let (after, up_to, only) = match what {
            Replay::After(position) => (position, head, None),
            Replay::Message(message) => {
                let line = self.webhook_log(id, by).await?.into_iter().find(|line| line.message == message);
                let position = line.ok_or(OfficeError::NotFound)?.position;
                (position.saturating_sub(1), position, Some(message))
            }
        };
        let round = command.unwrap_or_else(|| self.new_id());
        let body = serde_json::to_vec(&ReplayAsked { hook: id, round, after, up_to, only })?;
        let job = CommandId::named(REPLAYS, &format!("{id}/{round}")).0;
        let put = Change::JobPut { id: job, queue: REPLAYS.into(), due_at: self.now(), body };
        self.store().commit(Batch::new(self.now()).change(put)).await?;
        Ok(())
    }

    /// What became of the messages of the last thirty days, the newest first.
    pub async fn webhook_log(&self, id: Uuid, by: &Viewer) -> Result<Vec<DeliveryLine>> {
        self.webhook(id, by).await?;
        let kept = self.store().kv_list(&log_space(id), "", self.now()).await?;
        let mut lines = Vec::with_capacity(kept.len());
        for (_, bytes) in kept.iter().rev() {
            lines.push(serde_json::from_slice(bytes)?);
        }
        Ok(lines)
    }

    pub(super) async fn kept_hooks(&self) -> Result<Vec<Kept>> {
        let kept = self.store().kv_list(HOOKS, "", self.now()).await?;
        kept.iter().map(|(_, bytes)| Ok(serde_json::from_slice(bytes)?)).collect()
    }

    pub(super) async fn kept_hook(&self, id: Uuid) -> Result<Option<Kept>> {
        let bytes = self.store().kv_get(HOOKS, &id.to_string(), self.now()).await?;
        Ok(bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose()?)
    }

    /// Nothing is sent any more to a destination that says that it is gone.
    pub(super) fn stop_hook(kept: Kept, why: &str) -> Result<Change> {
        keep(&Hook { stopped: Some(why.to_owned()), ..kept.hook }, kept.secret)
    }

    /// Who named or changed a destination stays in the journal; the secret does not get there.
    fn hook_change(&self, hook: &Hook, kind: &str, by: &Viewer) -> Result<Batch> {
        let event = self.new_event(kind, 1, &by.id.to_string(), serde_json::to_vec(hook)?);
        let batch =
            Batch::new(self.now()).append(Self::stream("webhook", hook.id)?, Expected::Any, vec![event]);
        Ok(crate::views::trail::with(batch))
    }
}

fn keep(hook: &Hook, secret: Vec<u8>) -> Result<Change> {
    let bytes = serde_json::to_vec(&Kept { hook: hook.clone(), secret })?;
    Ok(Change::KvPut { space: HOOKS.into(), key: hook.id.to_string(), bytes, expires_at: None })
}

pub(super) fn cursor(hook: Uuid, position: Position) -> Change {
    Change::KvPut {
        space: CURSORS.into(),
        key: hook.to_string(),
        bytes: position.0.to_string().into_bytes(),
        expires_at: None,
    }
}
