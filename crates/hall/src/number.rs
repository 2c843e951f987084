//! Ticket numbers, as printed and called.

use std::fmt::{self, Write as _};

use identifier::TicketNumber;
use serde::{Deserialize, Serialize};

/// A ticket number, unique in the zone on one day: 1, 2, 3 … in order of joining, written `A001` to `Z999`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketNo(pub u32);

const PER_LETTER: u32 = 999;
/// Numbers from here on are of tickets carried over from the hall's last day: the printed ticket stays valid.
const CARRIED: u32 = 1_000_000;
/// Prefix of a carried-over number, on paper, on the wall and at the window.
const BEFORE: char = '昨';

impl TicketNo {
    /// The number that a ticket of the hall's last day has today.
    pub const fn carried(self) -> Self {
        Self(self.0 % CARRIED + CARRIED)
    }

    pub const fn is_carried(self) -> bool {
        self.0 >= CARRIED
    }

    /// As printed and called; `None` beyond `Z999`, where the bare count is shown.
    fn ticket(self) -> Option<TicketNumber> {
        let place = (self.0 % CARRIED).checked_sub(1)?;
        let letter = u8::try_from(place / PER_LETTER).ok().filter(|letter| *letter < 26)?;
        let number = u16::try_from(place % PER_LETTER + 1).ok()?;
        TicketNumber::new(char::from(b'A' + letter), number).ok()
    }

    /// Parses what [`fmt::Display`] writes; ignores case and surrounding spaces.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let (text, carried) = text.strip_prefix(BEFORE).map_or((&*text, false), |rest| (rest, true));
        let ticket = TicketNumber::parse(text).ok()?;
        let letter = u32::from(u8::try_from(ticket.class()).ok()? - b'A');
        let number = Self(letter * PER_LETTER + u32::from(ticket.number()));
        Some(if carried { number.carried() } else { number })
    }

    /// Letter and digits one by one, for speech output.
    pub fn spoken(self, lang: diagnostic::Lang) -> String {
        let (lang, before) = match lang {
            diagnostic::Lang::Zh => (identifier::Lang::Zh, "昨天的 "),
            diagnostic::Lang::En => (identifier::Lang::En, "of the day before, "),
        };
        let number =
            self.ticket().map_or_else(|| (self.0 % CARRIED).to_string(), |ticket| ticket.spoken(lang));
        if self.is_carried() { format!("{before}{number}") } else { number }
    }
}

impl fmt::Display for TicketNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_carried() {
            f.write_char(BEFORE)?;
        }
        match self.ticket() {
            Some(ticket) => ticket.fmt(f),
            None => (self.0 % CARRIED).fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_as_they_are_written() {
        for (number, text) in [(1, "A001"), (999, "A999"), (1000, "B001"), (25_974, "Z999")] {
            assert_eq!(TicketNo(number).to_string(), text);
            assert_eq!(TicketNo::parse(text), Some(TicketNo(number)));
        }
        assert_eq!(TicketNo::parse(" b001 "), Some(TicketNo(1000)));
        assert_eq!(TicketNo(25_975).to_string(), "25975");
        assert_eq!(TicketNo::parse("A000"), None);
    }

    #[test]
    fn a_number_of_the_last_day_is_the_one_on_the_paper_with_a_mark() {
        let carried = TicketNo(7).carried();
        assert_eq!(carried.to_string(), "昨A007");
        assert_eq!(TicketNo::parse("昨a007"), Some(carried));
        assert_ne!(carried, TicketNo(7));
        assert!(carried.spoken(diagnostic::Lang::Zh).starts_with("昨天的"));
        assert_eq!(TicketNo(25_975).carried().to_string(), "昨25975");
    }
}
