//! Counts of one simulated day.

use super::floor::{Floor, Recorder};
use super::hall::Hall;
use super::histogram::{BINS, bin};
use super::ring::Ticket;

pub(super) const HOURS: usize = 24;

/// Sums over the tickets of one group on one day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub served: f64,
    pub wait: f64,
    pub within: f64,
    pub gone: f64,
    pub vain: f64,
    pub unserved: f64,
    /// Called after the doors had closed, or never; counted only where two sides are compared.
    pub left: f64,
    /// Minutes waited by those who abandoned.
    pub wasted: f64,
}

impl Sums {
    pub fn add(&mut self, other: &Self) {
        self.served += other.served;
        self.wait += other.wait;
        self.within += other.within;
        self.gone += other.gone;
        self.vain += other.vain;
        self.unserved += other.unserved;
        self.left += other.left;
        self.wasted += other.wasted;
    }

    pub fn tickets(&self) -> f64 {
        self.served + self.vain + self.gone + self.unserved
    }
}

/// Check of Little's law for one line: the integral of the number waiting against the sum of the waits.
#[derive(Clone, Copy, Debug, Default)]
struct Little {
    waiting: f64,
    changed_at: f64,
    area: f64,
    waits: f64,
}

impl Little {
    #[inline]
    fn change(&mut self, by: f64, now: f64) {
        self.area += self.waiting * (now - self.changed_at);
        self.waiting += by;
        self.changed_at = now;
    }
}

#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub target_minutes: f64,
    pub by_queue: Vec<Sums>,
    pub by_hour: [Sums; HOURS],
    pub waits_by_queue: Vec<[u64; BINS]>,
    pub waits_by_hour: Vec<[u64; BINS]>,
    little: Vec<Little>,
    pub busy: Vec<f64>,
    pub overtime: Vec<f64>,
}

impl Tally {
    pub fn new(hall: &Hall, target_minutes: f64) -> Self {
        let windows = hall.slowness.len();
        Self {
            target_minutes,
            by_queue: vec![Sums::default(); hall.queues],
            by_hour: [Sums::default(); HOURS],
            waits_by_queue: vec![[0; BINS]; hall.queues],
            waits_by_hour: vec![[0; BINS]; HOURS],
            little: vec![Little::default(); hall.samplers.len()],
            busy: vec![0.0; windows],
            overtime: vec![0.0; windows],
        }
    }

    pub fn begin_day(&mut self) {
        self.by_queue.fill(Sums::default());
        self.by_hour.fill(Sums::default());
        self.little.fill(Little::default());
        self.busy.fill(0.0);
        self.overtime.fill(0.0);
    }

    pub fn forget_waits(&mut self) {
        self.waits_by_queue.iter_mut().for_each(|counts| counts.fill(0));
        self.waits_by_hour.iter_mut().for_each(|counts| counts.fill(0));
    }

    /// Checks L = λ W for every line of the simulated day.
    ///
    /// # Panics
    /// When it does not hold: a ticket was lost or called twice.
    pub fn assert_little(&self, hall: &Hall) {
        for (line, law) in self.little.iter().enumerate() {
            let name = &hall.day.lines[line].name;
            assert!(law.waiting == 0.0, "{} of line {name} are still waiting after the day", law.waiting);
            let gap = (law.area - law.waits).abs();
            assert!(
                gap <= 1e-6 * (1.0 + law.waits),
                "Little's law fails for {name}: {} {}",
                law.area,
                law.waits
            );
        }
    }

    #[inline]
    fn hour(at: f64) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an hour of the day")]
        let hour = (at * (1.0 / 60.0)) as usize;
        hour.min(HOURS - 1)
    }

    #[inline]
    fn left(&mut self, hall: &Hall, ticket: &Ticket, now: f64, left_at: f64) {
        let law = &mut self.little[hall.line_of(ticket.queue)];
        law.change(-1.0, now);
        law.area -= now - left_at;
        law.waits += left_at - ticket.joined_at;
    }
}

impl Recorder for Tally {
    #[inline]
    fn joined(&mut self, hall: &Hall, _floor: &Floor, ticket: &Ticket, _at_once: bool) {
        self.little[hall.line_of(ticket.queue)].change(1.0, ticket.joined_at);
    }

    #[inline]
    fn called(
        &mut self,
        hall: &Hall,
        ticket: &Ticket,
        window: usize,
        now: f64,
        minutes: f64,
        attended: bool,
    ) {
        self.left(hall, ticket, now, now);
        self.busy[window] += minutes;
        let queue = usize::from(ticket.queue);
        // An appointment waits from its booked time, and not at all when called before it.
        let wait = (now - hall.ready_at(ticket)).max(0.0);
        let within = if wait <= self.target_minutes { 1.0 } else { 0.0 };
        let hour = Self::hour(ticket.joined_at);
        for sums in [&mut self.by_queue[queue], &mut self.by_hour[hour]] {
            if attended {
                sums.served += 1.0;
                sums.wait += wait;
                sums.within += within;
            } else {
                sums.vain += 1.0;
                sums.within += within;
            }
        }
        if attended {
            let bin = bin(wait);
            self.waits_by_queue[queue][bin] += 1;
            self.waits_by_hour[hour][bin] += 1;
        }
    }

    fn gone(&mut self, hall: &Hall, ticket: &Ticket, now: f64) {
        self.left(hall, ticket, now, ticket.leaves_at);
        let wasted = ticket.leaves_at - ticket.joined_at;
        for sums in
            [&mut self.by_queue[usize::from(ticket.queue)], &mut self.by_hour[Self::hour(ticket.joined_at)]]
        {
            sums.gone += 1.0;
            sums.wasted += wasted;
        }
    }

    fn unserved(&mut self, hall: &Hall, ticket: &Ticket, now: f64) {
        self.left(hall, ticket, now, now);
        self.by_queue[usize::from(ticket.queue)].unserved += 1.0;
        self.by_hour[Self::hour(ticket.joined_at)].unserved += 1.0;
    }

    fn went_home(&mut self, window: usize, due_at: f64, now: f64) {
        self.overtime[window] += now - due_at;
    }
}
