//! A draft as the vault keeps it. Its stream holds no answers: it only counts the saves, so that two devices that write
//! at once are noticed.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use catalogue::{Channel, Edition, EditionHash, FieldId, MaterialId, PartyKind, RegistryId, Thing, ThingId};
use form::{Answers, Form, Input, KnownFacts, Modes};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Expected, Version};
use uuid::Uuid;

use crate::case::perform::day_of;
use crate::case::{By, Consent, Entrusted};
use crate::draft::attach::Attachment;
use crate::draft::lapse;
use crate::error::{OfficeError, Result};
use crate::office::Office;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DraftId(pub Uuid);

impl fmt::Display for DraftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for DraftId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub thing: ThingId,
    /// The case that it is about, where whoever began has shown that it is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_case: Option<String>,
    pub edition: EditionHash,
    pub party: PartyKind,
    pub channel: Channel,
    /// The actor whose draft it is; a clerk's while filling in for somebody present.
    pub owner: String,
    pub answers: Answers,
    pub known: KnownFacts,
    /// Registries that were asked, with the key that they were asked for.
    #[serde(default)]
    pub asked: BTreeMap<RegistryId, String>,
    /// Registries that did not answer, with the key and the moment of the last try.
    #[serde(default)]
    pub tried: BTreeMap<RegistryId, (String, Timestamp)>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// Papers that the window has seen in the original.
    #[serde(default)]
    pub seen: Vec<MaterialId>,
    /// By whom, and when; what was ticked before this was kept has no mark.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen_marks: Vec<SeenPaper>,
    #[serde(default)]
    pub modes: Modes,
    /// Who may fill it in for the applicant.
    #[serde(default)]
    pub consents: Vec<Consent>,
    /// The number that the window was serving when filling began: whose application it is.
    #[serde(default)]
    pub ticket: Option<crate::hall::TicketRef>,
    /// Number of the case, once it was handed in.
    #[serde(default)]
    pub submitted: Option<String>,
    pub started_at: Timestamp,
    pub saved_at: Timestamp,
    /// What a new edition changed since the person last looked, in fields.
    #[serde(default)]
    pub moved: Option<Moved>,
}

/// A paper whose original somebody at the window held against what came, or took for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenPaper {
    pub material: MaterialId,
    /// The officer, as events name them.
    pub by: String,
    pub at: Timestamp,
}

/// What the person is shown after the edition changed under a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub questions_added: Vec<FieldId>,
    pub questions_removed: Vec<FieldId>,
    pub materials_added: Vec<MaterialId>,
    pub materials_removed: Vec<MaterialId>,
}

/// A draft in hand, with the edition under which it is filled in.
#[derive(Clone, Debug)]
pub struct OpenDraft {
    pub id: DraftId,
    pub draft: Draft,
    pub edition: Arc<Edition>,
    pub today: Date,
    pub(crate) version: Version,
}

impl OpenDraft {
    /// How often it was saved: pages carry it, so that a stale one is noticed.
    pub fn saves(&self) -> u64 {
        self.version.0
    }

    pub fn thing(&self) -> Result<&Thing> {
        self.edition.thing(&self.draft.thing).ok_or(OfficeError::NotFound)
    }

    /// The one form as it stands.
    pub fn form(&self) -> Result<Form<'_>> {
        let draft = &self.draft;
        Ok(Form::new(Input {
            edition: &self.edition,
            thing: self.thing()?,
            party: draft.party,
            known: &draft.known,
            answers: &draft.answers,
            modes: &draft.modes,
            today: self.today,
        }))
    }

    /// Papers that are due now and neither uploaded nor seen.
    pub fn papers_missing(&self) -> Result<Vec<MaterialId>> {
        let form = self.form()?;
        let missing = form.materials().iter().filter(|due| due.status == form::MaterialStatus::Due);
        Ok(missing.map(|due| due.material.id.clone()).filter(|id| !self.has_paper(id)).collect())
    }

    pub fn has_paper(&self, material: &MaterialId) -> bool {
        self.draft.seen.contains(material)
            || self.draft.attachments.iter().any(|attachment| attachment.material.as_ref() == Some(material))
    }

    /// When the window saw the original; `Some(None)` where nobody noted when.
    pub fn seen_at(&self, material: &MaterialId) -> Option<Option<Timestamp>> {
        let mark = || self.draft.seen_marks.iter().find(|mark| mark.material == *material);
        self.draft.seen.contains(material).then(|| mark().map(|mark| mark.at))
    }

    /// Fields that only repeat what a register says, and were answered otherwise.
    pub fn unlike_registered(&self) -> Result<Vec<FieldId>> {
        let form = self.form()?;
        let wrong = form.questions().iter().filter(|each| each.fixed.is_some() && !each.problems.is_empty());
        Ok(wrong.map(|each| each.field.id.clone()).collect())
    }

    /// Everything is there.
    pub fn is_ready(&self) -> Result<bool> {
        Ok(self.form()?.complete() && self.papers_missing()?.is_empty())
    }
}

