//! What administrators do to accounts, each within one duty.

use catalogue::RoleId;
use store::{Batch, Condition, Expected, ViewQuery};

use crate::account::wire::{AccountEvent, Login};
use crate::account::{AccountId, AccountRow, Duty, Standing, Viewer};
use crate::case::{Act, By};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

impl Office {
    /// All accounts, by login.
    pub async fn accounts(&self, by: &Viewer) -> Result<Vec<AccountRow>> {
        if !by.has_any_duty() {
            return Err(OfficeError::Denied);
        }
        let query = ViewQuery::new(views::accounts::TABLE).ascending("login").limit(5_000);
        let page = self.store().view_rows(query).await?;
        Ok(page.rows.iter().filter_map(views::accounts::read).collect())
    }

    /// Gives an officer other roles. Sessions end: what was seen with the old ones is not seen on.
    pub async fn set_roles(&self, account: AccountId, roles: Vec<RoleId>, by: &Viewer) -> Result<()> {
        let row = self.someone_else(account, Duty::Security, by).await?;
        if row.standing != Standing::Officer {
            return Err(OfficeError::Denied);
        }
        let edition = self.edition();
        if roles.iter().any(|role| edition.role(role).is_none()) {
            return Err(NotPossible::UnknownRole.into());
        }
        let texts = roles.iter().map(ToString::to_string).collect();
        self.change_account(account, AccountEvent::RolesSet { roles: texts }, by).await?;
        self.give_back_steps(account, &roles).await
    }

    /// Closes an account (its sessions end at once) or opens it again.
    pub async fn set_account_open(&self, account: AccountId, open: bool, by: &Viewer) -> Result<()> {
        let row = self.someone_else(account, Duty::System, by).await?;
        // Who administers is dismissed first, by the security administrator: nobody shuts out those who watch them.
        if row.standing.duty().is_some() && !by.has_duty(Duty::Security) {
            return Err(NotPossible::DutyHeld.into());
        }
        let event = if open { AccountEvent::AccountReopened } else { AccountEvent::AccountClosed };
        self.change_account(account, event, by).await?;
        if open { Ok(()) } else { self.give_back_steps(account, &[]).await }
    }

    /// Gives back the steps that the account had taken and cannot do with these roles: nobody else could do them.
    async fn give_back_steps(&self, account: AccountId, roles: &[RoleId]) -> Result<()> {
        const AT_ONCE: u32 = 200;
        let mut after = None;
        loop {
            let query = ViewQuery::new(views::tasks::TABLE)
                .filter(Condition::eq("claimed_by", account.to_string()))
                .ascending("due_at")
                .limit(AT_ONCE)
                .after(after);
            let page = self.store().view_rows(query).await?;
            for task in page.rows.iter().filter_map(views::tasks::read) {
                if roles.iter().any(|role| role.as_str() == task.role) {
                    continue;
                }
                let release =
                    Act::Release { item: task.item.as_str().into(), step: task.step.as_str().into() };
                match self.act(task.case, release, By::System, None).await {
                    // It was done, or given back, meanwhile.
                    Ok(_) | Err(OfficeError::Refused(_)) => {}
                    Err(other) => return Err(other),
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn change_account(&self, account: AccountId, event: AccountEvent, by: &Viewer) -> Result<()> {
        let batch = self.account_change(account, &event, by.id).await?;
        self.store().commit(batch).await?;
        Ok(())
    }

    /// The account of somebody else, for whoever has this duty. Nobody administers themselves.
    pub(crate) async fn someone_else(
        &self,
        account: AccountId,
        duty: Duty,
        by: &Viewer,
    ) -> Result<AccountRow> {
        if !by.has_duty(duty) || by.id == account {
            return Err(OfficeError::Denied);
        }
        self.account_row(account).await?.ok_or(OfficeError::NotFound)
    }

    /// One more event of an account, with the row as it is after it. Somebody else's change in between is met as stale:
    /// the row must not lose it.
    pub(crate) async fn account_change(
        &self,
        account: AccountId,
        event: &AccountEvent,
        by: AccountId,
    ) -> Result<Batch> {
        self.account_change_by(account, event, &by.to_string()).await
    }

    pub(crate) async fn account_change_by(
        &self,
        account: AccountId,
        event: &AccountEvent,
        by: &str,
    ) -> Result<Batch> {
        let stream = Self::stream("account", account.0)?;
        let head = self.store().stream_head(&stream).await?.ok_or(OfficeError::NotFound)?;
        let row = self.account_row(account).await?.ok_or(OfficeError::NotFound)?;
        let written = self.new_event(event.kind(), event.schema(), by, serde_json::to_vec(event)?);
        let batch = Batch::new(self.now()).append(stream, Expected::Version(head.version), vec![written]);
        let batch = views::trail::with(batch);
        Ok(match views::accounts::project(Some(row), event) {
            Some(after) => batch.views([views::accounts::row(&after)]),
            None => batch,
        })
    }

    /// What the account of an opening event signs in with; nothing once its owner is forgotten.
    pub(crate) async fn login_of(&self, login: &Login) -> Result<String> {
        match login {
            Login::Written(login) => Ok(login.clone()),
            Login::Kept(kept) => {
                let bytes = self.vault(&kept.key).await?.unwrap_or_default();
                Ok(String::from_utf8_lossy(&bytes).into_owned())
            }
        }
    }

    pub(crate) async fn account_row(&self, account: AccountId) -> Result<Option<AccountRow>> {
        let row = self.store().view_row(views::accounts::TABLE, &[account.0.to_string().into()]).await?;
        Ok(row.as_ref().and_then(views::accounts::read))
    }
}
