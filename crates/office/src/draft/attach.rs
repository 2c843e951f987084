//! Files: stored once under their digest, linked to the draft and then to the case.

use catalogue::{FieldId, MaterialId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{BlobSink, Change, Digest};

use crate::case::By;
use crate::draft::keep::{DraftId, OpenDraft};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

const NAME_CHARS_MAX: usize = 120;
const HEAD_BYTES: usize = 512;

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

/// A file on its way in. Dropped before [`Office::finish_upload`], it leaves nothing.
#[derive(Debug)]
pub struct Upload {
    sink: Box<dyn BlobSink>,
    head: Vec<u8>,
}

impl Upload {
    pub async fn write(&mut self, chunk: &[u8]) -> Result<()> {
        let wanted = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend_from_slice(&chunk[..chunk.len().min(wanted)]);
        Ok(self.sink.write(chunk).await?)
    }
}

/// The media type by the first bytes of a file; `None` for what may not be uploaded.
pub fn sniff(head: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, magic: &[u8]| head.get(offset..offset + magic.len()) == Some(magic);
    if at(0, b"%PDF-") {
        Some("application/pdf")
    } else if at(0, &[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some("image/webp")
    } else if at(4, b"ftypheic") || at(4, b"ftypheix") || at(4, b"ftypmif1") {
        Some("image/heic")
    } else if at(0, b"PK\x03\x04") {
        // Word and Excel files are archives whose first member has a telling name.
        let text = String::from_utf8_lossy(head);
        (text.contains("[Content_Types].xml")
            || text.contains("word/")
            || text.contains("xl/")
            || text.contains("_rels/"))
        .then_some("application/vnd.openxmlformats-officedocument")
    } else if at(0, &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        Some("application/msword")
    } else if !head.is_empty()
        && !head.contains(&0)
        && std::str::from_utf8(head).map_or_else(|e| e.error_len().is_none(), |_| true)
    {
        // Text that a browser might run is still only text: it is served as such and never shown inline.
        Some("text/plain")
    } else {
        None
    }
}

impl Office {
    /// Begins to take a file of at most `limit` bytes.
    pub async fn begin_upload(&self, limit: u64) -> Result<Upload> {
        Ok(Upload { sink: self.store().blob_create(limit, self.now()).await?, head: Vec::new() })
    }

    /// Makes the file durable and says what it is. It still belongs to nobody.
    pub async fn finish_upload(&self, upload: Upload, name: &str, by: By<'_>) -> Result<Attachment> {
        if upload.head.is_empty() {
            return Err(NotPossible::FileEmpty.into());
        }
        let media_type = sniff(&upload.head).ok_or(NotPossible::FileKind)?;
        let stored = upload.sink.finish().await?;
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
        Ok(Attachment {
            material: None,
            field: None,
            name: if name.trim().is_empty() { "file".into() } else { name },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        for (head, kind) in [
            (&b"%PDF-1.7\n"[..], Some("application/pdf")),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Some("image/jpeg")),
            (b"\x89PNG\r\n\x1a\n\0\0", Some("image/png")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"PK\x03\x04....[Content_Types].xml", Some("application/vnd.openxmlformats-officedocument")),
            (b"PK\x03\x04....evil.exe", None),
            (b"MZ\x90\0\x03", None),
            (b"\x7fELF\x02\x01\x01\0", None),
            ("面积 120".as_bytes(), Some("text/plain")),
            (b"", None),
        ] {
            assert_eq!(sniff(head), kind, "{head:?}");
        }
    }
}
