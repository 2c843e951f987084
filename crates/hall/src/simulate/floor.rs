//! The event loop of a simulated day.

use super::chance::{Arrival, Chance};
use super::hall::Hall;
use super::ring::{Kind, Ring, Ticket};
use super::tournament::Tournament;

/// Receives the events. The loop calls it with the state as it is after the event.
pub trait Recorder {
    /// A number was taken; `at_once` when an idle window takes it in the same instant.
    fn joined(&mut self, _hall: &Hall, _floor: &Floor, _ticket: &Ticket, _at_once: bool) {}
    /// The number was called. `minutes` is its service time, or the time that the window loses on an absent
    /// person.
    fn called(&mut self, hall: &Hall, ticket: &Ticket, window: usize, now: f64, minutes: f64, attended: bool);
    /// The number was called after its holder had left at `ticket.leaves_at`; it takes no time.
    fn gone(&mut self, hall: &Hall, ticket: &Ticket, now: f64);
    /// The ticket was not called before the hall, or the last window that could serve it, closed.
    fn unserved(&mut self, hall: &Hall, ticket: &Ticket, now: f64);
    /// A window's duty ended at `due_at`, and its last service at `now`.
    fn went_home(&mut self, _window: usize, _due_at: f64, _now: f64) {}
    /// A break was due at `due_at` and begins now.
    fn paused(&mut self, _window: usize, _due_at: f64, _now: f64) {}
    /// Whether the simulation may stop early: no further event can matter.
    fn is_done(&self) -> bool {
        false
    }
}

