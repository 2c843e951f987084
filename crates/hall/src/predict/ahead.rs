//! Forecasts by simulating many futures (paths) from one present.

use super::forecast::Ensemble;
use crate::simulate::{Common, Floor, Hall, Kind, Present, Recorder, Ticket, Waiting};

/// Numbers from here on are probes: tickets that only measure when they would be called.
const FIRST_PROBE: u32 = 0x4000_0000;

/// Simulates the paths. Reuses its buffers between forecasts.
#[derive(Debug)]
pub struct Forecaster {
    floor: Floor,
    chance: Common,
    paths: usize,
    calls: Calls,
    tickets: Vec<Ticket>,
    probes: Vec<Ticket>,
}

/// The call time of each watched ticket on each path.
#[derive(Debug, Default)]
struct Calls {
    /// (Ticket number, index in the present), sorted by number.
    slots: Vec<(u32, u32)>,
    waiting: usize,
    paths: usize,
    path: usize,
    left: usize,
    now: f64,
    /// Minutes from now, by ticket, then path.
    waits: Vec<f32>,
}

impl Calls {
    fn note(&mut self, ticket: &Ticket, at: f64) {
        let slot = if ticket.kind == Kind::Probe {
            self.waiting + (ticket.number - FIRST_PROBE) as usize
        } else if ticket.number < FIRST_PROBE {
            match self.slots.binary_search_by_key(&ticket.number, |slot| slot.0) {
                Ok(place) => self.slots[place].1 as usize,
                Err(_) => return,
            }
        } else {
            return;
        };
        #[expect(clippy::cast_possible_truncation, reason = "minutes need no more than single precision")]
        let wait = (at - self.now.max(ticket.joined_at)) as f32;
        self.waits[slot * self.paths + self.path] = wait;
        self.left -= 1;
    }
}

impl Recorder for Calls {
    #[inline]
    fn called(
        &mut self,
        _: &Hall,
        ticket: &Ticket,
        _window: usize,
        now: f64,
        _minutes: f64,
        _attended: bool,
    ) {
        self.note(ticket, now);
    }

    /// The number still comes up although its holder may have left: that is when it would have been called.
    fn gone(&mut self, _: &Hall, ticket: &Ticket, now: f64) {
        self.note(ticket, now);
    }

    fn unserved(&mut self, _: &Hall, ticket: &Ticket, _now: f64) {
        self.note(ticket, f64::INFINITY);
    }

    #[inline]
    fn is_done(&self) -> bool {
        self.left == 0
    }
}

impl Forecaster {
    /// With 200 paths, the sampling error of the mean adds half a per cent to the squared error; more paths
    /// lower it.
    pub fn new(hall: &Hall, paths: usize, seed: u64) -> Self {
        Self {
            floor: Floor::new(hall),
            chance: Common::new(seed),
            paths,
            calls: Calls::default(),
            tickets: Vec::new(),
            probes: Vec::new(),
        }
    }

    /// Forecasts for all waiting tickets, in the order of [`Present::waiting`].
    pub fn waiting(&mut self, hall: &Hall, present: &Present) -> Vec<Ensemble> {
        self.play(hall, present, &[])
    }

    /// Forecasts for all waiting tickets, and for newcomers given as `(line, lane, comes_at)`; a `comes_at`
    /// in the past counts as now. A newcomer's minutes count from joining.
    pub fn newcomers(
        &mut self,
        hall: &Hall,
        present: &Present,
        newcomers: &[(usize, usize, f64)],
    ) -> (Vec<Ensemble>, Vec<Ensemble>) {
        let mut all = self.play(hall, present, newcomers);
        let new = all.split_off(present.waiting.len());
        (all, new)
    }

    /// Forecasts for newcomers alone: a path ends as soon as the last of them would be called.
    pub fn only_newcomers(
        &mut self,
        hall: &Hall,
        present: &Present,
        newcomers: &[(usize, usize, f64)],
    ) -> Vec<Ensemble> {
        self.prepare(hall, present, newcomers, false);
        self.run(hall, present)
    }

    /// Forecasts for these waiting tickets, in the order of `numbers`; the others are simulated but not
    /// recorded.
    pub fn only(&mut self, hall: &Hall, present: &Present, numbers: &[u32]) -> Vec<Ensemble> {
        self.prepare(hall, present, &[], false);
        let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        self.calls.slots.extend(numbers.iter().enumerate().map(|(n, number)| (*number, place(n))));
        self.calls.slots.sort_unstable();
        self.calls.waiting = numbers.len();
        self.calls.waits.resize(numbers.len() * self.paths, f32::INFINITY);
        self.run(hall, present)
    }

    /// Forecast for one ticket that is joining now and is not in [`Present::waiting`].
    pub fn one(&mut self, hall: &Hall, present: &Present, ticket: Waiting) -> Ensemble {
        self.prepare(hall, present, &[], false);
        let queue = hall.queue(ticket.line, ticket.lane);
        self.probes.push(Ticket {
            call_at: ticket.ready_at - hall.head_start(queue),
            joined_at: present.now,
            leaves_at: f64::INFINITY,
            number: FIRST_PROBE,
            queue: u16::try_from(queue).expect("a hall's size was checked"),
            kind: Kind::Probe,
        });
        self.calls.waits.resize(self.paths, f32::INFINITY);
        self.run(hall, present).pop().expect("one probe was set")
    }

    fn play(&mut self, hall: &Hall, present: &Present, newcomers: &[(usize, usize, f64)]) -> Vec<Ensemble> {
        self.prepare(hall, present, newcomers, true);
        self.run(hall, present)
    }

    fn prepare(
        &mut self,
        hall: &Hall,
        present: &Present,
        newcomers: &[(usize, usize, f64)],
        watch_waiting: bool,
    ) {
        self.tickets = present.tickets(hall);
        self.probes.clear();
        for (number, (line, lane, comes_at)) in (FIRST_PROBE..).zip(newcomers) {
            let joined_at = comes_at.max(present.now);
            let looker = Waiting { number, line: *line, lane: *lane, joined_at, ready_at: joined_at };
            self.probes.push(looker.ticket(hall, Kind::Probe));
        }
        self.probes.sort_by(|a, b| a.joined_at.total_cmp(&b.joined_at));
        let calls = &mut self.calls;
        calls.slots.clear();
        calls.waiting = 0;
        if watch_waiting {
            let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
            calls
                .slots
                .extend(present.waiting.iter().enumerate().map(|(n, waiting)| (waiting.number, place(n))));
            calls.slots.sort_unstable();
            calls.waiting = present.waiting.len();
        }
        calls.paths = self.paths;
        calls.now = present.now;
        calls.waits.clear();
        calls.waits.resize((calls.waiting + newcomers.len()) * self.paths, f32::INFINITY);
    }

    fn run(&mut self, hall: &Hall, present: &Present) -> Vec<Ensemble> {
        let watched = self.calls.waiting + self.probes.len();
        if watched == 0 {
            return Vec::new();
        }
        for path in 0..self.paths {
            self.calls.path = path;
            self.calls.left = watched;
            self.chance.begin(path as u64, present.now);
            self.floor.resume(hall, present, &self.tickets, &self.probes, &mut self.chance, &mut self.calls);
        }
        self.calls.waits.chunks(self.paths).map(|waits| Ensemble::new(waits.to_vec())).collect()
    }
}
