//! Days of a zone's halls, played through the office: people come through the day as people do, windows keep their rosters,
//! some people give up, some do not come when called.

mod day;
mod visitors;

use std::sync::Arc;

use catalogue::HallId;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use office::{Office, OfficeError, Viewer};

use crate::cast::Cast;
use crate::dice::Dice;
use crate::history::all;
use day::Play;

/// Which days are played.
#[derive(Clone, Copy, Debug)]
pub struct HallSpec {
    /// First and last day; days on which a hall is closed are left out.
    pub from: Date,
    pub until: Date,
    /// The present: nothing is played after it.
    pub now: Timestamp,
    /// How many people come on a working day; fewer at weekends.
    pub visitors: u32,
    pub seed: u64,
    /// How many days are played side by side, so that their commits share a write.
    pub at_once: usize,
}

/// What was played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HallReport {
    pub days: u32,
    pub tickets: u32,
    pub served: u32,
    pub left: u32,
}

/// Plays days in every hall of the zone, with whoever sits at windows, on an office whose clock is a [`crate::PlayClock`].
///
/// # Errors
/// Faults of the machinery; refusals are part of the play.
pub async fn play(office: &Office, cast: &Cast, spec: HallSpec) -> Result<HallReport, OfficeError> {
    let edition = office.edition();
    let clerks: Arc<[Viewer]> = cast.window(&edition).into_iter().cloned().collect();
    let mut days: Vec<(HallId, Date)> = Vec::new();
    for date in spec.from.series(1.day()).take_while(|date| *date <= spec.until) {
        for hall in edition.parts().halls.keys() {
            days.push((hall.clone(), date));
        }
    }
    let mut report = HallReport::default();
    for (place, group) in days.chunks(spec.at_once.max(1)).enumerate() {
        let plays = group.iter().enumerate().map(|(number, (hall, date))| {
            let dice = Dice::new(spec.seed).fork((place * 1000 + number) as u64 + 1);
            let (clerks, hall, date) = (clerks.clone(), hall.clone(), *date);
            async move { Play::new(office, &clerks, hall, date, spec, dice)?.play().await }
        });
        for played in all(plays).await {
            let played = played?;
            report.days += u32::from(played.tickets > 0);
            report.tickets += played.tickets;
            report.served += played.served;
            report.left += played.left;
        }
    }
    Ok(report)
}
