//! Time limits: an amount and a unit.

use crate::explain::Lang;
use serde::{Deserialize, Serialize};

/// A length of time in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    pub amount: u32,
    pub unit: LimitUnit,
}

/// The two kinds of days in statutes; one limit never mixes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayUnit {
    Working,
    Calendar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    WorkingDays,
    CalendarDays,
    /// Hours run through nights and rest days, as in emergency orders.
    Hours,
    Minutes,
}

impl LimitUnit {
    pub fn day_unit(self) -> Option<DayUnit> {
        match self {
            LimitUnit::WorkingDays => Some(DayUnit::Working),
            LimitUnit::CalendarDays => Some(DayUnit::Calendar),
            LimitUnit::Hours | LimitUnit::Minutes => None,
        }
    }

    /// Seconds of a unit that runs in real time; `None` for days.
    pub(crate) fn seconds(self) -> Option<i64> {
        match self {
            LimitUnit::WorkingDays | LimitUnit::CalendarDays => None,
            LimitUnit::Hours => Some(3_600),
            LimitUnit::Minutes => Some(60),
        }
    }
}

impl From<DayUnit> for LimitUnit {
    fn from(unit: DayUnit) -> LimitUnit {
        match unit {
            DayUnit::Working => LimitUnit::WorkingDays,
            DayUnit::Calendar => LimitUnit::CalendarDays,
        }
    }
}

impl Limit {
    pub const fn new(amount: u32, unit: LimitUnit) -> Limit {
        Limit { amount, unit }
    }

    pub const fn working_days(amount: u32) -> Limit {
        Limit::new(amount, LimitUnit::WorkingDays)
    }

    pub const fn calendar_days(amount: u32) -> Limit {
        Limit::new(amount, LimitUnit::CalendarDays)
    }

    pub const fn hours(amount: u32) -> Limit {
        Limit::new(amount, LimitUnit::Hours)
    }

    pub const fn minutes(amount: u32) -> Limit {
        Limit::new(amount, LimitUnit::Minutes)
    }

    /// As in a notice: `20 个工作日`, `20 working days`.
    pub fn text(self, lang: Lang) -> String {
        let amount = self.amount;
        let plural = if amount == 1 { "" } else { "s" };
        match (lang, self.unit) {
            (Lang::Zh, LimitUnit::WorkingDays) => format!("{amount} 个工作日"),
            (Lang::Zh, LimitUnit::CalendarDays) => format!("{amount} 日"),
            (Lang::Zh, LimitUnit::Hours) => format!("{amount} 小时"),
            (Lang::Zh, LimitUnit::Minutes) => format!("{amount} 分钟"),
            (Lang::En, LimitUnit::WorkingDays) => format!("{amount} working day{plural}"),
            (Lang::En, LimitUnit::CalendarDays) => format!("{amount} calendar day{plural}"),
            (Lang::En, LimitUnit::Hours) => format!("{amount} hour{plural}"),
            (Lang::En, LimitUnit::Minutes) => format!("{amount} minute{plural}"),
        }
    }
}
