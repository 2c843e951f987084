//! What everybody in a live hall is told, event by event, and how right it was.
//!
//! Nothing here is chance or clock: folded over the same events with the same seed, the board says the same again, so its
//! words and its error can be recomputed from the log.

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

/// Below this a wait is none: what passes until the officer presses the key is not forecast.
const AT_ONCE_MINUTES: f64 = 1.0;

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

impl Word {
    /// Nobody was there to call the number, as far as was known.
    fn says_nothing(&self) -> bool {
        !self.forecast.median_minutes.is_finite()
    }

    fn is_at_once(&self) -> bool {
        self.forecast.high_minutes < AT_ONCE_MINUTES
    }

    /// The first word that says something is the one that counts.
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

    /// With what earlier days have taught.
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

    /// For the next day.
    pub fn learnt(self) -> (Calibration, Scores) {
        (self.calibration, self.scores)
    }

    /// The people with an appointment who may still come.
    ///
    /// # Errors
    /// When a booking cannot be played; then those known before stand.
    pub fn expect(&mut self, setup: &Setup, bookings: &Bookings) -> Result<(), Flaw> {
        self.live.expect(setup, bookings)
    }

    pub fn live(&self) -> &LiveForecaster {
        &self.live
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

    /// As [`Board::refresh`], for a day that is over: nobody is told anything, and the same is learnt and scored for a
    /// small part of the work, because only first words count.
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

    /// What somebody is told who comes now, by line of the setup, in this language and lane; nothing where no window of
    /// the hall does it.
    pub fn newcomers(
        &mut self,
        day: &Day,
        now: Timestamp,
        language: Tongue,
        lane: LaneKind,
    ) -> Vec<Option<Forecast>> {
        // Whoever comes now stands behind people who are not played.
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
            // Whoever was told to go straight to a window, or that no window is open, was told no wait.
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
