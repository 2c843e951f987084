//! The list of accounts.

use catalogue::RoleId;
use store::{Row, ViewChange, ViewSchema};

use crate::account::wire::AccountEvent;
use crate::account::{AccountId, AccountRow, Standing};

pub const TABLE: &str = "accounts";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 2)
        .text("id")
        .text("login")
        .text("standing")
        .text("roles")
        .integer("open")
        .integer("second_factor")
        .integer("endings")
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
            account.second_factor.into(),
            account.endings.into(),
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
        second_factor: row.integer(5)? != 0,
        endings: row.integer(6)?,
    })
}

/// The row after one more event; nothing when the row stays as it is.
pub fn project(before: Option<AccountRow>, id: AccountId, event: &AccountEvent) -> Option<AccountRow> {
    let roles = |texts: &[String]| texts.iter().map(|text| RoleId::from(text.as_str())).collect();
    if let AccountEvent::AccountOpened { login, standing, roles: given } = event {
        return Some(AccountRow {
            id,
            login: login.clone(),
            standing: *standing,
            roles: roles(given),
            open: true,
            second_factor: false,
            endings: 0,
        });
    }
    let row = before?;
    // Whoever is signed in with what held before has to sign in again.
    let ended = AccountRow { endings: row.endings + 1, ..row.clone() };
    match event {
        AccountEvent::RolesSet { roles: given } => Some(AccountRow { roles: roles(given), ..ended }),
        AccountEvent::AccountClosed => Some(AccountRow { open: false, ..ended }),
        AccountEvent::SecondFactorRemoved => Some(AccountRow { second_factor: false, ..ended }),
        AccountEvent::AccountForgotten => {
            Some(AccountRow { login: String::new(), open: false, second_factor: false, ..ended })
        }
        AccountEvent::PasswordSet => Some(ended),
        AccountEvent::AccountReopened => Some(AccountRow { open: true, ..row }),
        AccountEvent::SecondFactorSet => Some(AccountRow { second_factor: true, ..row }),
        AccountEvent::RecoveryCodeUsed
        | AccountEvent::TokenMade { .. }
        | AccountEvent::TokenRevoked { .. }
        | AccountEvent::AccountOpened { .. } => None,
    }
}
