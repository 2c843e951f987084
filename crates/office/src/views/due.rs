//! The state that a limit is in now. A row keeps the state of the last act, and a day passes without one: every list, count and
//! file asks here what the row means today, so that none says "on time" on the last day.

use casework::{ClockKind, ClockView, Colour};
use catalogue::Edition;
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use store::Condition;

/// States of a clock that runs and is not known to be late.
pub const RUNNING: [&str; 4] = ["green", "yellow", "red", "due-today"];

/// Rows keep microseconds.
const NEXT: SignedDuration = SignedDuration::from_micros(1);

/// The clock that a row is about: of those that run the administration's first, then the one that ends first, because it is the
/// first to become due whatever happens. Of two that end together the promise.
pub fn pressing<'a>(clocks: impl Iterator<Item = &'a ClockView>) -> Option<&'a ClockView> {
    clocks.filter(|clock| clock.is_running() && clock.colour != Colour::Paused).min_by_key(|clock| {
        let promise = clock.kind == ClockKind::Promised;
        (!clock.kind.is_the_administrations(), clock.due.due_at, !promise)
    })
}

/// The zone's present day.
#[derive(Clone, Copy, Debug)]
pub struct Today {
    now: Timestamp,
    /// The first instant of tomorrow.
    end: Timestamp,
}

impl Today {
    pub fn at(edition: &Edition, now: Timestamp) -> Self {
        let offset = edition.offset();
        let today = offset.to_datetime(now).date();
        let tomorrow = today.tomorrow().unwrap_or(today).to_datetime(Time::midnight());
        Self { now, end: offset.to_timestamp(tomorrow).unwrap_or(now) }
    }

    /// The state of a limit whose row says `stored` and ends at `due_at`.
    pub fn state(self, stored: String, due_at: Option<Timestamp>) -> String {
        match due_at.filter(|_| RUNNING.contains(&&*stored)) {
            Some(due_at) if due_at <= self.now => Colour::Overdue.code().to_owned(),
            Some(due_at) if due_at <= self.end => Colour::DueToday.code().to_owned(),
            _ => stored,
        }
    }

    /// Conditions on the columns `colour` and `due_at` that find exactly the rows of which [`Self::state`] says `state`.
    pub fn conditions(self, state: &str) -> Vec<Condition> {
        let is = Condition::eq("colour", state);
        match state {
            "overdue" => vec![Condition::AnyOf(vec![vec![is], self.overrun().into()])],
            "due-today" => self.ends_today().into(),
            _ if RUNNING.contains(&state) => {
                let later = vec![Condition::at_least("due_at", self.end + NEXT)];
                vec![is, Condition::AnyOf(vec![vec![Condition::IsNull("due_at".into())], later])]
            }
            _ => vec![is],
        }
    }

    /// Rows that have run out, and no act has said so yet.
    pub fn overrun(self) -> [Condition; 2] {
        [Condition::is_in("colour", RUNNING), Condition::below("due_at", self.now + NEXT)]
    }

    pub fn ends_today(self) -> [Condition; 2] {
        let today = Condition::between("due_at", self.now + NEXT, self.end + NEXT);
        [Condition::is_in("colour", RUNNING), today]
    }
}

#[cfg(test)]
mod tests {
    use calendar::last_day;

    use super::*;

    #[test]
    fn the_last_day_is_the_one_before_the_midnight_that_ends_it() {
        let (now, end): (Timestamp, Timestamp) =
            ("2026-11-30T01:00:00Z".parse().unwrap(), "2026-11-30T16:00:00Z".parse().unwrap());
        let today = Today { now, end };
        let state = |stored: &str, due: Timestamp| today.state(stored.to_owned(), Some(due));
        assert_eq!(state("green", end), "due-today");
        assert_eq!(last_day(end, jiff::tz::offset(8)), last_day(now, jiff::tz::offset(8)));
        assert_eq!(state("green", end + NEXT), "green");
        assert_eq!(state("yellow", now), "overdue");
        assert_eq!(state("paused", end), "paused");
        assert_eq!(today.state("green".to_owned(), None), "green");
    }
}
