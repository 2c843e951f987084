//! Files of a case: those that came with the form, and those that followed.

use store::{Batch, BlobSource, Change, Digest, VaultEntry};

use crate::case::{By, CaseId, OpenedCase};
use crate::draft::{Attachment, DraftId};
use crate::error::{OfficeError, Result};
use crate::office::Office;

impl Office {
    /// All files of a case, in the order in which they came, for whoever may see the case.
    pub async fn case_files(&self, id: CaseId, by: By<'_>) -> Result<Vec<Attachment>> {
        self.files_of(&self.open_case(id, vec![by]).await?).await
    }

    /// As [`Office::case_files`], of a case that is open already.
    pub async fn files_of(&self, opened: &OpenedCase<'_>) -> Result<Vec<Attachment>> {
        opened.whole()?;
        let mut files = Vec::new();
        for key in self.file_keys(opened.id).await? {
            if let Some(bytes) = self.vault(&key).await? {
                files.extend(listed(&bytes)?);
            }
        }
        let By::Viewer(viewer) = opened.by else { return Ok(files) };
        if !viewer.is_officer() {
            return Ok(files);
        }
        // Papers of the own department's items; a file that answers a question, with the question.
        let (case, edition) = (&opened.case, &opened.edition);
        let answers = self.answers(opened).await?;
        let answered = |digest: &str| -> Option<catalogue::FieldId> {
            let mut given =
                answers.iter().filter_map(|(id, _)| Some((edition.field(id)?, answers.value(id.as_str())?)));
            let file = |(field, value): &(&catalogue::Field, &expression::Value)| {
                matches!(field.kind, catalogue::FieldKind::File { .. })
                    && form::edit_text(field, value) == digest
            };
            given.find(file).map(|(field, _)| field.id.clone())
        };
        files.retain(|file| match (&file.material, answered(&file.digest)) {
            (Some(paper), _) => viewer.opens_paper(case, edition, paper),
            (None, Some(field)) => viewer.opens_answer(case, edition, &field),
            // Of an answer that was replaced since, nobody can tell any more whose it was.
            (None, None) => viewer.opens_all(edition),
        });
        Ok(files)
    }

    /// As [`Office::files_of`], with what is stored and not to be read: for whoever lets the files go.
    pub(crate) async fn files_stored(&self, id: CaseId) -> Result<Vec<Attachment>> {
        let mut files = Vec::new();
        for key in self.file_keys(id).await? {
            if let Some(VaultEntry::Kept { bytes, .. }) = self.store().vault_get(&key).await? {
                files.extend(listed(&bytes)?);
            }
        }
        Ok(files)
    }

    /// Where the vault has the files that came with the form, and each later one, which has a key of its own so that two
    /// uploads at once cannot lose one another.
    async fn file_keys(&self, id: CaseId) -> Result<Vec<String>> {
        let later = self.store().kv_list(&later_files(id), "", self.now()).await?;
        let later = later.into_iter().map(|(name, _)| format!("case/{id}/file/{name}"));
        Ok(std::iter::once(format!("case/{id}/files")).chain(later).collect())
    }

    /// Adds a file to a case. That a paper was supplied is said by an act of its own.
    pub async fn add_case_file(&self, id: CaseId, attachment: Attachment, by: By<'_>) -> Result<()> {
        let loaded = self.load_case(id).await?;
        self.actor_in(id, &loaded.case, by).await?;
        self.need_unrestricted(id).await?;
        crate::case::perform::need_no_own_interest(&loaded, by)?;
        // A window takes papers in for everybody, a department for its own items.
        if let By::Viewer(viewer) = by
            && viewer.is_officer()
        {
            let own = |matter: &casework::Matter| matter.is_worked_by(&viewer.roles, &loaded.edition);
            if !viewer.works_at_window(&loaded.edition) && !loaded.case.matters.iter().any(own) {
                return Err(OfficeError::Denied);
            }
        }
        let digest = Digest::parse(&attachment.digest).ok_or(OfficeError::NotFound)?;
        let name = self.new_id().to_string();
        let subject = loaded.case.opened_by.as_str();
        let bytes = serde_json::to_vec(&attachment)?;
        let batch = Batch::new(self.now())
            .change(self.vault_put(&format!("case/{id}/file/{name}"), subject, bytes))
            .change(Change::KvPut { space: later_files(id), key: name, bytes: Vec::new(), expires_at: None })
            .change(Change::BlobLink { digest, owner: format!("case/{id}") });
        self.store().commit(batch).await?;
        Ok(())
    }

    /// One file of a case, to be read.
    pub async fn case_file(
        &self,
        id: CaseId,
        digest: &str,
        by: By<'_>,
    ) -> Result<(Attachment, Box<dyn BlobSource>)> {
        let files = self.case_files(id, by).await?;
        self.open_file(files, digest).await
    }

    /// One file of a draft, to be read.
    pub async fn draft_file(
        &self,
        id: DraftId,
        digest: &str,
        by: By<'_>,
    ) -> Result<(Attachment, Box<dyn BlobSource>)> {
        let open = self.open_draft(id, by).await?;
        self.open_file(open.draft.attachments, digest).await
    }

    async fn open_file(
        &self,
        files: Vec<Attachment>,
        digest: &str,
    ) -> Result<(Attachment, Box<dyn BlobSource>)> {
        let file = files.into_iter().find(|file| file.digest == digest).ok_or(OfficeError::NotFound)?;
        let stored = Digest::parse(digest).ok_or(OfficeError::NotFound)?;
        let source = self.store().blob_open(stored).await?.ok_or(OfficeError::NotFound)?;
        Ok((file, source))
    }
}

/// One file, or several.
fn listed(bytes: &[u8]) -> Result<Vec<Attachment>> {
    if bytes.first() == Some(&b'[') {
        return Ok(serde_json::from_slice(bytes)?);
    }
    Ok(vec![serde_json::from_slice(bytes)?])
}

fn later_files(id: CaseId) -> String {
    format!("case-files/{id}")
}
