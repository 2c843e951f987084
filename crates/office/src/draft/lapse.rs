//! When a draft is over: handed in, what it holds moves to the case; left behind, it lapses after the days of the zone's
//! rule. Either way no answer and no file stays with it.

use catalogue::RecordKind;
use jiff::Timestamp;
use store::{Batch, Change, Digest, Expected};
use uuid::Uuid;

use crate::case::perform::day_of;
use crate::draft::keep::{Draft, DraftId, OpenDraft};
use crate::error::{OfficeError, Result};
use crate::office::Office;

const VAULT: &str = "draft/";
const PAGE_KEYS: usize = 200;
/// Set once every draft that an earlier version left whole after it was handed in has been moved.
const MOVED: (&str, &str) = ("moved", "drafts-handed-in");

/// Where a draft lies while it is filled in.
pub(crate) fn key(id: DraftId) -> String {
    format!("{VAULT}{id}")
}

/// Where its address still finds the number once it was handed in.
pub(crate) fn key_handed_in(id: DraftId) -> String {
    format!("handed-in/{id}")
}

impl OpenDraft {
    /// What stays of a draft that became a case: the number at the old address, and nothing that anybody typed.
    fn handed_in(&self) -> Draft {
        Draft {
            answers: form::Answers::new(),
            known: form::KnownFacts::new(),
            asked: Default::default(),
            attachments: Vec::new(),
            seen: Vec::new(),
            seen_marks: Vec::new(),
            consents: Vec::new(),
            about_case: None,
            moved: None,
            ..self.draft.clone()
        }
    }

    fn files_let_go(&self) -> impl Iterator<Item = Change> {
        let owner = key(self.id);
        let digests = self.draft.attachments.iter().filter_map(|file| Digest::parse(&file.digest));
        digests.map(move |digest| Change::BlobUnlink { digest, owner: owner.clone() })
    }
}

impl Office {
    /// A draft that was handed in leaves its content to the case, whose applicant is the subject of what remains.
    pub(crate) fn draft_moves(&self, open: &OpenDraft, applicant: &str) -> Result<Vec<Change>> {
        let left = serde_json::to_vec(&open.handed_in())?;
        let mut changes: Vec<Change> = open.files_let_go().collect();
        changes.push(Change::VaultErase { key: key(open.id) });
        changes.push(self.vault_put(&key_handed_in(open.id), applicant, left));
        changes.push(Change::KvRemove {
            space: format!("drafts/{}", open.draft.owner),
            key: open.id.to_string(),
        });
        Ok(changes)
    }

    /// Everything that a draft holds, for good.
    pub(crate) async fn draft_ends(&self, open: &OpenDraft) -> Result<Vec<Change>> {
        let mut changes: Vec<Change> = open.files_let_go().collect();
        changes.push(Change::VaultErase { key: key(open.id) });
        let listed =
            |actor: &str| Change::KvRemove { space: format!("drafts/{actor}"), key: open.id.to_string() };
        changes.push(listed(&open.draft.owner));
        let space = format!("draft-access/{}", open.id);
        for (actor, _) in self.store().kv_list(&space, "", self.now()).await? {
            changes.push(listed(&actor));
            changes.push(Change::KvRemove { space: space.clone(), key: actor });
        }
        Ok(changes)
    }

    /// Ends a draft because whoever fills it in wants so.
    pub async fn discard_draft(&self, id: DraftId, by: crate::case::By<'_>) -> Result<()> {
        let open = self.open_draft(id, by).await?;
        if open.draft.submitted.is_some() || matches!(by, crate::case::By::Agent(_)) {
            return Err(OfficeError::Denied);
        }
        let event = self.new_event("draft-discarded", 1, "applicant", b"{}".to_vec());
        let expected = Expected::Version(open.version);
        let mut batch = Batch::new(self.now()).append(Self::stream("draft", id.0)?, expected, vec![event]);
        batch.changes.extend(self.draft_ends(&open).await?);
        self.store().commit(batch).await?;
        Ok(())
    }

    /// Until when a draft stands in the lists of those who fill it in; `None` for ever.
    pub(crate) fn draft_listed_until(&self) -> Option<Timestamp> {
        let edition = self.edition();
        let due = day_of(&edition, self.now()).checked_add(edition.zone().kept(RecordKind::Drafts)?);
        let midnight = due.ok()?.tomorrow().ok()?.at(0, 0, 0, 0);
        edition.offset().to_timestamp(midnight).ok()
    }

    /// Ends every draft that nobody saved for as long as the zone keeps drafts. Gives how many.
    pub(crate) async fn lapse_drafts(&self) -> Result<usize> {
        let all = self.store().kv_get(MOVED.0, MOVED.1, self.now()).await?.is_none();
        let (mut ended, mut after) = (0, VAULT.to_owned());
        'walk: loop {
            let keys = self.store().vault_walk(&after, PAGE_KEYS).await?;
            for key in keys.iter().take_while(|key| key.starts_with(VAULT)) {
                let Some(id) = key[VAULT.len()..].parse().ok().map(DraftId) else { continue };
                // Ids are in the order of time: what follows was begun too lately to have lapsed.
                if !all && !self.is_over(began(id.0)) {
                    break 'walk;
                }
                ended += usize::from(self.lapse_draft(id).await?);
            }
            match keys.last() {
                Some(last) if last.starts_with(VAULT) => after.clone_from(last),
                _ => break,
            }
        }
        if all {
            let (space, key) = (MOVED.0.into(), MOVED.1.into());
            let done = Change::KvPut { space, key, bytes: vec![1], expires_at: None };
            self.store().commit(Batch::new(self.now()).change(done)).await?;
        }
        Ok(ended)
    }

    fn is_over(&self, last_used: Option<Timestamp>) -> bool {
        let edition = self.edition();
        let Some(kept) = edition.zone().kept(RecordKind::Drafts) else { return false };
        let last_used = last_used.map_or(jiff::civil::Date::MIN, |at| day_of(&edition, at));
        last_used.checked_add(kept).is_ok_and(|last_day| last_day < self.today())
    }

    /// Whether the draft was over and ended now.
    pub(crate) async fn lapse_draft(&self, id: DraftId) -> Result<bool> {
        let open = match self.open_draft(id, crate::case::By::System).await {
            Ok(open) => open,
            Err(OfficeError::NotFound) => return Ok(false),
            Err(error) => {
                tracing::error!(%error, "a draft cannot be read");
                return Ok(false);
            }
        };
        let (kind, changes) = if let Some(number) = &open.draft.submitted {
            let case = self.case_by_number(number).await?;
            let applicant = self.load_case(case).await?.case.opened_by.to_string();
            ("draft-moved", self.draft_moves(&open, &applicant)?)
        } else if self.is_over(Some(open.draft.saved_at)) {
            ("draft-lapsed", self.draft_ends(&open).await?)
        } else {
            return Ok(false);
        };
        let event = self.new_event(kind, 1, "system", b"{}".to_vec());
        let expected = Expected::Version(open.version);
        let mut batch = Batch::new(self.now()).append(Self::stream("draft", id.0)?, expected, vec![event]);
        batch.changes.extend(changes);
        match self.store().commit(batch).await.map_err(OfficeError::from) {
            // Somebody came back to it in this moment.
            Err(OfficeError::Stale) => Ok(false),
            done => done.map(|_| kind == "draft-lapsed"),
        }
    }
}

/// When an id was made.
pub(crate) fn began(id: Uuid) -> Option<Timestamp> {
    let (seconds, nanoseconds) = id.get_timestamp()?.to_unix();
    Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanoseconds).ok()?).ok()
}
