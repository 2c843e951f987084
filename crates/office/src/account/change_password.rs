//! Passwords change: by their owners, who show the old one, and by an administrator for whoever has lost it.

use store::{Batch, Change};

use crate::account::Allowance;
use crate::account::session::SessionToken;
use crate::account::visit::Visit;
use crate::account::wire::AccountEvent;
use crate::account::{AccountId, AccountRow, Chooser, Duty, Entered, Standing, Viewer};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

const WRONG_MAX: usize = 8;

impl Office {
    /// Sets a new password of one's own. The old one is asked for, and the second factor where there is one; every other
    /// session ends, and the one that asked goes on under a new secret.
    pub async fn change_password(
        &self,
        by: &Viewer,
        session: &SessionToken,
        old: &str,
        new: &str,
        code: &str,
        visit: &Visit,
    ) -> Result<Entered> {
        let row = self.account_row(by.id).await?.filter(|row| row.open).ok_or(OfficeError::NotFound)?;
        let allowance = Allowance::new("password", &by.id.to_string(), WRONG_MAX);
        let attempt = self.attempt(&[allowance]).await?;
        if !self.password_matches(Some(by.id), old).await? {
            return Err(NotPossible::WrongOldPassword.into());
        }
        // A new password that is none must not cost the code that was given with it.
        self.check_password(&row, new).await?;
        if row.second_factor {
            self.show_factor(by.id, code).await?;
        }
        let row = self.account_row(by.id).await?.ok_or(OfficeError::NotFound)?;
        let (row, mut batch) = self.own_password(row, new).await?;
        let (entered, session_opened) = self.enter(row, visit).await?;
        batch.appends.extend(session_opened.appends);
        batch.changes.extend(session_opened.changes);
        batch.changes.extend(session.removed());
        batch.changes.extend(attempt.forgive());
        self.store().commit(batch).await?;
        Ok(entered)
    }

    /// Gives somebody a first password. All sessions end, and it opens nothing but the choice of another.
    pub async fn reset_password(&self, account: AccountId, password: &str, by: &Viewer) -> Result<()> {
        // One's own is changed with the old one, not around it.
        let row = self.someone_else(account, Duty::System, by).await?;
        // Whoever gives a password could sign in with it; the second factor, which another duty resets, is in the way.
        if row.standing.duty().is_some() && !row.second_factor && !by.has_duty(Duty::Security) {
            return Err(NotPossible::DutyUnguarded.into());
        }
        self.may_choose(&row.login, row.standing, password)?;
        let mut batch = self.account_change(account, &AccountEvent::PasswordGiven, by.id).await?;
        batch.changes.push(self.password_put(account, password).await?);
        self.store().commit(batch).await?;
        Ok(())
    }

    /// The account after its owner has chosen this password, which was checked, and what has to be committed for it.
    pub(crate) async fn own_password(&self, row: AccountRow, password: &str) -> Result<(AccountRow, Batch)> {
        let (id, event) = (row.id, AccountEvent::PasswordSet);
        let mut batch = self.account_change(id, &event, id).await?;
        batch.changes.push(self.password_put(id, password).await?);
        let after = views::accounts::project(Some(row), &event).ok_or(OfficeError::NotFound)?;
        Ok((after, batch))
    }

    /// Another one than before, and good enough.
    pub(crate) async fn check_password(&self, row: &AccountRow, password: &str) -> Result<()> {
        if self.password_matches(Some(row.id), password).await? {
            return Err(NotPossible::SamePassword.into());
        }
        self.may_choose(&row.login, row.standing, password)
    }

    /// Long enough for whoever has it, and not guessed at once.
    pub(crate) fn may_choose(&self, login: &str, standing: Standing, password: &str) -> Result<()> {
        let edition = self.edition();
        Chooser { login, standing, zone: edition.zone() }.check(password)
    }

    pub(crate) async fn password_put(&self, account: AccountId, password: &str) -> Result<Change> {
        let hashed = serde_json::to_vec(&self.hash_password(password).await?)?;
        Ok(self.vault_put(&format!("{account}/password"), &account.to_string(), hashed))
    }
}
