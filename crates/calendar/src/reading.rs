//! Parsing instants and pauses as people write them on a command line or in a table.

use crate::pause::Pause;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error(
        "“{text}”不是时间，请写成 2026-02-10、2026-02-10T09:30 或 2026-02-10T09:30+08:00 / \
         “{text}” is not a time; write 2026-02-10, 2026-02-10T09:30 or 2026-02-10T09:30+08:00"
    )]
    Instant { text: String },
    #[error(
        "“{text}”不是暂停，请写成 种类:开始..结束，未结束的省略结束 / \
         “{text}” is not a pause; write KIND:FROM..TO, without TO while it lasts"
    )]
    Pause { text: String },
}

/// Parses an instant with its own offset, or a local time or date; a date means its first instant.
///
/// # Errors
/// The text has none of these forms.
pub fn read_instant(text: &str, offset: Offset) -> Result<Timestamp, ReadError> {
    let written = text.trim();
    if let Ok(instant) = written.parse::<Timestamp>() {
        return Ok(instant);
    }
    let local = written.parse::<DateTime>().ok();
    local
        .and_then(|local| offset.to_timestamp(local).ok())
        .ok_or_else(|| ReadError::Instant { text: text.to_owned() })
}

impl Pause {
    /// Parses `KIND:FROM..TO`; `TO` is left out while the pause is open. With dates, the day of `TO` counts
    /// again.
    ///
    /// # Errors
    /// Another form, or an end that is not an instant.
    pub fn read(text: &str, offset: Offset) -> Result<Pause, ReadError> {
        let shape = || ReadError::Pause { text: text.to_owned() };
        let (kind, span) = text.split_once([':', '：']).ok_or_else(shape)?;
        let (from, to) = span.split_once("..").ok_or_else(shape)?;
        if kind.trim().is_empty() {
            return Err(shape());
        }
        let to = if to.trim().is_empty() { None } else { Some(read_instant(to, offset)?) };
        Ok(Pause::new(kind.trim(), read_instant(from, offset)?, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINA: Offset = Offset::constant(8);

    #[test]
    fn instants_are_local_unless_they_say_otherwise() {
        let rows = [
            ("2026-02-10T09:30:00+09:00", "2026-02-10T00:30:00Z"),
            ("2026-02-10T09:30:00Z", "2026-02-10T09:30:00Z"),
            ("2026-02-10T09:30", "2026-02-10T01:30:00Z"),
            (" 2026-02-10 09:30 ", "2026-02-10T01:30:00Z"),
            ("2026-02-10", "2026-02-09T16:00:00Z"),
        ];
        for (text, expected) in rows {
            assert_eq!(read_instant(text, CHINA), Ok(expected.parse().unwrap()), "{text}");
        }
        for text in ["", "2026-02-30", "明天", "09:30"] {
            let error = read_instant(text, CHINA).unwrap_err();
            assert_eq!(error, ReadError::Instant { text: text.to_owned() });
            assert!(error.to_string().contains(text));
        }
    }

    #[test]
    fn pauses_have_a_kind_and_may_last() {
        let from = "2026-02-10T01:30:00Z".parse().unwrap();
        let to = "2026-02-11T16:00:00Z".parse().unwrap();
        let rows = [
            ("听证:2026-02-10T09:30..2026-02-12", Pause::new("听证", from, Some(to))),
            ("hearing：2026-02-10T09:30..", Pause::new("hearing", from, None)),
        ];
        for (text, expected) in rows {
            assert_eq!(Pause::read(text, CHINA), Ok(expected), "{text}");
        }
        for text in ["听证", "听证:2026-02-10", ":2026-02-10..", "听证:..2026-02-10", "听证:x.."] {
            assert!(Pause::read(text, CHINA).is_err(), "{text}");
        }
    }
}
