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

    /// Gives an officer other roles. Sessions end: what was seen with the old ones is not seen on.
    pub async fn set_roles(&self, account: AccountId, roles: Vec<RoleId>, by: &Viewer) -> Result<()> {
        let edition = self.edition();
        if roles.iter().any(|role| edition.role(role).is_none()) {
            return Err(NotPossible::UnknownRole.into());
        }
        let texts = roles.iter().map(ToString::to_string).collect();
        self.change_account(account, AccountEvent::RolesSet { roles: texts }, by).await
    }

    /// Closes an account (its sessions end at once) or opens it again.
    pub async fn set_account_open(&self, account: AccountId, open: bool, by: &Viewer) -> Result<()> {
        let event = if open { AccountEvent::AccountReopened } else { AccountEvent::AccountClosed };
        self.change_account(account, event, by).await
    }

    async fn change_account(&self, account: AccountId, event: AccountEvent, by: &Viewer) -> Result<()> {
        if !by.is_administrator() {
            return Err(OfficeError::Denied);
        }
        let batch = self.account_change(account, &event, by.id).await?;
        self.store().commit(batch).await?;
        Ok(())
    }

    /// One more event of an account, with the row as it is after it. Somebody else's change in between is met as stale:
    /// the row must not lose it.
    pub(crate) async fn account_change(
        &self,
        account: AccountId,
        event: &AccountEvent,
        by: AccountId,
    ) -> Result<Batch> {
        let stream = Self::stream("account", account.0)?;
        let head = self.store().stream_head(&stream).await?.ok_or(OfficeError::NotFound)?;
        let row = self.account_row(account).await?.ok_or(OfficeError::NotFound)?;
        let written = self.new_event(event.kind(), SCHEMA, &by.to_string(), serde_json::to_vec(event)?);
        let batch = Batch::new(self.now()).append(stream, Expected::Version(head.version), vec![written]);
        Ok(match views::accounts::project(Some(row), account, event) {
            Some(after) => batch.views([views::accounts::row(&after)]),
            None => batch,
        })
    }

    pub(crate) async fn account_row(&self, account: AccountId) -> Result<Option<AccountRow>> {
        let row = self.store().view_row(views::accounts::TABLE, &[account.0.to_string().into()]).await?;
        Ok(row.as_ref().and_then(views::accounts::read))
    }
}
