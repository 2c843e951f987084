//! Identity papers of people without a resident number: a type and a number.

use crate::identify::{Parsed, Parts};
use crate::kind::IdentifierKind;
use crate::normal::{compact, tidy};
use crate::problem::{IdentifierProblem, ProblemCode};
use crate::resident::{birth, eighteen, verify};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentNumber {
    #[serde(rename = "type")]
    pub kind: DocumentType,
    pub number: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentType {
    Passport,
    ForeignResident,
    HongKongMacaoPermit,
    TaiwanPermit,
    Other,
}

impl DocumentType {
    pub const fn kind(self) -> IdentifierKind {
        match self {
            DocumentType::Passport => IdentifierKind::Passport,
            DocumentType::ForeignResident => IdentifierKind::ForeignResident,
            DocumentType::HongKongMacaoPermit => IdentifierKind::HongKongMacaoPermit,
            DocumentType::TaiwanPermit => IdentifierKind::TaiwanPermit,
            DocumentType::Other => IdentifierKind::Other,
        }
    }
}

impl DocumentNumber {
    /// Parses a number. Issuers differ, so only the characters and the length that the type allows are
    /// checked.
    ///
    /// # Errors
    /// A character or length that no paper of the type has.
    pub fn parse(kind: DocumentType, text: &str) -> Result<DocumentNumber, IdentifierProblem> {
        let problem = |code| IdentifierProblem::new(kind.kind(), code);
        let number = if kind == DocumentType::Other { tidy(text) } else { compact(text) };
        if number.is_empty() {
            return Err(problem(ProblemCode::Empty));
        }
        match kind {
            DocumentType::Passport => between(&number, 5, 12),
            DocumentType::ForeignResident => foreign_resident(&number),
            DocumentType::HongKongMacaoPermit => hong_kong_macao(&number),
            DocumentType::TaiwanPermit => taiwan(&number),
            DocumentType::Other => writable(&number),
        }
        .map_err(problem)?;
        Ok(DocumentNumber { kind, number })
    }

    /// The date of birth in new cards of foreign permanent residents, in the positions of a resident number.
    pub fn born_on(&self) -> Option<jiff::civil::Date> {
        let new = self.kind == DocumentType::ForeignResident && self.number.len() == 18;
        if new { birth(&self.number).ok() } else { None }
    }

    pub(crate) fn parsed(kind: DocumentType, text: &str) -> Result<Parsed, IdentifierProblem> {
        let document = DocumentNumber::parse(kind, text)?;
        Ok(Parsed {
            kind: kind.kind(),
            value: document.number.clone(),
            parts: Parts::Document(document),
            warnings: Vec::new(),
        })
    }
}

fn between(number: &str, from: usize, to: usize) -> Result<(), ProblemCode> {
    if let Some((found, position)) = number.chars().zip(1..).find(|(c, _)| !c.is_ascii_alphanumeric()) {
        return Err(ProblemCode::Character { position, found });
    }
    if (from..=to).contains(&number.len()) {
        Ok(())
    } else {
        Err(ProblemCode::Length { found: number.len(), expected: format!("{from}–{to}") })
    }
}

/// Old cards: fifteen characters (three letters, twelve digits). New cards: eighteen characters that begin
/// with 9 and have date of birth and check character like a resident number.
fn foreign_resident(number: &str) -> Result<(), ProblemCode> {
    if number.starts_with('9') {
        let body = eighteen(number)?;
        birth(number)?;
        verify(number, &body)?;
        return Ok(());
    }
    between(number, 15, 15)?;
    for (found, position) in number.chars().zip(1..) {
        if position <= 3 && !found.is_ascii_uppercase() {
            return Err(ProblemCode::Character { position, found });
        }
        if position > 3 && !found.is_ascii_digit() {
            return Err(ProblemCode::DigitExpected { position, found });
        }
    }
    Ok(())
}

/// H or M and eight digits; old permits have two more, the number of issues.
fn hong_kong_macao(number: &str) -> Result<(), ProblemCode> {
    let first = number.chars().next().unwrap_or('?');
    if !matches!(first, 'H' | 'M') {
        return Err(ProblemCode::Character { position: 1, found: first });
    }
    permit_digits(number, 1)?;
    if matches!(number.len(), 9 | 11) {
        Ok(())
    } else {
        Err(ProblemCode::Length { found: number.len(), expected: "9 / 11".to_owned() })
    }
}

/// Eight digits; old permits have ten, and sometimes a letter after them.
fn taiwan(number: &str) -> Result<(), ProblemCode> {
    let count = number.chars().count();
    let digits = if count == 11 { number.trim_end_matches(|c: char| c.is_ascii_uppercase()) } else { number };
    permit_digits(digits, 0)?;
    if matches!((count, digits.len()), (8, 8) | (10, 10) | (11, 10)) {
        Ok(())
    } else {
        Err(ProblemCode::Length { found: count, expected: "8 / 10–11".to_owned() })
    }
}

fn permit_digits(number: &str, letters: usize) -> Result<(), ProblemCode> {
    match number.chars().zip(1..).skip(letters).find(|(c, _)| !c.is_ascii_digit()) {
        Some((found, position)) => Err(ProblemCode::DigitExpected { position, found }),
        None => Ok(()),
    }
}

/// Up to 64 characters, none of them a control character.
fn writable(number: &str) -> Result<(), ProblemCode> {
    if let Some((found, position)) = number.chars().zip(1..).find(|(c, _)| c.is_control()) {
        return Err(ProblemCode::Character { position, found });
    }
    let found = number.chars().count();
    if found <= 64 { Ok(()) } else { Err(ProblemCode::Length { found, expected: "1–64".to_owned() }) }
}
