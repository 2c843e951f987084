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
    /// The account is for something else from now on: an administrator was appointed, or is one no longer.
    StandingSet {
        standing: Standing,
    },
    /// A password was set; by its owner wherever `password-given` is known.
    PasswordSet,
    /// An administrator set a first password: its owner has to choose another on the way in.
    PasswordGiven,
    /// Somebody whom this issuer vouches for signs in as the account. The subject is kept as a digest beside the journal, and goes with the account.
    IdentityLinked {
        issuer: String,
    },
    IdentityUnlinked {
        issuer: String,
    },
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
            Self::StandingSet { .. } => "standing-set",
            Self::PasswordGiven => "password-given",
            Self::IdentityLinked { .. } => "identity-linked",
            Self::IdentityUnlinked { .. } => "identity-unlinked",
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
