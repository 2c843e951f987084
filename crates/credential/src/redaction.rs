//! The public view of a document, and masking of names and identifiers.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::{Bilingual, Document, Entry, Kind, Subject, SubjectKind};

/// What a verification page may show to anyone with the number: no person's full name or number, of an
/// organisation's document the lines that the issuer marked public, of a person's none (Personal Information
/// Protection Law, Art. 25).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicView {
    pub kind: Kind,
    pub identifier: String,
    pub issuer_code: String,
    pub issuer_name: Bilingual,
    pub subject: Subject,
    pub issued_at: Timestamp,
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
    pub title: Bilingual,
    pub content: Vec<Entry>,
    /// The number of lines that are not shown.
    pub hidden: usize,
    pub version: u32,
    pub supersedes: Option<String>,
}

impl From<&Document> for PublicView {
    fn from(document: &Document) -> Self {
        // Lines about a person (purchases, an address) are on the paper itself; nobody without it needs them.
        let shown = |entry: &&Entry| entry.public && document.subject.kind == SubjectKind::Organisation;
        let content: Vec<_> = document.content.iter().filter(shown).cloned().collect();
        PublicView {
            kind: document.kind,
            identifier: document.identifier.clone(),
            issuer_code: document.issuer.code.clone(),
            issuer_name: document.issuer.name.clone(),
            subject: document.subject.masked(),
            issued_at: document.issued_at,
            valid_from: document.valid_from,
            valid_until: document.valid_until,
            title: document.title.clone(),
            hidden: document.content.len() - content.len(),
            content,
            version: document.version,
            supersedes: document.supersedes.clone(),
        }
    }
}

impl Subject {
    /// The subject with name and identifier masked if it is a person; an organisation is unchanged.
    pub fn masked(&self) -> Subject {
        match self.kind {
            SubjectKind::Organisation => self.clone(),
            SubjectKind::Person => Subject {
                kind: self.kind,
                name: mask_name(&self.name),
                identifier: self.identifier.as_deref().map(mask_identifier),
            },
        }
    }
}

/// `张三丰` becomes `张**`: the first character, spaces and middle dots stay, the rest becomes asterisks. A name
/// of one character is masked completely.
pub fn mask_name(name: &str) -> String {
    let name = name.trim();
    if name.chars().nth(1).is_none() {
        return "*".repeat(name.chars().count());
    }
    let masked = |(at, character): (usize, char)| {
        if at == 0 || character.is_whitespace() || character == '·' { character } else { '*' }
    };
    name.chars().enumerate().map(masked).collect()
}

/// The first and the last character stay; two characters or fewer are masked completely.
pub fn mask_identifier(identifier: &str) -> String {
    let count = identifier.chars().count();
    let masked = |(at, character): (usize, char)| {
        if count > 2 && (at == 0 || at == count - 1) { character } else { '*' }
    };
    identifier.chars().enumerate().map(masked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_keep_only_what_lets_their_owner_know_them() {
        let rows = [
            ("张三", "张*"),
            ("欧阳锋", "欧**"),
            ("张", "*"),
            ("", ""),
            (" 李四 ", "李*"),
            ("阿里木·买买提", "阿**·***"),
        ];
        for (name, masked) in rows {
            assert_eq!(mask_name(name), masked);
            assert_eq!(mask_name(masked), masked, "masking twice changes nothing");
        }
        assert_eq!(mask_name("Ann Lee"), "A** ***");
        let rows = [("11010519491231002X", "1****************X"), ("A1", "**"), ("", ""), ("E12", "E*2")];
        for (identifier, masked) in rows {
            assert_eq!(mask_identifier(identifier), masked);
            assert_eq!(mask_identifier(masked), masked);
        }
    }
}
