//! The list of accounts.

use catalogue::RoleId;
use store::{Row, ViewChange, ViewSchema};

use crate::account::wire::AccountEvent;
use crate::account::{AccountId, AccountRow, Standing};

pub const TABLE: &str = "accounts";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 3)
        .text("id")
        .text("login")
        .text("standing")
        .text("roles")
        .integer("open")
        .integer("second_factor")
        .integer("endings")
        .integer("password_given")
        .key(&["id"])
        .index(&["login"])
}

pub fn row(account: &AccountRow) -> ViewChange {
    let roles: Vec<&str> = account.roles.iter().map(RoleId::as_str).collect();
    ViewChange::upsert(
        TABLE,
        vec![
            account.id.0.to_string().into(),
            account.login.as_str().into(),
            account.standing.code().into(),
            roles.join("\n").into(),
            account.open.into(),
            account.second_factor.into(),
            account.endings.into(),
            account.password_given.into(),
        ],
    )
}

pub fn read(row: &Row) -> Option<AccountRow> {
    Some(AccountRow {
        id: row.text(0)?.parse().ok()?,
        login: row.text(1)?.into(),
        standing: standing(row.text(2)?)?,
        roles: row.text(3)?.lines().map(RoleId::from).collect(),
        open: row.integer(4)? != 0,
        second_factor: row.integer(5)? != 0,
        endings: row.integer(6)?,
        password_given: row.integer(7)? != 0,
    })
}

fn standing(code: &str) -> Option<Standing> {
    [Standing::Applicant].into_iter().chain(Standing::STAFF).find(|standing| standing.code() == code)
}

/// The first row. What its owner signs in with is not in the event.
pub fn opened(id: AccountId, login: String, standing: Standing, roles: Vec<RoleId>) -> AccountRow {
    AccountRow {
        id,
        login,
        standing,
        roles,
        open: true,
        second_factor: false,
        endings: 0,
        password_given: false,
    }
}

/// The row after one more event; nothing when the row stays as it is.
pub fn project(before: Option<AccountRow>, event: &AccountEvent) -> Option<AccountRow> {
    let roles = |texts: &[String]| texts.iter().map(|text| RoleId::from(text.as_str())).collect();
    let row = before?;
    // Whoever is signed in with what held before has to sign in again.
    let ended = AccountRow { endings: row.endings + 1, ..row.clone() };
    match event {
        AccountEvent::RolesSet { roles: given } => Some(AccountRow { roles: roles(given), ..ended }),
        AccountEvent::StandingSet { standing } => Some(AccountRow { standing: *standing, ..ended }),
        AccountEvent::AccountClosed => Some(AccountRow { open: false, ..ended }),
        AccountEvent::SecondFactorRemoved => Some(AccountRow { second_factor: false, ..ended }),
        AccountEvent::AccountForgotten => {
            Some(AccountRow { login: String::new(), open: false, second_factor: false, ..ended })
        }
        AccountEvent::PasswordSet => Some(AccountRow { password_given: false, ..ended }),
        AccountEvent::PasswordGiven => Some(AccountRow { password_given: true, ..ended }),
        AccountEvent::AccountReopened => Some(AccountRow { open: true, ..row }),
        AccountEvent::SecondFactorSet => Some(AccountRow { second_factor: true, ..row }),
        AccountEvent::IdentityUnlinked { .. } => Some(ended),
        AccountEvent::RecoveryCodeUsed
        | AccountEvent::IdentityLinked { .. }
        | AccountEvent::TokenMade { .. }
        | AccountEvent::TokenRevoked { .. }
        | AccountEvent::AccountOpened { .. } => None,
    }
}
