//! The cheapest shifts that meet all needs: greedy construction, then ruin and recreate.

use super::need::Need;
use super::rules::{Pool, Rate, ShiftRules};
use super::shift::{Quarters, Shift};
use crate::model::QUARTERS;
use crate::simulate::{Bits, Split};

/// One allowed shift with its precomputed values.
struct Candidate {
    shift: Shift,
    quarters: Quarters,
    cost: f64,
    /// Bit n: counts towards need n.
    meets: u64,
}

struct Search<'p> {
    candidates: Vec<Candidate>,
    needs: &'p [Need],
    pools: &'p [Pool],
    chance: Split,
}

/// Indices of candidates, with their joint coverage.
#[derive(Clone)]
struct Choice {
    chosen: Vec<usize>,
    /// By need, by quarter.
    covered: Vec<[u32; QUARTERS]>,
    /// By pool, by quarter.
    seated: Vec<[u32; QUARTERS]>,
    cost: f64,
    /// Missing window quarter-hours, over all needs.
    unmet: u32,
}

/// Shifts, and the window quarter-hours that they leave missing because there are too few desks.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    pub shifts: Vec<Shift>,
    pub unmet: u32,
}

/// The cover with the least missing, and of those the cheapest, found in this many rounds from this seed.
pub fn cheapest_cover(
    needs: &[Need],
    pools: &[Pool],
    rules: &ShiftRules,
    rates: &[Rate],
    rounds: u32,
    seed: u64,
) -> Cover {
    let candidates = pools.iter().enumerate().flat_map(|(place, pool)| {
        let meets = needs.iter().enumerate().filter(|(_, need)| need.is_met_by(&pool.serves));
        let meets = meets.fold(0_u64, |set, (n, _)| set | 1 << n);
        Shift::all(place, rules).into_iter().map(move |shift| Candidate {
            shift,
            quarters: shift.quarters(),
            cost: shift.cost(rates),
            meets,
        })
    });
    let mut search = Search { candidates: candidates.collect(), needs, pools, chance: Split::new(seed) };
    let mut best = search.build(search.nothing());
    let mut current = best.clone();
    for round in 0..rounds {
        let mut next = current.clone();
        search.ruin(&mut next);
        let next = search.build(next);
        // Early rounds accept a cover up to 3 % dearer, to leave a local minimum; the tolerance falls
        // linearly to 0.
        let patience = 1.0 + 0.03 * (1.0 - f64::from(round) / f64::from(rounds));
        if next.unmet < current.unmet || next.unmet == current.unmet && next.cost <= current.cost * patience {
            current = next;
        }
        if (current.unmet, current.cost) < (best.unmet, best.cost - 1e-9) {
            best = current.clone();
        }
    }
    let shifts = best.chosen.iter().map(|place| search.candidates[*place].shift).collect();
    Cover { shifts, unmet: best.unmet }
}

impl Search<'_> {
    fn nothing(&self) -> Choice {
        Choice {
            chosen: Vec::new(),
            covered: vec![[0; QUARTERS]; self.needs.len()],
            seated: vec![[0; QUARTERS]; self.pools.len()],
            cost: 0.0,
            unmet: 0,
        }
    }

    fn change(&self, choice: &mut Choice, place: usize, by: i32) {
        let candidate = &self.candidates[place];
        for quarter in candidate.quarters.iter() {
            for (need, covered) in choice.covered.iter_mut().enumerate() {
                if candidate.meets >> need & 1 == 1 {
                    covered[quarter] = covered[quarter].saturating_add_signed(by);
                }
            }
            let seated = &mut choice.seated[candidate.shift.pool][quarter];
            *seated = seated.saturating_add_signed(by);
        }
        choice.cost += candidate.cost * f64::from(by);
    }

    /// Greedy: adds the shift with the most unmet quarters per cost until none helps or no desk is free, then
    /// drops redundant shifts.
    fn build(&mut self, mut choice: Choice) -> Choice {
        loop {
            let unmet: Vec<Quarters> = self
                .needs
                .iter()
                .zip(&choice.covered)
                .map(|(need, covered)| {
                    let short = |quarter: &usize| covered[*quarter] < need.by_quarter[*quarter];
                    Quarters((0..QUARTERS).filter(short).fold(0, |set, quarter| set | 1 << quarter))
                })
                .collect();
            let full: Vec<Quarters> = self
                .pools
                .iter()
                .zip(&choice.seated)
                .map(|(pool, seated)| {
                    let taken = |quarter: &usize| seated[*quarter] >= pool.desks;
                    Quarters((0..QUARTERS).filter(taken).fold(0, |set, quarter| set | 1 << quarter))
                })
                .collect();
            let Some(place) = self.most_useful(&unmet, &full) else {
                self.drop_idle(&mut choice);
                let wanting = self.needs.iter().zip(&choice.covered).map(|(need, covered)| -> u32 {
                    need.by_quarter
                        .iter()
                        .zip(covered)
                        .map(|(need, covered)| need.saturating_sub(*covered))
                        .sum()
                });
                choice.unmet = wanting.sum();
                return choice;
            };
            self.change(&mut choice, place, 1);
            choice.chosen.push(place);
        }
    }

    fn most_useful(&mut self, unmet: &[Quarters], full: &[Quarters]) -> Option<usize> {
        let mut best = None;
        let mut most = 0.0;
        for (place, candidate) in self.candidates.iter().enumerate() {
            if candidate.quarters.0 & full[candidate.shift.pool].0 != 0 {
                continue;
            }
            let gain: u32 = unmet
                .iter()
                .enumerate()
                .filter(|(need, _)| candidate.meets >> need & 1 == 1)
                .map(|(_, unmet)| (candidate.quarters.0 & unmet.0).count_ones())
                .sum();
            if gain > 0 {
                // Up to 10 % random noise makes every reconstruction different.
                let worth = f64::from(gain) / candidate.cost.max(1e-9) * (1.0 + 0.1 * self.chance.unit());
                if worth > most {
                    most = worth;
                    best = Some(place);
                }
            }
        }
        best
    }

    fn drop_idle(&self, choice: &mut Choice) {
        let mut by_cost = choice.chosen.clone();
        by_cost.sort_by(|a, b| self.candidates[*b].cost.total_cmp(&self.candidates[*a].cost));
        for place in by_cost {
            let candidate = &self.candidates[place];
            let spare = choice.covered.iter().zip(self.needs).enumerate().all(|(n, (covered, need))| {
                candidate.meets >> n & 1 == 0
                    || candidate.quarters.iter().all(|quarter| covered[quarter] > need.by_quarter[quarter])
            });
            if spare {
                self.change(choice, place, -1);
                let at = choice.chosen.iter().position(|chosen| *chosen == place);
                choice.chosen.remove(at.expect("it was chosen"));
            }
        }
    }

    fn ruin(&mut self, choice: &mut Choice) {
        let count = (1 + self.chance.below(4)).min(choice.chosen.len());
        for _ in 0..count {
            let at = self.chance.below(choice.chosen.len());
            let place = choice.chosen.swap_remove(at);
            self.change(choice, place, -1);
        }
    }
}
