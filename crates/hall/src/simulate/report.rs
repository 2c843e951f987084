//! Sums up many simulated days with confidence intervals.

use serde::Serialize;

use super::chance::Stream;
use super::estimate::{Quantile, Ratio, Spread};
use super::floor::Floor;
use super::hall::Hall;
use super::histogram::BINS;
use super::random::{Bits, Split};
use super::tally::{HOURS, Sums, Tally};

/// Batches of days whose quantiles are taken separately, to estimate their variance.
const BATCHES: u32 = 20;

/// Statistics of a group of tickets. Counts are per day.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    pub name: String,
    pub tickets: Spread,
    pub mean_wait_minutes: Spread,
    pub median_wait_minutes: Spread,
    pub p90_wait_minutes: Spread,
    /// Of all tickets; those that were abandoned or sent away count as late.
    pub within_target_share: Spread,
    pub abandoned_share: Spread,
    pub no_show_share: Spread,
    /// Tickets left at closing, per day.
    pub unserved: Spread,
    /// Mean minutes in the queue, abandoned tickets included.
    pub mean_stay_minutes: Spread,
}

/// Figures of the tickets taken in one hour.
#[derive(Clone, Debug, Serialize)]
pub struct HourFigures {
    pub hour: usize,
    #[serde(flatten)]
    pub figures: Figures,
}

#[derive(Clone, Debug, Serialize)]
pub struct WindowFigures {
    pub name: String,
    pub duty_minutes: f64,
    /// Share of the minutes of duty and overtime.
    pub busy_share: Spread,
    pub overtime_minutes: Spread,
}

#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub days: u64,
    pub target_minutes: f64,
    pub all: Figures,
    pub lines: Vec<Figures>,
    pub lanes: Vec<Figures>,
    pub hours: Vec<HourFigures>,
    pub windows: Vec<WindowFigures>,
}

/// Accumulator of one group of tickets over days.
#[derive(Clone, Debug)]
struct Group {
    tickets: Ratio,
    wait: Ratio,
    within: Ratio,
    gone: Ratio,
    vain: Ratio,
    unserved: Ratio,
    stay: Ratio,
    waits: Box<[u64; BINS]>,
    median: Quantile,
    p90: Quantile,
}

impl Default for Group {
    fn default() -> Self {
        let nothing = Ratio::default();
        Self {
            tickets: nothing,
            wait: nothing,
            within: nothing,
            gone: nothing,
            vain: nothing,
            unserved: nothing,
            stay: nothing,
            waits: Box::new([0; BINS]),
            median: Quantile::new(0.5),
            p90: Quantile::new(0.9),
        }
    }
}

impl Group {
    fn add(&mut self, sums: &Sums) {
        let tickets = sums.tickets();
        self.tickets.add(tickets, 1.0);
        self.wait.add(sums.wait, sums.served);
        self.within.add(sums.within, tickets);
        self.gone.add(sums.gone, tickets);
        self.vain.add(sums.vain, tickets);
        self.unserved.add(sums.unserved, 1.0);
        self.stay.add(sums.wait + sums.wasted, sums.served + sums.gone);
    }

    fn add_waits(&mut self, counts: &[u64; BINS]) {
        add(&mut self.waits, counts);
        self.median.add(counts);
        self.p90.add(counts);
    }

    fn end_stratum(&mut self) {
        let ratios = [
            &mut self.tickets,
            &mut self.wait,
            &mut self.within,
            &mut self.gone,
            &mut self.vain,
            &mut self.unserved,
            &mut self.stay,
            &mut self.median.batches,
            &mut self.p90.batches,
        ];
        ratios.into_iter().for_each(Ratio::end_stratum);
    }

    fn figures(&self, name: String) -> Figures {
        Figures {
            name,
            tickets: self.tickets.spread(),
            mean_wait_minutes: self.wait.spread(),
            median_wait_minutes: self.median.spread(&self.waits),
            p90_wait_minutes: self.p90.spread(&self.waits),
            within_target_share: self.within.spread(),
            abandoned_share: self.gone.spread(),
            no_show_share: self.vain.spread(),
            unserved: self.unserved.spread(),
            mean_stay_minutes: self.stay.spread(),
        }
    }
}

/// Simulates days of one hall, or of several with the same lines, lanes and windows, and sums up. The same
/// seed gives the same days.
#[derive(Debug)]
pub struct Simulation {
    floor: Floor,
    tally: Tally,
    seeds: Split,
    names: [Vec<String>; 3],
    all: Group,
    lines: Vec<Group>,
    lanes: Vec<Group>,
    hours: Vec<Group>,
    busy: Vec<Ratio>,
    overtime: Vec<Ratio>,
    duty: Vec<f64>,
    days: u64,
    customers: f64,
}

