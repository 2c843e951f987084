//! Going on with a draft on another device, or at the window: a short code that somebody can read aloud.

use jiff::SignedDuration;
use store::{Batch, Change, Conflict};

use crate::account::Allowance;
use crate::bounds::origin;
use crate::case::{AccessKey, By};
use crate::draft::fill::TRIES;
use crate::draft::keep::DraftId;
use crate::error::{OfficeError, Result};
use crate::office::Office;

const CODE_DAYS: i64 = 7;
/// Who has entered a code.
const USED: &str = "resume-used";
/// No letters or digits that sound or look alike.
const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const WRONG_PER_ACTOR_MAX: usize = 20;
/// Whoever comes without a cookie is somebody new each time, but comes from somewhere.
const WRONG_PER_ADDRESS_MAX: usize = 40;

/// Eight characters, shown in two groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumeCode(pub String);

impl ResumeCode {
    pub(crate) const LENGTH: usize = 8;
}

impl std::fmt::Display for ResumeCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (front, back) = self.0.split_at(self.0.len() / 2);
        write!(f, "{front}-{back}")
    }
}

impl Office {
    /// A code that opens the draft for whoever enters it first, within a week.
    pub async fn resume_code(&self, id: DraftId, by: By<'_>) -> Result<ResumeCode> {
        // It would outlive the consent.
        if matches!(by, By::Agent(_)) {
            return Err(OfficeError::Denied);
        }
        self.open_draft(id, by).await?;
        let code = self.new_resume_code();
        let put = Change::KvPut {
            space: "resume".into(),
            key: code.0.clone(),
            bytes: id.0.as_bytes().to_vec(),
            expires_at: Some(self.now() + SignedDuration::from_hours(24 * CODE_DAYS)),
        };
        self.store().commit(Batch::new(self.now()).change(put)).await?;
        Ok(code)
    }

    pub(crate) fn new_resume_code(&self) -> ResumeCode {
        let mut random = [0; ResumeCode::LENGTH];
        self.inner.surroundings.entropy.fill(&mut random);
        ResumeCode(
            random.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect(),
        )
    }

    /// Opens the draft of a code for this person too. Whoever enters a code first is the only one for whom it opens.
    ///
    /// # Errors
    /// `NotFound` for a code that is wrong and for one that somebody else has used, `Wait` when too many were wrong.
    pub async fn resume(&self, code: &str, by: By<'_>) -> Result<DraftId> {
        let now = self.now();
        let actor = by.actor_id();
        let mut allowances = vec![Allowance::new("resume", &actor, WRONG_PER_ACTOR_MAX).an_hour().shared()];
        if let Some(from) = origin() {
            let from = Allowance::new("resume-from", &from, WRONG_PER_ADDRESS_MAX);
            allowances.push(from.an_hour().shared());
        }
        let attempt = self.attempt(&allowances).await?;
        let code = identifier::plain(code);
        let found = self.store().kv_get("resume", &code, now).await?;
        let Some(id) = found.and_then(|bytes| uuid::Uuid::from_slice(&bytes).ok()).map(DraftId) else {
            return Err(OfficeError::NotFound);
        };
        // Trying one's own code does not use it up.
        let opens_already = self.open_draft(id, by).await.is_ok();
        let used = self.store().kv_get(USED, &code, now).await?;
        if used.is_some_and(|first| first != actor.as_bytes()) && !opens_already {
            return Err(OfficeError::NotFound);
        }
        let mut batch = Batch::new(now);
        if !opens_already {
            batch = batch.change(Change::KvClaim {
                space: USED.into(),
                key: code,
                bytes: actor.as_bytes().to_vec(),
                expires_at: Some(now + SignedDuration::from_hours(24 * CODE_DAYS)),
            });
        }
        batch.changes.extend(self.draft_shared(id, &actor));
        batch.changes.extend(attempt.forgive());
        match self.store().commit(batch).await {
            Ok(_) => Ok(id),
            // Somebody else was first by a moment.
            Err(error) if matches!(error.conflict(), Some(Conflict::Taken { .. })) => {
                Err(OfficeError::NotFound)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Lets somebody open a draft, and lists it for them.
    fn draft_shared(&self, id: DraftId, actor: &str) -> [Change; 2] {
        let expires_at = self.draft_listed_until();
        let (space, key) = (format!("draft-access/{id}"), actor.to_owned());
        let grant = Change::KvPut { space, key, bytes: vec![1], expires_at };
        let (space, key) = (format!("drafts/{actor}"), id.to_string());
        [grant, Change::KvPut { space, key, bytes: Vec::new(), expires_at }]
    }

    pub(crate) async fn may_open_draft(&self, id: DraftId, by: By<'_>) -> Result<bool> {
        if matches!(by, By::System) {
            return Ok(true);
        }
        let kept = self.store().kv_get(&format!("draft-access/{id}"), &by.actor_id(), self.now()).await?;
        Ok(kept.is_some())
    }

    /// The drafts of a browser become an account's, and open by its key no more: the device may be shared.
    pub async fn adopt_drafts(&self, from: &AccessKey, by: By<'_>) -> Result<()> {
        let guest = from.actor();
        for (key, _) in self.store().kv_list(&format!("drafts/{guest}"), "", self.now()).await? {
            let Ok(id) = key.parse::<DraftId>() else { continue };
            let mut tries = 0;
            // A save from another tab in between begins this draft anew, and leaves the others alone.
            while let Err(error) = self.adopt_draft(id, &guest, by).await {
                tries += 1;
                if !matches!(error, OfficeError::Stale) || tries == TRIES {
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    async fn adopt_draft(&self, id: DraftId, guest: &str, by: By<'_>) -> Result<()> {
        let mut open = match self.open_draft(id, By::System).await {
            Err(OfficeError::NotFound) => return Ok(()),
            open => open?,
        };
        let actor = by.actor_id();
        let gone = |space: String, key: &str| Change::KvRemove { space, key: key.into() };
        let mut changes =
            vec![gone(format!("draft-access/{id}"), guest), gone(format!("drafts/{guest}"), &id.to_string())];
        if open.draft.owner == guest && open.draft.submitted.is_none() {
            // What the vault holds of it goes with the account from now on, also when the account is forgotten.
            open.draft.owner = actor;
            return self.save_draft(&mut open, by, changes).await;
        }
        changes.extend(self.draft_shared(id, &actor));
        let batch = changes.into_iter().fold(Batch::new(self.now()), Batch::change);
        self.store().commit(batch).await?;
        Ok(())
    }
}
