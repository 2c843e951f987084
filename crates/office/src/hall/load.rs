//! A hall's day and its appointments, folded from their streams.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ::hall::{Bookings, Day, Setup, Stamp};
use catalogue::HallId;
use engine::Folded as _;
use jiff::civil::Date;
use store::{Envelope, StreamId, Version};

use crate::case::perform::day_of;
use crate::error::{Fault, OfficeError, Result};
use crate::office::Office;
use crate::recorded;

pub(crate) const DAYS: &str = "hall-day";
pub(crate) const BOOKINGS: &str = "hall-bookings";

/// A day of a hall with all that acting on it needs.
#[derive(Clone, Debug)]
pub struct LoadedDay {
    pub hall: HallId,
    pub date: Date,
    pub day: Arc<Day>,
    pub version: Version,
}

/// Days that were looked at lately, and the turn in which each is acted on.
#[derive(Debug, Default)]
pub(crate) struct DayCache {
    days: Mutex<HashMap<String, LoadedDay>>,
    turns: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

/// Days kept in memory; the present ones of a few halls and those that somebody looks back at.
const DAYS_KEPT: usize = 64;

impl DayCache {
    fn get(&self, stream: &str) -> Option<LoadedDay> {
        self.days.lock().unwrap_or_else(PoisonError::into_inner).get(stream).cloned()
    }

    pub fn put(&self, stream: &str, loaded: LoadedDay) {
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        if days.len() >= DAYS_KEPT && !days.contains_key(stream) {
            days.clear();
        }
        match days.get(stream) {
            Some(kept) if kept.version > loaded.version => {}
            _ => {
                days.insert(stream.to_owned(), loaded);
            }
        }
    }

    /// Whoever acts on a stream here takes turns, so that two windows do not undo each other's tries. Between nodes the
    /// expected version decides.
    pub async fn turn(&self, stream: &StreamId) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            if turns.len() > 4 * DAYS_KEPT {
                turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            }
            turns.entry(stream.to_string()).or_default().clone()
        };
        turn.lock_owned().await
    }
}

pub(crate) fn stream(kind: &str, hall: &HallId, date: Date) -> Result<StreamId> {
    StreamId::of(kind, format!("{date}/{hall}")).map_err(|error| OfficeError::Fault(Fault::Store(error)))
}

/// The day and the hall of such a stream's id.
pub(crate) fn place_of(id: &str) -> Option<(Date, HallId)> {
    let (date, hall) = id.split_once('/')?;
    Some((date.parse().ok()?, HallId::from(hall)))
}

pub(crate) fn read(envelope: &Envelope) -> Result<(::hall::Event, Stamp)> {
    Ok((recorded::event(envelope)?, recorded::stamp(envelope)))
}

/// One more event of a day's stream.
pub(crate) fn fold_day(day: &mut Option<Day>, envelope: &Envelope) -> Result<()> {
    let (event, stamp) = read(envelope)?;
    Day::fold(day, &event, &stamp);
    Ok(())
}

/// One more event of a day's appointments.
pub(crate) fn fold_bookings(bookings: &mut Bookings, envelope: &Envelope) -> Result<()> {
    let (event, stamp) = read(envelope)?;
    bookings.apply(&event, &stamp);
    Ok(())
}

impl Office {
    /// The civil day in the zone.
    pub fn today(&self) -> Date {
        day_of(&self.edition(), self.now())
    }

    /// The rules of a hall on a day, under the current edition.
    pub fn hall_setup(&self, hall: &HallId, date: Date) -> Result<Setup> {
        Setup::of(&self.edition(), hall, date).ok_or(OfficeError::NotFound)
    }

    /// A hall on a day; `None` before anything happened in it.
    pub async fn hall_day(&self, hall: &HallId, date: Date) -> Result<Option<LoadedDay>> {
        let stream = stream(DAYS, hall, date)?;
        let kept = self.inner.halls.get(stream.as_str());
        let version = kept.as_ref().map_or(Version::NONE, |kept| kept.version);
        let events = self.events(&stream, version).await?;
        let Some(last) = events.last() else { return Ok(kept) };
        let version = last.version;
        let mut day = kept.map(|kept| Arc::unwrap_or_clone(kept.day));
        for envelope in &events {
            fold_day(&mut day, envelope)?;
        }
        let Some(day) = day else { return Ok(None) };
        let loaded = LoadedDay { hall: hall.clone(), date, day: Arc::new(day), version };
        self.inner.halls.put(stream.as_str(), loaded.clone());
        Ok(Some(loaded))
    }

    /// How far a hall's day has come: changes whenever anything happens in it.
    pub async fn hall_version(&self, hall: &HallId, date: Date) -> Result<u64> {
        let head = self.store().stream_head(&stream(DAYS, hall, date)?).await?;
        Ok(head.map_or(0, |head| head.version.0))
    }

    /// The appointments of a hall on a day.
    pub(crate) async fn bookings(&self, hall: &HallId, date: Date) -> Result<(Bookings, Version)> {
        let mut bookings = Bookings::default();
        let mut version = Version::NONE;
        for envelope in self.events(&stream(BOOKINGS, hall, date)?, Version::NONE).await? {
            fold_bookings(&mut bookings, &envelope)?;
            version = envelope.version;
        }
        Ok((bookings, version))
    }
}
