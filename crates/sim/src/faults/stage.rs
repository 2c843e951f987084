//! A store that fails on purpose, with two nodes on it, and a clock that jumps.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use catalogue::Edition;
use jiff::{SignedDuration, Timestamp};
use office::{Clock, DerivedKeys, Fault, Office, OfficeError, Surroundings};
use store::{Fate, MemoryStore, StoreError};

use crate::dice::{Dice, SeededEntropy};

/// Retries before giving up; that all of them meet a fault is practically impossible.
const TRIES: usize = 60;

#[derive(Debug)]
struct JumpingClock(Mutex<Timestamp>);

impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub struct Stage {
    pub store: MemoryStore,
    /// Each with its own caches; a step runs on either.
    nodes: [Office; 2],
    clock: Arc<JumpingClock>,
    crashed: Arc<AtomicBool>,
    pub dice: Dice,
    pub faults: u32,
    pub crashes: u32,
}

impl Stage {
    pub async fn set(edition: Edition, begin: Timestamp, seed: u64) -> Result<Self, String> {
        let store = MemoryStore::new();
        let clock = Arc::new(JumpingClock(Mutex::new(begin)));
        let mut dice = Dice::new(seed);
        let first = node(&store, &clock, dice.roll(), Some(edition)).await?;
        let second = node(&store, &clock, dice.roll(), None).await?;
        let crashed = Arc::new(AtomicBool::new(false));
        let (down, mut luck) = (crashed.clone(), dice.fork(1));
        store.set_fates(move |_| {
            let fate = match luck.below(100) {
                0..5 => Fate::Fails,
                5..10 => Fate::AnswerLost,
                10 => Fate::CrashesBefore,
                11 => Fate::CrashesAfter,
                _ => Fate::Sound,
            };
            if matches!(fate, Fate::CrashesBefore | Fate::CrashesAfter) {
                down.store(true, Ordering::Relaxed);
            }
            fate
        });
        Ok(Self { store, nodes: [first, second], clock, crashed, dice, faults: 0, crashes: 0 })
    }

    /// A random node, for the next request.
    pub fn office(&mut self) -> Office {
        self.nodes[self.dice.below(2)].clone()
    }

    /// Retries with the same command until the answer is not a fault, as a user does who presses the button
    /// again.
    pub async fn again<T>(
        &mut self,
        ask: impl AsyncFn(Office) -> Result<T, OfficeError>,
    ) -> Result<T, OfficeError> {
        let mut tries = 0;
        loop {
            let office = self.office();
            let done = ask(office).await;
            if self.crashed.swap(false, Ordering::Relaxed) {
                self.store.restart();
                self.crash(None).await?;
            }
            tries += 1;
            match done {
                Err(error) if is_fault(&error) && tries < TRIES => self.faults += 1,
                done => return done,
            }
        }
    }

    /// Restarts a node, which loses its memory; both nodes when `place` is `None`.
    pub async fn crash(&mut self, place: Option<usize>) -> Result<(), OfficeError> {
        self.crashes += 1;
        for each in 0..self.nodes.len() {
            if place.is_none_or(|place| place == each) {
                let seed = self.dice.roll();
                let opened = node(&self.store, &self.clock, seed, None).await;
                self.nodes[each] = opened.map_err(|error| OfficeError::Fault(Fault::Broken(error)))?;
            }
        }
        Ok(())
    }

    pub fn jump(&mut self, by: SignedDuration) {
        let mut now = self.clock.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add(by).unwrap_or(*now);
    }

    /// Ends fault injection and restarts both nodes.
    pub async fn mend(&mut self) -> Result<Office, OfficeError> {
        self.store.clear_fates();
        self.store.restart();
        self.crash(None).await?;
        Ok(self.office())
    }

    /// Lets the nodes pick up a new edition.
    pub async fn follow(&mut self) -> Result<(), OfficeError> {
        for node in &self.nodes {
            node.follow_edition().await?;
        }
        Ok(())
    }
}

async fn node(
    store: &MemoryStore,
    clock: &Arc<JumpingClock>,
    seed: u64,
    edition: Option<Edition>,
) -> Result<Office, String> {
    let surroundings = Surroundings {
        store: Arc::new(store.clone()),
        clock: clock.clone(),
        entropy: Arc::new(SeededEntropy::new(seed)),
        keys: Arc::new(DerivedKeys::new([7; 32])),
        public_url: "http://localhost".into(),
        second_factor: office::SecondFactor::Off,
    };
    Office::start(surroundings, edition).await.map_err(|error| error.to_string())
}

fn is_fault(error: &OfficeError) -> bool {
    matches!(error, OfficeError::Fault(Fault::Store(StoreError::Fault { .. } | StoreError::Unanswered)))
}
