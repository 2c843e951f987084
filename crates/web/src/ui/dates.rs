//! Dates and times as people say them: 10月22日（周四）, with the year only where it is not this one.

use calendar::Date;
use diagnostic::Lang;
use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::shell::Shell;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The zone's civil time of an instant.
pub fn civil(shell: &Shell, at: Timestamp) -> DateTime {
    shell.edition.offset().to_datetime(at)
}

/// The civil day of an instant, as people say it.
pub fn day(shell: &Shell, at: Timestamp) -> String {
    date(shell, civil(shell, at).date())
}

/// The last day that is in time; `due_at` is the first instant that is too late, often the midnight after.
pub fn due_day(shell: &Shell, due_at: Timestamp) -> String {
    date(shell, last_day(shell, due_at))
}

/// That day itself, for lists that leave as files.
pub fn last_day(shell: &Shell, due_at: Timestamp) -> Date {
    calendar::last_day(due_at, shell.edition.offset())
}

pub fn date(shell: &Shell, date: Date) -> String {
    let weekday = shell.w.t(&format!("weekday-{}", date.weekday().to_monday_one_offset()));
    let this_year = civil(shell, shell.now).date().year() == date.year();
    let (month, day) = (date.month(), date.day());
    match (shell.lang, this_year) {
        (Lang::Zh, true) => format!("{month}月{day}日（{weekday}）"),
        (Lang::Zh, false) => format!("{}年{month}月{day}日（{weekday}）", date.year()),
        (Lang::En, _) => {
            let name = MONTHS[usize::from(month.unsigned_abs() - 1)];
            if this_year {
                format!("{weekday} {day} {name}")
            } else {
                format!("{weekday} {day} {name} {}", date.year())
            }
        }
    }
}

/// With the year in any case: for papers that are kept.
pub fn full_date(shell: &Shell, date: Date) -> String {
    match shell.lang {
        Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Lang::En => {
            let name = MONTHS[usize::from(date.month().unsigned_abs() - 1)];
            format!("{} {name} {}", date.day(), date.year())
        }
    }
}

/// The civil day of an instant, with its year.
pub fn full_day(shell: &Shell, at: Timestamp) -> String {
    full_date(shell, civil(shell, at).date())
}

/// Day and minute.
pub fn date_time(shell: &Shell, at: Timestamp) -> String {
    format!("{} {}", day(shell, at), time(shell, at))
}

/// `09:05`.
pub fn time(shell: &Shell, at: Timestamp) -> String {
    let at = civil(shell, at);
    format!("{:02}:{:02}", at.hour(), at.minute())
}
