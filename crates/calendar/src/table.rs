//! Year tables: the rest days of one year as the state publishes them, with the number of the notice.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A year's notice: the days that differ from Monday to Friday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearTable {
    pub year: i16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// The days. A table without days counts as no table: its year stays provisional.
    pub days: Vec<DayRule>,
}

/// The published document behind a year's table. Notices are amended afterwards, so the date matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    pub number: Arc<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Arc<str>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayRule {
    pub date: Date,
    pub kind: DayKind,
    /// The festival that the day belongs to.
    pub name: Arc<str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Not a working day whatever its weekday.
    Holiday,
    /// A working day whatever its weekday (调休上班).
    MakeupWorkday,
}

/// Holidays that the law itself fixes, independent of a year's notice and before there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Festivals {
    /// The regulation that fixes them.
    pub notice: Notice,
    /// The first year in which the regulation applies.
    pub from_year: i16,
    /// Days of the solar calendar, the same in every year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<FixedDay>,
    /// Days that follow the lunar calendar or the solar terms, for the years in which they were looked up.
    /// Later years have none until their notice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<FestivalDay>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedDay {
    pub month: i8,
    pub day: i8,
    pub name: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FestivalDay {
    pub date: Date,
    pub name: Arc<str>,
}

impl Festivals {
    /// The holidays of one year, as dates.
    pub fn of_year(&self, year: i16) -> impl Iterator<Item = (Date, &Arc<str>)> {
        let fixed = self
            .fixed
            .iter()
            .filter_map(move |one| Some((Date::new(year, one.month, one.day).ok()?, &one.name)));
        let days =
            self.days.iter().filter(move |one| one.date.year() == year).map(|one| (one.date, &one.name));
        fixed.chain(days).filter(move |_| year >= self.from_year)
    }

    /// The last year whose lunar days are known.
    pub fn known_until(&self) -> Option<i16> {
        self.days.iter().map(|one| one.date.year()).max()
    }
}

/// All faults of a set of year tables and festivals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", list(.problems))]
pub struct CalendarError {
    pub problems: Vec<CalendarProblem>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarProblem {
    #[error("{year} 年有两张日历表，请合并为一张 / two tables for {year}; merge them")]
    DuplicateYear { year: i16 },
    #[error("{year} 年不在 1900–2299 之间 / year {year} is outside 1900–2299")]
    YearOutOfRange { year: i16 },
    #[error(
        "{date} 写在 {year} 年的表里，请移到它自己年份的表 / {date} stands in the table of {year}; move it"
    )]
    DateOutsideYear { year: i16, date: Date },
    #[error("{date} 在同一张表里出现两次，请只留一次 / {date} appears twice; keep one")]
    DuplicateDate { date: Date },
    #[error("{month} 月 {day} 日在公历里没有 / the solar calendar has no day {day} of month {month}")]
    NoSuchDay { month: i8, day: i8 },
}

fn list(problems: &[CalendarProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
