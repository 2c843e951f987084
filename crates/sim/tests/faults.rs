//! Runs seeds of a zone on a failing store: everything acknowledged is in the journal exactly once, and
//! nothing else is.
//!
//! `SEED=7 cargo test -p sim --test faults --profile ci -- --nocapture` runs one seed again; `SEEDS=1000` runs many, and
//! with `SEEDS_FROM=400` goes on from there.

mod zone;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sim::faults::{self, FaultReport};

const STEPS: u32 = 400;
/// Time for further seeds after the first, which always runs.
const PATIENCE: Duration = Duration::from_secs(40);
/// The same in CI, where nobody waits.
const PATIENCE_OF_CI: Duration = Duration::from_secs(300);

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

fn players() -> u64 {
    std::thread::available_parallelism().map_or(1, |count| count.get() as u64)
}

/// The result of some seeds.
#[derive(Default)]
struct Played {
    seeds: u64,
    all: FaultReport,
    failed: Vec<(u64, String)>,
    told_at: Option<Instant>,
}

impl Played {
    /// How far it is, a line now and then, where it is known how many there are.
    fn tell(&mut self, started: Instant, first: u64, last: u64) {
        const EVERY: Duration = Duration::from_secs(5);
        if last == u64::MAX || self.told_at.unwrap_or(started).elapsed() < EVERY {
            return;
        }
        self.told_at = Some(Instant::now());
        let (done, all) = (self.seeds.max(1), (last + 1).saturating_sub(first));
        let left = started.elapsed().as_secs() * all.saturating_sub(done) / done;
        let wrong = self.failed.len();
        // Others are still at seeds before the last that is done.
        let from = (first + done).saturating_sub(players()).max(first);
        eprintln!(
            "{done} of {all} seeds, {wrong} wrong, about {left} s left; SEEDS_FROM={from} goes on here"
        );
    }

    fn add(&mut self, seed: u64, played: Result<FaultReport, String>) {
        let report = match played {
            Ok(report) => report,
            Err(error) => return self.failed.push((seed, error)),
        };
        self.seeds += 1;
        self.all.cases += report.cases;
        self.all.acts += report.acts;
        self.all.repeated += report.repeated;
        self.all.intrusions += report.intrusions;
        self.all.tickets += report.tickets;
        self.all.calls += report.calls;
        self.all.clocks += report.clocks;
        self.all.faults += report.faults;
        self.all.crashes += report.crashes;
        self.all.published += report.published;
        self.failed.extend(report.wrong.into_iter().map(|wrong| (seed, wrong)));
    }
}

#[test]
fn whatever_breaks_what_was_acknowledged_is_there_once() {
    let compiled = zone::compiled();
    let edition = compiled.edition.as_ref().expect("the shipped zone compiles");
    let (first, last) = match (number("SEED"), number("SEEDS")) {
        (Some(seed), _) => (seed, seed),
        (None, Some(count)) => (number("SEEDS_FROM").unwrap_or(1), count),
        (None, None) => (1, u64::MAX),
    };
    let patience = match last {
        u64::MAX if std::env::var_os("CI").is_some() => Some(PATIENCE_OF_CI),
        u64::MAX => Some(PATIENCE),
        _ => None,
    };
    let (started, next, played) = (Instant::now(), AtomicU64::new(first), Mutex::new(Played::default()));
    let player = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let late = patience.is_some_and(|patience| started.elapsed() > patience);
            if seed > last || late && seed > first {
                return;
            }
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let report = runtime.expect("a runtime").block_on(faults::play(edition, STEPS, seed));
            let mut played = played.lock().expect("no player panics here");
            played.add(seed, report);
            played.tell(started, first, last);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..players() {
            scope.spawn(player);
        }
    });
    let Played { seeds, all, mut failed, .. } = played.into_inner().expect("no player panicked");
    println!("{seeds} seeds: {all:?}");
    failed.sort();
    for (seed, wrong) in &failed {
        println!("SEED={seed} cargo test -p sim --test faults --profile ci -- --nocapture\n    {wrong}");
    }
    assert!(failed.is_empty(), "{} things came out wrong; first: {:?}", failed.len(), failed.first());
    // A run in which nothing happens proves nothing.
    let cases = all.cases > 5 && all.acts > 50 && all.clocks > 10;
    let halls = all.tickets > 10 && all.calls > 20;
    assert!(cases && halls && all.faults > 20 && all.crashes > 5 && all.intrusions > 5, "{all:?}");
}

#[tokio::test]
async fn a_seed_plays_the_same_each_time() {
    let compiled = zone::compiled();
    let edition = compiled.edition.as_ref().expect("the shipped zone compiles");
    let one = faults::play(edition, 120, 3).await;
    let two = faults::play(edition, 120, 3).await;
    let other = faults::play(edition, 120, 4).await;
    assert_eq!(one, two);
    assert_ne!(one, other);
}
