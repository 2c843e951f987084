//! The trace that reading personal data leaves, for the person whose data it is.

use casework::DocRef;
use catalogue::{FieldId, MaterialId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, BlobSource, Change, Expected, Version};

use crate::account::Viewer;
use crate::case::access::Access;
use crate::case::{By, CaseId, OpenedCase};
use crate::draft::Attachment;
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

/// The kind of the event of a code that a window gave out.
pub(super) const CODE_GIVEN: &str = "receipt-code-given";

/// What was revealed stays readable for whoever asked this long; after that the reason is asked again. Looking again
/// within this time is the same look.
const REVEALED_MINUTES: i64 = 30;
const REASON_CHARS_MAX: usize = 500;

/// Somebody read personal data of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    pub at: Timestamp,
    /// The actor, as events name it.
    pub by: String,
    pub what: Looked,
}

/// What was read, and on what ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Masked facts were opened; the reason is empty once it was erased.
    Revealed { fields: Vec<FieldId>, reason: String },
    /// Facts about a person stood on the page, because the case waited for this officer.
    AtWork { fields: Vec<FieldId> },
    /// A file was opened: the paper or the answer that it is.
    File { digest: String, material: Option<MaterialId>, field: Option<FieldId> },
    /// Somebody without an account came to the case, with the telephone's digits or with the receipt.
    Came { with: Access },
    /// Somebody at the window gave out a new code for the receipt, whose identity was looked at.
    CodeGiven,
}

/// As it is written for ever.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum TraceBody {
    CodeGiven {
        code_given: casework::Proof,
    },
    Came {
        with: Access,
    },
    Revealed {
        fields: Vec<FieldId>,
        reason: DocRef,
    },
    AtWork {
        fields: Vec<FieldId>,
    },
    File {
        digest: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        material: Option<MaterialId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<FieldId>,
    },
}

impl TraceBody {
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::CodeGiven { .. } => CODE_GIVEN,
            Self::Came { .. } => "case-opened",
            Self::Revealed { .. } => "personal-data-read",
            Self::AtWork { .. } => "personal-data-shown",
            Self::File { .. } => "file-opened",
        }
    }
}

impl Office {
    /// Opens masked fields for this officer for a while. The reason is kept for the applicant to read.
    pub async fn reveal(&self, id: CaseId, fields: Vec<FieldId>, reason: &str, by: &Viewer) -> Result<()> {
        let loaded = self.load_case(id).await?;
        if !by.is_involved(&loaded.case, &loaded.edition) {
            return Err(OfficeError::Denied);
        }
        self.need_unrestricted(id).await?;
        if fields.is_empty() {
            return Err(NotPossible::NothingNamed.into());
        }
        if !fields.iter().all(|field| by.opens_fact(&loaded.case, &loaded.edition, field)) {
            return Err(NotPossible::FactOfOthers.into());
        }
        let reason = crate::case::reason::reason(reason, NotPossible::LookShort)?;
        if reason.chars().count() > REASON_CHARS_MAX {
            return Err(NotPossible::TextTooLong.into());
        }
        let salt = self.new_salt();
        let key = format!("case/{id}/trace/{}", self.new_id());
        let bytes = reason.as_bytes().to_vec();
        let document = DocRef::new(key.clone(), store::vault_digest(&salt, &bytes).to_string());
        let subject = loaded.case.opened_by.as_str().into();
        let kept = Change::VaultPut { key, subject, salt, bytes };
        self.leave_trace(id, &TraceBody::Revealed { fields, reason: document }, by, vec![kept]).await
    }

    /// Facts about a person were shown to an officer for whom the case waits.
    pub async fn trace_at_work(&self, id: CaseId, fields: Vec<FieldId>, by: &Viewer) -> Result<()> {
        let seen = |what: &Looked| match what {
            Looked::AtWork { fields: before } => fields.iter().all(|field| before.contains(field)),
            Looked::Revealed { .. } | Looked::File { .. } | Looked::Came { .. } | Looked::CodeGiven => false,
        };
        if fields.is_empty() || self.looked_lately(id, by, seen).await? {
            return Ok(());
        }
        self.leave_trace(id, &TraceBody::AtWork { fields }, by, Vec::new()).await
    }

