//! From needs to a roster that is proved.

use serde::Serialize;

use super::cover::cheapest_cover;
use super::need::{Need, needs};
use super::rules::{Pool, Rate, ShiftRules};
use super::shift::Shift;
use crate::model::{Flaw, HallDay, QUARTERS, Window};
use crate::queueing::Target;
use crate::simulate::{Hall, Report, Simulation};

/// Days that decide between rosters, and days that prove the last.
const TRIAL_DAYS: u32 = 160;
const PROOF_DAYS: u32 = 1_500;
const COVER_ROUNDS: u32 = 300;
/// Raises before the target is called out of reach.
const RAISES_MAX: u32 = 60;

/// A roster that keeps the target.
#[derive(Clone, Debug, Serialize)]
pub struct Proposal {
    pub shifts: Vec<Shift>,
    pub cost: f64,
    pub desk_minutes: f64,
    /// Played with a seed that had no part in choosing it.
    pub proof: Report,
    /// What formulas alone would have cost, and the share that they would have kept.
    pub by_formula_cost: f64,
    pub by_formula_share: f64,
    /// How often simulation disagreed and a need was raised.
    pub raises: u32,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unreachable {
    #[error(
        "there are not enough desks: {best_share:.3} of the people were kept within the target, {worst_line_share:.3} \
         in the worst line"
    )]
    Desks { best_share: f64, worst_line_share: f64 },
    #[error(transparent)]
    Flaw(#[from] Flaw),
}

/// The cheapest roster found for a day whose own windows are left out of account, with the target kept over all people,
/// and by at least `line_share` of the people of every line.
pub fn propose(
    day: &HallDay,
    target: Target,
    line_share: f64,
    pools: &[Pool],
    rules: &ShiftRules,
    rates: &[Rate],
    seed: u64,
) -> Result<Proposal, Unreachable> {
    let bench = Bench { day, pools, target, line_share, seed };
    let mut needs = needs(day, target);
    cap(&mut needs, pools);
    let mut raises = 0;
    let mut by_formula = None;
    let mut best = (0.0, 0.0);
    let mut margin = 0.0;
    loop {
        let shifts = cheapest_cover(&needs, pools, rules, rates, COVER_ROUNDS, seed).shifts;
        let report = bench.play(&shifts, TRIAL_DAYS, seed)?;
        let share = report.all.within_target_share.mean;
        best = better(best, (share, worst_line(&report)), target.share / line_share.max(1e-9));
        by_formula.get_or_insert((total(&shifts, rates), share));
        if !bench.is_kept(&report, margin) {
            let before = needs.clone();
            raise(&mut needs, &report, day, target.share + margin);
            cap(&mut needs, pools);
            if raises == RAISES_MAX || needs == before {
                return Err(Unreachable::Desks { best_share: best.0, worst_line_share: best.1 });
            }
            raises += 1;
            continue;
        }
        let shifts = bench.trim(shifts, rules, rates, margin)?;
        let proof = bench.play(&shifts, PROOF_DAYS, seed ^ 0x0050_0F5E_ED00)?;
        if bench.is_kept(&proof, 0.0) {
            let (by_formula_cost, by_formula_share) = by_formula.unwrap_or_default();
            let cost = total(&shifts, rates);
            let desk_minutes = shifts.iter().map(Shift::desk_minutes).sum();
            return Ok(Proposal {
                shifts,
                cost,
                desk_minutes,
                proof,
                by_formula_cost,
                by_formula_share,
                raises,
            });
        }
        // The days that chose it flattered it; ask for a little more of them.
        margin += 0.004;
    }
}

/// Share of the line that is served worst.
fn worst_line(report: &Report) -> f64 {
    let lines = report.lines.iter().filter(|line| line.tickets.mean > 0.0);
    lines.map(|line| line.within_target_share.mean).fold(1.0, f64::min)
}

/// The attempt that came nearer to both shares, of which one is so many times the other.
fn better(one: (f64, f64), other: (f64, f64), scale: f64) -> (f64, f64) {
    let nearness = |(all, line): (f64, f64)| all.min(line * scale);
    if nearness(other) > nearness(one) { other } else { one }
}

