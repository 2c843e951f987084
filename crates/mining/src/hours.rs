//! Working time within a span of time.

use calendar::{Calendar, Date, Offset};
use jiff::ToSpan as _;
use jiff::civil::Time;

const MICROS: i64 = 1_000_000;
const DAY: i64 = 86_400;

/// The measure of time.
#[derive(Clone, Debug)]
pub enum Hours {
    /// Clock time.
    Clock,
    /// Office hours on the working days of a calendar.
    Office(OfficeHours),
}

/// Office hours of the days that a log covers, as prefix sums, so that a span costs two look-ups.
#[derive(Clone, Debug)]
pub struct OfficeHours {
    offset_seconds: i64,
    /// The first day, in days since 1970.
    first: i64,
    /// Seconds worked before each day; one more entry for after the last.
    before: Vec<i64>,
    works: Vec<bool>,
    /// Spans in seconds of the day, sorted and disjoint.
    spans: Vec<(i64, i64)>,
}

/// Upper bound of the days summed up; later days count as not worked.
const DAYS_MAX: i64 = 366 * 200;

impl Hours {
    /// Office hours for a log that lies between these instants (microseconds since 1970).
    pub fn office(
        calendar: &Calendar,
        offset: Offset,
        spans: &[(Time, Time)],
        from: i64,
        until: i64,
    ) -> Self {
        let offset_seconds = i64::from(offset.seconds());
        let day = |at: i64| (at.div_euclid(MICROS) + offset_seconds).div_euclid(DAY);
        let first = day(from);
        let days = (day(until) - first + 1).clamp(1, DAYS_MAX);
        let seconds = |time: &Time| {
            i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())
        };
        let spans = apart(spans.iter().map(|(from, to)| (seconds(from), seconds(to))).collect());
        let a_day: i64 = spans.iter().map(|(from, to)| to - from).sum();
        let (mut before, mut works, mut sum) = (vec![0], Vec::new(), 0);
        for place in 0..days {
            let date = Date::constant(1970, 1, 1).checked_add((first + place).days());
            let working = date.is_ok_and(|date| calendar.is_working(date));
            works.push(working);
            sum += if working { a_day } else { 0 };
            before.push(sum);
        }
        Self::Office(OfficeHours { offset_seconds, first, before, works, spans })
    }

    /// Seconds from `from` to `until`; 0 when `until` is earlier.
    pub fn between(&self, from: i64, until: i64) -> i64 {
        match self {
            Self::Clock => (until.saturating_sub(from) / MICROS).max(0),
            Self::Office(hours) => (hours.until(until) - hours.until(from)).max(0),
        }
    }
}

impl OfficeHours {
    fn until(&self, at: i64) -> i64 {
        let local = at.div_euclid(MICROS) + self.offset_seconds;
        let place = local.div_euclid(DAY) - self.first;
        let Ok(place) = usize::try_from(place) else { return 0 };
        let Some(working) = self.works.get(place) else { return self.before.last().copied().unwrap_or(0) };
        let within = local.rem_euclid(DAY);
        let today = self.spans.iter().map(|(from, to)| (within.min(*to) - from).max(0)).sum::<i64>();
        self.before[place] + if *working { today } else { 0 }
    }
}

fn apart(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.retain(|(from, to)| from < to);
    spans.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (from, to) in spans {
        match merged.last_mut() {
            Some(last) if last.1 >= from => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::time;

    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn hours() -> Hours {
        let spans = [(time(13, 30, 0, 0), time(17, 0, 0, 0)), (time(9, 0, 0, 0), time(12, 0, 0, 0))];
        let (from, until) = (at("2026-11-02T00:00:00+08:00"), at("2026-11-30T00:00:00+08:00"));
        Hours::office(&Calendar::without_tables(), Offset::constant(8), &spans, from, until)
    }

    #[test]
    fn only_office_hours_of_working_days_count() {
        let hours = hours();
        let rows = [
            // Friday afternoon to Monday morning.
            ("2026-11-06T16:00:00+08:00", "2026-11-09T10:00:00+08:00", 2 * 3600),
            // Over the lunch break.
            ("2026-11-03T11:30:00+08:00", "2026-11-03T14:00:00+08:00", 3600),
            ("2026-11-03T00:00:00+08:00", "2026-11-04T00:00:00+08:00", 6 * 3600 + 1800),
            ("2026-11-07T09:00:00+08:00", "2026-11-08T17:00:00+08:00", 0),
            ("2026-11-03T10:00:00+08:00", "2026-11-03T09:00:00+08:00", 0),
        ];
        for (from, until, seconds) in rows {
            assert_eq!(hours.between(at(from), at(until)), seconds, "{from} to {until}");
        }
    }

    #[test]
    fn stretches_add_up() {
        let hours = hours();
        let marks: Vec<i64> =
            (0..600).map(|step| at("2026-11-02T00:00:00Z") + step * 3_917 * MICROS).collect();
        let whole = hours.between(marks[0], marks[599]);
        let parts: i64 = marks.windows(2).map(|pair| hours.between(pair[0], pair[1])).sum();
        assert_eq!(whole, parts);
    }
}
