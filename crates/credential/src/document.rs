//! The document: kind, issuer, subject, lines, validity.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    Digest, KeyId, canonical,
    merkle::{self, HashKind},
};

/// The version of [`Document`]'s schema that this code reads and writes.
pub const SCHEMA: u32 = 1;

/// The purpose of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 证照: grants something, usually for a period.
    Licence,
    /// 通知书, 决定书: informs a party of a decision or a request.
    Notice,
    /// 回执, 凭证: proves that something was handed in, paid or handed out.
    Receipt,
    /// The Merkle root over the heads of all cases at one moment, so that a rewritten log is detected.
    Checkpoint,
}

/// A text in Chinese, and in English where one exists. Names of people and figures have the Chinese form
/// only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    pub zh: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Bilingual {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Bilingual { zh: zh.into(), en: Some(en.into()) }
    }

    /// A text that is the same in both languages.
    pub fn same(text: impl Into<String>) -> Self {
        Bilingual { zh: text.into(), en: None }
    }

    pub fn english(&self) -> &str {
        self.en.as_deref().unwrap_or(&self.zh)
    }
}

/// The issuing body: its code (the credit code if it has one), its name, and its signing key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    pub code: String,
    pub name: Bilingual,
    pub key_id: KeyId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A natural person: name and number are personal information.
    Person,
    /// A legal person or other organisation: name and credit code are public.
    Organisation,
}

/// The subject of the document. The issuer decides whether name and identifier are given in full or masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    pub kind: SubjectKind,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
}

/// One line of the document, in the order of printing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub label: Bilingual,
    pub text: Bilingual,
    /// Whether the verification page may show this line to everyone; lines about a person are never shown.
    pub public: bool,
}

/// The content of a checkpoint: the Merkle root over the case heads up to a position of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The last log position that the heads include.
    pub position: u64,
    /// The number of heads, which are the leaves of the tree.
    pub leaves: u64,
    pub hash: HashKind,
    /// The Merkle root of the heads with `hash`.
    pub root: Digest,
}

impl Checkpoint {
    /// The checkpoint over the heads of all cases, in an order that a verifier can reproduce.
    pub fn of(hash: HashKind, position: u64, heads: &[[u8; 32]]) -> Self {
        Checkpoint { position, leaves: heads.len() as u64, hash, root: merkle::root(hash, heads) }
    }
}

/// The signed content. Instants are whole seconds; dates are dates by the offset of the issuer's key, see [`crate::IssuerKey`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub kind: Kind,
    /// [`SCHEMA`] in every document made here.
    pub schema: u32,
    /// Licence identifier (GB/T 36904 for licences), or the number of the notice or receipt.
    pub identifier: String,
    pub issuer: Issuer,
    pub subject: Subject,
    pub issued_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The last day of validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    pub title: Bilingual,
    pub content: Vec<Entry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_number: Option<String>,
    /// Content hash of the edition under which the case was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// The version, from 1; it increases each time the document is issued again.
    pub version: u32,
    /// The identifier of the document that this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<String>,
    /// Where its current status (in force, withdrawn, replaced) can be queried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_url: Option<String>,
    /// Present in checkpoints only, and in all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Checkpoint>,
}

/// Why a document must not be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentFault {
    #[error("`{0}` must not be empty")]
    Empty(&'static str),
    #[error("schema {0} is not the one known here")]
    Schema(u32),
    #[error("versions count from 1")]
    Version,
    #[error("`issued_at` must be a whole second")]
    FractionOfSecond,
    #[error("`valid_until` lies before `valid_from`")]
    EndsBeforeItBegins,
    #[error("checkpoints carry a root, other documents do not")]
    Checkpoint,
    #[error("the signer's key is not the one that `issuer.key_id` names")]
    OtherKey,
    #[error("the file would be longer than is ever read back")]
    TooLong,
    #[error(transparent)]
    NotRepresentable(#[from] canonical::NotRepresentable),
    #[error(transparent)]
    Signing(#[from] crate::SigningFault),
}

impl Document {
    /// Checks the rules between fields. [`crate::SignedDocument::sign`] and [`crate::verify`] refuse a
    /// document that breaks one, the latter even under a valid signature.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), DocumentFault> {
        if self.schema != SCHEMA {
            return Err(DocumentFault::Schema(self.schema));
        }
        let must_be_there = [
            ("identifier", &self.identifier),
            ("issuer.code", &self.issuer.code),
            ("issuer.name", &self.issuer.name.zh),
            ("subject.name", &self.subject.name),
            ("title", &self.title.zh),
        ];
        for (field, text) in must_be_there {
            if text.trim().is_empty() {
                return Err(DocumentFault::Empty(field));
            }
        }
        if self.version == 0 {
            return Err(DocumentFault::Version);
        }
        if self.issued_at.subsec_nanosecond() != 0 {
            return Err(DocumentFault::FractionOfSecond);
        }
        if let (Some(from), Some(until)) = (self.valid_from, self.valid_until)
            && until < from
        {
            return Err(DocumentFault::EndsBeforeItBegins);
        }
        if (self.kind == Kind::Checkpoint) != self.checkpoint.is_some() {
            return Err(DocumentFault::Checkpoint);
        }
        Ok(())
    }
}