    /// One file of a case, for an officer who has to do with it. Opening it is told to the applicant.
    pub async fn case_file_for_officer(
        &self,
        id: CaseId,
        digest: &str,
        by: &Viewer,
    ) -> Result<(Attachment, Box<dyn BlobSource>)> {
        let loaded = self.load_case(id).await?;
        if !by.is_involved(&loaded.case, &loaded.edition) {
            return Err(OfficeError::Denied);
        }
        let found = self.case_file(id, digest, By::Viewer(by)).await?;
        let same = |what: &Looked| matches!(what, Looked::File { digest: before, .. } if before == digest);
        if !self.looked_lately(id, by, same).await? {
            let (material, field) = (found.0.material.clone(), found.0.field.clone());
            let body = TraceBody::File { digest: digest.to_owned(), material, field };
            self.leave_trace(id, &body, by, Vec::new()).await?;
        }
        Ok(found)
    }

    async fn leave_trace(
        &self,
        id: CaseId,
        body: &TraceBody,
        by: &Viewer,
        changes: Vec<Change>,
    ) -> Result<()> {
        let event = self.new_event(body.kind(), 1, &by.id.to_string(), serde_json::to_vec(body)?);
        let mut batch =
            Batch::new(self.now()).append(Self::stream("trace", id.0)?, Expected::Any, vec![event]);
        batch.changes.extend(changes);
        self.store().commit(views::trail::with(batch)).await?;
        Ok(())
    }

    async fn looked_lately(&self, id: CaseId, by: &Viewer, same: impl Fn(&Looked) -> bool) -> Result<bool> {
        Ok(self.own_looks(id, by).await?.iter().any(same))
    }

    /// What this officer read of the case a moment ago.
    async fn own_looks(&self, id: CaseId, by: &Viewer) -> Result<Vec<Looked>> {
        let since = self.now() - SignedDuration::from_mins(REVEALED_MINUTES);
        let actor = by.id.to_string();
        let traces = self.traces(id, By::Viewer(by)).await?;
        let own = traces.into_iter().filter(|trace| trace.by == actor && trace.at >= since);
        Ok(own.map(|trace| trace.what).collect())
    }

    /// Who read personal data of the case, newest first: for its applicant and for officers who have to do with it.
    pub async fn traces(&self, id: CaseId, by: By<'_>) -> Result<Vec<Trace>> {
        self.traces_of(&self.open_case(id, vec![by]).await?).await
    }

    /// As [`Office::traces`], of a case that is open already.
    pub async fn traces_of(&self, opened: &OpenedCase<'_>) -> Result<Vec<Trace>> {
        opened.whole()?;
        let mut traces = Vec::new();
        for event in self.events(&Self::stream("trace", opened.id.0)?, Version::NONE).await? {
            let what = match serde_json::from_slice(&event.body)? {
                TraceBody::Revealed { fields, reason } => {
                    Looked::Revealed { fields, reason: self.text(&reason).await?.unwrap_or_default() }
                }
                TraceBody::AtWork { fields } => Looked::AtWork { fields },
                TraceBody::File { digest, material, field } => Looked::File { digest, material, field },
                TraceBody::Came { with } => Looked::Came { with },
                TraceBody::CodeGiven { .. } => Looked::CodeGiven,
            };
            traces.push(Trace { at: event.at, by: event.actor.clone(), what });
        }
        traces.reverse();
        Ok(traces)
    }

    /// Fields that this officer may read now, because the reason was given a moment ago.
    pub async fn revealed(&self, id: CaseId, by: &Viewer) -> Result<Vec<FieldId>> {
        let revealed = |what| match what {
            Looked::Revealed { fields, .. } => fields,
            Looked::AtWork { .. } | Looked::File { .. } | Looked::Came { .. } | Looked::CodeGiven => {
                Vec::new()
            }
        };
        Ok(self.own_looks(id, by).await?.into_iter().flat_map(revealed).collect())
    }
}
