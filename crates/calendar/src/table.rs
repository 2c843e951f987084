//! The rest days of one year as the state publishes them: data with the number of its notice.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a year's notice says about days that differ from Monday to Friday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearTable {
    pub year: i16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// A table without days says nothing, so its year stays provisional, as if there were no table.
    pub days: Vec<DayRule>,
}

/// The published document that a year rests on. Notices are amended after the fact, so the date matters.
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

/// Everything that is wrong with a set of year tables, at once.
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
}

fn list(problems: &[CalendarProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
