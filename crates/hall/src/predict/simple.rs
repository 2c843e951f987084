//! Forecasts without simulation: those that hall displays use, and the classics of the literature.

use std::collections::VecDeque;

use crate::model::CallKey;
use crate::simulate::{Hall, Present, Waiting};

/// Lengths of the rolling means, in called tickets.
pub const ROLLING: [usize; 5] = [1, 5, 10, 20, 50];

#[derive(Clone, Debug)]
pub struct Simple {
    lines: Vec<Recent>,
    all: Recent,
    /// Count of services, and the sum of their minutes.
    services: (f64, f64),
}

/// Waits of called tickets, the latest last; at most 50.
#[derive(Clone, Debug, Default)]
struct Recent(VecDeque<f64>);

impl Recent {
    fn push(&mut self, wait: f64) {
        if self.0.len() == 50 {
            self.0.pop_front();
        }
        self.0.push_back(wait);
    }

    fn mean(&self, last: usize) -> f64 {
        let count = last.min(self.0.len());
        if count == 0 { 0.0 } else { self.0.iter().rev().take(count).sum::<f64>() / count as f64 }
    }
}

/// The minutes that each method forecasts for one ticket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimpleForecasts {
    /// Position in the whole hall's calling order × mean service of all lines ÷ windows on duty.
    pub position_mean: f64,
    /// The same, counting only tickets and windows that compete with this ticket.
    pub competing_mean: f64,
    /// Position in its own line × the line's mean service ÷ windows on duty that serve it.
    pub own_queue: f64,
    /// Sum of the mean services, each by line, of all tickets ahead in the hall ÷ windows on duty.
    pub work_ahead: f64,
    /// The wait of the line's ticket that was called last.
    pub last_to_enter_service: f64,
    /// How long the first ticket of the line has waited so far.
    pub head_of_line: f64,
    /// Mean of the last waits in the line, for each of [`ROLLING`].
    pub rolling_line: [f64; ROLLING.len()],
    /// The same over all lines.
    pub rolling_all: [f64; ROLLING.len()],
}

impl Simple {
    pub fn new(lines: usize) -> Self {
        Self { lines: vec![Recent::default(); lines], all: Recent::default(), services: (0.0, 0.0) }
    }

    /// Adds a service of any line.
    pub fn served(&mut self, minutes: f64) {
        self.services.0 += 1.0;
        self.services.1 += minutes;
    }

    fn mean_service(&self) -> f64 {
        self.services.1 / self.services.0.max(1.0)
    }

    pub fn called(&mut self, line: usize, wait: f64) {
        self.lines[line].push(wait);
        self.all.push(wait);
    }

    /// For a ticket that is not in `present.waiting`. `means` are the mean service minutes by line.
    pub fn forecast(
        &self,
        hall: &Hall,
        present: &Present,
        ticket: &Waiting,
        means: &[f64],
    ) -> SimpleForecasts {
        let key = |waiting: &Waiting| {
            let queue = hall.queue(waiting.line, waiting.lane);
            CallKey::new(waiting.ready_at, hall.head_start(queue), waiting.number)
        };
        let mine = key(ticket);
        let serves = |window: usize, line: usize| hall.can_serve(window, hall.queue(line, 0));
        let on: Vec<usize> = (0..present.windows.len()).filter(|n| present.windows[*n].is_on).collect();
        let able: Vec<usize> = on.iter().copied().filter(|n| serves(*n, ticket.line)).collect();
        let ahead: Vec<&Waiting> =
            present.waiting.iter().filter(|other| key(other).comes_before(&mine)).collect();
        let competes = |line: usize| able.iter().any(|window| serves(*window, line));
        let own = means[ticket.line];
        let place = |counts: &dyn Fn(&Waiting) -> bool| {
            (ahead.iter().filter(|other| counts(other)).count() + 1) as f64
        };
        let (on_count, able_count) = (on.len().max(1) as f64, able.len().max(1) as f64);
        let recent = &self.lines[ticket.line];
        let head = present.waiting.iter().filter(|other| other.line == ticket.line);
        let head = head.map(|other| present.now - other.joined_at).fold(f64::NEG_INFINITY, f64::max);
        SimpleForecasts {
            position_mean: place(&|_| true) * self.mean_service() / on_count,
            competing_mean: place(&|other| competes(other.line)) * self.mean_service() / able_count,
            own_queue: place(&|other| other.line == ticket.line) * own / able_count,
            work_ahead: (ahead.iter().map(|other| means[other.line]).sum::<f64>() + own) / on_count,
            last_to_enter_service: recent.mean(1),
            head_of_line: if head.is_finite() { head } else { recent.mean(1) },
            rolling_line: ROLLING.map(|last| recent.mean(last)),
            rolling_all: ROLLING.map(|last| self.all.mean(last)),
        }
    }
}
