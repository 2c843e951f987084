//! Signing in: the password first, then the second factor where there is one.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Digest, Expected};
use uuid::Uuid;

use crate::account::Allowance;
use crate::account::open_account::plain_login;
use crate::account::password::HashedPassword;
use crate::account::session::SessionToken;
use crate::account::visit::{DeviceToken, Visit};
use crate::account::wire::Profile;
use crate::account::{AccountId, AccountRow, Standing, Viewer};
use crate::error::{NotPossible, Result};
use crate::office::Office;
use crate::views;

/// Wrong passwords in a quarter of an hour: for one login from one address or one known device,
const WRONG_HERE_MAX: usize = 8;
/// for one login from wherever it was never signed in from,
const WRONG_ELSEWHERE_MAX: usize = 40;
/// and from one address for whatever login: a hall's computers share one.
const WRONG_PER_ADDRESS_MAX: usize = 60;
/// Between the password and the code.
const PENDING_MINUTES: i64 = 10;
/// A browser stays known this long after it was last signed in from.
const DEVICE_DAYS: i64 = 180;

/// What a right password leads to.
#[derive(Clone, Debug)]
pub enum SignedIn {
    Entered(Entered),
    /// The second factor is asked next.
    Code(PendingToken),
    /// The password came from an administrator: one's own has to be chosen first.
    Password(PendingToken),
    /// A second factor has to be set up first.
    Enrol(PendingToken),
}

/// A session that was opened.
#[derive(Clone, Debug)]
pub struct Entered {
    pub token: SessionToken,
    pub viewer: Viewer,
    /// For the browser to keep.
    pub device: DeviceToken,
}

/// Proves for a few minutes that the password was right, and nothing more.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingToken(pub String);

impl std::fmt::Debug for PendingToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PendingToken")
    }
}

impl PendingToken {
    fn key(&self) -> String {
        Digest::of(self.0.as_bytes()).to_string()
    }
}

#[derive(Serialize, Deserialize)]
struct Pending {
    account: Uuid,
    endings: i64,
    /// The second factor was shown already.
    #[serde(default)]
    shown: bool,
}

const PENDING: &str = "sign-in-pending";

impl Office {
    /// Signs in where no code can be asked for.
    pub async fn sign_in(&self, login: &str, password: &str) -> Result<(SessionToken, Viewer)> {
        match self.begin_sign_in(login, password, &Visit::default()).await? {
            SignedIn::Entered(Entered { token, viewer, .. }) => Ok((token, viewer)),
            SignedIn::Code(_) | SignedIn::Password(_) | SignedIn::Enrol(_) => {
                Err(NotPossible::CodeNeeded.into())
            }
        }
    }

    /// Looks at login and password.
    pub async fn begin_sign_in(&self, login: &str, password: &str, visit: &Visit) -> Result<SignedIn> {
        let login = plain_login(login);
        let account = self.account_by_login(&login).await?;
        let attempt = self.attempt(&self.allowances(&login, account, visit).await?).await?;
        // Read before the password: if that is changed meanwhile, the session has ended before it begins.
        let row = match account {
            Some(id) => self.account_row(id).await?,
            None => None,
        };
        let matches = self.password_matches(account, password).await?;
        let Some(row) = row.clone().filter(|row| matches && row.open) else {
            if let Some(row) = row {
                self.store().commit(self.entry(Batch::new(self.now()), &row, "sign-in-refused")?).await?;
            }
            return Err(NotPossible::WrongPassword.into());
        };
        let (signed_in, mut batch) = self.next_step(row, false, visit).await?;
        batch.changes.extend(attempt.forgive());
        self.store().commit(batch).await?;
        Ok(signed_in)
    }

