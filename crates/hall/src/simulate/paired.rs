//! Paired comparison of a hall with and without a change, by common random numbers: the difference is due to
//! the change alone.

use serde::Serialize;

use super::common::Common;
use super::estimate::{Spread, student};
use super::floor::{Floor, Recorder};
use super::hall::Hall;
use super::present::Present;
use super::ring::Ticket;
use super::tally::Sums;

/// The effect of a change on one group of people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    pub name: String,
    /// Mean minutes without the change.
    pub before_minutes: f64,
    /// With the change.
    pub after_minutes: f64,
    /// The difference of the two means, with the interval of the paired differences by run.
    pub mean_wait_minutes: Spread,
    /// Of all tickets; those that were abandoned or sent away count as late.
    pub within_target_share: Spread,
    /// Tickets that are never called.
    pub unserved: Spread,
    /// Tickets that still wait when the doors close, whatever becomes of them then: the mean without the change.
    pub before_left: f64,
    /// With the change.
    pub after_left: f64,
    pub left_at_closing: Spread,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changes {
    pub runs: usize,
    pub all: Change,
    pub lines: Vec<Change>,
}

/// Simulates both sides and keeps the sums of each run.
#[derive(Debug)]
pub struct Paired {
    names: Vec<String>,
    /// By simulated line: the group that it counts in.
    group_of: Vec<usize>,
    targets: Vec<f64>,
    seed: u64,
    path: u64,
    /// Index of the first run of each stratum.
    strata: Vec<usize>,
    /// By run, then group: without and with the change.
    runs: Vec<Vec<[Sums; 2]>>,
}

impl Paired {
    /// `names` are those of the groups. Line n counts in group `group_of[n]`, and a wait in it is on target
    /// up to `targets[n]` minutes.
    pub fn new(names: Vec<String>, group_of: Vec<usize>, targets: Vec<f64>, seed: u64) -> Self {
        Self { names, group_of, targets, seed, path: 0, strata: Vec::new(), runs: Vec::new() }
    }

    /// Simulates whole days as one stratum: the difference between a Sunday and a Monday is no uncertainty.
    pub fn play(&mut self, before: &Hall, after: &Hall, days: u32) {
        self.side_by_side(days, [before, after], |floor, hall, _, chance, waits| {
            chance.begin(waits.path, f64::NEG_INFINITY);
            floor.play(hall, chance, waits);
        });
    }

    /// Simulates the rest of a day from its present, which a change may change too (a window that opens now).
    pub fn play_on(&mut self, before: (&Hall, &Present), after: (&Hall, &Present), runs: u32) {
        let presents = [before.1, after.1];
        let tickets = [before.1.tickets(before.0), after.1.tickets(after.0)];
        self.side_by_side(runs, [before.0, after.0], |floor, hall, side, chance, waits| {
            chance.begin(waits.path, presents[side].now);
            floor.resume(hall, presents[side], &tickets[side], &[], chance, waits);
        });
    }

