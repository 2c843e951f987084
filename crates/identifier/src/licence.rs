//! Identifiers of electronic licences, GB/T 36904: `1.2.156.3005.2`, type, issuer, serial, version, check
//! character, joined by dots.

use crate::credit_code::CreditCode;
use crate::identify::{Parsed, Parts};
use crate::iso7064::{mod_37_36, value36};
use crate::kind::IdentifierKind;
use crate::normal::compact;
use crate::problem::{IdentifierProblem, NumberPart, ProblemCode, Warning, WarningCode};
use serde::{Deserialize, Serialize};
use std::fmt;

const ROOT: &str = "1.2.156.3005.2.";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceIdentifier {
    /// 证照类型代码: the credit code of the type's owner and three digits.
    pub type_code: String,
    /// 颁证机构代码: a credit code or a local code.
    pub issuer: String,
    /// 流水号.
    pub serial: String,
    /// 版本号, 1 to 999; it increases when the licence changes.
    pub version: u16,
    pub check: char,
}

impl LicenceIdentifier {
    /// Makes an identifier from its parts and adds the check character.
    ///
    /// # Errors
    /// A part that is empty, too long, or has characters other than digits and letters.
    pub fn new(
        type_code: &str,
        issuer: &str,
        serial: &str,
        version: u16,
    ) -> Result<LicenceIdentifier, IdentifierProblem> {
        let problem = |code| IdentifierProblem::new(IdentifierKind::Licence, code);
        let (type_code, issuer, serial) = (compact(type_code), compact(issuer), compact(serial));
        check_parts(&type_code, &issuer, &serial, version).map_err(problem)?;
        let check = mod_37_36(&format!("{type_code}{issuer}{serial}{version:03}"))
            .expect("check_parts admits only the alphabet of the check");
        Ok(LicenceIdentifier { type_code, issuer, serial, version, check })
    }

    /// # Errors
    /// A missing or malformed part, or a check character that does not fit.
    pub fn parse(text: &str) -> Result<LicenceIdentifier, IdentifierProblem> {
        let problem = |code| IdentifierProblem::new(IdentifierKind::Licence, code);
        let written = compact(text);
        if written.is_empty() {
            return Err(problem(ProblemCode::Empty));
        }
        let Some(rest) = written.strip_prefix(ROOT) else {
            return Err(problem(part(NumberPart::Root)));
        };
        let parts: Vec<&str> = rest.split('.').collect();
        let [type_code, issuer, serial, version, check] = parts.as_slice() else {
            return Err(problem(ProblemCode::Shape));
        };
        let version = match version.parse::<u16>() {
            Ok(number) if version.len() == 3 && version.bytes().all(|b| b.is_ascii_digit()) => number,
            _ => return Err(problem(part(NumberPart::Version))),
        };
        let expected = LicenceIdentifier::new(type_code, issuer, serial, version)?;
        let mut found = check.chars();
        match (found.next(), found.next()) {
            (Some(found), None) if found == expected.check => Ok(expected),
            (Some(found), None) => {
                let position = written.chars().count();
                Err(problem(ProblemCode::Check { position, found }))
            }
            _ => Err(problem(part(NumberPart::Check))),
        }
    }

    /// The identifier of another version of the same licence.
    ///
    /// # Errors
    /// A version outside 1 to 999.
    pub fn with_version(&self, version: u16) -> Result<LicenceIdentifier, IdentifierProblem> {
        LicenceIdentifier::new(&self.type_code, &self.issuer, &self.serial, version)
    }

    pub(crate) fn parsed(text: &str) -> Result<Parsed, IdentifierProblem> {
        let licence = LicenceIdentifier::parse(text)?;
        let owner = licence.type_code[..18].to_owned();
        let mut warnings = Vec::new();
        if CreditCode::parse(&owner).is_err() {
            warnings.push(Warning::new(WarningCode::OwnerCheck { owner }));
        }
        Ok(Parsed {
            kind: IdentifierKind::Licence,
            value: licence.to_string(),
            parts: Parts::Licence(licence),
            warnings,
        })
    }
}

fn part(part: NumberPart) -> ProblemCode {
    ProblemCode::Part { part }
}

fn check_parts(type_code: &str, issuer: &str, serial: &str, version: u16) -> Result<(), ProblemCode> {
    let written = |text: &str, longest: usize| {
        !text.is_empty() && text.len() <= longest && text.chars().all(|c| value36(c).is_some())
    };
    let type_fits = type_code.len() == 21
        && written(type_code, 21)
        && type_code.bytes().skip(18).all(|byte| byte.is_ascii_digit());
    if !type_fits {
        return Err(part(NumberPart::LicenceType));
    }
    if !written(issuer, 18) {
        return Err(part(NumberPart::Issuer));
    }
    if !written(serial, 64) {
        return Err(part(NumberPart::Serial));
    }
    if !(1..=999).contains(&version) {
        return Err(ProblemCode::Range { part: NumberPart::Version, from: 1, to: 999 });
    }
    Ok(())
}

impl fmt::Display for LicenceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LicenceIdentifier { type_code, issuer, serial, version, check } = self;
        write!(f, "{ROOT}{type_code}.{issuer}.{serial}.{version:03}.{check}")
    }
}
