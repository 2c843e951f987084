//! Civil dates, working days, and statutory clocks with pause and extension.
//!
//! A [`Calendar`] is built from the year tables that the state publishes; a [`Clock`] counts a [`Limit`] on
//! it and explains every day that it counted or excluded. It must not know what time it is (every `now` is an
//! argument), which public service a clock belongs to, or where tables are stored. Start with
//! [`Calendar::new`] and [`Clock::due`].

mod clock;
mod day;
mod explain;
mod limit;
mod pause;
mod reading;
mod status;
mod summary;
mod table;
mod warn;
mod workdays;

pub use clock::{Clock, ClockRules, DayEnd, Due, Extension, last_day};
pub use explain::{CountedMakeup, Day, Explanation, Lang, SkipReason, Skipped, Verdict};
pub use jiff::Timestamp;
pub use jiff::civil::Date;
pub use jiff::tz::Offset;
pub use limit::{DayUnit, Limit, LimitUnit};
pub use pause::Pause;
pub use reading::{ReadError, read_instant};
pub use status::{Phase, Status};
pub use table::{
    CalendarError, CalendarProblem, DayKind, DayRule, FestivalDay, Festivals, FixedDay, Notice, YearTable,
};
pub use warn::{Threshold, Thresholds, WarningLevel};
pub use workdays::{Calendar, DayClass, DayKindExplained};
