//! What people are told about waits: one board per day of a hall, told anew after every event, away from the commits.
//!
//! A board follows the streams of the journal; nobody who takes a number or calls one waits for it. Folded again after a
//! restart, the same events give the same words.

mod follow;
mod learnt;
mod past;
mod told;
mod what_if;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use catalogue::HallId;
use jiff::civil::Date;
use store::{StreamId, Version};

use crate::error::{Fault, OfficeError, Result};
use crate::hall::load::{BOOKINGS, DAYS, fold_day, read, stream};
use crate::office::Office;
use follow::Followed;
pub use learnt::Scored;
pub use told::{HallForecasts, TicketForecast, ToldReason};

/// Boards kept: those of today, and of the halls that somebody still looks at after midnight.
const BOARDS_KEPT: usize = 32;
/// How long a page waits for the board to come up to date before it shows what was told last.
const PATIENCE: Duration = Duration::from_secs(1);
/// With more people waiting than this a page shows what was told last, or nothing yet, at once: everybody looks then.
const CROWD: usize = 100;
const NO_PATIENCE: Duration = Duration::from_millis(20);
/// Of the time, telling a crowd takes at most one part in so many.
const SHARE: u32 = 4;

#[derive(Debug)]
pub(crate) struct Boards {
    days: Mutex<HashMap<String, Arc<Place>>>,
    /// One thread at a time, however many halls there are: pages come first.
    turn: tokio::sync::Semaphore,
}

#[derive(Debug, Default)]
struct Place {
    followed: Arc<tokio::sync::Mutex<Option<Followed>>>,
    last: Mutex<Option<Arc<HallForecasts>>>,
}

impl Default for Boards {
    fn default() -> Self {
        Self { days: Mutex::default(), turn: tokio::sync::Semaphore::new(1) }
    }
}

impl Boards {
    fn place(&self, stream: &StreamId) -> Arc<Place> {
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        if days.len() >= BOARDS_KEPT && !days.contains_key(stream.as_str()) {
            days.clear();
        }
        days.entry(stream.to_string()).or_default().clone()
    }
}

impl Place {
    fn last(&self) -> Option<Arc<HallForecasts>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Office {
    /// What is told in a hall today, up to now, or up to a moment ago while much has to be caught up with; `None` before
    /// the day has begun. A forecast that fails takes no page with it.
    pub async fn hall_forecasts(&self, hall: &HallId) -> Option<Arc<HallForecasts>> {
        let (office, of, date) = (self.clone(), hall.clone(), self.today());
        let place = self.inner.boards.place(&stream(DAYS, hall, date).ok()?);
        let waiting =
            self.hall_day(hall, date).await.ok().flatten().map_or(0, |day| day.day.waiting().count());
        let patience = if waiting > CROWD { NO_PATIENCE } else { PATIENCE };
        // A task of its own: what a page does not wait for is there for the next.
        let task = tokio::spawn(async move { office.follow_hall(&of, date).await });
        match tokio::time::timeout(patience, task).await {
            Ok(Ok(Ok(told))) => told,
            Ok(Ok(Err(error))) => {
                tracing::warn!(%hall, %error, "the waits could not be forecast");
                place.last()
            }
            Ok(Err(_)) | Err(_) => place.last(),
        }
    }

    /// Follows the halls of today for as long as it is polled, so that pages find the words already there.
    pub async fn follow_halls(&self) {
        /// Many commits in a moment are one change to somebody who looks.
        const CALM: Duration = Duration::from_millis(250);
        /// Words change by the passing of time too: a service drags on.
        const AT_LEAST: Duration = Duration::from_secs(20);
        let mut positions = self.store().subscribe();
        loop {
            positions.borrow_and_update();
            let halls: Vec<HallId> = self.edition().parts().halls.keys().cloned().collect();
            let begun = tokio::time::Instant::now();
            for hall in halls {
                if let Err(error) = self.follow_hall(&hall, self.today()).await {
                    tracing::warn!(%hall, %error, "the waits could not be forecast");
                }
            }
            tokio::time::sleep(CALM.max(begun.elapsed() * (SHARE - 1))).await;
            let _ = tokio::time::timeout(AT_LEAST, positions.changed()).await;
        }
    }

    /// Brings the board of a day up to now.
    pub(crate) async fn follow_hall(&self, hall: &HallId, date: Date) -> Result<Option<Arc<HallForecasts>>> {
        let days = stream(DAYS, hall, date)?;
        let place = self.inner.boards.place(&days);
        let mut kept = place.followed.clone().lock_owned().await;
        let now = self.now();
        let (version, booked) =
            kept.as_ref().map_or((Version::NONE, Version::NONE), |kept| (kept.version, kept.booked));
        let events = self.events(&days, version).await?;
        // Read after the day, so that whoever has a number is not expected any more.
        let bookings = self.events(&stream(BOOKINGS, hall, date)?, booked).await?;
        if events.is_empty() && bookings.is_empty() {
            match kept.as_ref() {
                None => return Ok(None),
                Some(followed) if !followed.is_due(now) => return Ok(place.last()),
                Some(_) => {}
            }
        }
        let mut followed = match kept.take() {
            Some(followed) => followed,
            None => match events.split_first() {
                Some((first, _)) => self.begin_board(hall, date, first).await?,
                None => return Ok(None),
            },
        };
        let bookings = bookings.iter().map(read).collect::<Result<Vec<_>>>()?;
        let (followed, told) = self
            .forecast(move || {
                followed.booked(bookings);
                for envelope in &events {
                    followed.step(envelope, true)?;
                }
                followed.until(now, true)?;
                let told = followed.told(now);
                Ok((followed, told))
            })
            .await?;
        *kept = Some(followed);
        let told = Arc::new(told);
        *place.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(told.clone());
        Ok(Some(told))
    }

    /// The board of a day before its first event.
    async fn begin_board(&self, hall: &HallId, date: Date, first: &store::Envelope) -> Result<Followed> {
        let learnt = self.learnt_before(hall, date).await?;
        self.board_after(hall, date, first, &learnt).await
    }

    async fn board_after(
        &self,
        hall: &HallId,
        date: Date,
        first: &store::Envelope,
        learnt: &learnt::Learnt,
    ) -> Result<Followed> {
        let mut day = None;
        fold_day(&mut day, first)?;
        let day = day.ok_or_else(|| OfficeError::Fault(Fault::Broken("a day without a beginning".into())))?;
        let past = self.past_of(hall, date, &day.setup).await?;
        let midnight = self.edition().offset().to_timestamp(date.at(0, 0, 0, 0));
        let midnight = midnight.map_err(|error| OfficeError::Fault(Fault::Broken(error.to_string())))?;
        let (hall, learnt) = (hall.clone(), learnt.clone());
        self.forecast(move || Followed::begin(&day, midnight, &past, &learnt, seed_of(&hall, date))).await
    }

    /// Runs what is heavy away from the pages.
    async fn forecast<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let broken = |what: &str| OfficeError::Fault(Fault::Broken(what.into()));
        let _turn = self.inner.boards.turn.acquire().await.map_err(|_| broken("the office is closing"))?;
        tokio::task::spawn_blocking(work).await.map_err(|_| broken("a forecast did not finish"))?
    }
}

/// The same all day and on every node: what moves then is the hall.
fn seed_of(hall: &HallId, date: Date) -> u64 {
    let digest = store::Digest::of(format!("{date}/{hall}").as_bytes()).to_string();
    u64::from_str_radix(&digest[..16], 16).unwrap_or_default()
}
