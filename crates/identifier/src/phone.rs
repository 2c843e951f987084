//! Phone numbers: mainland mobile, landline with area code, 400/800 and short service numbers; others as
//! E.164.

use crate::identify::{Parsed, Parts};
use crate::kind::IdentifierKind;
use crate::normal::{compact, spaced};
use crate::problem::{IdentifierProblem, ProblemCode};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneNumber {
    pub kind: PhoneKind,
    /// Without country code, a landline as `area-number`; outside the mainland in E.164 form, `+85291234567`.
    pub number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    Mobile,
    Landline,
    /// 400 and 800 numbers.
    Hotline,
    /// Five or six digits that begin with 95 or 96, or five that begin with 10 or 12.
    Short,
    /// Hong Kong, Macao, Taiwan and other countries.
    Abroad,
}

impl PhoneNumber {
    /// Parses a mobile number only.
    ///
    /// # Errors
    /// The text is not eleven digits that begin with 13 to 19, with or without the country code.
    pub fn parse_mobile(text: &str) -> Result<PhoneNumber, IdentifierProblem> {
        let problem = |code| IdentifierProblem::new(IdentifierKind::Mobile, code);
        let typed = compact(text).replace(['(', ')'], "");
        if typed.is_empty() {
            return Err(problem(ProblemCode::Empty));
        }
        let number = without_country(&typed);
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(problem(ProblemCode::Shape));
        }
        if number.len() != 11 {
            return Err(problem(ProblemCode::Length { found: number.len(), expected: "11".to_owned() }));
        }
        if !is_mobile(number) {
            return Err(problem(ProblemCode::Shape));
        }
        Ok(PhoneNumber { kind: PhoneKind::Mobile, number: number.to_owned(), extension: None })
    }

    /// Parses any phone number of a person or firm.
    ///
    /// # Errors
    /// Invalid characters, or a form that no kind of number has.
    pub fn parse(text: &str) -> Result<PhoneNumber, IdentifierProblem> {
        let problem = |code| IdentifierProblem::new(IdentifierKind::Phone, code);
        let typed = spaced(text).replace(['(', ')'], "-").replace("EXT.", "转").replace("EXT", "转");
        let typed = typed.trim_matches('-');
        if typed.is_empty() {
            return Err(problem(ProblemCode::Empty));
        }
        let (number, extension) = split_extension(typed);
        let digits = number.replace('-', "");
        let abroad = digits.starts_with('+') || digits.starts_with("0086");
        let number = without_country(&digits);
        let digits_alone = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        // The position of a wrong letter does not help people; the message shows the valid forms instead.
        if !digits_alone(number.trim_start_matches('+')) || !extension.as_deref().is_none_or(digits_alone) {
            return Err(problem(ProblemCode::Shape));
        }
        let fits = extension.as_ref().is_none_or(|extension| (1..=6).contains(&extension.len()));
        match classify(number, abroad).or_else(|| foreign(number)) {
            Some((kind, number)) if fits => Ok(PhoneNumber { kind, number, extension }),
            _ => Err(problem(ProblemCode::Shape)),
        }
    }

    /// The number for a `tel:` link, without the extension.
    pub fn dialled(&self) -> String {
        match self.kind {
            PhoneKind::Mobile => format!("+86{}", self.number),
            PhoneKind::Landline => format!("+86{}", self.number.replace('-', "").trim_start_matches('0')),
            PhoneKind::Hotline | PhoneKind::Short | PhoneKind::Abroad => self.number.clone(),
        }
    }

    fn written(&self) -> String {
        match &self.extension {
            Some(extension) => format!("{}-{extension}", self.number),
            None => self.number.clone(),
        }
    }

    pub(crate) fn parsed(kind: IdentifierKind, text: &str) -> Result<Parsed, IdentifierProblem> {
        let phone = match kind {
            IdentifierKind::Mobile => PhoneNumber::parse_mobile(text)?,
            _ => PhoneNumber::parse(text)?,
        };
        Ok(Parsed { kind, value: phone.written(), parts: Parts::Phone(phone), warnings: Vec::new() })
    }
}

