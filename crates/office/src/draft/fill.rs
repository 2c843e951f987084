//! Saving what was typed. Nothing typed is lost: what cannot be read is kept as it was typed, with the problem shown.

use std::collections::BTreeMap;

use catalogue::{FieldId, MaterialId, PartyKind};
use form::{Modes, Raw};

use crate::case::By;
use crate::draft::keep::{DraftId, OpenDraft, SeenPaper};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

pub(super) const TRIES: usize = 5;

impl Office {
    /// Saves answers to some fields. Fields that are not named keep what they had; another device's answers to other
    /// fields are kept too.
    pub async fn save_answers(
        &self,
        id: DraftId,
        raw: &BTreeMap<FieldId, Raw>,
        by: By<'_>,
    ) -> Result<OpenDraft> {
        self.change_draft(id, by, |open| {
            open.need_own_files(raw)?;
            open.take_answers(raw);
            Ok(())
        })
        .await
    }

    /// Takes known facts as right, field by field.
    pub async fn confirm_known(&self, id: DraftId, fields: &[FieldId], by: By<'_>) -> Result<OpenDraft> {
        self.change_draft(id, by, |open| {
            for field in fields {
                if let Some(known) = open.draft.known.get(field.as_str()) {
                    let value = known.value.clone();
                    open.draft.answers.give(field.clone(), value);
                }
            }
            Ok(())
        })
        .await
    }

    pub async fn set_party(&self, id: DraftId, party: PartyKind, by: By<'_>) -> Result<OpenDraft> {
        self.change_draft(id, by, |open| {
            if !open.thing()?.applicants.contains(&party) {
                return Err(NotPossible::NothingApplies.into());
            }
            open.draft.party = party;
            open.answer_party();
            Ok(())
        })
        .await
    }

    pub async fn set_modes(&self, id: DraftId, modes: Modes, by: By<'_>) -> Result<OpenDraft> {
        self.change_draft(id, by, |open| {
            open.draft.modes = modes.clone();
            Ok(())
        })
        .await
    }

    /// The window has seen these papers in the original; nobody need scan them.
    pub async fn set_seen(&self, id: DraftId, seen: Vec<MaterialId>, by: By<'_>) -> Result<OpenDraft> {
        let edition = self.edition();
        if !matches!(by, By::Viewer(viewer) if viewer.works_at_window(&edition)) {
            return Err(OfficeError::Denied);
        }
        let (actor, now) = (by.actor_id(), self.now());
        self.change_draft(id, by, |open| {
            let draft = &mut open.draft;
            draft
                .seen_marks
                .retain(|mark| seen.contains(&mark.material) && draft.seen.contains(&mark.material));
            for material in seen.iter().filter(|material| !draft.seen.contains(material)) {
                draft.seen_marks.push(SeenPaper { material: material.clone(), by: actor.clone(), at: now });
            }
            draft.seen = seen.clone();
            Ok(())
        })
        .await
    }

    /// Changes a draft, again if another device saved in between.
    pub(crate) async fn change_draft(
        &self,
        id: DraftId,
        by: By<'_>,
        change: impl Fn(&mut OpenDraft) -> Result<()> + Send + Sync,
    ) -> Result<OpenDraft> {
        for _ in 0..TRIES {
            let mut open = self.open_draft(id, by).await?;
            if open.draft.submitted.is_some() {
                return Err(OfficeError::Stale);
            }
            change(&mut open)?;
            self.prefill(&mut open).await?;
            match self.save_draft(&mut open, by, Vec::new()).await {
                Err(OfficeError::Stale) => {}
                Ok(()) => return Ok(open),
                Err(error) => return Err(error),
            }
        }
        Err(OfficeError::Stale)
    }
}

impl OpenDraft {
    /// As the draft is once these answers are saved.
    pub fn take_answers(&mut self, raw: &BTreeMap<FieldId, Raw>) {
        self.draft.moved = None;
        for (field_id, typed) in raw {
            let Some(field) = self.edition.field(field_id) else { continue };
            // What cannot be read is kept as typed; the form tells what is wrong with it.
            let _ = self.draft.answers.take(field, typed, self.today);
        }
        self.party_as_answered();
    }

    /// Where a question of the form asks who applies, its answer counts; see [`OpenDraft::answer_party`].
    fn party_as_answered(&mut self) {
        let answered = self.thing().ok().and_then(|thing| form::party_of(thing, &self.draft.answers));
        self.draft.party = answered.unwrap_or(self.draft.party);
    }

    /// Whoever chose who applies has answered the question that asks it.
    pub(crate) fn answer_party(&mut self) {
        let party = self.draft.party;
        let Some(field) = self.thing().ok().and_then(|thing| thing.party_field().cloned()) else { return };
        let Some(declared) = self.edition.field(&field) else { return };
        if let Ok(Some(value)) = form::parse_answer(declared, &Raw::from(party.as_str()), self.today) {
            self.draft.answers.give(field, value);
        }
    }
}
