//! `bench board`: the cost of a board refresh per event, over a whole day of the built-in zone's hall.
//! Processor time of one thread.

use hall::Folded as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use hall::predict::{Board, Known, LiveForecaster};
use hall::{Day, Stamp};
use jiff::Timestamp;
use office::{DerivedKeys, Office, Surroundings};
use sim::halls::{self, HallSpec};
use sim::{PlayClock, SeededEntropy};
use store::{MemoryStore, Store, StreamId, Version};

/// A Thursday, late in the evening.
const NOW: &str = "2026-11-26T14:00:00Z";
const PATHS: usize = 200;

#[derive(Debug, clap::Args)]
pub struct BoardBench {
    /// People who come on the day.
    #[arg(long, default_value_t = 400)]
    visitors: u32,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl BoardBench {
    pub fn run(&self) -> Result<()> {
        let (midnight, days) = crate::command::serve::runtime()?.block_on(self.lived())?;
        let first = days.first().context("nothing has happened in the hall")?;
        let board = || -> Result<Board> {
            let live = LiveForecaster::new(&first.0.setup, midnight, &Known::default(), PATHS, 1)?;
            Ok(Board::new(live, &first.0.setup))
        };
        #[expect(clippy::cast_precision_loss, reason = "a number of events")]
        let events = days.len() as f64;
        let waiting: usize = days.iter().map(|(day, _)| day.waiting().count()).sum();
        let most = days.iter().map(|(day, _)| day.waiting().count()).max().unwrap_or_default();
        let (mut telling, mut worst) = (board()?, Duration::ZERO);
        let begun = super::thread_cpu();
        for (day, at) in &days {
            let before = super::thread_cpu();
            std::hint::black_box(telling.refresh(day, *at));
            worst = worst.max(super::thread_cpu().saturating_sub(before));
        }
        let told = super::thread_cpu().saturating_sub(begun);
        let mut listening = board()?;
        let begun = super::thread_cpu();
        days.iter().for_each(|(day, at)| listening.listen(day, *at));
        let heard = super::thread_cpu().saturating_sub(begun);
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        {
            super::line("board_events", events, "events");
            super::line("board_waiting_mean", waiting as f64 / events, "people");
            super::line("board_waiting_most", most as f64, "people");
        }
        super::line("board_refresh", told.as_secs_f64() * 1e3 / events, "ms/event");
        super::line("board_refresh_worst", worst.as_secs_f64() * 1e3, "ms");
        super::line("board_restart", told.as_secs_f64(), "s/day");
        super::line("board_listen", heard.as_secs_f64(), "s/day");
        Ok(())
    }

    /// The state after every event of a simulated day.
    async fn lived(&self) -> Result<(Timestamp, Vec<(Day, Timestamp)>)> {
        let now: Timestamp = NOW.parse()?;
        let store = MemoryStore::new();
        let surroundings = Surroundings {
            store: Arc::new(store.clone()),
            clock: Arc::new(PlayClock::standing_at(now)),
            entropy: Arc::new(SeededEntropy::new(self.seed)),
            keys: Arc::new(DerivedKeys::new([7; 32])),
            public_url: "http://zone.test".into(),
            second_factor: office::SecondFactor::Off,
        };
        let edition = checker::compile(&crate::pack::built_in()).edition.context("the zone has errors")?;
        let (offset, hall) = (edition.offset(), edition.parts().halls.keys().next().cloned());
        let hall = hall.context("the zone has no hall")?;
        let date = offset.to_datetime(now).date();
        let midnight = offset.to_timestamp(date.at(0, 0, 0, 0))?;
        let office = Office::start(surroundings, Some(edition)).await?;
        let (cast, _) = sim::seat(&office, "一窗演示2026").await?;
        let (visitors, seed) = (self.visitors, self.seed);
        let spec = HallSpec { from: date, until: date, now, visitors, seed, at_once: 1 };
        halls::play(&office, &cast, spec).await?;
        let stream = StreamId::of("hall-day", format!("{date}/{hall}"))?;
        let mut state: Option<Day> = None;
        let mut days = Vec::new();
        for envelope in store.read_stream(&stream, Version::NONE, 1_000_000).await? {
            let event = hall::decode(&envelope.kind, u16::try_from(envelope.schema)?, &envelope.body)?;
            let stamp = Stamp { at: envelope.at, actor: envelope.actor.as_str().into() };
            match &mut state {
                Some(day) => day.apply(&event, &stamp),
                None => state = Day::begin(&event, &stamp),
            }
            days.extend(state.clone().map(|day| (day, envelope.at)));
        }
        Ok((midnight, days))
    }
}