/// One window at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct AtWindow {
    /// On duty: calls when it is free.
    pub is_on: bool,
    pub serving: Option<Serving>,
    /// On duty after its end until nobody waits for it.
    pub lingers: bool,
    /// When its duty ended, or its break was due (`true`), while a service still lasts.
    pub(super) due_at: Option<(f64, bool)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Serving {
    pub queue: u16,
    pub number: u32,
    pub since: f64,
    /// False for a person who was called and is absent.
    pub attended: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct CheckIn {
    pub at: f64,
    pub booking: usize,
}

/// The state that changes during a day. Reused for another day, it allocates nothing.
#[derive(Clone, Debug)]
pub struct Floor {
    pub(super) rings: Vec<Ring>,
    /// The first ticket of each queue, kept apart so that choosing touches few cache lines.
    pub(super) heads: Vec<(f64, u32)>,
    /// Bit set of the queues that are not empty.
    pub(super) waiting: Vec<u64>,
    pub(super) ends: Tournament,
    pub(super) windows: Vec<AtWindow>,
    /// Idle windows on duty, longest idle first.
    pub(super) idle: Vec<u16>,
    pub(super) check_ins: Vec<CheckIn>,
    pub(super) next_check_in: usize,
    pub(super) probes: Vec<Ticket>,
    pub(super) next_probe: usize,
    pub(super) next_switch: usize,
    /// Windows that come back outside the roster, the next one last.
    pub(super) returns: Vec<(f64, usize)>,
    /// Time of the next rare event: check-in, probe, switch, return, or the closing.
    pub(super) rare_at: f64,
    pub(super) cut_at: f64,
    pub(super) now: f64,
}

impl Floor {
    pub fn new(hall: &Hall) -> Self {
        Self {
            rings: vec![Ring::new(); hall.queues],
            heads: vec![(f64::INFINITY, u32::MAX); hall.queues],
            waiting: vec![0; hall.words],
            ends: Tournament::new(hall.slowness.len()),
            windows: vec![AtWindow::default(); hall.slowness.len()],
            idle: Vec::with_capacity(hall.slowness.len()),
            check_ins: Vec::with_capacity(hall.bookings.len()),
            next_check_in: 0,
            probes: Vec::new(),
            next_probe: 0,
            next_switch: 0,
            returns: Vec::new(),
            rare_at: f64::INFINITY,
            cut_at: f64::INFINITY,
            now: f64::NEG_INFINITY,
        }
    }

    pub fn now(&self) -> f64 {
        self.now
    }

    pub fn windows(&self) -> &[AtWindow] {
        &self.windows
    }

    /// Idle windows, in the order in which they get the next ticket.
    pub fn idle(&self) -> &[u16] {
        &self.idle
    }

    /// The tickets of a queue in calling order, including those whose holders have left.
    pub fn waiting(&self, queue: usize) -> impl Iterator<Item = &Ticket> {
        self.rings[queue].iter()
    }

    pub fn queues(&self) -> usize {
        self.rings.len()
    }

    /// Indices of the bookings whose holders have not checked in.
    pub fn not_checked_in(&self, hall: &Hall) -> Vec<usize> {
        // A person who never comes cannot be told from one who is late.
        let came = |booking: usize| {
            self.check_ins[..self.next_check_in].iter().any(|check_in| check_in.booking == booking)
        };
        (0..hall.bookings.len()).filter(|booking| !came(*booking)).collect()
    }

    /// Simulates a whole day from its start.
    pub fn play<C: Chance, R: Recorder>(&mut self, hall: &Hall, chance: &mut C, recorder: &mut R) {
        self.clear(hall);
        self.check_ins.clear();
        for booking in 0..hall.bookings.len() {
            if let Some(at) = chance.check_in(hall, booking) {
                self.check_ins.push(CheckIn { at, booking });
            }
        }
        self.check_ins.sort_unstable_by(|a, b| a.at.total_cmp(&b.at));
        self.schedule(hall);
        self.run(hall, chance, recorder);
    }

    pub(super) fn clear(&mut self, hall: &Hall) {
        self.rings.iter_mut().for_each(Ring::clear);
        self.heads.fill((f64::INFINITY, u32::MAX));
        self.waiting.fill(0);
        self.ends.clear();
        self.windows.fill(AtWindow::default());
        self.idle.clear();
        self.check_ins.clear();
        self.probes.clear();
        self.next_check_in = 0;
        self.next_probe = 0;
        self.next_switch = 0;
        self.returns.clear();
        self.cut_at = hall.cut_at;
        self.now = f64::NEG_INFINITY;
    }

    pub(super) fn schedule(&mut self, hall: &Hall) {
        let at = |switch: Option<f64>| switch.unwrap_or(f64::INFINITY);
        self.rare_at = at(hall.switches.get(self.next_switch).map(|switch| switch.at))
            .min(at(self.check_ins.get(self.next_check_in).map(|check_in| check_in.at)))
            .min(at(self.probes.get(self.next_probe).map(|probe| probe.joined_at)))
            .min(at(self.returns.last().map(|back| back.0)))
            .min(self.cut_at);
    }

    pub(super) fn run<C: Chance, R: Recorder>(&mut self, hall: &Hall, chance: &mut C, recorder: &mut R) {
        let mut arrival = chance.next_arrival(hall);
        loop {
            let end = self.ends.least();
            if end <= arrival.at && end <= self.rare_at {
                if end == f64::INFINITY {
                    break;
                }
                self.now = end;
                self.finish(hall, chance, recorder);
            } else if arrival.at < self.rare_at {
                self.now = arrival.at;
                self.arrive(hall, chance, recorder, arrival);
                arrival = chance.next_arrival(hall);
            } else {
                self.now = self.rare_at;
                self.rare(hall, chance, recorder);
                self.schedule(hall);
            }
            if recorder.is_done() {
                return;
            }
        }
        self.send_away(hall, recorder);
    }

    #[inline]
    fn arrive<C: Chance, R: Recorder>(
        &mut self,
        hall: &Hall,
        chance: &mut C,
        recorder: &mut R,
        arrival: Arrival,
    ) {
        let queue = usize::from(arrival.queue);
        let mean = hall.patience[usize::from(hall.line_of[queue])];
        let leaves_at = if mean == f64::INFINITY {
            f64::INFINITY
        } else {
            arrival.at + chance.patience(mean, arrival.number)
        };
        let ticket = Ticket {
            call_at: arrival.at - hall.head_start[queue],
            joined_at: arrival.at,
            leaves_at,
            number: arrival.number,
            queue: arrival.queue,
            kind: Kind::Person,
        };
        self.join(hall, chance, recorder, ticket);
    }

    #[inline]
    pub(super) fn join<C: Chance, R: Recorder>(
        &mut self,
        hall: &Hall,
        chance: &mut C,
        recorder: &mut R,
        ticket: Ticket,
    ) {
        let queue = usize::from(ticket.queue);
        let found = self.idle.iter().position(|window| hall.can_serve(usize::from(*window), queue));
        recorder.joined(hall, self, &ticket, found.is_some());
        match found {
            Some(place) if ticket.kind == Kind::Person => {
                let window = usize::from(self.idle.remove(place));
                self.call(hall, chance, recorder, &ticket, window);
            }
            Some(place) => {
                recorder.called(hall, &ticket, usize::from(self.idle[place]), self.now, 0.0, true);
            }
            None => self.enqueue(ticket),
        }
    }

    #[inline]
    pub(super) fn enqueue(&mut self, ticket: Ticket) {
        let queue = usize::from(ticket.queue);
        self.rings[queue].insert(ticket);
        self.refresh_head(queue);
    }

    #[inline]
    pub(super) fn refresh_head(&mut self, queue: usize) {
        let bit = 1_u64 << (queue % 64);
        match self.rings[queue].first() {
            Some(first) => {
                self.heads[queue] = (first.call_at, first.number);
                self.waiting[queue / 64] |= bit;
            }
            None => self.waiting[queue / 64] &= !bit,
        }
    }

    /// The queue whose first ticket this window calls next.
    #[inline]
    pub(super) fn choose(&self, hall: &Hall, window: usize) -> Option<usize> {
        let mut best = (f64::INFINITY, u32::MAX);
        let mut chosen = None;
        for word in 0..hall.words {
            let mut bits = self.waiting[word] & hall.masks[window * hall.words + word];
            while bits != 0 {
                let queue = word * 64 + bits.trailing_zeros() as usize;
                let head = self.heads[queue];
                if head.0 < best.0 || (head.0 == best.0 && head.1 < best.1) {
                    best = head;
                    chosen = Some(queue);
                }
                bits &= bits - 1;
            }
        }
        chosen
    }

    #[inline]
    fn finish<C: Chance, R: Recorder>(&mut self, hall: &Hall, chance: &mut C, recorder: &mut R) {
        let window = self.ends.winner();
        self.windows[window].serving = None;
        if self.windows[window].is_on {
            self.next(hall, chance, recorder, window);
        } else {
            self.ends.set(window, f64::INFINITY);
            self.stop(recorder, window);
        }
    }

    /// Lets a free window on duty call the next ticket, or idle.
    #[inline]
    pub(super) fn next<C: Chance, R: Recorder>(
        &mut self,
        hall: &Hall,
        chance: &mut C,
        recorder: &mut R,
        window: usize,
    ) {
        while let Some(queue) = self.choose(hall, window) {
            let ticket = self.rings[queue].pop();
            self.refresh_head(queue);
            if ticket.leaves_at < self.now {
                recorder.gone(hall, &ticket, self.now);
            } else if ticket.kind == Kind::Probe {
                recorder.called(hall, &ticket, window, self.now, 0.0, true);
            } else {
                self.call(hall, chance, recorder, &ticket, window);
                return;
            }
        }
        self.ends.set(window, f64::INFINITY);
        if self.windows[window].lingers {
            self.windows[window].is_on = false;
            self.stop(recorder, window);
        } else {
            #[expect(clippy::cast_possible_truncation, reason = "a hall's size was checked")]
            self.idle.push(window as u16);
        }
    }

    #[inline]
    fn call<C: Chance, R: Recorder>(
        &mut self,
        hall: &Hall,
        chance: &mut C,
        recorder: &mut R,
        ticket: &Ticket,
        window: usize,
    ) {
        let line = usize::from(hall.line_of[usize::from(ticket.queue)]);
        let no_show = hall.no_show[line];
        let attended = no_show == 0.0 || !chance.is_missing(no_show, ticket.number);
        let minutes = if attended {
            chance.minutes(hall, line, ticket.number) * hall.slowness[window]
        } else {
            hall.vain_minutes
        };
        self.ends.set(window, self.now + minutes);
        self.windows[window].serving =
            Some(Serving { queue: ticket.queue, number: ticket.number, since: self.now, attended });
        recorder.called(hall, ticket, window, self.now, minutes, attended);
    }

    pub(super) fn stop<R: Recorder>(&mut self, recorder: &mut R, window: usize) {
        match self.windows[window].due_at.take() {
            Some((due_at, true)) => recorder.paused(window, due_at, self.now),
            Some((due_at, false)) => recorder.went_home(window, due_at, self.now),
            None => {}
        }
    }
}
