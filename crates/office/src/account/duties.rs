//! 三员分立: three duties of administration, each in other hands (GB/T 22239—2019). An account is for one of them or for none,
//! and whoever decides cases has none. A zone begins with an administrator who has all; once each duty has somebody of its
//! own, that ends, and cannot be undone.

use store::{Batch, Change, Condition, Expected, ViewQuery};

use crate::account::wire::AccountEvent;
use crate::account::{AccountId, AccountRow, Duty, NewAccount, Standing, Viewer};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

const SPACE: &str = "zone";
const KEY: &str = "duties-apart";

/// An account with a password that is shown this once and opens nothing but the choice of another.
#[derive(Clone)]
pub struct Appointed {
    pub account: AccountId,
    pub first_password: String,
}

/// Passwords stay out of logs.
impl std::fmt::Debug for Appointed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Appointed").field("account", &self.account).finish()
    }
}

impl Office {
    /// Whether each duty has had somebody of its own.
    pub async fn duties_apart(&self) -> Result<bool> {
        Ok(self.store().kv_get(SPACE, KEY, self.now()).await?.is_some())
    }

    /// Appoints somebody to a duty, or takes it back. Who decides cases cannot be appointed, nobody appoints themselves, and
    /// no duty is left without anybody.
    pub async fn set_duty(&self, account: AccountId, duty: Option<Duty>, by: &Viewer) -> Result<()> {
        let row = self.someone_else(account, Duty::Security, by).await?;
        if row.standing == Standing::Applicant || !row.open {
            return Err(OfficeError::Denied);
        }
        if !row.roles.is_empty() && duty.is_some() {
            return Err(NotPossible::DutyAndRoles.into());
        }
        let standing = duty.map_or(Standing::Officer, Duty::standing);
        if standing == row.standing {
            return Ok(());
        }
        if let Some(held) = row.standing.duty()
            && self.holders(held).await?.len() < 2
        {
            return Err(NotPossible::DutyLast.into());
        }
        let batch = self.account_change(account, &AccountEvent::StandingSet { standing }, by.id).await?;
        self.store().commit(batch).await?;
        self.note_apart(&by.id.to_string()).await
    }

    /// Appoints from the machine itself, for a zone's first day and for the day when nobody can sign in any more: opens the
    /// account or takes the one that is there, with a new first password and without a second factor.
    pub async fn appoint(&self, duty: Duty, login: &str) -> Result<Appointed> {
        const SYSTEM: &str = "system";
        let first_password = self.new_secret::<10>();
        let standing = duty.standing();
        let account = match self.account_by_login(login).await? {
            None => {
                let new = NewAccount {
                    login: login.into(),
                    password: first_password.clone(),
                    name: login.into(),
                    phone: String::new(),
                    standing,
                    roles: Vec::new(),
                };
                self.open(new, SYSTEM, true).await?
            }
            Some(account) => {
                self.appoint_again(account, standing, &first_password).await?;
                account
            }
        };
        self.note_apart(SYSTEM).await?;
        Ok(Appointed { account, first_password })
    }

    async fn appoint_again(&self, account: AccountId, standing: Standing, password: &str) -> Result<()> {
        let row = self.account_row(account).await?.ok_or(OfficeError::NotFound)?;
        if row.standing == Standing::Applicant || !row.roles.is_empty() {
            return Err(NotPossible::DutyAndRoles.into());
        }
        if let Some(held) = row.standing.duty()
            && row.standing != standing
            && self.holders(held).await?.len() < 2
        {
            return Err(NotPossible::DutyLast.into());
        }
        let mut events = vec![AccountEvent::PasswordGiven];
        if row.standing != standing {
            events.push(AccountEvent::StandingSet { standing });
        }
        if !row.open {
            events.push(AccountEvent::AccountReopened);
        }
        for event in events {
            let batch = self.machine_change(account, &event).await?;
            let batch = match event {
                AccountEvent::PasswordGiven => batch.change(self.password_put(account, password).await?),
                _ => batch,
            };
            self.store().commit(batch).await?;
        }
        self.take_factor(account, "system").await
    }

    async fn machine_change(&self, account: AccountId, event: &AccountEvent) -> Result<Batch> {
        self.account_change_by(account, event, "system").await
    }

    /// Open accounts that have the duty.
    pub async fn holders(&self, duty: Duty) -> Result<Vec<AccountRow>> {
        let query = ViewQuery::new(views::accounts::TABLE)
            .filter(Condition::eq("standing", duty.standing().code()))
            .limit(1_000);
        let page = self.store().view_rows(query).await?;
        Ok(page.rows.iter().filter_map(views::accounts::read).filter(|row| row.open).collect())
    }

    /// From the moment when each duty has somebody, whoever set the zone up has none any more.
    async fn note_apart(&self, by: &str) -> Result<()> {
        if self.duties_apart().await? {
            return Ok(());
        }
        for duty in Duty::ALL {
            if self.holders(duty).await?.is_empty() {
                return Ok(());
            }
        }
        let event = self.new_event("duties-apart", 1, by, b"{}".to_vec());
        let claim =
            Change::KvClaim { space: SPACE.into(), key: KEY.into(), bytes: vec![1], expires_at: None };
        let stream = store::StreamId::new("zone/duties")?;
        let batch = Batch::new(self.now()).append(stream, Expected::Any, vec![event]).change(claim);
        match self.store().commit(views::trail::with(batch)).await {
            // Somebody else saw it in the same instant.
            Err(error) if matches!(error.conflict(), Some(store::Conflict::Taken { .. })) => Ok(()),
            other => Ok(other.map(drop)?),
        }
    }
}
