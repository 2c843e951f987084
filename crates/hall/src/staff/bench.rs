//! Simulates rosters and compares them with the target.

use super::propose::Unreachable;
use super::rules::{Pool, Rate, ShiftRules};
use super::shift::Shift;
use crate::model::{HallDay, QUARTERS, Window};
use crate::queueing::Target;
use crate::simulate::{Hall, Report, Simulation};

/// Simulated days that decide between rosters.
pub(super) const TRIAL_DAYS: u32 = 160;

pub(super) struct Bench<'p> {
    pub day: &'p HallDay,
    pub pools: &'p [Pool],
    pub target: Target,
    pub line_share: f64,
    pub rules: &'p ShiftRules,
    pub rates: &'p [Rate],
    pub seed: u64,
}

/// A roster with its result on the trial days.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub shifts: Vec<Shift>,
    pub cost: f64,
    /// Shortfall of the share within the target, over all people or in the worst line, whichever is larger;
    /// negative is slack.
    pub short: f64,
}

impl Bench<'_> {
    pub fn play(&self, shifts: &[Shift], days: u32, seed: u64) -> Result<Report, Unreachable> {
        if shifts.is_empty() {
            // A hall needs a window; one without hours serves nobody.
            let nobody = HallDay { windows: vec![idle_window()], ..self.day.clone() };
            return Ok(self.report(&Hall::new(nobody)?, days, seed));
        }
        Ok(self.report(&Hall::new(staffed(self.day, self.pools, shifts))?, days, seed))
    }

    fn report(&self, hall: &Hall, days: u32, seed: u64) -> Report {
        let mut simulation = Simulation::new(hall, self.target.minutes, seed);
        simulation.play(hall, days);
        simulation.report()
    }

    pub fn short(&self, report: &Report) -> f64 {
        (self.target.share - report.all.within_target_share.mean).max(self.line_share - worst_line(report))
    }

    pub fn attempt(&self, shifts: Vec<Shift>, report: &Report) -> Attempt {
        Attempt { cost: total(&shifts, self.rates), short: self.short(report), shifts }
    }

    /// Simulates the roster on the trial days.
    pub fn try_out(&self, shifts: Vec<Shift>) -> Result<Attempt, Unreachable> {
        let report = self.play(&shifts, TRIAL_DAYS, self.seed)?;
        Ok(self.attempt(shifts, &report))
    }

    /// Whether every shift keeps the rules and no pool needs more desks than it has.
    pub fn is_allowed(&self, shifts: &[Shift]) -> bool {
        if shifts.iter().any(|shift| shift.breach(self.rules).is_some()) {
            return false;
        }
        let mut seated = vec![[0_u32; QUARTERS]; self.pools.len()];
        shifts.iter().all(|shift| {
            shift.quarters().iter().all(|quarter| {
                seated[shift.pool][quarter] += 1;
                seated[shift.pool][quarter] <= self.pools[shift.pool].desks
            })
        })
    }
}

/// The share within the target in the worst line.
pub(super) fn worst_line(report: &Report) -> f64 {
    let lines = report.lines.iter().filter(|line| line.tickets.mean > 0.0);
    lines.map(|line| line.within_target_share.mean).fold(1.0, f64::min)
}

pub(super) fn total(shifts: &[Shift], rates: &[Rate]) -> f64 {
    shifts.iter().map(|shift| shift.cost(rates)).sum()
}

fn idle_window() -> Window {
    Window { name: String::new(), serves: Vec::new(), shifts: Vec::new(), breaks: Vec::new(), speed: 1.0 }
}

/// The day with a window for every shift.
fn staffed(day: &HallDay, pools: &[Pool], shifts: &[Shift]) -> HallDay {
    let window = |(place, shift): (usize, &Shift)| Window {
        name: format!("{} {}", pools[shift.pool].name, place + 1),
        serves: pools[shift.pool].serves.clone(),
        shifts: vec![shift.span],
        breaks: shift.pause.into_iter().collect(),
        speed: 1.0,
    };
    HallDay { windows: shifts.iter().enumerate().map(window).collect(), ..day.clone() }
}
