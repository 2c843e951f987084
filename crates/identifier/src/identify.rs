//! Parsing an identifier of any kind.

use crate::case_number::{CaseNumber, TicketNumber};
use crate::credit_code::CreditCode;
use crate::document::{DocumentNumber, DocumentType};
use crate::kind::IdentifierKind;
use crate::licence::LicenceIdentifier;
use crate::normal::LONGEST;
use crate::organisation::OrganisationCode;
use crate::phone::PhoneNumber;
use crate::problem::{IdentifierProblem, ProblemCode, Warning};
use crate::region::Region;
use crate::resident::ResidentNumber;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An identifier that may be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parsed {
    pub kind: IdentifierKind,
    /// The form of the standard, which is stored and compared.
    pub value: String,
    pub parts: Parts,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// The parts of an identifier. In JSON untagged, because the kind is given beside them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Parts {
    CreditCode(CreditCode),
    Resident(ResidentNumber),
    Licence(LicenceIdentifier),
    Region(Region),
    Document(DocumentNumber),
    Phone(PhoneNumber),
    Organisation(OrganisationCode),
    CaseNumber { date: Date, sequence: u32 },
    Ticket { class: char, number: u16 },
}

/// The output of `yichuang identify`; the keys are a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identified {
    pub valid: bool,
    pub problem: Option<IdentifierProblem>,
    pub parts: Option<Parts>,
    pub warnings: Vec<Warning>,
}

/// # Errors
/// The first reason why the text cannot be an identifier of the kind.
pub fn parse(kind: IdentifierKind, text: &str) -> Result<Parsed, IdentifierProblem> {
    let found = text.chars().take(LONGEST * 4).count();
    if found > LONGEST {
        let expected = format!("≤ {LONGEST}");
        return Err(IdentifierProblem::new(kind, ProblemCode::Length { found, expected }));
    }
    match kind {
        IdentifierKind::CreditCode => CreditCode::parsed(text),
        IdentifierKind::Resident => ResidentNumber::parsed(text),
        IdentifierKind::Region => Region::parsed(text),
        IdentifierKind::Mobile | IdentifierKind::Phone => PhoneNumber::parsed(kind, text),
        IdentifierKind::Licence => LicenceIdentifier::parsed(text),
        IdentifierKind::OrganisationCode => OrganisationCode::parsed(text),
        IdentifierKind::CaseNumber => CaseNumber::parsed(text),
        IdentifierKind::Ticket => TicketNumber::parsed(text),
        IdentifierKind::Passport => DocumentNumber::parsed(DocumentType::Passport, text),
        IdentifierKind::ForeignResident => DocumentNumber::parsed(DocumentType::ForeignResident, text),
        IdentifierKind::HongKongMacaoPermit => {
            DocumentNumber::parsed(DocumentType::HongKongMacaoPermit, text)
        }
        IdentifierKind::TaiwanPermit => DocumentNumber::parsed(DocumentType::TaiwanPermit, text),
        IdentifierKind::Other => DocumentNumber::parsed(DocumentType::Other, text),
    }
}

/// As [`parse`], in the form for output.
pub fn identify(kind: IdentifierKind, text: &str) -> Identified {
    match parse(kind, text) {
        Ok(parsed) => {
            Identified { valid: true, problem: None, parts: Some(parsed.parts), warnings: parsed.warnings }
        }
        Err(problem) => {
            Identified { valid: false, problem: Some(problem), parts: None, warnings: Vec::new() }
        }
    }
}
