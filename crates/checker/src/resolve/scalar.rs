//! Parsers for small texts: limits, times, offsets.

use calendar::{Limit, LimitUnit};
use catalogue::{Validity, Weekday};
use jiff::civil::{Date, DateTime, Time};

/// Parses `5 working days`, `30 calendar days`, `24 hours`, `30 minutes`, or the same in Chinese.
pub fn limit(text: &str) -> Option<Limit> {
    let (amount, unit) = amount(text)?;
    let unit = match unit.trim_start_matches('个') {
        "working day" | "working days" | "工作日" => LimitUnit::WorkingDays,
        "calendar day" | "calendar days" | "日" | "天" | "自然日" => LimitUnit::CalendarDays,
        "hour" | "hours" | "小时" => LimitUnit::Hours,
        "minute" | "minutes" | "分钟" => LimitUnit::Minutes,
        _ => return None,
    };
    Some(Limit { amount, unit })
}

/// Parses `5 years`, `6 months`, `30 days`, or the same in Chinese.
pub fn validity(text: &str) -> Option<Validity> {
    let (amount, unit) = amount(text)?;
    let amount = u16::try_from(amount).ok().filter(|amount| *amount > 0)?;
    match unit.trim_start_matches('个') {
        "year" | "years" | "年" => Some(Validity::Years(amount)),
        "month" | "months" | "月" => Some(Validity::Months(amount)),
        "day" | "days" | "日" | "天" => Some(Validity::Days(amount)),
        _ => None,
    }
}

fn amount(text: &str) -> Option<(u32, &str)> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let amount = text[..digits].parse().ok().filter(|amount| *amount <= 100_000)?;
    Some((amount, text[digits..].trim()))
}

pub fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// Parses `2026-09-18 10:00`, local time.
pub fn moment(text: &str) -> Option<DateTime> {
    let (day, clock_part) = text.trim().split_once([' ', 'T'])?;
    Some(date(day)?.to_datetime(clock(clock_part)?))
}

/// Parses `09:00` or `09:00:30`.
pub fn clock(text: &str) -> Option<Time> {
    let mut parts = text.trim().split(':');
    let mut next = |most: i8| -> Option<i8> {
        let part = parts.next()?;
        let value = part.parse().ok()?;
        (part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit()) && value <= most).then_some(value)
    };
    let (hour, minute) = (next(23)?, next(59)?);
    let second = next(59).unwrap_or(0);
    Time::new(hour, minute, second, 0).ok()
}

/// Parses `+08:00` into minutes east of UTC; at most ±14 hours.
pub fn offset(text: &str) -> Option<i32> {
    let text = text.trim();
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let time = clock(&text[1..])?;
    let minutes = i32::from(time.hour()) * 60 + i32::from(time.minute());
    (minutes <= 14 * 60).then_some(sign * minutes)
}

pub fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "mon" => Weekday::Mon,
        "tue" => Weekday::Tue,
        "wed" => Weekday::Wed,
        "thu" => Weekday::Thu,
        "fri" => Weekday::Fri,
        "sat" => Weekday::Sat,
        "sun" => Weekday::Sun,
        "holiday" => Weekday::Holiday,
        _ => return None,
    })
}

pub fn yes_no(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_read_in_both_languages() {
        for (text, limit) in [
            ("5 working days", Limit::working_days(5)),
            ("1 working day", Limit::working_days(1)),
            ("5个工作日", Limit::working_days(5)),
            ("5 个工作日", Limit::working_days(5)),
            ("30 calendar days", Limit::calendar_days(30)),
            ("30日", Limit::calendar_days(30)),
            ("24小时", Limit::hours(24)),
            ("30 minutes", Limit::minutes(30)),
        ] {
            assert_eq!(super::limit(text), Some(limit), "{text}");
        }
        for text in
            ["", "5", "days", "-5 working days", "5 weeks", "五个工作日", "99999999999 hours", "5 days"]
        {
            assert_eq!(super::limit(text), None, "{text}");
        }
    }

    #[test]
    fn times_and_offsets() {
        assert_eq!(offset("+08:00"), Some(480));
        assert_eq!(offset("-03:30"), Some(-210));
        for text in ["", "08:00", "+15:00", "+8", "＋08:00", "+"] {
            assert_eq!(offset(text), None, "{text}");
        }
        assert_eq!(clock("09:30"), Time::new(9, 30, 0, 0).ok());
        for text in ["24:00", "9", "09:60", "九点", "-1:00", ""] {
            assert_eq!(clock(text), None, "{text}");
        }
        assert_eq!(date("2026-02-30"), None);
        assert_eq!(moment("2026-09-18 10:00").map(|at| at.hour()), Some(10));
        assert_eq!(validity("5年"), Some(Validity::Years(5)));
        assert_eq!(validity("0 years"), None);
    }
}
