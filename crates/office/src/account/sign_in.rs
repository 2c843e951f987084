//! Signing in and out. A session is a secret that only the browser has; the store keeps its digest.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Digest};
use uuid::Uuid;

use crate::account::password::HashedPassword;
use crate::account::wire::Profile;
use crate::account::{AccountId, Viewer};
use crate::error::{NotPossible, Result};
use crate::office::Office;
use crate::views;

/// A session ends this long after it began.
pub const SESSION_HOURS: i64 = 12;
const ATTEMPTS_MAX: u32 = 8;
const LOCK_MINUTES: i64 = 15;

/// What the browser's cookie holds.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(pub String);

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken")
    }
}

#[derive(Serialize, Deserialize)]
struct Session {
    account: Uuid,
    began_at: Timestamp,
}

#[derive(Default, Serialize, Deserialize)]
struct Attempts {
    failed: u32,
}

impl Office {
    /// Opens a session for the right password.
    pub async fn sign_in(&self, login: &str, password: &str) -> Result<(SessionToken, Viewer)> {
        let login = login.trim().to_lowercase();
        let now = self.now();
        let failed = self.failed_attempts(&login).await?;
        if failed >= ATTEMPTS_MAX {
            return Err(NotPossible::TooManyAttempts.into());
        }
        let account = self.account_by_login(&login).await?;
        let hashed = match account {
            Some(id) => self.vault(&format!("{id}/password")).await?,
            None => None,
        };
        let matches = match hashed {
            Some(bytes) => {
                let hashed: HashedPassword = serde_json::from_slice(&bytes)?;
                let password = password.to_owned();
                self.heavy(move || hashed.matches(&password)).await?
            }
            None => {
                // As slow as a wrong password: the time must not tell which logins exist.
                let _ = self.hash_password("not anybody's password").await;
                false
            }
        };
        let viewer = match account {
            Some(id) if matches => self.viewer(id).await?,
            _ => None,
        };
        let Some(viewer) = viewer else {
            let until = now + SignedDuration::from_mins(LOCK_MINUTES);
            let bytes = serde_json::to_vec(&Attempts { failed: failed + 1 })?;
            let put = Change::KvPut { space: "attempts".into(), key: login, bytes, expires_at: Some(until) };
            self.store().commit(Batch::new(now).change(put)).await?;
            return Err(NotPossible::WrongPassword.into());
        };
        let token = SessionToken(self.new_secret::<32>());
        let session = serde_json::to_vec(&Session { account: viewer.id.0, began_at: now })?;
        let batch = Batch::new(now)
            .change(Change::KvPut {
                space: "session".into(),
                key: session_key(&token),
                bytes: session,
                expires_at: Some(now + SignedDuration::from_hours(SESSION_HOURS)),
            })
            .change(Change::KvRemove { space: "attempts".into(), key: login });
        self.store().commit(batch).await?;
        Ok((token, viewer))
    }

    /// Ends a session. Ending it twice does no harm.
    pub async fn sign_out(&self, token: &SessionToken) -> Result<()> {
        let remove = Change::KvRemove { space: "session".into(), key: session_key(token) };
        self.store().commit(Batch::new(self.now()).change(remove)).await?;
        Ok(())
    }

    /// Who a session belongs to, if it is still open.
    pub async fn session(&self, token: &SessionToken) -> Result<Option<Viewer>> {
        let Some(bytes) = self.store().kv_get("session", &session_key(token), self.now()).await? else {
            return Ok(None);
        };
        let session: Session = serde_json::from_slice(&bytes)?;
        self.viewer(AccountId(session.account)).await
    }

    /// The account as it is now; nobody when it was closed.
    pub async fn viewer(&self, id: AccountId) -> Result<Option<Viewer>> {
        let Some(row) = self.store().view_row(views::accounts::TABLE, &[id.0.to_string().into()]).await?
        else {
            return Ok(None);
        };
        let Some(row) = views::accounts::read(&row).filter(|row| row.open) else { return Ok(None) };
        let name = match self.vault(&format!("{id}/profile")).await? {
            Some(bytes) => serde_json::from_slice::<Profile>(&bytes)?.name,
            None => row.login.clone(),
        };
        Ok(Some(Viewer { id, login: row.login, name, standing: row.standing, roles: row.roles }))
    }

    pub(crate) async fn account_by_login(&self, login: &str) -> Result<Option<AccountId>> {
        let bytes = self.store().kv_get("login", login, self.now()).await?;
        Ok(bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok()).map(AccountId))
    }

    async fn failed_attempts(&self, login: &str) -> Result<u32> {
        let bytes = self.store().kv_get("attempts", login, self.now()).await?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice::<Attempts>(&bytes).ok()).unwrap_or_default().failed)
    }
}

fn session_key(token: &SessionToken) -> String {
    Digest::of(token.0.as_bytes()).to_string()
}
