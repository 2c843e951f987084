//! One act in a hall: load, decide, append, and change the rows that people see, in one commit.

use std::sync::Arc;

use ::hall::{Command, Context, Day, Event, Stamp};
use catalogue::HallId;
use engine::Folded as _;
use jiff::Timestamp;
use jiff::civil::Date;
use store::{Append, Batch, Change, CommandId, Expected, NewEvent, Outcome, Version};
use uuid::Uuid;

use crate::error::{OfficeError, Result};
use crate::hall::load::{DAYS, LoadedDay, stream};
use crate::office::Office;
use crate::views;

/// Somebody else's append in between, on another node, is met by deciding anew this often.
const TRIES: usize = 400;

/// What came of an act.
#[derive(Clone, Debug)]
pub struct OnFloor {
    pub loaded: LoadedDay,
    pub events: Vec<Event>,
}

/// What an act brings along.
#[derive(Clone, Debug, Default)]
pub(crate) struct Along {
    pub changes: Vec<Change>,
    pub appends: Vec<Append>,
    /// With a key, doing it twice does it once; the second time is told `reply`.
    pub command: Option<(Uuid, Vec<u8>)>,
}

impl Along {
    /// Nothing but that it is done once: the second time is told on which day that was.
    pub fn once(command: Option<Uuid>, date: Date) -> Self {
        Self { command: command.map(|command| (command, date.to_string().into_bytes())), ..Self::default() }
    }
}

impl Office {
    /// What was done can often not be done again: whoever asks a second time sees the floor of the day on which it was done.
    pub(crate) async fn done_on_floor(
        &self,
        hall: &HallId,
        command: Option<Uuid>,
    ) -> Result<Option<OnFloor>> {
        let Some(command) = command else { return Ok(None) };
        let Some(Outcome::Repeated { reply, .. }) = self.store().outcome(CommandId(command)).await? else {
            return Ok(None);
        };
        // Replies of old say nothing; they were looked for on their day.
        let date = std::str::from_utf8(&reply).ok().and_then(|text| text.parse().ok());
        let date = date.unwrap_or_else(|| self.today());
        let loaded = self.hall_day(hall, date).await?.ok_or(OfficeError::NotFound)?;
        Ok(Some(OnFloor { loaded, events: Vec::new() }))
    }

    /// Does `command` in a hall, opening its day if need be.
    pub(crate) async fn on_floor(
        &self,
        hall: &HallId,
        date: Date,
        actor: &str,
        command: &Command,
        mut along: impl FnMut(&Day, &[Event]) -> Result<Along>,
    ) -> Result<(OnFloor, Option<Vec<u8>>)> {
        let stream = stream(DAYS, hall, date)?;
        self.open_day(hall, date).await?;
        let _turn = self.inner.halls.turn(&stream).await;
        for _ in 0..TRIES {
            let loaded = self.hall_day(hall, date).await?.ok_or(OfficeError::NotFound)?;
            let context = Context { now: self.now(), actor };
            let events = ::hall::decide(Some(&loaded.day), command, &context)?;
            let along = along(&loaded.day, &events)?;
            match self.commit_day(Some(&loaded), hall, date, events, actor, along).await {
                // The others' turn: whoever tries again at once only stands in their way.
                Err(OfficeError::Stale) => tokio::task::yield_now().await,
                done => return done,
            }
        }
        Err(OfficeError::Stale)
    }

    /// Begins a hall's day with whoever was carried over, unless it has begun.
    pub(crate) async fn open_day(&self, hall: &HallId, date: Date) -> Result<()> {
        if self.hall_day(hall, date).await?.is_some() {
            return Ok(());
        }
        let setup = Arc::new(self.hall_setup(hall, date)?);
        if setup.hours.is_empty() {
            return Err(::hall::Refusal::HallRests.into());
        }
        let carried = self.carried_into(hall, date).await?;
        let edition = self.edition().hash();
        let command = Command::Open { hall: hall.clone(), date, edition, setup, carried };
        let context = Context { now: self.now(), actor: "system" };
        let events = ::hall::decide(None, &command, &context)?;
        match self.commit_day(None, hall, date, events, "system", Along::default()).await {
            // Somebody else opened it a moment ago.
            Ok(_) | Err(OfficeError::Stale) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Appends what was decided and changes the rows that it moves. With the reply of the first time, if the command had
    /// been given before.
    pub(crate) async fn commit_day(
        &self,
        before: Option<&LoadedDay>,
        hall: &HallId,
        date: Date,
        events: Vec<Event>,
        actor: &str,
        along: Along,
    ) -> Result<(OnFloor, Option<Vec<u8>>)> {
        let stream = stream(DAYS, hall, date)?;
        let now = store::whole_microseconds(self.now());
        let stamp = Stamp { at: now, actor: actor.into() };
        let mut after = before.map(|loaded| Day::clone(&loaded.day));
        let mut appended: Vec<NewEvent> = Vec::with_capacity(events.len());
        for event in &events {
            Day::fold(&mut after, event, &stamp);
            appended.push(self.hall_event(now, event, actor));
        }
        let after = after.ok_or(OfficeError::NotFound)?;
        let version = before.map_or(Version::NONE, |loaded| loaded.version);
        if appended.is_empty() && along.changes.is_empty() && along.appends.is_empty() {
            let loaded = before.cloned().ok_or(OfficeError::NotFound)?;
            return Ok((OnFloor { loaded, events }, None));
        }
        let offset = self.edition().offset();
        let rows = views::hall::day_changes(before.map(|loaded| &*loaded.day), &after, &events, offset);
        let expected = if before.is_some() { Expected::Version(version) } else { Expected::NoStream };
        let count = appended.len() as u64;
        let mut batch = Batch::new(now).append(stream.clone(), expected, appended).views(rows);
        batch.changes.extend(along.changes);
        batch.appends.extend(along.appends);
        if let Some((command, reply)) = along.command {
            batch = batch.command(CommandId(command), reply);
        }
        match self.store().commit(batch).await? {
            Outcome::Committed { .. } => {
                let version = Version(version.0 + count);
                let loaded = LoadedDay { hall: hall.clone(), date, day: Arc::new(after), version };
                self.inner.halls.put(stream.as_str(), loaded.clone());
                Ok((OnFloor { loaded, events }, None))
            }
            Outcome::Repeated { reply, .. } => {
                let loaded = self.hall_day(hall, date).await?.ok_or(OfficeError::NotFound)?;
                Ok((OnFloor { loaded, events: Vec::new() }, Some(reply)))
            }
        }
    }

    pub(crate) fn hall_event(&self, at: Timestamp, event: &Event, actor: &str) -> NewEvent {
        let encoded = ::hall::encode(event);
        NewEvent { at, ..self.new_event(encoded.kind, encoded.schema.into(), actor, encoded.bytes) }
    }

    /// The next number of the zone on a day. A number that is taken and then not used is never used.
    pub(crate) async fn next_ticket_number(&self, date: Date) -> Result<::hall::TicketNo> {
        let number = self.store().take_numbers(&format!("ticket/{date}"), 1).await?;
        Ok(::hall::TicketNo(u32::try_from(number).unwrap_or(u32::MAX)))
    }
}
