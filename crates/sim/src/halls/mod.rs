//! Simulates days of a zone's halls through the office: people come over the day, windows keep their rosters,
//! some people give up, some do not come when called.

mod day;
mod visitors;

use std::sync::Arc;

use catalogue::HallId;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use office::{Office, OfficeError, Viewer};

use crate::cast::Cast;
use crate::clock::PlayClock;
use crate::dice::Dice;
use crate::history::all;
use day::Play;

/// The days to simulate.
#[derive(Clone, Copy, Debug)]
pub struct HallSpec {
    /// First day; days on which a hall is closed are left out.
    pub from: Date,
    /// Last day, included.
    pub until: Date,
    /// The present: nothing later is simulated.
    pub now: Timestamp,
    /// People per hall on a working day; at weekends two fifths of that.
    pub visitors: u32,
    pub seed: u64,
    /// Number of runs of days simulated concurrently, so that their commits share a write.
    pub at_once: usize,
}

/// Counts of the simulated days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HallReport {
    pub days: u32,
    pub tickets: u32,
    pub served: u32,
    pub left: u32,
}

/// How long before the doors open the first staff come.
const BEFORE_DOORS: SignedDuration = SignedDuration::from_mins(30);

/// Simulates days in every hall of the zone with its window officers, on an office whose clock is a
/// [`crate::PlayClock`].
///
/// # Errors
/// Faults of the office; refusals are part of the simulation.
pub async fn play(office: &Office, cast: &Cast, spec: HallSpec) -> Result<HallReport, OfficeError> {
    let edition = office.edition();
    let clerks: Arc<[Viewer]> = cast.window(&edition).into_iter().cloned().collect();
    let mut runs: Vec<(HallId, Vec<Date>)> = Vec::new();
    for hall in edition.parts().halls.keys() {
        let mut days = Vec::new();
        for date in spec.from.series(1.day()).take_while(|date| *date <= spec.until) {
            if office.hall_setup(hall, date)?.doors().is_some_and(|doors| doors.from < spec.now) {
                days.push(date);
            }
        }
        let each = days.len().div_ceil(spec.at_once.max(1)).max(1);
        runs.extend(days.chunks(each).map(|days| (hall.clone(), days.to_vec())));
    }
    // Opening a day ends the one before it. So the concurrent runs are opened from the last to the first:
    // none then finds a day of an earlier run still open.
    for (hall, days) in runs.iter().rev() {
        if let Some((date, doors)) = days.first().zip(office.hall_setup(hall, days[0])?.doors()) {
            PlayClock::at(doors.from - BEFORE_DOORS, office.open_hall_day(hall, *date)).await?;
        }
    }
    let plays = runs.iter().enumerate().map(|(place, (hall, days))| {
        let (clerks, dice) = (clerks.clone(), Dice::new(spec.seed).fork(place as u64 + 1));
        async move {
            let mut report = HallReport::default();
            for (number, date) in days.iter().enumerate() {
                let dice = dice.fork(number as u64 + 1);
                let played = Play::new(office, &clerks, hall.clone(), *date, spec, dice)?.play().await?;
                report.days += 1;
                report.tickets += played.tickets;
                report.served += played.served;
                report.left += played.left;
            }
            Ok::<_, OfficeError>(report)
        }
    });
    let mut report = HallReport::default();
    for played in all(plays).await {
        let played = played?;
        report.days += played.days;
        report.tickets += played.tickets;
        report.served += played.served;
        report.left += played.left;
    }
    Ok(report)
}
