//! Makes a sufficient roster cheaper by small random changes (simulated annealing), each tried on the same
//! days.

use super::bench::{Attempt, Bench};
use super::propose::Unreachable;
use super::shift::{Shift, pauses};
use crate::model::Span;
use crate::simulate::{Bits, Split};

/// Penalty per percentage point below the target, in hours at the regular rate: more than any change can
/// save.
const SHORT_COST: f64 = 40.0;
/// Credit per percentage point of slack, up to two points, because later changes can turn slack into saved
/// hours.
const SLACK_WORTH: f64 = 0.6;
/// Initial temperature: a change may make the roster worse by this much; it falls to 0 at the end.
const WARMTH: f64 = 0.5;

/// The cheapest roster tried that has this margin on the trial days; the nearest to it when none has.
pub(super) fn refine(
    bench: &Bench<'_>,
    start: Attempt,
    margin: f64,
    trials_max: u32,
    seed: u64,
) -> Result<Attempt, Unreachable> {
    let worth = |attempt: &Attempt| {
        let short = (attempt.short + margin) * 100.0;
        attempt.cost + if short > 0.0 { SHORT_COST * short } else { SLACK_WORTH * short.max(-2.0) }
    };
    // In the final comparison slack is worth nothing.
    let price = |attempt: &Attempt| attempt.cost + SHORT_COST * 100.0 * (attempt.short + margin).max(0.0);
    let mut chance = Split::new(seed);
    let mut current = start.clone();
    let mut best = start;
    let mut trials = 0;
    for _ in 0..trials_max * 20 {
        let Some(shifts) = change(bench, &current.shifts, &mut chance) else { continue };
        if !bench.is_allowed(&shifts) {
            continue;
        }
        let next = bench.try_out(shifts)?;
        let warmth = WARMTH * (1.0 - f64::from(trials) / f64::from(trials_max));
        if worth(&next) <= worth(&current) + warmth * chance.unit() * chance.unit() {
            current = next;
        }
        if price(&current) < price(&best) - 1e-9 {
            best = current.clone();
        }
        trials += 1;
        if trials == trials_max {
            break;
        }
    }
    Ok(best)
}

/// One random change of a roster; `None` when it does not fit.
fn change(bench: &Bench<'_>, shifts: &[Shift], chance: &mut Split) -> Option<Vec<Shift>> {
    let step = f64::from(bench.rules.step_minutes);
    let mut shifts = shifts.to_vec();
    let kind = chance.below(10);
    if kind == 0 || shifts.is_empty() {
        let length = f64::from(bench.rules.shortest_minutes);
        let room = ((bench.rules.within.to - bench.rules.within.from - length) / step).max(0.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "steps of a day")]
        let from = bench.rules.within.from + step * chance.below(room as usize + 1) as f64;
        let pool = chance.below(bench.pools.len());
        shifts.push(spanning(bench, pool, Span::new(from, from + length), chance)?);
        return Some(shifts);
    }
    let place = chance.below(shifts.len());
    let Shift { pool, span, .. } = shifts[place];
    let changed = match kind {
        1 | 2 => {
            shifts.swap_remove(place);
            return Some(shifts);
        }
        3 => Span::new(span.from + step, span.to),
        4 => Span::new(span.from, span.to - step),
        5 => Span::new(span.from - step, span.to),
        6 => Span::new(span.from, span.to + step),
        7 => {
            let by = if chance.below(2) == 0 { step } else { -step };
            Span::new(span.from + by, span.to + by)
        }
        8 => {
            let other = chance.below(bench.pools.len());
            shifts[place] = Shift { pool: other, ..shifts[place] };
            return Some(shifts);
        }
        _ => span,
    };
    shifts[place] = spanning(bench, pool, changed, chance)?;
    Some(shifts)
}

/// A shift of this span, its break at random among the positions that the rules allow; `None` for an empty
/// span.
fn spanning(bench: &Bench<'_>, pool: usize, span: Span, chance: &mut Split) -> Option<Shift> {
    if span.from >= span.to {
        return None;
    }
    let places = pauses(bench.rules, span);
    let pause = if places.is_empty() { None } else { Some(places[chance.below(places.len())]) };
    Some(Shift { pool, span, pause })
}
