//! Who somebody is to a case.

use casework::{Actor, ActorId, Case};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{Change, Digest};

use crate::account::Viewer;
use crate::case::CaseId;
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

/// How long a browser that proved its right to a case keeps it.
const ACCESS_DAYS: i64 = 180;
/// As it is kept; progress with the microsecond since when, big-endian, which entries from before lack.
const WHOLE: u8 = 1;
const PROGRESS: u8 = 2;

/// How far a case opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// How far it is, and nothing that somebody wrote or handed in.
    Progress,
    /// Papers, texts, and every act of the applicant's.
    Whole,
}

/// A secret that opens drafts and cases without an account: what a guest's cookie holds.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey(pub String);

impl std::fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessKey")
    }
}

/// Who acts: somebody signed in, a guest with a key, or the office itself.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    Viewer(&'a Viewer),
    /// Somebody signed in, acting for an applicant who agreed to it.
    Agent(&'a Viewer),
    Guest(&'a AccessKey),
    System,
}

impl AccessKey {
    /// The actor under which a guest's acts are written: the digest, never the key.
    pub fn actor(&self) -> String {
        let digest = Digest::of(self.0.as_bytes()).to_string();
        format!("guest/{}", &digest[..32])
    }

    pub(super) fn space(&self) -> String {
        format!("access/{}", Digest::of(self.0.as_bytes()))
    }
}

fn account_space(viewer: &Viewer) -> String {
    format!("access/{}", viewer.id)
}

impl By<'_> {
    /// As events name it.
    pub fn actor_id(&self) -> String {
        match self {
            Self::Viewer(viewer) | Self::Agent(viewer) => viewer.id.to_string(),
            Self::Guest(key) => key.actor(),
            Self::System => "system".into(),
        }
    }
}

impl Office {
    /// A key for somebody without an account.
    pub fn new_access_key(&self) -> AccessKey {
        AccessKey(self.new_secret::<24>())
    }

    /// What `by` is to the case; strangers are told that there is no such case.
    ///
    /// # Errors
    /// `NotFound` to strangers, `ProgressOnly` to whoever only proved to know the telephone.
    pub async fn actor_in(&self, id: CaseId, case: &Case, by: By<'_>) -> Result<Actor> {
        match self.standing_in(id, case, by).await? {
            (actor, Access::Whole) => Ok(actor),
            (_, Access::Progress) => Err(NotPossible::ProgressOnly.into()),
        }
    }

    /// What `by` is to the case, and how far it opens to them.
    pub(super) async fn standing_in(&self, id: CaseId, case: &Case, by: By<'_>) -> Result<(Actor, Access)> {
        let is_staff = matches!(by, By::Viewer(viewer) if viewer.is_officer());
        if !is_staff && !matches!(by, By::System) && self.is_forgotten(case.opened_by.as_str()).await? {
            return Err(OfficeError::NotFound);
        }
        match by {
            By::System => Ok((Actor::system(), Access::Whole)),
            By::Viewer(viewer) if viewer.is_officer() => {
                let actor = Actor::officer(viewer.id.to_string().as_str(), viewer.roles.iter().cloned());
                Ok((actor, Access::Whole))
            }
            By::Viewer(viewer) if case.opened_by.as_str() == viewer.id.to_string() => {
                Ok((Actor::applicant(case.opened_by.clone()), Access::Whole))
            }
            By::Viewer(viewer) if viewer.is_applicant() => {
                let access =
                    self.access_of(id, &account_space(viewer)).await?.ok_or(OfficeError::NotFound)?;
                Ok((Actor::applicant(viewer.id.to_string().as_str()), access))
            }
            By::Viewer(_) => Err(OfficeError::NotFound),
            By::Agent(viewer) => Ok((self.agent_in(id, case, viewer).await?, Access::Whole)),
            By::Guest(key) => {
                let own = case.opened_by.as_str() == key.actor();
                let access = if own { Some(Access::Whole) } else { self.access_of(id, &key.space()).await? };
                let actor = Actor::applicant(ActorId::from(key.actor().as_str()));
                Ok((actor, access.ok_or(OfficeError::NotFound)?))
            }
        }
    }

    pub(super) async fn access_of(&self, id: CaseId, space: &str) -> Result<Option<Access>> {
        let Some(kept) = self.store().kv_get(space, &id.to_string(), self.now()).await? else {
            return Ok(None);
        };
        let Some(since) = kept.strip_prefix(&[PROGRESS]) else { return Ok(Some(Access::Whole)) };
        // Digits of a telephone that is no longer theirs open nothing.
        let Some(changed) = self.party(id).await?.phone_since else { return Ok(Some(Access::Progress)) };
        let since = since.try_into().ok().map(i64::from_be_bytes);
        Ok((since >= Some(changed.as_microsecond())).then_some(Access::Progress))
    }

    /// The cases that somebody may follow besides those that are written as theirs.
    pub(crate) async fn cases_opened_by(&self, by: By<'_>) -> Result<Vec<CaseId>> {
        let space = match by {
            By::Viewer(viewer) => account_space(viewer),
            By::Guest(key) => key.space(),
            By::Agent(_) | By::System => return Ok(Vec::new()),
        };
        let kept = self.store().kv_list(&space, "", self.now()).await?;
        Ok(kept.iter().filter_map(|(id, _)| id.parse().ok()).collect())
    }

    /// Lets a key open a case.
    fn grant_access(&self, id: CaseId, key: &AccessKey) -> Change {
        self.access(id, key.space(), Access::Whole)
    }

    /// Lets whoever hands a draft in open the case, whoever began the draft.
    pub(crate) fn access_of_submitter(&self, id: CaseId, by: By<'_>, applicant: &str) -> Option<Change> {
        match by {
            By::Guest(key) => Some(self.grant_access(id, key)),
            By::Viewer(viewer) if viewer.is_applicant() && by.actor_id() != applicant => {
                Some(self.access(id, account_space(viewer), Access::Whole))
            }
            By::Viewer(_) | By::Agent(_) | By::System => None,
        }
    }

    pub(super) fn access(&self, id: CaseId, space: String, access: Access) -> Change {
        let now = self.now();
        let bytes = match access {
            Access::Progress => [&[PROGRESS][..], &now.as_microsecond().to_be_bytes()].concat(),
            Access::Whole => vec![WHOLE],
        };
        let expires_at = Some(now + SignedDuration::from_hours(24 * ACCESS_DAYS));
        Change::KvPut { space, key: id.to_string(), bytes, expires_at }
    }
}
