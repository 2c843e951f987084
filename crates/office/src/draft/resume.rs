//! Going on with a draft on another device, or at the window: a short code that somebody can read aloud.

use jiff::SignedDuration;
use store::{Batch, Change, Conflict};

use crate::account::Allowance;
use crate::case::{AccessKey, By};
use crate::draft::keep::DraftId;
use crate::error::{OfficeError, Result};
use crate::office::Office;

const CODE_DAYS: i64 = 7;
/// No letters or digits that sound or look alike.
const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH: usize = 8;
const WRONG_PER_ACTOR_MAX: usize = 20;
/// Whoever comes without a cookie is somebody new each time, but comes from somewhere.
const WRONG_PER_ADDRESS_MAX: usize = 40;

/// Eight characters, shown in two groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumeCode(pub String);

impl std::fmt::Display for ResumeCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (front, back) = self.0.split_at(self.0.len() / 2);
        write!(f, "{front}-{back}")
    }
}

impl Office {
    /// A code that opens the draft for whoever enters it, for a week.
    pub async fn resume_code(&self, id: DraftId, by: By<'_>) -> Result<ResumeCode> {
        // It would outlive the consent.
        if matches!(by, By::Agent(_)) {
            return Err(OfficeError::Denied);
        }
        self.open_draft(id, by).await?;
        let mut random = [0; LENGTH];
        self.inner.surroundings.entropy.fill(&mut random);
        let code: String =
            random.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
        let put = Change::KvPut {
            space: "resume".into(),
            key: code.clone(),
            bytes: id.0.as_bytes().to_vec(),
            expires_at: Some(self.now() + SignedDuration::from_hours(24 * CODE_DAYS)),
        };
        self.store().commit(Batch::new(self.now()).change(put)).await?;
        Ok(ResumeCode(code))
    }

    /// Opens the draft of a code for this person too. The first who enters a code is the only one for whom it opens.
    pub async fn resume(&self, code: &str, by: By<'_>, origin: &str) -> Result<DraftId> {
        let now = self.now();
        let actor = by.actor_id();
        let mut allowances = vec![Allowance::new("resume", &actor, WRONG_PER_ACTOR_MAX).an_hour().shared()];
        if !origin.is_empty() {
            let from = Allowance::new("resume-from", origin, WRONG_PER_ADDRESS_MAX);
            allowances.push(from.an_hour().shared());
        }
        let attempt = self.attempt(&allowances).await?;
        let code: String =
            code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        let found = self.store().kv_get("resume", &code, now).await?;
        let Some(id) = found.and_then(|bytes| uuid::Uuid::from_slice(&bytes).ok()).map(DraftId) else {
            return Err(OfficeError::NotFound);
        };
        self.is_first(&code, &actor).await?;
        let expires_at = self.draft_listed_until();
        let grant = Change::KvPut {
            space: format!("draft-access/{id}"),
            key: actor.clone(),
            bytes: vec![1],
            expires_at,
        };
        let list = Change::KvPut {
            space: format!("drafts/{actor}"),
            key: id.to_string(),
            bytes: Vec::new(),
            expires_at,
        };
        let mut batch = Batch::new(now).change(grant).change(list);
        batch.changes.extend(attempt.forgive());
        self.store().commit(batch).await?;
        Ok(id)
    }

    /// A code belongs to whoever entered it first; entering it twice is no harm.
    async fn is_first(&self, code: &str, actor: &str) -> Result<()> {
        let (space, key) = ("resume-used".to_owned(), code.to_owned());
        let claim = Change::KvClaim {
            space: space.clone(),
            key,
            bytes: actor.as_bytes().to_vec(),
            expires_at: Some(self.now() + SignedDuration::from_hours(24 * CODE_DAYS)),
        };
        match self.store().commit(Batch::new(self.now()).change(claim)).await {
            Ok(_) => return Ok(()),
            Err(error) if matches!(error.conflict(), Some(Conflict::Taken { .. })) => {}
            Err(error) => return Err(error.into()),
        }
        let first = self.store().kv_get(&space, code, self.now()).await?;
        if first.as_deref() == Some(actor.as_bytes()) { Ok(()) } else { Err(OfficeError::NotFound) }
    }

    pub(crate) async fn may_open_draft(&self, id: DraftId, by: By<'_>) -> Result<bool> {
        if matches!(by, By::System) {
            return Ok(true);
        }
        let kept = self.store().kv_get(&format!("draft-access/{id}"), &by.actor_id(), self.now()).await?;
        Ok(kept.is_some())
    }

    /// A guest who signs in keeps the drafts that were begun before.
    pub async fn adopt_drafts(&self, from: &AccessKey, by: By<'_>) -> Result<()> {
        let now = self.now();
        let expires_at = self.draft_listed_until();
        let mut batch = Batch::new(now);
        for (id, bytes) in self.store().kv_list(&format!("drafts/{}", from.actor()), "", now).await? {
            let actor = by.actor_id();
            let space = format!("draft-access/{id}");
            batch = batch
                .change(Change::KvPut { space, key: actor.clone(), bytes: vec![1], expires_at })
                .change(Change::KvPut { space: format!("drafts/{actor}"), key: id, bytes, expires_at });
        }
        if !batch.is_empty() {
            self.store().commit(batch).await?;
        }
        Ok(())
    }
}