    /// What is still between a right password and the session.
    pub(crate) async fn next_step(
        &self,
        row: AccountRow,
        shown: bool,
        visit: &Visit,
    ) -> Result<(SignedIn, Batch)> {
        let demanded = self.inner.surroundings.second_factor.is_demanded_of(row.standing);
        let step = if row.second_factor && !shown {
            SignedIn::Code
        } else if row.password_given {
            SignedIn::Password
        } else if demanded && !row.second_factor {
            SignedIn::Enrol
        } else {
            let (entered, batch) = self.enter(row, visit).await?;
            return Ok((SignedIn::Entered(entered), batch));
        };
        let token = PendingToken(self.new_secret::<32>());
        let pending = Pending { account: row.id.0, endings: row.endings, shown };
        let now = self.now();
        let batch = Batch::new(now).change(Change::KvPut {
            space: PENDING.into(),
            key: token.key(),
            bytes: serde_json::to_vec(&pending)?,
            expires_at: Some(now + SignedDuration::from_mins(PENDING_MINUTES)),
        });
        Ok((step(token), batch))
    }

    /// Goes on when the code is right too: in, unless the password is still an administrator's.
    pub async fn finish_sign_in(
        &self,
        pending: &PendingToken,
        code: &str,
        visit: &Visit,
    ) -> Result<SignedIn> {
        let (row, _) = self.pending(pending).await?;
        self.show_factor(row.id, code).await?;
        self.go_on(row, true, pending, visit, Batch::new(self.now())).await
    }

    /// Puts a password of one's own in the place of an administrator's, and goes on.
    pub async fn choose_password(
        &self,
        pending: &PendingToken,
        password: &str,
        visit: &Visit,
    ) -> Result<SignedIn> {
        let (row, shown) = self.pending(pending).await?;
        if !row.password_given || (row.second_factor && !shown) {
            return Err(NotPossible::SignInOver.into());
        }
        self.check_password(&row, password).await?;
        let (row, batch) = self.own_password(row, password).await?;
        self.go_on(row, shown, pending, visit, batch).await
    }

    /// Takes the second factor into use that had to be set up, and opens the session; the codes are shown this once.
    pub async fn enrol_and_sign_in(
        &self,
        pending: &PendingToken,
        code: &str,
        visit: &Visit,
    ) -> Result<(Vec<String>, Entered)> {
        let (row, _) = self.pending(pending).await?;
        if row.password_given {
            return Err(NotPossible::SignInOver.into());
        }
        let codes = self.confirm_factor(row.id, code).await?;
        let (entered, batch) = self.enter(row, visit).await?;
        let batch = batch.change(Change::KvRemove { space: PENDING.into(), key: pending.key() });
        self.store().commit(batch).await?;
        Ok((codes, entered))
    }

    /// Whose password was right a moment ago.
    pub async fn pending_account(&self, pending: &PendingToken) -> Result<AccountId> {
        Ok(self.pending(pending).await?.0.id)
    }

    /// Who it is, and whether the second factor was shown.
    async fn pending(&self, token: &PendingToken) -> Result<(AccountRow, bool)> {
        let bytes = self.store().kv_get(PENDING, &token.key(), self.now()).await?;
        let bytes = bytes.ok_or(NotPossible::SignInOver)?;
        let pending: Pending = serde_json::from_slice(&bytes)?;
        let row = self.account_row(AccountId(pending.account)).await?;
        let same = |row: &AccountRow| row.open && row.endings == pending.endings;
        Ok((row.filter(same).ok_or(NotPossible::SignInOver)?, pending.shown))
    }

    async fn go_on(
        &self,
        row: AccountRow,
        shown: bool,
        pending: &PendingToken,
        visit: &Visit,
        mut batch: Batch,
    ) -> Result<SignedIn> {
        let (signed_in, step) = self.next_step(row, shown, visit).await?;
        batch.appends.extend(step.appends);
        batch.changes.extend(step.changes);
        let batch = batch.change(Change::KvRemove { space: PENDING.into(), key: pending.key() });
        self.store().commit(batch).await?;
        Ok(signed_in)
    }

