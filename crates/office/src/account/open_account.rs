//! Opening an account.

use catalogue::RoleId;
use store::{Batch, Change, Expected, ViewQuery};
use unicode_normalization::UnicodeNormalization as _;

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

/// As long as the name of a person in a form may be.
pub const ACCOUNT_NAME_CHARS_MAX: usize = 80;

/// Logins by what they look like: two that the eye cannot tell apart are not both given.
pub(crate) const LOOKS: &str = "login-looks";

/// As logins are kept and looked for: widths and forms of one sign are one (NFKC), capitals are small letters.
pub(crate) fn plain_login(typed: &str) -> String {
    typed.trim().nfkc().collect::<String>().to_lowercase()
}

/// The login with signs that are drawn alike (Unicode's confusables among letters and digits that a login may have) made one.
pub(crate) fn looks(login: &str) -> String {
    login
        .replace("rn", "m")
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'l',
            '〇' => 'o',
            c => c,
        })
        .collect()
}

/// Letters of other scripts look like these: one could pass for somebody else. Two 汉字 are enough for a name.
fn is_login(login: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || is_han(c) || matches!(c, '.' | '_' | '-');
    let characters = login.chars().count();
    (3..=40).contains(&characters) && login.chars().all(fits) || characters == 2 && login.chars().all(is_han)
}

/// The name of an account's owner. Others read it where something is signed or entrusted, so that it has to be seen.
pub(crate) fn account_name(typed: &str) -> Result<String, NotPossible> {
    identifier::name(typed, ACCOUNT_NAME_CHARS_MAX).map_err(|problem| match problem {
        identifier::NameProblem::Unseen => NotPossible::NameUnseen,
        identifier::NameProblem::TooLong => NotPossible::NameTooLong,
    })
}

/// 汉字, with the zero that is written among them.
const fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
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
        let login = plain_login(&new.login);
        if !is_login(&login) {
            return Err(NotPossible::BadLogin.into());
        }
        let edition = self.edition();
        if new.roles.iter().any(|role| edition.role(role).is_none()) {
            return Err(NotPossible::UnknownRole.into());
        }
        let name = account_name(&new.name)?;
        let phone = identifier::line(&new.phone);
        if !phone.is_empty() && identifier::PhoneNumber::parse(&phone).is_err() {
            return Err(NotPossible::AboutPhone.into());
        }
        let id = AccountId(self.new_id());
        // Told before anything is said about the password, as for a login that looks like another.
        if self.account_by_login(&login).await?.is_some() {
            return Err(NotPossible::LoginTaken.into());
        }
        self.may_choose(&login, new.standing, &new.password)?;
        let password = self.hash_password(&new.password).await?;
        let profile = serde_json::to_vec(&Profile { name, phone })?;
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
            .change(Change::KvClaim {
                space: LOOKS.into(),
                key: looks(&row.login),
                bytes: id.0.as_bytes().to_vec(),
                expires_at: None,
            })
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

    /// Claims what logins look like that were given before looks were claimed. Once for each store.
    pub(crate) async fn claim_looks(&self) -> Result<()> {
        const PAGE: u32 = 500;
        let (space, key) = ("zone", "login-looks-claimed");
        let now = self.now();
        if self.store().kv_get(space, key, now).await?.is_some() {
            return Ok(());
        }
        let mut after = None;
        loop {
            let query = ViewQuery::new(views::accounts::TABLE).limit(PAGE).after(after);
            let page = self.store().view_rows(query).await?;
            let mut batch = Batch::new(now);
            for row in page.rows.iter().filter_map(views::accounts::read) {
                let look = looks(&row.login);
                if !row.login.is_empty() && self.store().kv_get(LOOKS, &look, now).await?.is_none() {
                    let bytes = row.id.0.as_bytes().to_vec();
                    batch = batch.change(Change::KvPut {
                        space: LOOKS.into(),
                        key: look,
                        bytes,
                        expires_at: None,
                    });
                }
            }
            after = page.next;
            if after.is_none() {
                let (space, key) = (space.into(), key.into());
                batch = batch.change(Change::KvPut { space, key, bytes: vec![1], expires_at: None });
            }
            self.store().commit(batch).await?;
            if after.is_none() {
                return Ok(());
            }
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