    fn side_by_side(
        &mut self,
        runs: u32,
        halls: [&Hall; 2],
        mut one: impl FnMut(&mut Floor, &Hall, usize, &mut Common, &mut Waits<'_>),
    ) {
        self.strata.push(self.runs.len());
        let mut floors = halls.map(Floor::new);
        let mut chance = Common::new(self.seed);
        for _ in 0..runs {
            let mut sums = vec![[Sums::default(); 2]; self.names.len()];
            for side in 0..2 {
                let (group_of, targets) = (&self.group_of, &self.targets);
                let mut waits = Waits { path: self.path, side, group_of, targets, sums: &mut sums };
                one(&mut floors[side], halls[side], side, &mut chance, &mut waits);
            }
            self.runs.push(sums);
            self.path += 1;
        }
    }

    pub fn changes(&self) -> Changes {
        let groups = 0..self.names.len();
        let all = |run: &Vec<[Sums; 2]>| {
            let mut all = [Sums::default(); 2];
            for sums in run {
                all.iter_mut().zip(sums).for_each(|(all, sums)| all.add(sums));
            }
            all
        };
        Changes {
            runs: self.runs.len(),
            all: self.change(String::new(), &self.runs.iter().map(all).collect::<Vec<_>>()),
            lines: groups
                .map(|group| {
                    let runs: Vec<[Sums; 2]> = self.runs.iter().map(|run| run[group]).collect();
                    self.change(self.names[group].clone(), &runs)
                })
                .collect(),
        }
    }

    fn change(&self, name: String, runs: &[[Sums; 2]]) -> Change {
        let mean = |side: usize| {
            let served: f64 = runs.iter().map(|run| run[side].served).sum();
            let wait: f64 = runs.iter().map(|run| run[side].wait).sum();
            if served > 0.0 { wait / served } else { 0.0 }
        };
        let left = |side: usize| {
            #[expect(clippy::cast_precision_loss, reason = "a number of runs")]
            let count = runs.len().max(1) as f64;
            runs.iter().map(|run| run[side].left).sum::<f64>() / count
        };
        Change {
            name,
            before_minutes: mean(0),
            after_minutes: mean(1),
            mean_wait_minutes: self.difference(runs, |sums| (sums.wait, sums.served)),
            within_target_share: self.difference(runs, |sums| (sums.within, sums.tickets())),
            unserved: self.difference(runs, |sums| (sums.unserved, 1.0)),
            before_left: left(0),
            after_left: left(1),
            left_at_closing: self.difference(runs, |sums| (sums.left, 1.0)),
        }
    }

    /// The difference of two ratios of sums over runs, its interval by the delta method on what each run adds
    /// to it.
    fn difference(&self, runs: &[[Sums; 2]], of: impl Fn(&Sums) -> (f64, f64)) -> Spread {
        #[expect(clippy::cast_precision_loss, reason = "a number of runs")]
        let count = runs.len() as f64;
        let ratio = |side: usize| {
            let (over, under) = runs
                .iter()
                .map(|run| of(&run[side]))
                .fold((0.0, 0.0), |sum, run| (sum.0 + run.0, sum.1 + run.1));
            if under > 0.0 { (over / under, under / count) } else { (0.0, 1.0) }
        };
        let (before, after) = (ratio(0), ratio(1));
        let adds = |run: &[Sums; 2]| {
            let part =
                |(over, under): (f64, f64), (mean, per_run): (f64, f64)| (over - mean * under) / per_run;
            part(of(&run[1]), after) - part(of(&run[0]), before)
        };
        let added: Vec<f64> = runs.iter().map(adds).collect();
        let mut squares = 0.0;
        let mut degrees = 0.0;
        for (place, from) in self.strata.iter().enumerate() {
            let to = self.strata.get(place + 1).copied().unwrap_or(added.len());
            let stratum = &added[*from..to];
            #[expect(clippy::cast_precision_loss, reason = "a number of runs")]
            let size = stratum.len() as f64;
            let mean = stratum.iter().sum::<f64>() / size;
            squares += stratum.iter().map(|add| (add - mean).powi(2)).sum::<f64>();
            degrees += (size - 1.0).max(0.0);
        }
        let mean = after.0 - before.0;
        if degrees < 1.0 {
            return Spread { mean, half_width: f64::INFINITY };
        }
        Spread { mean, half_width: student(degrees) * (squares / degrees / count).sqrt() }
    }
}

/// The sums of one side of a run.
struct Waits<'p> {
    path: u64,
    side: usize,
    group_of: &'p [usize],
    targets: &'p [f64],
    sums: &'p mut [[Sums; 2]],
}

impl Waits<'_> {
    fn of(&mut self, line: usize) -> &mut Sums {
        &mut self.sums[self.group_of[line]][self.side]
    }
}

impl Recorder for Waits<'_> {
    fn called(&mut self, hall: &Hall, ticket: &Ticket, _: usize, now: f64, _: f64, attended: bool) {
        let line = hall.line_of(ticket.queue);
        // As in the tally: for an appointment, from the booked time.
        let wait = (now - hall.ready_at(ticket)).max(0.0);
        let within = if wait <= self.targets[line] { 1.0 } else { 0.0 };
        let sums = self.of(line);
        if now > hall.closes_at {
            sums.left += 1.0;
        }
        sums.within += within;
        if attended {
            sums.served += 1.0;
            sums.wait += wait;
        } else {
            sums.vain += 1.0;
        }
    }

    fn gone(&mut self, hall: &Hall, ticket: &Ticket, _: f64) {
        self.of(hall.line_of(ticket.queue)).gone += 1.0;
    }

    fn unserved(&mut self, hall: &Hall, ticket: &Ticket, _: f64) {
        let sums = self.of(hall.line_of(ticket.queue));
        sums.unserved += 1.0;
        sums.left += 1.0;
    }
}
