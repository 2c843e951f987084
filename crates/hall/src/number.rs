//! The number on the slip of paper.

use std::fmt;

use identifier::TicketNumber;
use serde::{Deserialize, Serialize};

/// A person's number of one day in the whole zone: 1, 2, 3 … as they come, written `A001` to `Z999`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketNo(pub u32);

const PER_LETTER: u32 = 999;

impl TicketNo {
    /// As it is printed and called. Beyond `Z999`, which no hall reaches, the bare count.
    fn ticket(self) -> Option<TicketNumber> {
        let place = self.0.checked_sub(1)?;
        let letter = u8::try_from(place / PER_LETTER).ok().filter(|letter| *letter < 26)?;
        let number = u16::try_from(place % PER_LETTER + 1).ok()?;
        TicketNumber::new(char::from(b'A' + letter), number).ok()
    }

    /// Reads what [`fmt::Display`] writes, as people type it.
    pub fn parse(text: &str) -> Option<Self> {
        let ticket = TicketNumber::parse(&text.trim().to_ascii_uppercase()).ok()?;
        let letter = u32::from(u8::try_from(ticket.class()).ok()? - b'A');
        Some(Self(letter * PER_LETTER + u32::from(ticket.number())))
    }

    /// Letter and digits one by one, for a voice.
    pub fn spoken(self, lang: diagnostic::Lang) -> String {
        let lang = match lang {
            diagnostic::Lang::Zh => identifier::Lang::Zh,
            diagnostic::Lang::En => identifier::Lang::En,
        };
        self.ticket().map_or_else(|| self.0.to_string(), |ticket| ticket.spoken(lang))
    }
}

impl fmt::Display for TicketNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ticket() {
            Some(ticket) => ticket.fmt(f),
            None => self.0.fmt(f),
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
}
