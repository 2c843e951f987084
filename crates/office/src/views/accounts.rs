//! The list of accounts.

use catalogue::RoleId;
use store::{Row, ViewChange, ViewSchema};

use crate::account::wire::AccountEvent;
use crate::account::{AccountId, AccountRow, Standing};

pub const TABLE: &str = "accounts";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 1)
        .text("id")
        .text("login")
        .text("standing")
        .text("roles")
        .integer("open")
        .key(&["id"])
        .index(&["login"])
}

pub fn row(account: &AccountRow) -> ViewChange {
    let roles: Vec<&str> = account.roles.iter().map(RoleId::as_str).collect();
    let standing = match account.standing {
        Standing::Applicant => "applicant",
        Standing::Officer => "officer",
        Standing::Administrator => "administrator",
    };
    ViewChange::upsert(
        TABLE,
        vec![
            account.id.0.to_string().into(),
            account.login.as_str().into(),
            standing.into(),
            roles.join("\n").into(),
            account.open.into(),
        ],
    )
}

pub fn read(row: &Row) -> Option<AccountRow> {
    Some(AccountRow {
        id: row.text(0)?.parse().ok()?,
        login: row.text(1)?.into(),
        standing: match row.text(2)? {
            "applicant" => Standing::Applicant,
            "officer" => Standing::Officer,
            _ => Standing::Administrator,
        },
        roles: row.text(3)?.lines().map(RoleId::from).collect(),
        open: row.integer(4)? != 0,
    })
}

/// The row after one more event; nothing when the row stays as it is.
pub fn project(before: Option<AccountRow>, id: AccountId, event: &AccountEvent) -> Option<AccountRow> {
    let roles = |texts: &[String]| texts.iter().map(|text| RoleId::from(text.as_str())).collect();
    match (event, before) {
        (AccountEvent::AccountOpened { login, standing, roles: given }, _) => Some(AccountRow {
            id,
            login: login.clone(),
            standing: *standing,
            roles: roles(given),
            open: true,
        }),
        (AccountEvent::RolesSet { roles: given }, Some(row)) => {
            Some(AccountRow { roles: roles(given), ..row })
        }
        (AccountEvent::AccountClosed, Some(row)) => Some(AccountRow { open: false, ..row }),
        (AccountEvent::AccountReopened, Some(row)) => Some(AccountRow { open: true, ..row }),
        (AccountEvent::PasswordSet, _) | (_, None) => None,
    }
}