    pub(crate) async fn enter(&self, row: AccountRow, visit: &Visit) -> Result<(Entered, Batch)> {
        let now = self.now();
        let (token, session) = self.new_session(&row, visit)?;
        let device = visit.device.clone().unwrap_or_else(|| DeviceToken(self.new_secret::<24>()));
        let known = Change::KvPut {
            space: device_space(row.id),
            key: device.digest(),
            bytes: vec![1],
            expires_at: Some(now + SignedDuration::from_hours(24 * DEVICE_DAYS)),
        };
        let mut batch = self.entry(Batch::new(now), &row, "signed-in")?.change(known);
        let viewer = self.viewer_of(row).await?.ok_or(NotPossible::WrongPassword)?;
        batch.changes.extend(session);
        Ok((Entered { token, viewer, device }, batch))
    }

    /// That somebody of the staff came in, or was not let in, stays on the trail (GB/T 22239—2019, 8.1.4.3).
    fn entry(&self, batch: Batch, row: &AccountRow, kind: &str) -> Result<Batch> {
        if row.standing == Standing::Applicant {
            return Ok(batch);
        }
        let event = self.new_event(kind, 1, &row.id.to_string(), b"{}".to_vec());
        Ok(views::trail::with(batch.append(Self::stream("entry", row.id.0)?, Expected::Any, vec![event])))
    }

    /// A known device has attempts of its own: strangers who guess lock each other out, not the owner.
    async fn allowances(
        &self,
        login: &str,
        account: Option<AccountId>,
        visit: &Visit,
    ) -> Result<Vec<Allowance>> {
        if let (Some(account), Some(device)) = (account, &visit.device) {
            let digest = device.digest();
            if self.store().kv_get(&device_space(account), &digest, self.now()).await?.is_some() {
                return Ok(vec![Allowance::new("device", &format!("{account} {digest}"), WRONG_HERE_MAX)]);
            }
        }
        let origin = visit.origin();
        let mut allowances = vec![
            Allowance::new("login-here", &format!("{login} {origin}"), WRONG_HERE_MAX),
            Allowance::new("login", login, WRONG_ELSEWHERE_MAX),
        ];
        if !origin.is_empty() {
            allowances.push(Allowance::new("address", &origin, WRONG_PER_ADDRESS_MAX).shared());
        }
        Ok(allowances)
    }

    pub(crate) async fn password_matches(&self, account: Option<AccountId>, password: &str) -> Result<bool> {
        let hashed = match account {
            Some(id) => self.vault(&format!("{id}/password")).await?,
            None => None,
        };
        match hashed {
            Some(bytes) => {
                let hashed: HashedPassword = serde_json::from_slice(&bytes)?;
                let password = password.to_owned();
                self.heavy(move || hashed.matches(&password)).await
            }
            None => {
                // As slow as a wrong password: the time must not tell which logins exist.
                let _ = self.hash_password("not anybody's password").await;
                Ok(false)
            }
        }
    }

    /// The account as it is now; nobody when it was closed.
    pub async fn viewer(&self, id: AccountId) -> Result<Option<Viewer>> {
        match self.account_row(id).await? {
            Some(row) => self.viewer_of(row).await,
            None => Ok(None),
        }
    }

    pub(crate) async fn viewer_of(&self, row: AccountRow) -> Result<Option<Viewer>> {
        if !row.open {
            return Ok(None);
        }
        let name = match self.vault(&format!("{}/profile", row.id)).await? {
            Some(bytes) => serde_json::from_slice::<Profile>(&bytes)?.name,
            None => row.login.clone(),
        };
        let AccountRow { id, login, standing, roles, .. } = row;
        // Asked for whom it makes a difference only.
        let apart = standing == Standing::Administrator && self.duties_apart().await?;
        Ok(Some(Viewer { id, login, name, standing, roles, apart }))
    }

    pub(crate) async fn account_by_login(&self, login: &str) -> Result<Option<AccountId>> {
        let mut bytes = self.store().kv_get("login", &plain_login(login), self.now()).await?;
        if bytes.is_none() {
            // As logins were kept before one sign had one form.
            bytes = self.store().kv_get("login", &login.trim().to_lowercase(), self.now()).await?;
        }
        Ok(bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok()).map(AccountId))
    }
}

fn device_space(account: AccountId) -> String {
    format!("device/{account}")
}
