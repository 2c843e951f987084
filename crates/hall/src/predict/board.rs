//! The forecasts told in a live hall, updated event by event, and their measured error.
//!
//! Deterministic: folding the same events with the same seed gives the same forecasts, so that they and their
//! error can be recomputed from the log.

use std::collections::BTreeMap;

use catalogue::{LaneId, LaneKind, LineId, Tongue};
use jiff::Timestamp;

use super::calibration::Calibration;
use super::forecast::{Basis, Ensemble, Forecast};
use super::live::{LiveForecaster, PLAYED_MAX};
use super::promise::{Promise, Told};
use super::score::{LineScore, Scores};
use crate::model::Flaw;
use crate::simulate::Waiting;
use crate::{Bookings, Day, Setup, TicketNo};

/// A wait shorter than this counts as none: the time until the officer presses the key is not forecast.
const AT_ONCE_MINUTES: f64 = 1.0;

/// What one ticket is told at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Notice {
    pub number: TicketNo,
    pub told: Told,
    /// The fresh forecast, before [`Promise::update`] decides whether to change what was told.
    pub forecast: Forecast,
}

/// Calibration and scores are by line, in the order of the [`Setup`].
#[derive(Debug)]
pub struct Board {
    live: LiveForecaster,
    calibration: Calibration,
    scores: Scores,
    basis: Vec<Basis>,
    words: BTreeMap<TicketNo, Word>,
}

/// A waiting ticket with its first forecast, which is the one that is scored.
#[derive(Debug)]
struct Word {
    promise: Promise,
    line: usize,
    first: Ensemble,
    forecast: Forecast,
    since: Timestamp,
}

impl Word {
    /// The forecast is infinite: no window was open that could call the ticket.
    fn says_nothing(&self) -> bool {
        !self.forecast.median_minutes.is_finite()
    }

    fn is_at_once(&self) -> bool {
        self.forecast.high_minutes < AT_ONCE_MINUTES
    }

    /// Replaces a forecast that says nothing; the first finite one is scored.
    fn begin(&mut self, now: Timestamp, ensemble: Ensemble, forecast: Forecast) {
        if self.says_nothing() {
            (self.first, self.forecast, self.since) = (ensemble, forecast, now);
        }
    }
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

    /// With what was learnt on earlier days.
    #[must_use]
    pub fn resumed(mut self, calibration: Calibration, scores: Scores, basis: Vec<Basis>) -> Self {
        self.calibration = calibration;
        self.scores = scores;
        self.basis = basis;
        self
    }

    pub fn scores(&self) -> &Scores {
        &self.scores
    }

    /// What was learnt, for the next day.
    pub fn learnt(self) -> (Calibration, Scores) {
        (self.calibration, self.scores)
    }

    /// Sets the people with an appointment who may still come.
    ///
    /// # Errors
    /// When a booking is not sound; then the earlier bookings stay.
    pub fn expect(&mut self, setup: &Setup, bookings: &Bookings) -> Result<(), Flaw> {
        self.live.expect(setup, bookings)
    }

    pub fn live(&self) -> &LiveForecaster {
        &self.live
    }

    /// After an event: scores the tickets that were called, and returns what all others are told now.
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
                Some(word) => {
                    let told = word.promise.update(self.live.hall(), &present, waiting, &forecast);
                    word.begin(now, ensemble, forecast);
                    told
                }
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

    /// As [`Board::refresh`] for a past day: tells nobody anything, but learns and scores the same for a
    /// fraction of the work, because only first forecasts count.
    pub fn listen(&mut self, day: &Day, now: Timestamp) {
        self.settle(day);
        let new = |ticket: &&crate::Ticket| self.words.get(&ticket.number).is_none_or(Word::says_nothing);
        let numbers: Vec<TicketNo> = day.waiting().filter(new).map(|ticket| ticket.number).collect();
        if numbers.is_empty() {
            return;
        }
        let present = self.live.present(day, now);
        let watched: Vec<&Waiting> =
            present.waiting.iter().filter(|waiting| numbers.contains(&TicketNo(waiting.number))).collect();
        let numbers: Vec<TicketNo> = watched.iter().map(|waiting| TicketNo(waiting.number)).collect();
        for (waiting, ensemble) in watched.into_iter().zip(self.live.ensembles_of(&present, &numbers)) {
            let line = self.live.rule_of(&day.setup, waiting.line);
            let forecast = ensemble.forecast(self.calibration.band(line), self.basis[line]);
            match self.words.get_mut(&TicketNo(waiting.number)) {
                Some(word) => word.begin(now, ensemble, forecast),
                None => {
                    let promise = Promise::new(self.live.hall(), &present, waiting, &forecast);
                    let word = Word { promise, line, first: ensemble, forecast, since: now };
                    self.words.insert(TicketNo(waiting.number), word);
                }
            }
        }
    }

    /// The forecast for a walk-in now, by line of the setup, in this language and lane; `None` where no
    /// window serves the line in that language, or when more than [`PLAYED_MAX`] wait.
    pub fn newcomers(
        &mut self,
        day: &Day,
        now: Timestamp,
        language: Tongue,
        lane: LaneKind,
    ) -> Vec<Option<Forecast>> {
        // A newcomer would stand behind tickets that are not simulated.
        if day.waiting().count() > PLAYED_MAX {
            return vec![None; day.setup.lines.len()];
        }
        let lane = day.setup.lane(lane).map(|lane| lane.id.clone());
        let asked: Vec<Option<(LineId, LaneId)>> = day
            .setup
            .lines
            .iter()
            .map(|rule| {
                let served = day.setup.windows.iter().any(|desk| desk.can_serve(&rule.id, language));
                lane.clone().filter(|_| served).map(|lane| (rule.id.clone(), lane))
            })
            .collect();
        let mut ensembles = self.live.newcomers(day, now, language, asked.iter().flatten()).into_iter();
        let mut forecasts = Vec::with_capacity(asked.len());
        for (line, asked) in asked.iter().enumerate() {
            let ensemble = asked.as_ref().and_then(|_| ensembles.next()).flatten();
            let band = self.calibration.band(line);
            forecasts.push(ensemble.map(|ensemble| ensemble.forecast(band, self.basis[line])));
        }
        forecasts
    }

    /// Error of the first forecast, by line.
    pub fn published(&self) -> Vec<LineScore> {
        self.scores.published()
    }

    /// Scores and drops the tickets that wait no more; those that ended without being called are not scored.
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
            // A ticket sent straight to a window, or told that no window is open, had no wait forecast.
            if let Some(called) = called
                && !word.says_nothing()
                && !word.is_at_once()
            {
                let waited = called.duration_since(word.since).as_secs_f64() / 60.0;
                self.calibration.learn(word.line, word.first.rank(waited));
                self.scores.add(word.line, &word.forecast, waited);
            }
        }
    }
}
