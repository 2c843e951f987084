//! The number of windows needed by quarter-hour.

use crate::model::{HallDay, QUARTERS};
use crate::queueing::{Target, least_servers};

/// A minimum number of windows on duty, by quarter-hour, that serve any of these lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    pub lines: Vec<usize>,
    pub by_quarter: Vec<u32>,
}

impl Need {
    pub fn is_met_by(&self, serves: &[usize]) -> bool {
        self.lines.iter().any(|line| serves.contains(line))
    }
}

/// Exact Erlang C for all lines as one queue, and for each line at least its offered load: how much more a
/// line needs depends on the windows that it shares, which the simulation finds.
pub fn needs(day: &HallDay, target: Target) -> Vec<Need> {
    let bookings = bookings_by_quarter(day);
    let expected = |line: usize, quarter: usize| day.lines[line].arrivals[quarter] + bookings[line][quarter];
    let minutes = |line: usize, quarter: usize| expected(line, quarter) * day.lines[line].time.mean_minutes();
    let all = (0..QUARTERS).map(|quarter| {
        let people: f64 = (0..day.lines.len()).map(|line| expected(line, quarter)).sum();
        let work: f64 = (0..day.lines.len()).map(|line| minutes(line, quarter)).sum();
        if people > 0.0 { least_servers(work / 15.0, work / people, target) } else { 0 }
    });
    let mut needs = vec![Need { lines: (0..day.lines.len()).collect(), by_quarter: all.collect() }];
    for line in 0..day.lines.len() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of windows")]
        let keep_up = |quarter: usize| (minutes(line, quarter) / 15.0).ceil() as u32;
        needs.push(Need { lines: vec![line], by_quarter: (0..QUARTERS).map(keep_up).collect() });
    }
    needs
}

fn bookings_by_quarter(day: &HallDay) -> Vec<Vec<f64>> {
    let mut by_quarter = vec![vec![0.0; QUARTERS]; day.lines.len()];
    for booking in &day.bookings {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a quarter-hour of the day"
        )]
        let quarter = ((booking.booked_at / 15.0) as usize).min(QUARTERS - 1);
        by_quarter[booking.line][quarter] += 1.0 - booking.absent_share;
    }
    by_quarter
}
