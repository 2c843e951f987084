//! Finding signed documents again, and answering anybody who asks whether one is genuine.

use credential::{PublicView, SignedDocument, Verified};
use jiff::Timestamp;
use store::{Condition, Row, ViewQuery};

use crate::bounds::Making;
use crate::case::{By, CaseId, OpenedCase};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

/// A signed document in the list of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    pub identifier: String,
    pub case: CaseId,
    pub number: String,
    pub item: String,
    pub result: String,
    pub signed_at: Timestamp,
    vault_key: String,
}

/// What the verification page may tell anybody who has the identifier.
#[derive(Clone, Debug)]
pub struct VerifiedOnline {
    pub verified: Verified,
    pub view: PublicView,
    /// What became of the result since it was issued.
    pub change: Option<casework::ResultChange>,
    /// The number of the one that was made out in its place.
    pub replaced_by: Option<String>,
    /// Digest of the file, to be compared with the one in the code that was scanned.
    pub digest: String,
}

impl VerifiedOnline {
    /// What became of it, and the number of the one in its place.
    pub fn became(&self) -> Option<(casework::ResultChange, Option<&str>)> {
        self.change.map(|change| (change, self.replaced_by.as_deref()))
    }
}

impl DocumentRow {
    pub(crate) fn vault_key(&self) -> &str {
        &self.vault_key
    }
}

impl Office {
    /// The signed results of a case, oldest first, for whoever may see the case. Signed notices are found by their
    /// identifier alone.
    pub async fn documents(&self, id: CaseId, by: By<'_>) -> Result<Vec<DocumentRow>> {
        self.documents_of(&self.open_case(id, vec![by]).await?).await
    }

    /// As [`Office::documents`], of a case that is open already.
    pub async fn documents_of(&self, opened: &OpenedCase<'_>) -> Result<Vec<DocumentRow>> {
        opened.whole()?;
        let query = ViewQuery::new(views::documents::TABLE)
            .filter(Condition::eq("case_id", opened.id.to_string()))
            .ascending("signed_at")
            .limit(1000);
        let rows = self.store().view_rows(query).await?.rows;
        Ok(rows.iter().filter_map(read).filter(|row| !row.result.is_empty()).collect())
    }

    /// One of the signed results of a case.
    pub async fn document_of(&self, opened: &OpenedCase<'_>, identifier: &str) -> Result<SignedDocument> {
        let rows = self.documents_of(opened).await?;
        let row = rows.iter().find(|row| row.identifier == identifier).ok_or(OfficeError::NotFound)?;
        // A paper that was issued is kept to be checked when somebody presents it, and read out of the case no more.
        if let By::Viewer(viewer) = opened.by
            && viewer.is_officer()
        {
            if !viewer.opens_item(&opened.case, &opened.edition, &row.item.as_str().into()) {
                return Err(NotPossible::FactOfOthers.into());
            }
            self.need_unrestricted(opened.id).await?;
            if self.is_forgotten(opened.case.opened_by.as_str()).await? {
                return Err(OfficeError::NotFound);
            }
        }
        self.signed(row).await
    }

    /// The file of a signed document, for whoever may see its case.
    pub async fn document(&self, identifier: &str, by: By<'_>) -> Result<SignedDocument> {
        let row = self.document_row(identifier).await?;
        let loaded = self.load_case(row.case).await?;
        self.actor_in(row.case, &loaded.case, by).await?;
        self.signed(&row).await
    }

    /// Whether a document with this identifier was issued here and is in force. Says no more than the document's public part.
    /// Looks are counted by address before anything is looked up, so that nobody walks through what there is.
    pub async fn verify_online(&self, identifier: &str) -> Result<VerifiedOnline> {
        self.take_look()?;
        let row = self.document_row(identifier).await?;
        let signed = self.signed(&row).await?;
        let verified = credential::verify(signed.as_bytes(), &self.trust(), self.now());
        let loaded = self.load_case(row.case).await?;
        // A notice stays true whatever becomes of the result.
        let is_result =
            |matter: &&casework::Matter| !row.result.is_empty() && matter.item.as_str() == row.item;
        let matter = loaded.case.matters.iter().find(is_result);
        let mut results = matter.into_iter().flat_map(|matter| &matter.results);
        let issued = results.find(|issued| issued.result.as_str() == row.result);
        let change = issued.and_then(|issued| issued.change);
        let replaced_by = issued.and_then(|issued| issued.replaced_by.as_ref()).map(ToString::to_string);
        Ok(VerifiedOnline {
            verified,
            view: PublicView::from(signed.document()),
            change,
            replaced_by,
            digest: signed.digest().to_string(),
        })
    }

    fn take_look(&self) -> Result<()> {
        self.purse_of_address(Making::Checks).take(1).map(drop)
    }

    /// Identifiers are typed on phones, which begin with small letters.
    async fn document_row(&self, identifier: &str) -> Result<DocumentRow> {
        let typed = identifier.trim();
        for identifier in [typed.to_owned(), typed.to_ascii_uppercase()] {
            let row = self.store().view_row(views::documents::TABLE, &[identifier.as_str().into()]).await?;
            if let Some(row) = row.as_ref().and_then(read) {
                return Ok(row);
            }
        }
        Err(OfficeError::NotFound)
    }

    async fn signed(&self, row: &DocumentRow) -> Result<SignedDocument> {
        let bytes = self.vault(&row.vault_key).await?.ok_or(OfficeError::NotFound)?;
        SignedDocument::read(&bytes).map_err(|_| OfficeError::NotFound)
    }
}

fn read(row: &Row) -> Option<DocumentRow> {
    Some(DocumentRow {
        identifier: row.text(0)?.into(),
        case: row.text(1)?.parse().ok()?,
        number: row.text(2)?.into(),
        item: row.text(3)?.into(),
        result: row.text(4)?.into(),
        vault_key: row.text(5)?.into(),
        signed_at: Timestamp::from_microsecond(row.integer(6)?).ok()?,
    })
}
