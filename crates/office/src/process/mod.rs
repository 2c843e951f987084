//! Where time goes: our own log as the figures' viewers may see it, logs of other systems that are kept to be looked at,
//! and what both are held against.

mod declare;
mod keep;
mod own;

pub use keep::{KeptLog, LOGS_MAX};
pub use own::{OwnLog, ProcessCache, STEP_KIND, said};

pub use declare::declare;

use catalogue::Edition;
use jiff::civil::Time;
use mining::{Hours, Log};

/// Working time wherever a log lies: the zone's working days, at the hours at which its halls are open on a Monday. Nine to
/// five where no hall says so.
pub fn working_hours(edition: &Edition, log: &Log) -> Hours {
    let instants = || log.traces().iter().flat_map(|trace| &trace.events).map(|event| event.at);
    let Some((from, until)) = instants().min().zip(instants().max()) else { return Hours::Clock };
    Hours::office(edition.calendar(), edition.offset(), &office_hours(edition), from, until)
}

/// Whether offices work at an instant: on a working day, within those hours.
pub fn works_at(edition: &Edition, at: jiff::Timestamp) -> bool {
    let local = edition.offset().to_datetime(at);
    edition.calendar().is_working(local.date())
        && office_hours(edition).iter().any(|(from, to)| (*from..*to).contains(&local.time()))
}

fn office_hours(edition: &Edition) -> Vec<(Time, Time)> {
    let regular = edition.parts().halls.values().flat_map(|hall| &hall.hours).filter(|opening| {
        opening.kind == catalogue::OpeningKind::Regular && opening.days.contains(&catalogue::Weekday::Mon)
    });
    let mut spans: Vec<(Time, Time)> = regular.map(|opening| (opening.from, opening.to)).collect();
    if spans.is_empty() {
        spans.push((Time::constant(9, 0, 0, 0), Time::constant(17, 0, 0, 0)));
    }
    spans
}
