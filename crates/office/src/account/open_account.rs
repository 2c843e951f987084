//! Opening an account.

use catalogue::RoleId;
use store::{Batch, Change, Expected};

use crate::account::password::HashedPassword;
use crate::account::wire::{AccountEvent, Login, Profile};
use crate::account::{AccountId, Duty, Standing, Viewer};
use crate::bounds::Making;
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

/// An account as it is asked for.
#[derive(Clone)]
pub struct NewAccount {
    pub login: String,
    pub password: String,
    pub name: String,
    pub phone: String,
    pub standing: Standing,
    pub roles: Vec<RoleId>,
}

/// Passwords and names stay out of logs.
impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewAccount").field("standing", &self.standing).field("roles", &self.roles).finish()
    }
}

impl Office {
    /// Opens an account with a password that its owner chose. `by` is who asks, as events name it.
    pub async fn open_account(&self, new: NewAccount, by: &str) -> Result<AccountId> {
        // Whoever opens accounts for others is known. A login that is taken counts too: it tells that there is such a one.
        let opened = async { Ok(self.open(new, by, false).await) };
        self.within_bounds_of_address(Making::Accounts, opened).await?
    }

    /// Opens an account for somebody of the zone's staff. The password is a first one: it opens nothing but the choice of
    /// another.
    pub async fn open_staff_account(&self, new: NewAccount, by: &Viewer) -> Result<AccountId> {
        // Rights are granted by somebody else than who opens accounts, and administrators are appointed.
        let grants = new.standing != Standing::Officer || !new.roles.is_empty();
        if !by.has_duty(Duty::System)
            || new.standing == Standing::Applicant
            || new.standing.duty().is_some()
            || grants && !by.has_duty(Duty::Security)
        {
            return Err(OfficeError::Denied);
        }
        self.open(new, &by.id.to_string(), true).await
    }

    pub(crate) async fn open(&self, new: NewAccount, by: &str, given: bool) -> Result<AccountId> {
        let login = new.login.trim().to_lowercase();
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        if !(3..=40).contains(&login.chars().count()) || !login.chars().all(fits) {
            // Chinese logins are short: two characters are enough for a name in them.
            let chinese =
                login.chars().count() == 2 && login.chars().all(|c| !c.is_ascii() && c.is_alphanumeric());
            if !chinese {
                return Err(NotPossible::BadLogin.into());
            }
        }
        let edition = self.edition();
        if new.roles.iter().any(|role| edition.role(role).is_none()) {
            return Err(NotPossible::UnknownRole.into());
        }
        let id = AccountId(self.new_id());
        let password = self.hash_password(&new.password).await?;
        let profile = serde_json::to_vec(&Profile {
            name: identifier::line(&new.name),
            phone: identifier::line(&new.phone),
        })?;
        let (login_key, salt) = (format!("{id}/login"), self.new_salt());
        let digest = store::vault_digest(&salt, login.as_bytes()).to_string();
        let event = AccountEvent::AccountOpened {
            login: Login::Kept(casework::DocRef::new(login_key.as_str(), digest)),
            standing: new.standing,
            roles: new.roles.iter().map(ToString::to_string).collect(),
        };
        let mut row = views::accounts::opened(id, login.clone(), new.standing, new.roles);
        let mut events = vec![self.new_event(event.kind(), event.schema(), by, serde_json::to_vec(&event)?)];
        if given {
            let event = AccountEvent::PasswordGiven;
            events.push(self.new_event(event.kind(), event.schema(), by, serde_json::to_vec(&event)?));
            row = views::accounts::project(Some(row.clone()), &event).unwrap_or(row);
        }
        let subject = id.to_string();
        let kept = login.clone().into_bytes();
        let batch = Batch::new(self.now())
            .append(Self::stream("account", id.0)?, Expected::NoStream, events)
            .change(Change::KvClaim {
                space: "login".into(),
                key: login,
                bytes: id.0.as_bytes().to_vec(),
                expires_at: None,
            })
            .change(Change::VaultPut { key: login_key, subject: subject.clone(), salt, bytes: kept })
            .change(self.vault_put(&format!("{id}/profile"), &subject, profile))
            .change(self.vault_put(&format!("{id}/password"), &subject, serde_json::to_vec(&password)?))
            .views([views::accounts::row(&row)]);
        match self.store().commit(views::trail::with(batch)).await {
            Ok(_) => Ok(id),
            Err(error) if matches!(error.conflict(), Some(store::Conflict::Taken { .. })) => {
                Err(NotPossible::LoginTaken.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn vault_put(&self, key: &str, subject: &str, bytes: Vec<u8>) -> Change {
        Change::VaultPut { key: key.into(), subject: subject.into(), salt: self.new_salt(), bytes }
    }

    pub(crate) async fn hash_password(&self, password: &str) -> Result<HashedPassword> {
        let salt = self.new_salt();
        let password = password.to_owned();
        self.heavy(move || HashedPassword::make(&password, salt)).await
    }

    /// Runs something heavy away from the pages, a few at a time.
    pub(crate) async fn heavy<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let broken = |what: &str| OfficeError::Fault(crate::error::Fault::Broken(what.into()));
        let _permit = self.inner.hashing.acquire().await.map_err(|_| broken("the office is closing"))?;
        tokio::task::spawn_blocking(work).await.map_err(|_| broken("a heavy task did not finish"))?
    }
}