impl Simulation {
    pub fn new(hall: &Hall, target_minutes: f64, seed: u64) -> Self {
        let day = hall.day();
        Self {
            floor: Floor::new(hall),
            tally: Tally::new(hall, target_minutes),
            seeds: Split::new(seed),
            names: [
                day.lines.iter().map(|line| line.name.clone()).collect(),
                day.lanes.iter().map(|lane| lane.name.clone()).collect(),
                day.windows.iter().map(|window| window.name.clone()).collect(),
            ],
            all: Group::default(),
            lines: vec![Group::default(); day.lines.len()],
            lanes: vec![Group::default(); day.lanes.len()],
            hours: vec![Group::default(); HOURS],
            busy: vec![Ratio::default(); day.windows.len()],
            overtime: vec![Ratio::default(); day.windows.len()],
            duty: vec![0.0; day.windows.len()],
            days: 0,
            customers: 0.0,
        }
    }

    /// Simulates this many days, as one stratum, of a hall with the lines, lanes and windows given at the
    /// start.
    ///
    /// # Panics
    /// When Little's law fails on a day: a bug of the simulator.
    pub fn play(&mut self, hall: &Hall, days: u32) {
        let batches = BATCHES.min(days);
        for batch in 0..batches {
            let share = days / batches + u32::from(batch < days % batches);
            let mut chance = Stream::new(self.seeds.bits());
            for _ in 0..share {
                self.play_one(hall, &mut chance);
            }
            self.end_batch(hall);
        }
        let groups = std::iter::once(&mut self.all).chain(&mut self.lines).chain(&mut self.lanes);
        groups.chain(&mut self.hours).for_each(Group::end_stratum);
        self.busy.iter_mut().chain(&mut self.overtime).for_each(Ratio::end_stratum);
    }

    fn play_one(&mut self, hall: &Hall, chance: &mut Stream) {
        chance.begin();
        self.tally.begin_day();
        self.floor.play(hall, chance, &mut self.tally);
        self.tally.assert_little(hall);
        let mut all = Sums::default();
        let lanes = self.lanes.len();
        let mut by_lane = vec![Sums::default(); lanes];
        for (line, queues) in self.tally.by_queue.chunks(lanes).enumerate() {
            let mut sums = Sums::default();
            for (lane, queue) in queues.iter().enumerate() {
                sums.add(queue);
                by_lane[lane].add(queue);
            }
            self.lines[line].add(&sums);
            all.add(&sums);
        }
        self.lanes.iter_mut().zip(&by_lane).for_each(|(group, sums)| group.add(sums));
        self.hours.iter_mut().zip(&self.tally.by_hour).for_each(|(group, sums)| group.add(sums));
        self.all.add(&all);
        self.days += 1;
        self.customers += all.tickets();
        for (window, duty) in hall.duty_minutes.iter().enumerate() {
            let (busy, overtime) = (self.tally.busy[window], self.tally.overtime[window]);
            self.duty[window] += duty;
            self.busy[window].add(busy, duty + overtime);
            self.overtime[window].add(overtime, 1.0);
        }
    }

    fn end_batch(&mut self, hall: &Hall) {
        let mut all = [0; BINS];
        let lanes = self.lanes.len();
        let mut by_lane = vec![[0; BINS]; lanes];
        for (line, queues) in self.tally.waits_by_queue.chunks(lanes).enumerate() {
            let mut of_line = [0; BINS];
            for (lane, counts) in queues.iter().enumerate() {
                add(&mut of_line, counts);
                add(&mut by_lane[lane], counts);
            }
            self.lines[line].add_waits(&of_line);
            add(&mut all, &of_line);
        }
        debug_assert_eq!(hall.lanes, lanes);
        self.lanes.iter_mut().zip(&by_lane).for_each(|(group, counts)| group.add_waits(counts));
        self.hours
            .iter_mut()
            .zip(&self.tally.waits_by_hour)
            .for_each(|(group, counts)| group.add_waits(counts));
        self.all.add_waits(&all);
        self.tally.forget_waits();
    }

    /// Number of tickets over all days.
    pub fn customers(&self) -> f64 {
        self.customers
    }

    pub fn report(&self) -> Report {
        let [lines, lanes, windows] = &self.names;
        let figures = |groups: &[Group], names: &[String]| {
            groups.iter().zip(names).map(|(group, name)| group.figures(name.clone())).collect()
        };
        #[expect(clippy::cast_precision_loss, reason = "a number of days")]
        let days = self.days.max(1) as f64;
        Report {
            days: self.days,
            target_minutes: self.tally.target_minutes,
            all: self.all.figures(String::new()),
            lines: figures(&self.lines, lines),
            lanes: figures(&self.lanes, lanes),
            hours: self
                .hours
                .iter()
                .enumerate()
                .filter(|(_, group)| group.tickets.over > 0.0)
                .map(|(hour, group)| HourFigures { hour, figures: group.figures(format!("{hour:02}:00")) })
                .collect(),
            windows: (0..windows.len())
                .map(|window| WindowFigures {
                    name: windows[window].clone(),
                    duty_minutes: self.duty[window] / days,
                    busy_share: self.busy[window].spread(),
                    overtime_minutes: self.overtime[window].spread(),
                })
                .collect(),
        }
    }
}

fn add(to: &mut [u64; BINS], from: &[u64; BINS]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}
