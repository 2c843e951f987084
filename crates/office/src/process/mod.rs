//! Where time goes: our own log as the figures' viewers may see it, logs of other systems that are kept to be looked at,
//! and what both are held against.

mod declare;
mod keep;
mod own;

pub use keep::{KeptLog, LOGS_MAX};
pub use own::{OwnLog, ProcessCache, STEP_KIND, said};

pub use declare::declare;

use catalogue::{Edition, OpeningKind, Weekday};
use jiff::civil::Time;
use mining::{Hours, Log};

/// Working time wherever a log lies: the zone's working days, at the hours at which its halls are open on a Monday. Nine to
/// five where no hall says so.
pub fn working_hours(edition: &Edition, log: &Log) -> Hours {
    let instants = || log.traces().iter().flat_map(|trace| &trace.events).map(|event| event.at);
    let Some((from, until)) = instants().min().zip(instants().max()) else { return Hours::Clock };
    let hours = office_hours(edition, Weekday::Mon);
    Hours::office(edition.calendar(), edition.offset(), &hours, from, until)
}

/// Whether offices work at an instant: on a working day, within the hours of that day.
pub fn works_at(edition: &Edition, at: jiff::Timestamp) -> bool {
    let local = edition.offset().to_datetime(at);
    let hours = office_hours(edition, edition.hours_of(local.date()));
    edition.calendar().is_working(local.date())
        && hours.iter().any(|(from, to)| (*from..*to).contains(&local.time()))
}

fn office_hours(edition: &Edition, day: Weekday) -> Vec<(Time, Time)> {
    let openings = || edition.parts().halls.values().flat_map(|hall| &hall.hours);
    let mut regular = openings().filter(|opening| opening.kind == OpeningKind::Regular).peekable();
    let declared = regular.peek().is_some();
    let of_day = regular.filter(|opening| opening.days.contains(&day));
    let mut spans: Vec<(Time, Time)> = of_day.map(|opening| (opening.from, opening.to)).collect();
    // Halls that say their hours say by leaving a day out that they are shut on it.
    if !declared {
        spans.push((Time::constant(9, 0, 0, 0), Time::constant(17, 0, 0, 0)));
    }
    spans
}
