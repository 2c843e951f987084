//! Notices as signed files. A notice is written from one entry of a case's history; it is signed when somebody first asks for
//! the file, and the same file is given ever after.

use catalogue::{Department, Edition, ItemId};
use credential::{Document, Entry, Issuer, Kind, SignedDocument, Subject, SubjectKind};
use diagnostic::Bilingual;
use jiff::Timestamp;
use store::CommandId;

use crate::case::perform::Extras;
use crate::case::wire::OfficeEvent;
use crate::case::{By, CaseId, LoadedCase};
use crate::error::{Fault, OfficeError, Result};
use crate::office::Office;

/// A notice as it was drawn: what is printed is what is signed.
#[derive(Clone, Debug)]
pub struct NoticeText {
    /// Which notice of the case: the last part of its address.
    pub key: String,
    pub title: Bilingual,
    /// The item that it is about; the zone's first department answers for notices about the whole case.
    pub item: Option<ItemId>,
    /// When what it tells happened.
    pub at: Timestamp,
    /// The printed lines, in both languages.
    pub text: Bilingual,
}

impl Office {
    /// The signed file of a notice, for whoever may see its case.
    pub async fn signed_notice(&self, id: CaseId, notice: &NoticeText, by: By<'_>) -> Result<SignedDocument> {
        let loaded = self.load_case(id).await?;
        self.actor_in(id, &loaded.case, by).await?;
        let named = format!("N-{}-{}", loaded.case.number, notice.key);
        if let Some(identifier) = identifier_of(&loaded, &named) {
            return self.document(identifier, by).await;
        }
        // Numbers of cases can be counted through; what comes after the point nobody can guess.
        let identifier = format!("{named}.{}", self.new_resume_code().0);
        let edition = &loaded.edition;
        let department = issuer_of(edition, notice).ok_or(OfficeError::NotFound)?;
        let signer = self.keys().signer(&department.code);
        let party = self.party_at(&loaded, notice.at).await?;
        let organisation = party.is_undertaking();
        let both = |text: &Bilingual| credential::Bilingual::new(text.zh.clone(), text.en.clone());
        let document = Document {
            kind: Kind::Notice,
            schema: credential::SCHEMA,
            identifier: identifier.clone(),
            issuer: Issuer {
                code: department.code.clone(),
                name: both(&department.name),
                key_id: signer.key_id(),
            },
            subject: Subject {
                kind: if organisation { SubjectKind::Organisation } else { SubjectKind::Person },
                name: if party.name.is_empty() { "—".into() } else { party.name },
                identifier: None,
            },
            issued_at: Timestamp::from_second(notice.at.as_second()).unwrap_or(notice.at),
            valid_from: None,
            valid_until: None,
            title: both(&notice.title),
            content: vec![Entry {
                label: credential::Bilingual::new("正文", "Text"),
                text: both(&notice.text),
                public: false,
            }],
            case_number: Some(loaded.case.number.to_string()),
            edition: Some(edition.hash().to_string()),
            version: 1,
            supersedes: None,
            status_url: Some(format!("{}/v/{identifier}", self.public_url())),
            checkpoint: None,
        };
        let signed = SignedDocument::sign(document, &*signer)
            .map_err(|fault| OfficeError::Fault(Fault::Broken(format!("signing: {fault}"))))?;
        let mut x = Extras::default();
        let subject = loaded.case.opened_by.as_str().to_owned();
        let kept = x.bytes(self, id, "document", &subject, signed.as_bytes().to_vec());
        x.office_events.push(OfficeEvent::DocumentSigned {
            item: notice.item.clone(),
            result: None,
            identifier: identifier.clone(),
            document: kept,
        });
        // Two who ask at once get one file: the second finds the first one's.
        let once = CommandId::named("notice", &named);
        match self.commit_case(Some(&loaded), id, Vec::new(), "system", x, Some(once.0)).await {
            Ok(_) | Err(OfficeError::Stale) => {
                let loaded = self.load_case(id).await?;
                let identifier = identifier_of(&loaded, &named).ok_or(OfficeError::NotFound)?;
                self.document(identifier, by).await
            }
            Err(error) => Err(error),
        }
    }
}

/// The department of the item that the notice is about; of one about the whole case, the first.
fn issuer_of<'e>(edition: &'e Edition, notice: &NoticeText) -> Option<&'e Department> {
    let department = notice.item.as_ref().and_then(|item| edition.item(item)).map(|item| &item.department);
    edition.department(department.or_else(|| edition.parts().departments.keys().next())?)
}

/// The identifier under which a notice was signed before, with or without what cannot be guessed.
fn identifier_of<'a>(loaded: &'a LoadedCase, named: &str) -> Option<&'a str> {
    loaded.office_events.iter().find_map(|event| match event {
        OfficeEvent::DocumentSigned { identifier, .. } => {
            let rest = identifier.strip_prefix(named)?;
            (rest.is_empty() || rest.starts_with('.')).then_some(identifier.as_str())
        }
        _ => None,
    })
}
