//! Our own numbers: cases have digits only, tickets a letter and three digits, so that they can be told on
//! the phone and typed on a number pad.

use crate::identify::{Parsed, Parts};
use crate::iso7064::mod_11_10;
use crate::kind::IdentifierKind;
use crate::normal::compact;
use crate::problem::{IdentifierProblem, Lang, NumberPart, ProblemCode};
use crate::region::digits;
use crate::spoken::spoken;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

const LAST_SEQUENCE: u32 = 999_999;

/// A case number: `yyyymmdd`, a sequence number of six digits within the day, and an ISO 7064 MOD 11,10 check
/// digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct CaseNumber {
    date: Date,
    sequence: u32,
}

impl CaseNumber {
    /// # Errors
    /// A sequence number outside 1 to 999999, or a year outside 1000 to 9999.
    pub fn new(date: Date, sequence: u32) -> Result<CaseNumber, IdentifierProblem> {
        let range = |part, from, to| {
            let code = ProblemCode::Range { part, from, to };
            IdentifierProblem::new(IdentifierKind::CaseNumber, code)
        };
        if !(1..=LAST_SEQUENCE).contains(&sequence) {
            return Err(range(NumberPart::Sequence, 1, LAST_SEQUENCE));
        }
        if !(1000..=9999).contains(&date.year()) {
            return Err(range(NumberPart::Year, 1000, 9999));
        }
        Ok(CaseNumber { date, sequence })
    }

    /// # Errors
    /// The text is not 15 digits with a date, a sequence number and the right check digit.
    pub fn parse(text: &str) -> Result<CaseNumber, IdentifierProblem> {
        let problem = |code| IdentifierProblem::new(IdentifierKind::CaseNumber, code);
        let number = compact(text);
        if number.is_empty() {
            return Err(problem(ProblemCode::Empty));
        }
        digits(&number).map_err(problem)?;
        if number.len() != 15 {
            return Err(problem(ProblemCode::Length { found: number.len(), expected: "15".to_owned() }));
        }
        let found = number.chars().last().unwrap_or('?');
        if mod_11_10(&number[..14]) != Some(found) {
            return Err(problem(ProblemCode::Check { position: 15, found }));
        }
        let written = number[..8].to_owned();
        let date = Date::strptime("%Y%m%d", &written)
            .map_err(|_| problem(ProblemCode::Date { position: 1, written }))?;
        CaseNumber::new(date, number[8..14].parse().unwrap_or(0))
    }

    pub fn date(self) -> Date {
        self.date
    }

    pub fn sequence(self) -> u32 {
        self.sequence
    }

    /// Grouped for reading: `20261123-000123-4`.
    pub fn grouped(self) -> String {
        let number = self.to_string();
        format!("{}-{}-{}", &number[..8], &number[8..14], &number[14..])
    }

    /// Digit by digit in groups, for speech.
    pub fn spoken(self, lang: Lang) -> String {
        let number = self.to_string();
        let groups = [&number[..4], &number[4..8], &number[8..11], &number[11..14], &number[14..]];
        spoken(&groups, lang)
    }

    pub(crate) fn parsed(text: &str) -> Result<Parsed, IdentifierProblem> {
        let number = CaseNumber::parse(text)?;
        Ok(Parsed {
            kind: IdentifierKind::CaseNumber,
            value: number.to_string(),
            parts: Parts::CaseNumber { date: number.date, sequence: number.sequence },
            warnings: Vec::new(),
        })
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.date.year(), self.date.month(), self.date.day());
        let body = format!("{year:04}{month:02}{day:02}{:06}", self.sequence);
        let check = mod_11_10(&body).expect("the body is made of digits");
        write!(f, "{body}{check}")
    }
}

impl FromStr for CaseNumber {
    type Err = IdentifierProblem;

    fn from_str(text: &str) -> Result<CaseNumber, IdentifierProblem> {
        CaseNumber::parse(text)
    }
}

impl From<CaseNumber> for String {
    fn from(number: CaseNumber) -> String {
        number.to_string()
    }
}

impl TryFrom<String> for CaseNumber {
    type Error = IdentifierProblem;

    fn try_from(text: String) -> Result<CaseNumber, IdentifierProblem> {
        CaseNumber::parse(&text)
    }
}

/// A ticket in a hall's queue for one day: the letter of its class and 001 to 999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TicketNumber {
    class: char,
    number: u16,
}

impl TicketNumber {
    /// # Errors
    /// A class that is not a letter A to Z, or a number outside 1 to 999.
    pub fn new(class: char, number: u16) -> Result<TicketNumber, IdentifierProblem> {
        let problem = |code| IdentifierProblem::new(IdentifierKind::Ticket, code);
        let class = class.to_ascii_uppercase();
        if !class.is_ascii_uppercase() {
            return Err(problem(ProblemCode::Character { position: 1, found: class }));
        }
        if !(1..=999).contains(&number) {
            return Err(problem(ProblemCode::Range { part: NumberPart::QueueNumber, from: 1, to: 999 }));
        }
        Ok(TicketNumber { class, number })
    }

    /// # Errors
    /// The text is not a letter and three digits from 001 to 999.
    pub fn parse(text: &str) -> Result<TicketNumber, IdentifierProblem> {
        let problem = |code| IdentifierProblem::new(IdentifierKind::Ticket, code);
        let ticket = compact(text);
        let mut rest = ticket.chars();
        let Some(class) = rest.next() else {
            return Err(problem(ProblemCode::Empty));
        };
        let number = rest.as_str();
        if !class.is_ascii_uppercase() || number.len() != 3 || digits(number).is_err() {
            return Err(problem(ProblemCode::Shape));
        }
        TicketNumber::new(class, number.parse().unwrap_or(0))
    }

    pub fn class(self) -> char {
        self.class
    }

    pub fn number(self) -> u16 {
        self.number
    }

    /// Letter and digits one by one, for speech.
    pub fn spoken(self, lang: Lang) -> String {
        spoken(&[&self.class.to_string(), &format!("{:03}", self.number)], lang)
    }

    pub(crate) fn parsed(text: &str) -> Result<Parsed, IdentifierProblem> {
        let ticket = TicketNumber::parse(text)?;
        Ok(Parsed {
            kind: IdentifierKind::Ticket,
            value: ticket.to_string(),
            parts: Parts::Ticket { class: ticket.class, number: ticket.number },
            warnings: Vec::new(),
        })
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:03}", self.class, self.number)
    }
}

impl FromStr for TicketNumber {
    type Err = IdentifierProblem;

    fn from_str(text: &str) -> Result<TicketNumber, IdentifierProblem> {
        TicketNumber::parse(text)
    }
}

impl From<TicketNumber> for String {
    fn from(ticket: TicketNumber) -> String {
        ticket.to_string()
    }
}

impl TryFrom<String> for TicketNumber {
    type Error = IdentifierProblem;

    fn try_from(text: String) -> Result<TicketNumber, IdentifierProblem> {
        TicketNumber::parse(&text)
    }
}
