//! Working hours and waking hours.

use std::sync::Arc;

use catalogue::Edition;
use jiff::civil::{Date, DateTime, time};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

const WORK: (i8, i8) = (9, 17);
const AWAKE: (i8, i8) = (8, 22);

/// The hours of a zone.
#[derive(Clone, Debug)]
pub(crate) struct Hours {
    pub edition: Arc<Edition>,
}

impl Hours {
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.edition.offset().to_datetime(at)
    }

    pub fn day(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    pub fn at(&self, local: DateTime) -> Timestamp {
        self.edition.offset().to_timestamp(local).unwrap_or_default()
    }

    pub fn is_working(&self, day: Date) -> bool {
        self.edition.calendar().is_working(day)
    }

    /// The instant that many working hours after `from`.
    pub fn working(&self, from: Timestamp, hours: f64) -> Timestamp {
        self.advance(from, hours, WORK, |day| self.is_working(day))
    }

    /// The instant that many waking hours after `from`, on any day.
    pub fn waking(&self, from: Timestamp, hours: f64) -> Timestamp {
        self.advance(from, hours, AWAKE, |_| true)
    }

    /// The start of the working day that many working hours before, in whole days.
    pub fn working_before(&self, until: Timestamp, hours: f64) -> Timestamp {
        let per_day = f64::from(WORK.1 - WORK.0);
        let mut day = self.day(until);
        let mut left = hours;
        while left > 0.0 {
            day = day.yesterday().unwrap_or(day);
            if self.is_working(day) {
                left -= per_day;
            }
        }
        self.at(day.to_datetime(time(WORK.0, 0, 0, 0)))
    }

    fn advance(
        &self,
        from: Timestamp,
        hours: f64,
        (open, close): (i8, i8),
        counts: impl Fn(Date) -> bool,
    ) -> Timestamp {
        // Whole seconds are precise enough for a history.
        #[expect(clippy::cast_possible_truncation, reason = "hours of a history are few")]
        let mut left = SignedDuration::from_secs((hours.max(0.0) * 3600.0) as i64);
        let mut now = self.local(from);
        loop {
            let day = now.date();
            let (opens, closes) =
                (day.to_datetime(time(open, 0, 0, 0)), day.to_datetime(time(close, 0, 0, 0)));
            if counts(day) && now < closes {
                let begin = now.max(opens);
                let room = closes.duration_since(begin);
                if left < room {
                    return self.at(begin.saturating_add(left));
                }
                left -= room;
            }
            now = match day.checked_add(1.day()) {
                Ok(next) => next.to_datetime(time(0, 0, 0, 0)),
                Err(_) => return from,
            };
        }
    }
}
