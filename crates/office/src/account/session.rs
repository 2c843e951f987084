//! Sessions: a secret that only the browser has. The store keeps its digest, from where it was opened, and when it was last
//! seen.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Digest};
use uuid::Uuid;

use crate::account::visit::Visit;
use crate::account::{AccountId, AccountRow, Viewer};
use crate::error::{OfficeError, Result};
use crate::office::Office;

/// A session ends this long after it began.
pub const SESSION_HOURS: i64 = 12;
/// And this long after it was last seen: officers leave their desks, applicants their telephones.
pub const IDLE_MINUTES: i64 = 120;
/// It is written down that a session was seen at most so often.
const SEEN_MINUTES: i64 = 5;

/// What the browser's cookie holds: whose session it is, and the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(pub String);

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken")
    }
}

impl SessionToken {
    /// What has to be committed so that it is one no longer.
    pub(crate) fn removed(&self) -> impl Iterator<Item = Change> {
        self.place().into_iter().flat_map(|(account, id)| end(account, &id))
    }

    /// Where it is kept. Anything that cannot be a token has no place.
    fn place(&self) -> Option<(AccountId, String)> {
        let (account, secret) = self.0.split_once('.')?;
        Some((AccountId(Uuid::try_parse(account).ok()?), Digest::of(secret.as_bytes()).to_string()))
    }
}

/// One of somebody's sessions, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// Names it, opens nothing.
    pub id: String,
    /// Browser and system; empty when they are not known ones.
    pub machine: String,
    /// The beginning of the address.
    pub from: String,
    pub began_at: Timestamp,
    /// To within a few minutes.
    pub seen_at: Timestamp,
    /// The one that asks.
    pub is_this: bool,
}

/// Never changed once it is written, so that nothing brings it back after it was ended.
#[derive(Serialize, Deserialize)]
struct Kept {
    began_at: Timestamp,
    /// [`AccountRow::endings`] when it began: another number, and it has ended.
    endings: i64,
    machine: String,
    from: String,
}

fn space(account: AccountId) -> String {
    format!("session/{account}")
}

fn seen_space(account: AccountId) -> String {
    format!("session-seen/{account}")
}

fn seen(account: AccountId, id: &str, now: Timestamp) -> Change {
    Change::KvPut {
        space: seen_space(account),
        key: id.into(),
        bytes: now.to_string().into_bytes(),
        expires_at: Some(now + SignedDuration::from_mins(IDLE_MINUTES)),
    }
}

fn end(account: AccountId, id: &str) -> [Change; 2] {
    [space(account), seen_space(account)].map(|space| Change::KvRemove { space, key: id.into() })
}

impl Office {
    /// A session for `row` as it was when the password was looked at.
    pub(crate) fn new_session(&self, row: &AccountRow, visit: &Visit) -> Result<(SessionToken, [Change; 2])> {
        let now = self.now();
        let token = SessionToken(format!("{}.{}", row.id.0.simple(), self.new_secret::<32>()));
        let (account, id) = token.place().expect("a token that was made just now has a place");
        let kept =
            Kept { began_at: now, endings: row.endings, machine: visit.machine(), from: visit.coarse() };
        let put = Change::KvPut {
            space: space(account),
            key: id.clone(),
            bytes: serde_json::to_vec(&kept)?,
            expires_at: Some(now + SignedDuration::from_hours(SESSION_HOURS)),
        };
        Ok((token, [put, seen(account, &id, now)]))
    }

    /// Who a session belongs to, if it is still open. It counts as seen.
    pub async fn session(&self, token: &SessionToken) -> Result<Option<Viewer>> {
        let Some((account, id)) = token.place() else { return Ok(None) };
        let now = self.now();
        let Some(bytes) = self.store().kv_get(&space(account), &id, now).await? else { return Ok(None) };
        let Some(seen_at) = self.store().kv_get(&seen_space(account), &id, now).await? else {
            return Ok(None);
        };
        let kept: Kept = serde_json::from_slice(&bytes)?;
        let Some(row) = self.account_row(account).await?.filter(|row| row.endings == kept.endings) else {
            return Ok(None);
        };
        let lately = now - SignedDuration::from_mins(SEEN_MINUTES);
        if instant(&seen_at).is_none_or(|at| at <= lately) {
            self.store().commit(Batch::new(now).change(seen(account, &id, now))).await?;
        }
        self.viewer_of(row).await
    }

    /// One's own open sessions, the last seen first.
    pub async fn sessions(&self, viewer: &Viewer, this: &SessionToken) -> Result<Vec<OwnSession>> {
        let now = self.now();
        let here = this.place().map(|(_, id)| id);
        let Some(row) = self.account_row(viewer.id).await? else { return Ok(Vec::new()) };
        let mut sessions = Vec::new();
        for (id, bytes) in self.store().kv_list(&space(viewer.id), "", now).await? {
            let kept: Kept = serde_json::from_slice(&bytes)?;
            let seen_at = self.store().kv_get(&seen_space(viewer.id), &id, now).await?;
            let Some(seen_at) = seen_at.and_then(|bytes| instant(&bytes)) else { continue };
            if kept.endings != row.endings {
                continue;
            }
            let is_this = here.as_ref() == Some(&id);
            let Kept { began_at, machine, from, .. } = kept;
            sessions.push(OwnSession { id, machine, from, began_at, seen_at, is_this });
        }
        sessions.sort_by_key(|session| (!session.is_this, std::cmp::Reverse(session.seen_at)));
        Ok(sessions)
    }

    /// Ends one of one's own sessions.
    pub async fn end_session(&self, viewer: &Viewer, id: &str) -> Result<()> {
        if self.store().kv_get(&space(viewer.id), id, self.now()).await?.is_none() {
            return Err(OfficeError::NotFound);
        }
        self.end_sessions(viewer.id, [id.to_owned()]).await
    }

    /// Ends all of one's own sessions but this one.
    pub async fn end_other_sessions(&self, viewer: &Viewer, this: &SessionToken) -> Result<()> {
        let here = this.place().map(|(_, id)| id);
        let kept = self.store().kv_list(&space(viewer.id), "", self.now()).await?;
        let others = kept.into_iter().map(|(id, _)| id).filter(|id| here.as_ref() != Some(id));
        self.end_sessions(viewer.id, others).await
    }

    /// Ends a session. Ending it twice does no harm.
    pub async fn sign_out(&self, token: &SessionToken) -> Result<()> {
        let Some((account, id)) = token.place() else { return Ok(()) };
        self.end_sessions(account, [id]).await
    }

    async fn end_sessions(&self, account: AccountId, ids: impl IntoIterator<Item = String>) -> Result<()> {
        let mut batch = Batch::new(self.now());
        batch.changes.extend(ids.into_iter().flat_map(|id| end(account, &id)));
        if !batch.is_empty() {
            self.store().commit(batch).await?;
        }
        Ok(())
    }
}

fn instant(bytes: &[u8]) -> Option<Timestamp> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}
