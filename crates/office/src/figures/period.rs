//! Months and runs of months: what figures speak of.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A civil month of the zone. Printed as `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    pub fn year(self) -> i16 {
        self.year
    }

    /// 1 to 12.
    pub fn number(self) -> i8 {
        self.month
    }

    pub fn next(self) -> Self {
        self.plus(1)
    }

    pub fn previous(self) -> Self {
        self.plus(-1)
    }

    /// So many months later, or earlier; stays where the calendar ends.
    pub fn plus(self, months: i32) -> Self {
        let place =
            (i32::from(self.year) * 12 + i32::from(self.month) - 1 + months).clamp(12, 9999 * 12 + 11);
        let year = i16::try_from(place / 12).unwrap_or(9999);
        let month = i8::try_from(place % 12 + 1).unwrap_or(12);
        Self { year, month }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Not a month of the years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMonth;

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let (year, month) = text.trim().split_once('-').ok_or(NoMonth)?;
        let (year, month): (i16, i8) =
            (year.parse().map_err(|_| NoMonth)?, month.parse().map_err(|_| NoMonth)?);
        if (1..=9999).contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(NoMonth)
        }
    }
}

/// Months in the wrong order, or too many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPeriod;

/// Months that follow each other; never empty, and at most [`Period::MONTHS_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    first: Month,
    last: Month,
}

impl Period {
    pub const MONTHS_MAX: i32 = 60;

    pub fn month(month: Month) -> Self {
        Self { first: month, last: month }
    }

    /// From the one month to the other, whichever comes first; cut at the front when it is too long.
    pub fn between(one: Month, other: Month) -> Self {
        let (first, last) = (one.min(other), one.max(other));
        Self { first: first.max(last.plus(1 - Self::MONTHS_MAX)), last }
    }

    /// From the one month to the other, as somebody asked for them.
    ///
    /// # Errors
    /// [`NoPeriod`] when the last comes before the first, or there are more than [`Period::MONTHS_MAX`].
    pub fn from_to(first: Month, last: Month) -> Result<Self, NoPeriod> {
        let period = Self { first, last };
        let fits = first <= last && first.plus(Self::MONTHS_MAX - 1) >= last;
        if fits { Ok(period) } else { Err(NoPeriod) }
    }

    pub fn year(year: i16) -> Self {
        let first = Month { year: year.clamp(1, 9999), month: 1 };
        Self { first, last: first.plus(11) }
    }

    pub fn first(self) -> Month {
        self.first
    }

    pub fn last(self) -> Month {
        self.last
    }

    pub fn is_month(self) -> bool {
        self.first == self.last
    }

    /// The calendar year that it is, if it is one.
    pub fn as_year(self) -> Option<i16> {
        (self == Self::year(self.first.year)).then_some(self.first.year)
    }

    pub fn contains(self, month: Month) -> bool {
        self.first <= month && month <= self.last
    }

    pub fn months(self) -> Vec<Month> {
        std::iter::successors(Some(self.first), |month| (*month < self.last).then(|| month.next())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn months_turn_the_year() {
        assert_eq!(month("2026-12").next().to_string(), "2027-01");
        assert_eq!(month("2026-01").previous().to_string(), "2025-12");
        assert_eq!(month("2026-11").plus(-11).to_string(), "2025-12");
        assert_eq!(month("0001-01").previous(), month("0001-01"));
        assert_eq!(month("9999-12").next(), month("9999-12"));
    }

    #[test]
    fn only_months_are_read() {
        for text in ["", "2026", "2026-13", "2026-00", "x-1", "0-1", "10000-1", "-5-1"] {
            assert_eq!(text.parse::<Month>(), Err(NoMonth), "{text}");
        }
        assert_eq!("2026-3".parse::<Month>().map(|month| month.to_string()), Ok("2026-03".into()));
    }

    #[test]
    fn a_period_runs_forward_and_is_bounded() {
        let period = Period::between(month("2026-03"), month("2025-12"));
        assert_eq!(period.months().len(), 4);
        assert_eq!(period.first(), month("2025-12"));
        assert_eq!(Period::between(month("0001-01"), month("9999-12")).months().len(), 60);
        assert_eq!(Period::from_to(month("2026-11"), month("2026-10")), Err(NoPeriod));
        assert_eq!(Period::from_to(month("2021-11"), month("2026-11")), Err(NoPeriod));
        assert_eq!(Period::from_to(month("2021-12"), month("2026-11")).map(|it| it.months().len()), Ok(60));
        assert_eq!(Period::year(2026).as_year(), Some(2026));
        assert_eq!(period.as_year(), None);
    }
}
