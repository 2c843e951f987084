//! Resident identity numbers, GB 11643: region, date of birth, sequence number, check character.

use crate::identify::{Parsed, Parts};
use crate::iso7064::mod_11_2;
use crate::kind::IdentifierKind;
use crate::normal::compact;
use crate::problem::{IdentifierProblem, ProblemCode, Warning, WarningCode};
use crate::region::province_name;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The earliest accepted year of birth; an earlier one is a typing error.
const EARLIEST_BIRTH: i16 = 1800;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResidentNumber {
    pub number: String,
    pub region: String,
    pub province_name: String,
    pub born_on: Date,
    pub sex: Sex,
    pub sequence: String,
    pub check: char,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Male,
    Female,
}

impl ResidentNumber {
    /// Parses a number. The county is not checked, because counties are abolished while the numbers of people
    /// born there stay.
    ///
    /// # Errors
    /// The first fault found: characters or length, the province, the date, the check character.
    pub fn parse(text: &str) -> Result<ResidentNumber, IdentifierProblem> {
        let problem = |code| IdentifierProblem::new(IdentifierKind::Resident, code);
        let number = compact(text);
        let body = eighteen(&number).map_err(problem)?;
        let Some((province_name, _)) = province_name(&number) else {
            return Err(problem(ProblemCode::Province { position: 1, found: number[..2].to_owned() }));
        };
        let born_on = birth(&number).map_err(problem)?;
        let check = verify(&number, &body).map_err(problem)?;
        Ok(ResidentNumber {
            region: number[..6].to_owned(),
            province_name: province_name.to_owned(),
            born_on,
            sex: if body[16] % 2 == 1 { Sex::Male } else { Sex::Female },
            sequence: number[14..17].to_owned(),
            check,
            number,
        })
    }

    /// Age in whole years on a day; negative before the birth.
    pub fn age_on(&self, day: Date) -> i16 {
        let years = day.year() - self.born_on.year();
        let before_birthday = (day.month(), day.day()) < (self.born_on.month(), self.born_on.day());
        years - i16::from(before_birthday)
    }

    /// The number of somebody born in a region on a day, with this sequence: for examples, since only the office that gives numbers
    /// knows whose they are.
    pub fn compose(region: &str, born_on: Date, sequence: u16) -> Option<String> {
        let body =
            format!("{region}{:04}{:02}{:02}{sequence:03}", born_on.year(), born_on.month(), born_on.day());
        let digits: Option<Vec<u32>> = body.chars().map(|c| c.to_digit(10)).collect();
        let number = format!("{body}{}", mod_11_2(&digits.filter(|digits| digits.len() == 17)?));
        Self::parse(&number).is_ok().then_some(number)
    }

    pub(crate) fn parsed(text: &str) -> Result<Parsed, IdentifierProblem> {
        let resident = ResidentNumber::parse(text)?;
        let mut warnings = Vec::new();
        if resident.born_on.year() < 1900 {
            warnings.push(Warning::new(WarningCode::BornLongAgo { year: resident.born_on.year() }));
        }
        Ok(Parsed {
            kind: IdentifierKind::Resident,
            value: resident.number.clone(),
            parts: Parts::Resident(resident),
            warnings,
        })
    }
}

/// The first 17 digits of an 18-character number.
pub(crate) fn eighteen(number: &str) -> Result<Vec<u32>, ProblemCode> {
    let count = number.chars().count();
    if count == 0 {
        return Err(ProblemCode::Empty);
    }
    if count == 15 && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ProblemCode::OldResidentNumber);
    }
    let last_is_x = |position: usize, c: char| position == 18 && c == 'X';
    for (found, position) in number.chars().zip(1..) {
        if position <= 18 && !found.is_ascii_digit() && !last_is_x(position, found) {
            return Err(ProblemCode::DigitExpected { position, found });
        }
    }
    if count != 18 {
        return Err(ProblemCode::Length { found: count, expected: "18".to_owned() });
    }
    Ok(number.chars().take(17).filter_map(|c| c.to_digit(10)).collect())
}

/// The date of birth in positions 7 to 14.
pub(crate) fn birth(number: &str) -> Result<Date, ProblemCode> {
    let written = &number[6..14];
    let part = |range: std::ops::Range<usize>| written[range].parse::<i16>().ok();
    let date = part(0..4).zip(part(4..6)).zip(part(6..8)).and_then(|((year, month), day)| {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Date::new(year, month, day).ok()
    });
    match date {
        Some(date) if date.year() >= EARLIEST_BIRTH => Ok(date),
        _ => Err(ProblemCode::Date { position: 7, written: written.to_owned() }),
    }
}

/// The check character, if it fits.
pub(crate) fn verify(number: &str, body: &[u32]) -> Result<char, ProblemCode> {
    let found = number.chars().last().unwrap_or('?');
    if mod_11_2(body) == found { Ok(found) } else { Err(ProblemCode::Check { position: 18, found }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_turn_on_the_birthday() {
        let resident = ResidentNumber::parse("11010519491231002X").unwrap();
        assert_eq!(resident.sex, Sex::Female);
        assert_eq!(resident.age_on(Date::constant(2026, 12, 30)), 76);
        assert_eq!(resident.age_on(Date::constant(2026, 12, 31)), 77);
        assert_eq!(resident.age_on(Date::constant(1949, 12, 30)), -1);
    }
}
