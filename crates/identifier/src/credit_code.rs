//! Unified social credit codes, GB 32100: authority, category, region, organisation code, check character.

use crate::identify::{Parsed, Parts};
use crate::kind::IdentifierKind;
use crate::normal::compact;
use crate::organisation;
use crate::problem::{IdentifierProblem, ProblemCode, Warning, WarningCode};
use crate::region::province_name;
use crate::resident::ResidentNumber;
use serde::{Deserialize, Serialize};

/// The letters I O S V Z are left out, because they are easily confused with digits.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditCode {
    pub code: String,
    /// 登记管理部门.
    pub authority: char,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_name: Option<String>,
    /// 机构类别.
    pub category: char,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_name: Option<String>,
    pub region: String,
    pub organisation: String,
    pub check: char,
}

impl CreditCode {
    /// Parses a code. It may begin with a letter (A, N, Y are authorities), though widespread validators
    /// refuse that.
    ///
    /// # Errors
    /// The first fault found; a resident number is refused as one.
    pub fn parse(text: &str) -> Result<CreditCode, IdentifierProblem> {
        let code = compact(text);
        if reads_as_resident(&code) && !is_known(&code) {
            let is = IdentifierKind::Resident;
            let problem = ProblemCode::OtherPaper { is, taken: false };
            return Err(IdentifierProblem::new(IdentifierKind::CreditCode, problem));
        }
        read(&code).map_err(|problem| IdentifierProblem {
            kind: IdentifierKind::CreditCode,
            suggestion: unconfused(&code),
            code: problem,
        })
    }

    /// Adds the check character to 17 characters.
    ///
    /// # Errors
    /// As [`CreditCode::parse`], for the 17 characters.
    pub fn compose(body17: &str) -> Result<CreditCode, IdentifierProblem> {
        let body = compact(body17);
        let problem = |code| IdentifierProblem::new(IdentifierKind::CreditCode, code);
        let found = body.chars().count();
        if found != 17 {
            return Err(problem(ProblemCode::Length { found, expected: "17".to_owned() }));
        }
        characters(&body).map_err(problem)?;
        read(&format!("{body}{}", check(&body))).map_err(problem)
    }

    /// Makes a code from authority and category (2 characters), region (6) and the first 8 of the
    /// organisation code, with both check characters.
    ///
    /// # Errors
    /// As [`CreditCode::compose`].
    pub fn compose_from(
        prefix: &str,
        region: &str,
        organisation8: &str,
    ) -> Result<CreditCode, IdentifierProblem> {
        let organisation = compact(organisation8);
        let inner = organisation::check(&organisation).unwrap_or('?');
        CreditCode::compose(&format!("{prefix}{region}{organisation}{inner}"))
    }

    pub(crate) fn parsed(text: &str) -> Result<Parsed, IdentifierProblem> {
        let code = CreditCode::parse(text)?;
        Ok(Parsed {
            kind: IdentifierKind::CreditCode,
            value: code.code.clone(),
            warnings: code.warnings(),
            parts: Parts::CreditCode(code),
        })
    }

    /// Warnings: what is unusual but may be right.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if check(&self.code[..17]) != self.check {
            warnings.push(Warning::new(WarningCode::BeforeStandard { position: 18 }));
        }
        if reads_as_resident(&self.code) {
            warnings.push(Warning::new(WarningCode::LooksResident));
        }
        if self.authority_name.is_none() || self.category_name.is_none() {
            let prefix = format!("{}{}", self.authority, self.category);
            warnings.push(Warning::new(WarningCode::AuthorityUnknown { prefix }));
        }
        // 100000 is the country itself, for central bodies.
        if province_name(&self.region).is_none() && !matches!(self.region.as_str(), "100000" | "000000") {
            warnings.push(Warning::new(WarningCode::RegionUnknown { region: self.region.clone() }));
        }
        if organisation::check(&self.organisation[..8]) != self.organisation.chars().last() {
            warnings.push(Warning::new(WarningCode::OrganisationCheck { position: 17 }));
        }
        warnings
    }
}

/// Whether a code is also a valid resident number. Then it was typed into the wrong field, even if its check
/// character happens to fit a credit code too.
pub(crate) fn reads_as_resident(code: &str) -> bool {
    ResidentNumber::parse(code).is_ok()
}

