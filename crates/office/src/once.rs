//! Keys that a program chooses so that a request which it sends again takes effect once.

use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use store::{Batch, Change, CommandId, Conflict, Digest, Outcome};
use uuid::Uuid;

use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

const KEY_HOURS: i64 = 24;

fn space(actor: &str) -> String {
    format!("once/{actor}")
}

/// A command id is its sender's and means one kind of thing: somebody else's equal id, or the same for another, is another
/// command.
pub(crate) fn own_command(command: Option<Uuid>, actor: &str, what: &str) -> Option<Uuid> {
    command.map(|command| CommandId::named(what, &format!("{actor}\n{command}")).0)
}

impl Office {
    /// Does what a command asks for, once: a second time answers as the first did, also when the first was done meanwhile
    /// and what was done cannot be done again.
    pub(crate) async fn once<T: DeserializeOwned>(
        &self,
        command: Option<Uuid>,
        doing: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        if let Some(done) = self.done_under(command).await? {
            return Ok(done);
        }
        match doing.await {
            Err(error @ OfficeError::Fault(_)) => Err(error),
            Err(error) => self.done_under(command).await?.ok_or(error),
            done => done,
        }
    }

    async fn done_under<T: DeserializeOwned>(&self, command: Option<Uuid>) -> Result<Option<T>> {
        let Some(command) = command else { return Ok(None) };
        match self.store().outcome(CommandId(command)).await? {
            Some(Outcome::Repeated { reply, .. }) => Ok(Some(serde_json::from_slice(&reply)?)),
            _ => Ok(None),
        }
    }

    /// The command that a key stands for. Within a day the same key means the same content: with another one it is refused.
    pub async fn command_of_key(&self, actor: &str, key: &str, content: &[u8]) -> Result<Uuid> {
        let (key, content) = (Digest::of(key.as_bytes()).to_string(), Digest::of(content).to_string());
        let now = self.now();
        let claim = Change::KvClaim {
            space: space(actor),
            key: key.clone(),
            bytes: content.clone().into_bytes(),
            expires_at: Some(now + SignedDuration::from_hours(KEY_HOURS)),
        };
        match self.store().commit(Batch::new(now).change(claim)).await {
            Err(error) if matches!(error.conflict(), Some(Conflict::Taken { .. })) => {
                let before = self.store().kv_get(&space(actor), &key, now).await?;
                if before.is_some_and(|before| before != content.as_bytes()) {
                    return Err(NotPossible::KeyUsed.into());
                }
            }
            Err(error) => return Err(error.into()),
            Ok(_) => {}
        }
        Ok(CommandId::named("once", &format!("{actor}\n{key}\n{content}")).0)
    }

    /// Lets a key go whose request had no effect, so that it may come again with what was wrong put right.
    pub async fn release_key(&self, actor: &str, key: &str) -> Result<()> {
        let key = Digest::of(key.as_bytes()).to_string();
        let change = Change::KvRemove { space: space(actor), key };
        self.store().commit(Batch::new(self.now()).change(change)).await?;
        Ok(())
    }
}
