//! What an administrator does to accounts.

use catalogue::RoleId;
use store::{Batch, Expected, ViewQuery};

use crate::account::wire::{AccountEvent, SCHEMA};
use crate::account::{AccountId, AccountRow, Viewer};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

impl Office {
    /// All accounts, by login.
    pub async fn accounts(&self, by: &Viewer) -> Result<Vec<AccountRow>> {
        if !by.is_administrator() {
            return Err(OfficeError::Denied);
        }
        let query = ViewQuery::new(views::accounts::TABLE).ascending("login").limit(5_000);
        let page = self.store().view_rows(query).await?;
        Ok(page.rows.iter().filter_map(views::accounts::read).collect())
    }

    /// Gives an officer other roles.
    pub async fn set_roles(&self, account: AccountId, roles: Vec<RoleId>, by: &Viewer) -> Result<()> {
        let edition = self.edition();
        if roles.iter().any(|role| edition.role(role).is_none()) {
            return Err(NotPossible::UnknownRole.into());
        }
        let texts = roles.iter().map(ToString::to_string).collect();
        self.change_account(account, AccountEvent::RolesSet { roles: texts }, by, |row| row.roles = roles)
            .await
    }

    /// Closes an account (its sessions end at once) or opens it again.
    pub async fn set_account_open(&self, account: AccountId, open: bool, by: &Viewer) -> Result<()> {
        let event = if open { AccountEvent::AccountReopened } else { AccountEvent::AccountClosed };
        self.change_account(account, event, by, |row| row.open = open).await
    }

    /// Sets a new password for somebody.
    pub async fn reset_password(&self, account: AccountId, password: &str, by: &Viewer) -> Result<()> {
        if !by.is_administrator() && by.id != account {
            return Err(OfficeError::Denied);
        }
        let hashed = serde_json::to_vec(&self.hash_password(password).await?)?;
        let event = AccountEvent::PasswordSet;
        let body = serde_json::to_vec(&event)?;
        let batch = Batch::new(self.now())
            .append(
                Self::stream("account", account.0)?,
                Expected::Any,
                vec![self.new_event(event.kind(), SCHEMA, &by.id.to_string(), body)],
            )
            .change(self.vault_put(&format!("{account}/password"), &account.to_string(), hashed));
        self.store().commit(batch).await?;
        Ok(())
    }

    async fn change_account(
        &self,
        account: AccountId,
        event: AccountEvent,
        by: &Viewer,
        change: impl FnOnce(&mut AccountRow),
    ) -> Result<()> {
        if !by.is_administrator() {
            return Err(OfficeError::Denied);
        }
        let key = [account.0.to_string().into()];
        let row = self.store().view_row(views::accounts::TABLE, &key).await?;
        let mut row = row.as_ref().and_then(views::accounts::read).ok_or(OfficeError::NotFound)?;
        change(&mut row);
        let body = serde_json::to_vec(&event)?;
        let batch = Batch::new(self.now())
            .append(
                Self::stream("account", account.0)?,
                Expected::Any,
                vec![self.new_event(event.kind(), SCHEMA, &by.id.to_string(), body)],
            )
            .views([views::accounts::row(&row)]);
        self.store().commit(batch).await?;
        Ok(())
    }
}