/// No more than there are desks: where formulas ask for more in a peak, the rest of the day may make up for it.
fn cap(needs: &mut [Need], pools: &[Pool]) {
    for need in needs {
        let desks: u32 =
            pools.iter().filter(|pool| need.is_met_by(&pool.serves)).map(|pool| pool.desks).sum();
        need.by_quarter.iter_mut().for_each(|count| *count = (*count).min(desks));
    }
}

fn total(shifts: &[Shift], rates: &[Rate]) -> f64 {
    shifts.iter().map(|shift| shift.cost(rates)).sum()
}

struct Bench<'p> {
    day: &'p HallDay,
    pools: &'p [Pool],
    target: Target,
    line_share: f64,
    seed: u64,
}

impl Bench<'_> {
    fn play(&self, shifts: &[Shift], days: u32, seed: u64) -> Result<Report, Unreachable> {
        let hall = Hall::new(staffed(self.day, self.pools, shifts))?;
        let mut simulation = Simulation::new(&hall, self.target.minutes, seed);
        simulation.play(&hall, days);
        Ok(simulation.report())
    }

    fn is_kept(&self, report: &Report, margin: f64) -> bool {
        report.all.within_target_share.mean >= self.target.share + margin
            && worst_line(report) >= self.line_share + margin
    }

    /// Takes away whole shifts, then half-hours at their ends, as long as the target is kept on the same days.
    fn trim(
        &self,
        mut shifts: Vec<Shift>,
        rules: &ShiftRules,
        rates: &[Rate],
        margin: f64,
    ) -> Result<Vec<Shift>, Unreachable> {
        shifts.sort_by(|a, b| b.cost(rates).total_cmp(&a.cost(rates)));
        let kept = |shifts: &[Shift]| -> Result<bool, Unreachable> {
            Ok(!shifts.is_empty() && self.is_kept(&self.play(shifts, TRIAL_DAYS, self.seed)?, margin))
        };
        let mut place = 0;
        while place < shifts.len() {
            let shift = shifts.remove(place);
            if !kept(&shifts)? {
                shifts.insert(place, shift);
                place += 1;
            }
        }
        let step = f64::from(rules.step_minutes);
        for place in 0..shifts.len() {
            for (from, to) in [(step, 0.0), (0.0, -step)] {
                loop {
                    let before = shifts[place];
                    shifts[place].span.from += from;
                    shifts[place].span.to += to;
                    if shifts[place].breach(rules).is_some() || !kept(&shifts)? {
                        shifts[place] = before;
                        break;
                    }
                }
            }
        }
        shifts.sort_by(|a, b| (a.pool, a.span.from).partial_cmp(&(b.pool, b.span.from)).expect("no NaN"));
        Ok(shifts)
    }
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

/// One window more where most people wait too long: for all lines in the worst hours, or for the worst line in its
/// busiest hours when it alone falls short.
fn raise(needs: &mut [Need], report: &Report, day: &HallDay, wanted: f64) {
    let late = |hour: &crate::simulate::HourFigures| {
        hour.figures.tickets.mean * (1.0 - hour.figures.within_target_share.mean)
    };
    if report.all.within_target_share.mean < wanted {
        let most = report.hours.iter().map(late).fold(0.0, f64::max);
        for hour in report.hours.iter().filter(|hour| late(hour) >= 0.5 * most) {
            // Who takes a number early in an hour is helped by the quarter before it, too.
            let from = (hour.hour * 4).saturating_sub(1);
            for quarter in &mut needs[0].by_quarter[from..(hour.hour * 4 + 4).min(QUARTERS)] {
                *quarter += 1;
            }
        }
        return;
    }
    let worst =
        (0..report.lines.len()).filter(|line| report.lines[*line].tickets.mean > 0.0).min_by(|a, b| {
            let share = |line: &usize| report.lines[*line].within_target_share.mean;
            share(a).total_cmp(&share(b))
        });
    let Some(line) = worst else { return };
    let need = &mut needs[1 + line];
    let busy: Vec<f64> = (0..QUARTERS)
        .map(|quarter| {
            let work = day.lines[line].arrivals[quarter] * day.lines[line].time.mean_minutes() / 15.0;
            work / f64::from(need.by_quarter[quarter].max(1))
        })
        .collect();
    let most = busy.iter().copied().fold(0.0, f64::max);
    for (quarter, busy) in busy.into_iter().enumerate() {
        if busy >= 0.7 * most && busy > 0.0 {
            need.by_quarter[quarter] += 1;
        }
    }
}
