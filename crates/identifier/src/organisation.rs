//! Nine-character organisation codes, GB 11714, in old records and inside every credit code.

use crate::identify::{Parsed, Parts};
use crate::iso7064::value36;
use crate::kind::IdentifierKind;
use crate::normal::compact;
use crate::problem::{IdentifierProblem, ProblemCode, Warning, WarningCode};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationCode {
    pub body: String,
    pub check: char,
}

/// The check character of eight characters; `None` if one of them is neither digit nor capital letter.
pub(crate) fn check(body: &str) -> Option<char> {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let mut sum = 0;
    for (c, weight) in body.chars().zip(WEIGHTS) {
        sum += value36(c)? * weight;
    }
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    }
}

impl OrganisationCode {
    /// # Errors
    /// Wrong length, an invalid character, or a check character that does not fit.
    pub fn parse(text: &str) -> Result<OrganisationCode, IdentifierProblem> {
        let problem = |code| IdentifierProblem::new(IdentifierKind::OrganisationCode, code);
        let code = compact(text);
        let count = code.chars().count();
        if count == 0 {
            return Err(problem(ProblemCode::Empty));
        }
        if let Some((found, position)) = code.chars().zip(1..).find(|(c, _)| value36(*c).is_none()) {
            return Err(problem(ProblemCode::Character { position, found }));
        }
        if count != 9 {
            return Err(problem(ProblemCode::Length { found: count, expected: "9".to_owned() }));
        }
        let (body, found) = (&code[..8], code.chars().last().unwrap_or('?'));
        if check(body) != Some(found) {
            return Err(problem(ProblemCode::Check { position: 9, found }));
        }
        Ok(OrganisationCode { body: body.to_owned(), check: found })
    }

    pub(crate) fn parsed(text: &str) -> Result<Parsed, IdentifierProblem> {
        let code = OrganisationCode::parse(text)?;
        Ok(Parsed {
            kind: IdentifierKind::OrganisationCode,
            value: format!("{}{}", code.body, code.check),
            parts: Parts::Organisation(code),
            warnings: vec![Warning::new(WarningCode::Superseded { by: IdentifierKind::CreditCode })],
        })
    }
}
