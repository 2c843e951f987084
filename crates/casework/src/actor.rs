//! Who acts, when, and under which edition; references to texts that live in the vault.

use std::fmt;
use std::sync::Arc;

use catalogue::{Edition, RoleId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An account, never a person's name: events outlive the people in them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActorId(#[serde(deserialize_with = "crate::lean::one")] Arc<str>);

impl ActorId {
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The engine itself.
    pub fn system() -> Self {
        Self("system".into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ActorId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

/// Whoever gives a command, as far as this case is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub id: ActorId,
    pub standing: Standing,
}

/// What the actor is to the case. The shell finds it out; the engine only trusts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Applicant,
    /// Acts for the applicant with consent.
    Agent,
    Officer {
        roles: Vec<RoleId>,
    },
    System,
}

impl Actor {
    pub fn system() -> Self {
        Self { id: ActorId::system(), standing: Standing::System }
    }

    pub fn officer(id: impl Into<ActorId>, roles: impl IntoIterator<Item = RoleId>) -> Self {
        Self { id: id.into(), standing: Standing::Officer { roles: roles.into_iter().collect() } }
    }

    pub fn applicant(id: impl Into<ActorId>) -> Self {
        Self { id: id.into(), standing: Standing::Applicant }
    }

    pub fn is_applicant_side(&self) -> bool {
        matches!(self.standing, Standing::Applicant | Standing::Agent)
    }

    pub fn roles(&self) -> &[RoleId] {
        match &self.standing {
            Standing::Officer { roles } => roles,
            _ => &[],
        }
    }
}

/// All that a decision may depend on besides the case and the command.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub now: Timestamp,
    pub actor: &'a Actor,
    /// The edition that the case is pinned to; the new one for [`crate::Command::MoveEdition`].
    pub edition: &'a Edition,
}

/// When an event was recorded, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    pub at: Timestamp,
    pub actor: ActorId,
}

/// A text or file in the vault: reasons, opinions, notices, answers. The digest lets anybody check that what the vault
/// holds is what the event meant, until the vault forgets it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DocRef {
    #[serde(deserialize_with = "crate::lean::one")]
    pub key: Arc<str>,
    #[serde(deserialize_with = "crate::lean::one")]
    pub digest: Arc<str>,
}

impl DocRef {
    pub fn new(key: impl Into<Arc<str>>, digest: impl Into<Arc<str>>) -> Self {
        Self { key: key.into(), digest: digest.into() }
    }
}
