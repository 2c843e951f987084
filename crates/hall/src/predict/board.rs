//! What everybody in a live hall is told, event by event, and how right it was.
//!
//! Nothing here is chance or clock: folded over the same events with the same seed, the board says the same again, so its
//! words and its error can be recomputed from the log.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::calibration::Calibration;
use super::forecast::{Basis, Ensemble, Forecast};
use super::live::LiveForecaster;
use super::promise::{Promise, Told};
use super::score::{LineScore, Scores};
use crate::{Day, Setup, TicketNo};

/// The word of one ticket at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Notice {
    pub number: TicketNo,
    pub told: Told,
    /// What the paths say now, before it is weighed whether to change what was told.
    pub forecast: Forecast,
}

/// Lines of calibration and scores are those of the [`Setup`], in its order.
#[derive(Debug)]
pub struct Board {
    live: LiveForecaster,
    calibration: Calibration,
    scores: Scores,
    basis: Vec<Basis>,
    words: BTreeMap<TicketNo, Word>,
}

/// A ticket that waits, with what it was told first: that is what is scored.
#[derive(Debug)]
struct Word {
    promise: Promise,
    line: usize,
    first: Ensemble,
    forecast: Forecast,
    since: Timestamp,
}

impl Board {
    pub fn new(live: LiveForecaster, setup: &Setup) -> Self {
        let lines = setup.lines.len();
        Self {
            live,
            calibration: Calibration::new(lines),
            scores: Scores::new(lines),
            basis: vec![Basis::Declared { services: 0 }; lines],
            words: BTreeMap::new(),
        }
    }

    /// With what earlier days have taught.
    #[must_use]
    pub fn resumed(mut self, calibration: Calibration, scores: Scores, basis: Vec<Basis>) -> Self {
        self.calibration = calibration;
        self.scores = scores;
        self.basis = basis;
        self
    }

    /// For the next day.
    pub fn learnt(self) -> (Calibration, Scores) {
        (self.calibration, self.scores)
    }

    /// After an event: scores those whose number came up, and says what everybody else is told now.
    pub fn refresh(&mut self, day: &Day, now: Timestamp) -> Vec<Notice> {
        self.settle(day);
        let present = self.live.present(day, now);
        let ensembles = self.live.ensembles(&present);
        let mut notices = Vec::with_capacity(ensembles.len());
        for (waiting, ensemble) in present.waiting.iter().zip(ensembles) {
            let number = TicketNo(waiting.number);
            let line = self.live.rule_of(&day.setup, waiting.line);
            let forecast = ensemble.forecast(self.calibration.band(line), self.basis[line]);
            let told = match self.words.get_mut(&number) {
                Some(word) => word.promise.update(self.live.hall(), &present, waiting, &forecast),
                None => {
                    let promise = Promise::new(self.live.hall(), &present, waiting, &forecast);
                    let told = promise.told();
                    self.words.insert(number, Word { promise, line, first: ensemble, forecast, since: now });
                    told
                }
            };
            notices.push(Notice { number, told, forecast });
        }
        notices
    }

    /// Error of the first word, by line.
    pub fn published(&self) -> Vec<LineScore> {
        self.scores.published()
    }

    /// Whoever does not wait any more was called, or went without being called and is not scored.
    fn settle(&mut self, day: &Day) {
        let over: Vec<TicketNo> = self
            .words
            .keys()
            .copied()
            .filter(|number| day.ticket(*number).is_none_or(|ticket| !ticket.state.is_waiting()))
            .collect();
        for number in over {
            let Some(word) = self.words.remove(&number) else { continue };
            let called = day.ticket(number).and_then(|ticket| {
                let visits = ticket.visits.iter().map(|visit| visit.called_at);
                visits.filter(|at| *at >= word.since).min()
            });
            if let Some(called) = called {
                let waited = called.duration_since(word.since).as_secs_f64() / 60.0;
                self.calibration.learn(word.line, word.first.rank(waited));
                self.scores.add(word.line, &word.forecast, waited);
            }
        }
    }
}