impl Office {
    /// The draft, for whoever it belongs to. Under a new edition it is carried over, and what changed is noted.
    pub async fn open_draft(&self, id: DraftId, by: By<'_>) -> Result<OpenDraft> {
        let stream = Self::stream("draft", id.0)?;
        let head = self.store().stream_head(&stream).await?.ok_or(OfficeError::NotFound)?;
        let bytes = match self.vault(&lapse::key(id)).await? {
            Some(bytes) => bytes,
            None => self.vault(&lapse::key_handed_in(id)).await?.ok_or(OfficeError::NotFound)?,
        };
        let mut draft: Draft = serde_json::from_slice(&bytes)?;
        let may = match by {
            By::Agent(viewer) => self.is_entrusted(Entrusted::Draft(id), viewer).await?,
            by => draft.owner == by.actor_id() || self.may_open_draft(id, by).await?,
        };
        if !may {
            return Err(OfficeError::NotFound);
        }
        let current = self.edition();
        let edition = if draft.submitted.is_some() || current.thing(&draft.thing).is_none() {
            self.edition_named(draft.edition).await?
        } else {
            current
        };
        draft.answers.retype(&edition);
        draft.known.retype(&edition);
        let today = day_of(&edition, self.now());
        let mut open = OpenDraft { id, draft, edition, today, version: head.version };
        if open.draft.edition != open.edition.hash() {
            self.carry_over(&mut open).await?;
        }
        Ok(open)
    }

    async fn carry_over(&self, open: &mut OpenDraft) -> Result<()> {
        let old = self.edition_named(open.draft.edition).await?;
        let moved = match old.thing(&open.draft.thing) {
            Some(thing) => {
                let draft = &open.draft;
                let before = Form::new(Input {
                    edition: &old,
                    thing,
                    party: draft.party,
                    known: &draft.known,
                    answers: &draft.answers,
                    modes: &draft.modes,
                    today: open.today,
                });
                let changes = form::changes(&before, &open.form()?);
                Moved {
                    questions_added: changes.questions_added,
                    questions_removed: changes.questions_removed,
                    materials_added: changes.materials_added,
                    materials_removed: changes.materials_removed,
                }
            }
            None => Moved::default(),
        };
        open.draft.edition = open.edition.hash();
        open.draft.moved = (moved != Moved::default()).then_some(moved);
        Ok(())
    }

    /// The line of a draft in the list of whoever began it.
    pub(crate) fn listed_draft(&self, id: DraftId, draft: &Draft) -> Change {
        Change::KvPut {
            space: format!("drafts/{}", draft.owner),
            key: id.to_string(),
            bytes: draft.thing.as_str().as_bytes().to_vec(),
            expires_at: self.draft_listed_until(),
        }
    }

    /// Writes the draft as one more save. Fails as stale when somebody else saved in between.
    pub(crate) async fn save_draft(
        &self,
        open: &mut OpenDraft,
        by: By<'_>,
        extra: Vec<store::Change>,
    ) -> Result<()> {
        open.draft.saved_at = self.now();
        let bytes = serde_json::to_vec(&open.draft)?;
        let event = self.new_event("draft-saved", 1, &by.actor_id(), b"{}".to_vec());
        let mut batch = Batch::new(self.now())
            .append(Self::stream("draft", open.id.0)?, Expected::Version(open.version), vec![event])
            .change(self.vault_put(&lapse::key(open.id), &open.draft.owner, bytes))
            // Whoever goes on with it keeps it in their list as long as it is kept.
            .change(self.listed_draft(open.id, &open.draft));
        batch.changes.extend(extra);
        self.store().commit(batch).await?;
        open.version = open.version.next();
        Ok(())
    }
}
