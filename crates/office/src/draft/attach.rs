//! Files: stored once under their digest, linked to the draft and then to the case.

use std::collections::BTreeMap;

use catalogue::{FieldId, MaterialId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{BlobSink, Change, Digest};

use crate::bounds::{Making, Purse};
use crate::case::By;
use crate::draft::keep::{DraftId, OpenDraft};
use crate::draft::kind::{Content, kept_name, promises};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

/// One application's files.
const FILES_MAX: usize = 200;
const FILES_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// A file that came with an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The paper that it is; none for a file that answers a question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<MaterialId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldId>,
    pub name: String,
    /// What it is by its content, not by its name.
    pub media_type: String,
    pub bytes: u64,
    pub digest: String,
    pub at: Timestamp,
    pub by: String,
}

/// Papers for which one and the same file was given: seldom what was meant, and sometimes right (one scan of two papers),
/// so that it is told and nobody is held up.
pub fn papers_alike(files: &[Attachment]) -> Vec<Vec<MaterialId>> {
    let mut alike: BTreeMap<&str, Vec<MaterialId>> = BTreeMap::new();
    for file in files {
        let Some(material) = &file.material else { continue };
        let papers = alike.entry(file.digest.as_str()).or_default();
        if !papers.contains(material) {
            papers.push(material.clone());
        }
    }
    alike.into_values().filter(|papers| papers.len() > 1).collect()
}

/// A file on its way in. Dropped before [`Office::finish_upload`], it leaves nothing.
#[derive(Debug)]
pub struct Upload {
    sink: Box<dyn BlobSink>,
    content: Content,
    claimed: Option<String>,
    purse: Purse,
}

impl Upload {
    /// What the sender says that it is; held against what it is.
    pub fn claims(&mut self, media_type: &str) {
        self.claimed = Some(media_type.to_owned());
    }

    pub async fn write(&mut self, chunk: &[u8]) -> Result<()> {
        self.purse.take(chunk.len() as u64)?;
        self.content.take(chunk);
        Ok(self.sink.write(chunk).await?)
    }
}

impl Office {
    /// Begins to take a file of at most `limit` bytes.
    pub async fn begin_upload(&self, limit: u64, by: By<'_>) -> Result<Upload> {
        self.needs_room(by).await?;
        Ok(Upload {
            purse: self.purse(Making::Uploads, by),
            sink: self.store().blob_create(limit, self.now()).await?,
            content: Content::default(),
            claimed: None,
        })
    }

    /// Makes the file durable and says what it is. It still belongs to nobody.
    pub async fn finish_upload(&self, upload: Upload, name: &str, by: By<'_>) -> Result<Attachment> {
        if upload.content.is_empty() {
            return Err(NotPossible::FileEmpty.into());
        }
        // What its name promises, it is not: that is another mistake than a kind that is not taken.
        let refused = if promises(name) { NotPossible::FileMismatch } else { NotPossible::FileKind };
        let media_type = upload.content.media_type()?.ok_or(refused)?;
        let name = kept_name(name, media_type, upload.claimed.as_deref())?;
        let stored = upload.sink.finish().await?;
        Ok(Attachment {
            material: None,
            field: None,
            name,
            media_type: media_type.into(),
            bytes: stored.bytes,
            digest: stored.digest.to_string(),
            at: self.now(),
            by: by.actor_id(),
        })
    }

    /// Adds a file to a draft. The same file for the same paper is kept once.
    pub async fn attach(&self, id: DraftId, attachment: Attachment, by: By<'_>) -> Result<OpenDraft> {
        let mut open = self.open_draft(id, by).await?;
        if open.draft.submitted.is_some() {
            return Err(OfficeError::Stale);
        }
        let same = |old: &Attachment| {
            old.digest == attachment.digest
                && old.material == attachment.material
                && old.field == attachment.field
        };
        if open.draft.attachments.iter().any(same) {
            return Ok(open);
        }
        let bytes: u64 = open.draft.attachments.iter().map(|old| old.bytes).sum();
        if open.draft.attachments.len() >= FILES_MAX || bytes + attachment.bytes > FILES_BYTES_MAX {
            return Err(NotPossible::TooManyFiles.into());
        }
        let digest = Digest::parse(&attachment.digest).ok_or(OfficeError::NotFound)?;
        if let Some(field) = attachment.field.as_ref().and_then(|field| open.edition.field(field))
            && let Ok(Some(value)) =
                form::parse_answer(field, &form::Raw::One(attachment.digest.clone()), open.today)
        {
            open.draft.answers.give(field.id.clone(), value);
        }
        open.draft.attachments.push(attachment);
        let link = Change::BlobLink { digest, owner: format!("draft/{id}") };
        self.save_draft(&mut open, by, vec![link]).await?;
        Ok(open)
    }

    /// Takes a file out of a draft again.
    pub async fn detach(&self, id: DraftId, digest: &str, by: By<'_>) -> Result<OpenDraft> {
        let mut open = self.open_draft(id, by).await?;
        let fields: Vec<FieldId> = open
            .draft
            .attachments
            .iter()
            .filter(|a| a.digest == digest)
            .filter_map(|a| a.field.clone())
            .collect();
        for field in fields {
            open.draft.answers.remove(field.as_str());
        }
        open.draft.attachments.retain(|attachment| attachment.digest != digest);
        let unlink = match Digest::parse(digest) {
            Some(digest) => vec![Change::BlobUnlink { digest, owner: format!("draft/{id}") }],
            None => Vec::new(),
        };
        self.save_draft(&mut open, by, unlink).await?;
        Ok(open)
    }
}
