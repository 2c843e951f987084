//! The events of an account, as they are written for ever.

use casework::DocRef;
use serde::{Deserialize, Serialize};

use crate::account::Standing;

/// What somebody signs in with is often their telephone or e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Login {
    /// As the first version wrote it.
    Written(String),
    /// In the vault, under `account/ID/login`.
    Kept(DocRef),
}

/// Logins, names and passwords are in the vault, under `account/ID/login`, `account/ID/profile` and `account/ID/password`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum AccountEvent {
    AccountOpened {
        login: Login,
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
    /// The version of its shape.
    pub const fn schema(&self) -> u32 {
        match self {
            Self::AccountOpened { login: Login::Kept(_), .. } => 2,
            _ => 1,
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_of_an_opened_account_are_read() {
        let read = |text: &str| serde_json::from_str::<AccountEvent>(text).expect("an event");
        let opened = |login| AccountEvent::AccountOpened {
            login,
            standing: Standing::Applicant,
            roles: vec!["clerk".into()],
        };
        let first = read(
            r#"{"event":"account-opened","login":"13900000000","standing":"applicant","roles":["clerk"]}"#,
        );
        assert_eq!(first, opened(Login::Written("13900000000".into())));
        assert_eq!(first.schema(), 1);
        let text = r#"{"event":"account-opened","login":{"key":"account/1/login","digest":"ab"},"standing":"applicant","roles":["clerk"]}"#;
        let second = opened(Login::Kept(DocRef::new("account/1/login", "ab")));
        assert_eq!(read(text), second);
        assert_eq!(serde_json::to_string(&second).expect("it can be written"), text);
        assert_eq!(second.schema(), 2);
    }
}