/// Whether a code verifies and its authority and category are in the tables of the standard; only then is it
/// accepted although it is also a valid resident number.
fn is_known(code: &str) -> bool {
    let mut first = code.chars();
    let pair = first.next().zip(first.next());
    pair.is_some_and(|(authority, category)| category_name(authority, category).is_some())
        && read(code).is_ok()
}

/// Whether a code may predate the strict use of the standard: Fuzhou and Xiamen issued codes whose check does
/// not fit. They are on licences, so they are accepted with a warning; the register or the window decides
/// whether one is right.
fn before_standard(code: &str) -> bool {
    let undertaking = code.starts_with('9');
    undertaking && ["3501", "3502"].contains(&&code[2..6])
}

fn value(c: char) -> Option<u32> {
    ALPHABET.chars().zip(0..).find(|(symbol, _)| *symbol == c).map(|(_, value)| value)
}

/// The check character: weights are the powers of 3 modulo 31.
fn check(body: &str) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for c in body.chars() {
        sum += value(c).unwrap_or(0) * weight;
        weight = weight * 3 % 31;
    }
    let check = (31 - sum % 31) % 31;
    char::from(ALPHABET.as_bytes()[check as usize])
}

fn characters(code: &str) -> Result<(), ProblemCode> {
    for (found, position) in code.chars().zip(1..) {
        if value(found).is_none() {
            return Err(ProblemCode::Character { position, found });
        }
        if (3..=8).contains(&position) && !found.is_ascii_digit() {
            return Err(ProblemCode::DigitExpected { position, found });
        }
    }
    Ok(())
}

fn read(code: &str) -> Result<CreditCode, ProblemCode> {
    let count = code.chars().count();
    if count == 0 {
        return Err(ProblemCode::Empty);
    }
    if count != 18 {
        return Err(ProblemCode::Length { found: count, expected: "18".to_owned() });
    }
    characters(code)?;
    let mut symbols = code.chars();
    let (authority, category) = (symbols.next().unwrap_or('?'), symbols.next().unwrap_or('?'));
    let found = code.chars().last().unwrap_or('?');
    if check(&code[..17]) != found && !before_standard(code) {
        return Err(ProblemCode::Check { position: 18, found });
    }
    Ok(CreditCode {
        authority,
        authority_name: authority_name(authority).map(ToOwned::to_owned),
        category,
        category_name: category_name(authority, category).map(ToOwned::to_owned),
        region: code[2..8].to_owned(),
        organisation: code[8..17].to_owned(),
        check: found,
        code: code.to_owned(),
    })
}

/// The code with impossible letters replaced by the digits they resemble, if it then verifies. A wrong check
/// character is never replaced: an error in one of the other characters is far more likely.
fn unconfused(code: &str) -> Option<String> {
    let swapped: String = code
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' => '1',
            'S' => '5',
            'Z' => '2',
            _ => c,
        })
        .collect();
    (swapped != code && read(&swapped).is_ok()).then_some(swapped)
}

fn authority_name(authority: char) -> Option<&'static str> {
    Some(match authority {
        '1' => "机构编制",
        '2' => "外交",
        '3' => "司法行政",
        '4' => "文化",
        '5' => "民政",
        '6' => "旅游",
        '7' => "宗教",
        '8' => "工会",
        '9' => "市场监管（工商）",
        'A' => "中央军委改革和编制办公室",
        'N' => "农业农村",
        'Y' => "其他",
        _ => return None,
    })
}

fn category_name(authority: char, category: char) -> Option<&'static str> {
    Some(match (authority, category) {
        ('1', '1') => "机关",
        ('1', '2') => "事业单位",
        ('1', '3') => "编办直接管理机构编制的群众团体",
        ('5', '1') => "社会团体",
        ('5', '2') => "民办非企业单位",
        ('5', '3') => "基金会",
        ('9', '1') => "企业",
        ('9', '2') => "个体工商户",
        ('9', '3') => "农民专业合作社",
        ('N', '1') => "组级集体经济组织",
        ('N', '2') => "村级集体经济组织",
        ('N', '3') => "乡镇级集体经济组织",
        ('Y', '1') => "其他",
        (_, '9') => "其他",
        ('2' | '3' | '4' | '6' | '7' | '8' | 'A', '1'..='5') => "该部门登记的机构",
        _ => return None,
    })
}
