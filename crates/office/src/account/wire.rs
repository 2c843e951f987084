//! The events of an account, as they are written for ever.

use serde::{Deserialize, Serialize};

use crate::account::Standing;

pub const SCHEMA: u32 = 1;

/// Names and passwords are in the vault, under `account/ID/profile` and `account/ID/password`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum AccountEvent {
    AccountOpened {
        login: String,
        standing: Standing,
        roles: Vec<String>,
    },
    RolesSet {
        roles: Vec<String>,
    },
    PasswordSet,
    AccountClosed,
    AccountReopened,
    /// The secret is in the vault, under `account/ID/second-factor`.
    SecondFactorSet,
    SecondFactorRemoved,
    RecoveryCodeUsed,
    /// A program may act for the account; named by the digest of the secret.
    TokenMade {
        token: String,
        scopes: Vec<String>,
    },
    TokenRevoked {
        token: String,
    },
    /// Its owner is forgotten; `person-forgotten` in a stream of its own says on what ground.
    AccountForgotten,
}

impl AccountEvent {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AccountOpened { .. } => "account-opened",
            Self::RolesSet { .. } => "roles-set",
            Self::PasswordSet => "password-set",
            Self::AccountClosed => "account-closed",
            Self::AccountReopened => "account-reopened",
            Self::SecondFactorSet => "second-factor-set",
            Self::SecondFactorRemoved => "second-factor-removed",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::TokenMade { .. } => "token-made",
            Self::TokenRevoked { .. } => "token-revoked",
            Self::AccountForgotten => "account-forgotten",
        }
    }
}

/// What the vault keeps of a person with an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    #[serde(default)]
    pub phone: String,
}
