//! What past days have taught about the forecasts themselves: how wide a band must be, and how far off they were.
//!
//! It is a function of the journal: a day's events, played through a board that began with what the day before had taught.
//! The result of each day is kept as a key-value, which only saves work: lost, it is reckoned again from the last weeks,
//! beyond which the calibration remembers nothing. A table of its own would have to be rebuilt with the views, at seconds
//! a day.

use std::collections::BTreeMap;

use ::hall::predict::{Calibration, LineScore, Scores, Sums};
use ::hall::{Doors, Setup};
use catalogue::HallId;
use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Version};

use crate::account::Viewer;
use crate::error::{OfficeError, Result};
use crate::hall::load::{BOOKINGS, DAYS, read, stream};
use crate::office::Office;

const SPACE: &str = "hall-learnt";
/// So many days of a hall are gone back at most.
const DAYS_BACK: u32 = 20;
/// Published errors can be looked at for so long.
const KEPT_DAYS: i64 = 400;

/// By line, because editions may declare others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Learnt {
    /// Where among its paths each outcome fell, oldest first.
    ranks: BTreeMap<String, Vec<f32>>,
    /// Of that day alone.
    scores: BTreeMap<String, Sums>,
}

impl Learnt {
    pub fn new(setup: &Setup, calibration: &Calibration, scores: Vec<(String, Sums)>) -> Self {
        let ranks = setup.lines.iter().enumerate();
        let ranks = ranks.map(|(line, rule)| (rule.id.to_string(), calibration.ranks(line).collect()));
        Self { ranks: ranks.collect(), scores: scores.into_iter().collect() }
    }

    /// For the lines of another day. Scores begin anew: they are published by day.
    pub fn of(&self, setup: &Setup) -> (Calibration, Scores) {
        let mut calibration = Calibration::new(setup.lines.len());
        for (line, rule) in setup.lines.iter().enumerate() {
            let ranks = self.ranks.get(rule.id.as_str()).into_iter().flatten();
            ranks.for_each(|rank| calibration.learn(line, f64::from(*rank)));
        }
        (calibration, Scores::new(setup.lines.len()))
    }
}

/// The error of a line's forecasts over some days.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    pub line: String,
    pub score: LineScore,
}

impl Office {
    /// What the days before this one have taught.
    pub(super) async fn learnt_before(&self, hall: &HallId, date: Date) -> Result<Learnt> {
        let mut learnt = Learnt::default();
        let mut to_learn = Vec::new();
        for day in self.days_before(hall, date, DAYS_BACK).await? {
            if let Some(bytes) = self.store().kv_get(SPACE, &key(hall, day), self.now()).await? {
                learnt = serde_json::from_slice(&bytes)?;
                break;
            }
            to_learn.push(day);
        }
        for day in to_learn.into_iter().rev() {
            learnt = self.learn_day(hall, day, learnt).await?;
        }
        Ok(learnt)
    }

    async fn learn_day(&self, hall: &HallId, date: Date, before: Learnt) -> Result<Learnt> {
        let events = self.events(&stream(DAYS, hall, date)?, Version::NONE).await?;
        let Some(first) = events.first() else { return Ok(before) };
        let bookings = self.events(&stream(BOOKINGS, hall, date)?, Version::NONE).await?;
        let bookings = bookings.iter().map(read).collect::<Result<Vec<_>>>()?;
        let mut followed = self.board_after(hall, date, first, &before).await?;
        let (day, learnt) = self
            .forecast(move || {
                followed.booked(bookings);
                for envelope in &events {
                    followed.step(envelope, false)?;
                }
                Ok(followed.into_learnt())
            })
            .await?;
        // A day that is not over may still teach more.
        if matches!(day.doors, Doors::Ended { .. }) {
            let now = self.now();
            let mut batch = Batch::new(now);
            batch.changes.push(Change::KvPut {
                space: SPACE.into(),
                key: key(hall, date),
                bytes: serde_json::to_vec(&learnt)?,
                expires_at: Some(now + SignedDuration::from_hours(24 * KEPT_DAYS)),
            });
            self.store().commit(batch).await?;
        }
        Ok(learnt)
    }

    /// The error of the forecasts of these days, by line: everybody who had to wait, by the first word that they were
    /// told. Days on which nobody was told anything are left out.
    pub async fn forecast_scores(
        &self,
        hall: &HallId,
        (from, to): (Date, Date),
        by: &Viewer,
    ) -> Result<Vec<Scored>> {
        if by.is_applicant() {
            return Err(OfficeError::Denied);
        }
        let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
        for (key, bytes) in self.store().kv_list(SPACE, &format!("{hall}/"), self.now()).await? {
            let date = key.rsplit_once('/').and_then(|(_, date)| date.parse::<Date>().ok());
            if date.is_some_and(|date| (from..=to).contains(&date)) {
                let day: Learnt = serde_json::from_slice(&bytes)?;
                for (line, of_day) in day.scores {
                    sums.entry(line).or_default().add(&of_day);
                }
            }
        }
        if (from..=to).contains(&self.today())
            && let Some(told) = self.hall_forecasts(hall).await
        {
            for (line, of_day) in &told.scores {
                sums.entry(line.clone()).or_default().add(of_day);
            }
        }
        let scored = sums.into_iter().enumerate();
        Ok(scored
            .filter_map(|(place, (line, sums))| Some(Scored { line, score: sums.score(place)? }))
            .collect())
    }
}

fn key(hall: &HallId, date: Date) -> String {
    format!("{hall}/{date}")
}
