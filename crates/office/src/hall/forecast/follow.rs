//! One day's events into one board.

use engine::Folded as _;
use std::collections::{BTreeMap, VecDeque};

use ::hall::predict::{Board, LiveForecaster, Notice, Sums, Tried, Unfit, WhatIf};
use ::hall::{Bookings, Day, Doors, Event, Stamp};
use catalogue::{LaneKind, Tongue};
use jiff::{SignedDuration, Timestamp};
use store::{Envelope, Version};

use super::learnt::Learnt;
use super::past::Past;
use super::told::{HallForecasts, ticket_forecast};
use crate::error::{Fault, OfficeError, Result};
use crate::hall::load::read;

/// Futures played for each forecast: with so many the error of the mean adds half a per cent to the squared error.
const PATHS: usize = 200;
/// An event is in the journal so long after its stamp at the latest; what comes later still is told late.
const SETTLED: SignedDuration = SignedDuration::from_secs(5);
const MINUTE: i64 = 60;

/// A day with its board. The words depend on the streams alone: they are told anew at every event of the day, and at every
/// whole minute between two while somebody waits.
#[derive(Debug)]
pub(crate) struct Followed {
    day: Day,
    board: Board,
    notices: Vec<Notice>,
    bookings: Bookings,
    /// Of the appointments, what has happened after the last refresh.
    coming: VecDeque<(Event, Stamp)>,
    refreshed_at: Timestamp,
    ends_at: Timestamp,
    pub version: Version,
    pub booked: Version,
    is_new: bool,
}

impl Followed {
    /// Before the first event, whose day this is.
    pub fn begin(day: &Day, midnight: Timestamp, past: &Past, learnt: &Learnt, seed: u64) -> Result<Self> {
        let live = LiveForecaster::new(&day.setup, midnight, &past.known(), PATHS, seed).map_err(flaw)?;
        let (calibration, scores) = learnt.of(&day.setup);
        let basis = (0..day.setup.lines.len()).map(|line| past.history.basis(line)).collect();
        let board = Board::new(live, &day.setup).resumed(calibration, scores, basis);
        Ok(Self {
            day: day.clone(),
            board,
            notices: Vec::new(),
            bookings: Bookings::default(),
            coming: VecDeque::new(),
            refreshed_at: day.changed_at,
            ends_at: midnight + SignedDuration::from_hours(24),
            version: Version::NONE,
            booked: Version::NONE,
            is_new: true,
        })
    }

    /// More has happened to the appointments of the day.
    pub fn booked(&mut self, events: Vec<(Event, Stamp)>) {
        self.booked = Version(self.booked.0 + events.len() as u64);
        self.coming.extend(events);
    }

    /// The next event of the day. For a day that is over nobody is told anything.
    pub fn step(&mut self, envelope: &Envelope, telling: bool) -> Result<()> {
        let (event, stamp) = read(envelope)?;
        if self.is_new {
            // The day that it began with is the one after this event.
            self.is_new = false;
        } else {
            self.tick(stamp.at, telling)?;
            self.day.apply(&event, &stamp);
        }
        self.version = envelope.version;
        self.refresh(stamp.at.max(self.refreshed_at), telling)
    }

    /// Time passes.
    pub fn until(&mut self, now: Timestamp, telling: bool) -> Result<()> {
        self.tick(now.checked_sub(SETTLED).unwrap_or(now), telling)
    }

    /// Whether a minute has passed that somebody waited through, so that the words may have changed.
    pub fn is_due(&self, now: Timestamp) -> bool {
        now.checked_sub(SETTLED).unwrap_or(now) > next_minute(self.refreshed_at)
    }

    fn tick(&mut self, before: Timestamp, telling: bool) -> Result<()> {
        let before = before.min(self.ends_at);
        if matches!(self.day.doors, Doors::Ended { .. }) {
            return Ok(());
        }
        while next_minute(self.refreshed_at) < before && self.day.waiting().next().is_some() {
            self.refresh(next_minute(self.refreshed_at), telling)?;
        }
        Ok(())
    }

    fn refresh(&mut self, at: Timestamp, telling: bool) -> Result<()> {
        let mut moved = false;
        while let Some((event, stamp)) = self.coming.pop_front_if(|(_, stamp)| stamp.at <= at) {
            self.bookings.apply(&event, &stamp);
            moved = true;
        }
        if moved {
            self.board.expect(&self.day.setup, &self.bookings).map_err(flaw)?;
        }
        if telling {
            self.notices = self.board.refresh(&self.day, at);
        } else {
            self.board.listen(&self.day, at);
        }
        self.refreshed_at = at;
        Ok(())
    }

    /// What is told now.
    pub fn told(&mut self, now: Timestamp) -> HallForecasts {
        let day = &self.day;
        let live = self.board.live();
        let tickets: BTreeMap<_, _> = self
            .notices
            .iter()
            .map(|notice| (notice.number, ticket_forecast(notice, &day.setup, |minute| live.instant(minute))))
            .collect();
        let newcomers = self.board.newcomers(day, now, Tongue::Zh, LaneKind::WalkIn);
        let lines = day.setup.lines.iter().map(|line| line.id.clone());
        HallForecasts {
            version: self.version.0,
            at: now,
            tickets,
            newcomers: lines.zip(newcomers).filter_map(|(line, told)| Some((line, told?))).collect(),
            scores: self.scores(),
        }
    }

    pub fn what_if(&self, now: Timestamp, change: &WhatIf, runs: u32) -> Result<Tried, Unfit> {
        self.board.live().what_if(&self.day, now, change, runs)
    }

    /// Sums of the day's first words and what became of them, by line.
    pub fn scores(&self) -> Vec<(String, Sums)> {
        let lines = self.day.setup.lines.iter().enumerate();
        lines.map(|(place, line)| (line.id.to_string(), self.board.scores().sums(place))).collect()
    }

    pub fn into_learnt(self) -> (Day, Learnt) {
        let scores = self.scores();
        let (calibration, _) = self.board.learnt();
        let learnt = Learnt::new(&self.day.setup, &calibration, scores);
        (self.day, learnt)
    }
}

fn next_minute(after: Timestamp) -> Timestamp {
    Timestamp::from_second((after.as_second().div_euclid(MINUTE) + 1) * MINUTE).unwrap_or(Timestamp::MAX)
}

pub(super) fn flaw(flaw: ::hall::model::Flaw) -> OfficeError {
    OfficeError::Fault(Fault::Broken(flaw.to_string()))
}