fn is_mobile(number: &str) -> bool {
    let bytes = number.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

fn without_country(number: &str) -> &str {
    let stripped = number.strip_prefix("+86").or_else(|| number.strip_prefix("0086"));
    match stripped {
        Some(rest) => rest,
        // A bare 86 is the country code only if a complete mobile number follows.
        None => number.strip_prefix("86").filter(|rest| is_mobile(rest)).unwrap_or(number),
    }
}

/// Splits off an extension: `0532-88881234-801`, `0532-88881234转801`, `…#801`.
fn split_extension(typed: &str) -> (String, Option<String>) {
    if let Some((number, extension)) = typed.split_once(['转', '轉', '#', 'X', ',']) {
        return (number.to_owned(), Some(extension.replace('-', "")));
    }
    let groups: Vec<&str> = typed.split('-').collect();
    match groups.as_slice() {
        [area, number, extension]
            if area.starts_with('0') && (3..=4).contains(&area.len()) && (7..=8).contains(&number.len()) =>
        {
            (format!("{area}{number}"), Some((*extension).to_owned()))
        }
        _ => (typed.to_owned(), None),
    }
}

fn classify(number: &str, abroad: bool) -> Option<(PhoneKind, String)> {
    if is_mobile(number) {
        return Some((PhoneKind::Mobile, number.to_owned()));
    }
    if number.len() == 10 && (number.starts_with("400") || number.starts_with("800")) {
        return Some((PhoneKind::Hotline, number.to_owned()));
    }
    let short = match number.len() {
        5 => ["95", "96", "10", "12"].iter().any(|prefix| number.starts_with(prefix)),
        6 => ["95", "96"].iter().any(|prefix| number.starts_with(prefix)),
        _ => false,
    };
    if short {
        return Some((PhoneKind::Short, number.to_owned()));
    }
    // From abroad the area code is dialled without its trunk digit 0.
    let national = if abroad && !number.starts_with('0') { format!("0{number}") } else { number.to_owned() };
    landline(&national).map(|number| (PhoneKind::Landline, number))
}

/// E.164: `+` or `00`, a country code, and at most fifteen digits in all. Where the numbering plan is simple
/// it is checked: eight digits in Hong Kong and Macao, nine (eight for landlines of some areas) without the
/// trunk 0 in Taiwan.
fn foreign(number: &str) -> Option<(PhoneKind, String)> {
    let digits = number.strip_prefix('+').or_else(|| number.strip_prefix("00"))?;
    let (country, national) = ["852", "853", "886"]
        .iter()
        .find_map(|code| Some((*code, digits.strip_prefix(code)?)))
        .unwrap_or(("", digits));
    let national = if country == "886" { national.trim_start_matches('0') } else { national };
    let first = national.bytes().next()?;
    let fits = match country {
        "852" => national.len() == 8 && (b'2'..=b'9').contains(&first),
        "853" => national.len() == 8 && matches!(first, b'2' | b'6' | b'8'),
        "886" => (8..=9).contains(&national.len()) && (b'2'..=b'9').contains(&first),
        // Numbers with 86 are checked by the mainland's plan only.
        _ => (8..=15).contains(&national.len()) && first != b'0' && !national.starts_with("86"),
    };
    fits.then(|| (PhoneKind::Abroad, format!("+{country}{national}")))
}

/// A landline as `area-number`. Area codes have three digits in the largest cities (010, 02x) and four
/// elsewhere.
fn landline(number: &str) -> Option<String> {
    let bytes = number.as_bytes();
    if bytes.first() != Some(&b'0') {
        return None;
    }
    let area = match bytes.get(1)? {
        b'1' if bytes.get(2) == Some(&b'0') => 3,
        b'2' => 3,
        b'3'..=b'9' => 4,
        _ => return None,
    };
    let (area_code, local) = (number.get(..area)?, number.get(area..)?);
    let length_fits = local.len() == 8 || area == 4 && local.len() == 7;
    let first_fits = matches!(local.as_bytes().first(), Some(b'2'..=b'8'));
    (length_fits && first_fits).then(|| format!("{area_code}-{local}"))
}
