//! Who acts under which edition; references to texts that live in the vault.

use std::sync::Arc;

use catalogue::{Edition, RoleId};
use engine::ActorId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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

/// A text or file in the vault: reasons, opinions, notices, answers. The digest lets anybody check that what the vault
/// holds is what the event meant, until the vault forgets it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DocRef {
    #[serde(deserialize_with = "engine::lean::one")]
    pub key: Arc<str>,
    #[serde(deserialize_with = "engine::lean::one")]
    pub digest: Arc<str>,
}

impl DocRef {
    pub fn new(key: impl Into<Arc<str>>, digest: impl Into<Arc<str>>) -> Self {
        Self { key: key.into(), digest: digest.into() }
    }
}
