//! Identifiers that people and offices write: parse, check, explain, print, mask.
//!
//! Every kind accepts what people really type (full-width digits, spaces, hyphens, lower case), refuses only
//! what cannot be right, and warns where practice differs from the standard. It must not know registries, the
//! clock, or whether a number was really issued. Start with [`identify`] and [`parse`].

mod case_number;
mod credit_code;
mod document;
mod identify;
mod iso7064;
mod kind;
mod licence;
mod mask;
mod normal;
mod organisation;
mod paper;
mod phone;
mod problem;
mod reason;
mod region;
mod resident;
mod spoken;
mod written;

pub use case_number::{CaseNumber, TicketNumber};
pub use credit_code::CreditCode;
pub use document::{DocumentNumber, DocumentType};
pub use identify::{Identified, Parsed, Parts, identify, parse};
pub use jiff::civil::Date;
pub use kind::{IdentifierKind, UnknownKind};
pub use licence::LicenceIdentifier;
pub use mask::{mask, mask_but, mask_mobile, mask_name, mask_number, mask_paper, mask_public};
pub use normal::plain;
pub use organisation::OrganisationCode;
pub use paper::{born_on, join_paper, not_born_by, parse_paper, split_paper};
pub use phone::{PhoneKind, PhoneNumber};
pub use problem::{IdentifierProblem, Lang, NumberPart, ProblemCode, Warning, WarningCode};
pub use reason::{NoReason, reason};
pub use region::{Region, RegionLevel, province_name};
pub use resident::{ResidentNumber, Sex};
pub use written::{NameProblem, is_unseen, line, lines, name, says_something};
