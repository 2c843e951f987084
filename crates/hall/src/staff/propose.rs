//! From needs to a roster proved by simulation.

use serde::Serialize;

use super::bench::{Attempt, Bench, TRIAL_DAYS, total, worst_line};
use super::cover::cheapest_cover;
use super::need::{Need, needs};
use super::refine::refine;
use super::rules::{Pool, Rate, ShiftRules};
use super::shift::Shift;
use crate::model::{Flaw, HallDay, QUARTERS};
use crate::queueing::Target;
use crate::simulate::Report;

/// Simulated days that prove the final roster.
const PROOF_DAYS: u32 = 1_500;
/// Safety margin on the share for the trial days, added again before each further proof; and the most proofs.
const MARGIN: f64 = 0.005;
const PROOFS_MAX: u32 = 5;
/// Rosters tried before the first proof, and before each further one.
const FIRST_TRIALS: u32 = 400;
const LATER_TRIALS: u32 = 150;
/// A shortfall of the share beyond this is out of reach of small changes.
const HOPELESS: f64 = 0.08;
const COVER_ROUNDS: u32 = 300;
/// Raises of a need before the target counts as unreachable.
const RAISES_MAX: u32 = 60;

/// A roster that keeps the target.
#[derive(Clone, Debug, Serialize)]
pub struct Proposal {
    pub shifts: Vec<Shift>,
    pub cost: f64,
    pub desk_minutes: f64,
    /// Simulated with a seed that had no part in choosing it.
    pub proof: Report,
    /// Cost and share of the roster from formulas alone.
    pub by_formula_cost: f64,
    pub by_formula_share: f64,
    /// How often the simulation fell short and a need was raised.
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

/// The cheapest roster found for a day, ignoring the day's own windows, with which the target is kept over
/// all people and by at least `line_share` of the people of every line.
///
/// # Errors
/// [`Unreachable`] when no roster that was found keeps the target, or the day is not sound.
pub fn propose(
    day: &HallDay,
    target: Target,
    line_share: f64,
    pools: &[Pool],
    rules: &ShiftRules,
    rates: &[Rate],
    seed: u64,
) -> Result<Proposal, Unreachable> {
    let bench = Bench { day, pools, target, line_share, rules, rates, seed };
    let mut needs = needs(day, target);
    cap(&mut needs, pools);
    let mut raises = 0;
    let mut by_formula = None;
    let mut best: Option<Attempt> = None;
    loop {
        let shifts = cheapest_cover(&needs, pools, rules, rates, COVER_ROUNDS, seed).shifts;
        let report = bench.play(&shifts, TRIAL_DAYS, seed)?;
        let attempt = bench.attempt(shifts, &report);
        by_formula.get_or_insert((attempt.cost, report.all.within_target_share.mean));
        let before = needs.clone();
        raise(&mut needs, &report, day, target.share);
        cap(&mut needs, pools);
        let kept = attempt.short <= 0.0;
        if best.as_ref().is_none_or(|best| attempt.short < best.short) {
            best = Some(attempt);
        }
        if kept || raises == RAISES_MAX || needs == before {
            break;
        }
        raises += 1;
    }
    let mut attempt = best.expect("there was one attempt at least");
    let (by_formula_cost, by_formula_share) = by_formula.unwrap_or_default();
    // The days that choose a roster favour it (selection bias): a margin is added to the target on them, and
    // again each time other days do not confirm it.
    for tries in 0..PROOFS_MAX {
        // Small changes cannot replace missing desks.
        if attempt.short > HOPELESS {
            break;
        }
        let margin = MARGIN * f64::from(1 + tries);
        let trials = if tries == 0 { FIRST_TRIALS } else { LATER_TRIALS };
        attempt = refine(&bench, attempt, margin, trials, seed.wrapping_add(u64::from(tries)))?;
        let proof = bench.play(&attempt.shifts, PROOF_DAYS, seed ^ 0x0050_0F5E_ED00)?;
        if bench.short(&proof) <= 0.0 {
            let mut shifts = attempt.shifts;
            shifts.sort_by(|a, b| (a.pool, a.span.from).partial_cmp(&(b.pool, b.span.from)).expect("no NaN"));
            let desk_minutes = shifts.iter().map(Shift::desk_minutes).sum();
            let cost = total(&shifts, rates);
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
    }
    let report = bench.play(&attempt.shifts, PROOF_DAYS, seed ^ 0x0050_0F5E_ED00)?;
    Err(Unreachable::Desks {
        best_share: report.all.within_target_share.mean,
        worst_line_share: worst_line(&report),
    })
}

/// Caps needs at the number of desks: where the formulas ask for more in a peak, the rest of the day may make
/// up for it.
fn cap(needs: &mut [Need], pools: &[Pool]) {
    for need in needs {
        let desks: u32 =
            pools.iter().filter(|pool| need.is_met_by(&pool.serves)).map(|pool| pool.desks).sum();
        need.by_quarter.iter_mut().for_each(|count| *count = (*count).min(desks));
    }
}

/// Adds one window where most people wait too long: for all lines in the worst hours, or, when only one line
/// falls short, for that line in its busiest hours.
fn raise(needs: &mut [Need], report: &Report, day: &HallDay, wanted: f64) {
    let late = |hour: &crate::simulate::HourFigures| {
        hour.figures.tickets.mean * (1.0 - hour.figures.within_target_share.mean)
    };
    if report.all.within_target_share.mean < wanted {
        let most = report.hours.iter().map(late).fold(0.0, f64::max);
        for hour in report.hours.iter().filter(|hour| late(hour) >= 0.5 * most) {
            // The quarter-hour before also helps the tickets taken early in the hour.
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
