//! Who somebody is to a case.

use casework::{Actor, ActorId, Case};
use jiff::SignedDuration;
use store::{Batch, Change, Digest};

use crate::account::{Allowance, Viewer};
use crate::case::CaseId;
use crate::error::{OfficeError, Result};
use crate::office::Office;

/// How long a browser that proved its right to a case keeps it.
const ACCESS_DAYS: i64 = 180;
const ATTEMPTS_MAX: usize = 10;

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

    fn space(&self) -> String {
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
    pub async fn actor_in(&self, id: CaseId, case: &Case, by: By<'_>) -> Result<Actor> {
        let is_staff = matches!(by, By::Viewer(viewer) if viewer.is_officer());
        if !is_staff && !matches!(by, By::System) && self.is_forgotten(case.opened_by.as_str()).await? {
            return Err(OfficeError::NotFound);
        }
        match by {
            By::System => Ok(Actor::system()),
            By::Viewer(viewer) if viewer.is_officer() => {
                Ok(Actor::officer(viewer.id.to_string().as_str(), viewer.roles.iter().cloned()))
            }
            By::Viewer(viewer) if case.opened_by.as_str() == viewer.id.to_string() => {
                Ok(Actor::applicant(case.opened_by.clone()))
            }
            By::Viewer(viewer) => {
                if viewer.is_applicant() && self.has_access(id, &account_space(viewer)).await? {
                    Ok(Actor::applicant(viewer.id.to_string().as_str()))
                } else {
                    Err(OfficeError::NotFound)
                }
            }
            By::Agent(viewer) => self.agent_in(id, case, viewer).await,
            By::Guest(key) => {
                if case.opened_by.as_str() == key.actor() || self.has_access(id, &key.space()).await? {
                    Ok(Actor::applicant(ActorId::from(key.actor().as_str())))
                } else {
                    Err(OfficeError::NotFound)
                }
            }
        }
    }

    async fn has_access(&self, id: CaseId, space: &str) -> Result<bool> {
        Ok(self.store().kv_get(space, &id.to_string(), self.now()).await?.is_some())
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
        self.access(id, key.space())
    }

    /// Lets whoever hands a draft in open the case, whoever began the draft.
    pub(crate) fn access_of_submitter(&self, id: CaseId, by: By<'_>, applicant: &str) -> Option<Change> {
        match by {
            By::Guest(key) => Some(self.grant_access(id, key)),
            By::Viewer(viewer) if viewer.is_applicant() && by.actor_id() != applicant => {
                Some(self.access(id, account_space(viewer)))
            }
            By::Viewer(_) | By::Agent(_) | By::System => None,
        }
    }

    fn access(&self, id: CaseId, space: String) -> Change {
        Change::KvPut {
            space,
            key: id.to_string(),
            bytes: vec![1],
            expires_at: Some(self.now() + SignedDuration::from_hours(24 * ACCESS_DAYS)),
        }
    }

    /// Proves the right to a case by its number and the last four digits of the applicant's telephone. What is wrong is
    /// not told, and trying all endings is not possible.
    pub async fn open_case_by_phone(&self, number: &str, last_four: &str, key: &AccessKey) -> Result<CaseId> {
        let id = self.case_by_number(number).await?;
        // Whoever tries counts for everybody who tries this case; being right gives back only the own place.
        let allowance = Allowance::new("track", &id.to_string(), ATTEMPTS_MAX).an_hour().shared();
        let attempt = self.attempt(&[allowance]).await?;
        let digits: String = self.party(id).await?.phone.chars().filter(char::is_ascii_digit).collect();
        let given: String = last_four.chars().filter(char::is_ascii_digit).collect();
        if digits.len() < 4 || given.len() != 4 || !digits.ends_with(&given) {
            return Err(OfficeError::NotFound);
        }
        let mut batch = Batch::new(self.now()).change(self.grant_access(id, key));
        batch.changes.extend(attempt.forgive());
        self.store().commit(batch).await?;
        Ok(id)
    }
}
