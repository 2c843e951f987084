//! Seeds of a zone on a store that breaks: what was acknowledged is there once, and nothing else is.
//!
//! `SEED=7 cargo test -p sim --test faults --profile ci -- --nocapture` plays one seed again; `SEEDS=1000` plays many.

mod zone;

use std::time::{Duration, Instant};

use sim::faults::{self, FaultReport};

const STEPS: u32 = 400;
/// A first seed that is always played, and so many more as fit in the time.
const SEEDS: u64 = 24;
const PATIENCE: Duration = Duration::from_secs(40);

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

#[tokio::test]
async fn whatever_breaks_what_was_acknowledged_is_there_once() {
    let compiled = zone::compiled();
    let edition = compiled.edition.as_ref().expect("the shipped zone compiles");
    let seeds = match (number("SEED"), number("SEEDS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, Some(count)) => 1..count + 1,
        (None, None) => 1..SEEDS + 1,
    };
    let (started, bounded) = (Instant::now(), number("SEEDS").is_none());
    let mut failed = Vec::new();
    let (mut all, mut played) = (FaultReport::default(), 0);
    for seed in seeds {
        if bounded && started.elapsed() > PATIENCE {
            break;
        }
        match faults::play(edition, STEPS, seed).await {
            Ok(report) => {
                played += 1;
                all.cases += report.cases;
                all.acts += report.acts;
                all.repeated += report.repeated;
                all.intrusions += report.intrusions;
                all.faults += report.faults;
                all.crashes += report.crashes;
                all.published += report.published;
                failed.extend(report.wrong.iter().map(|wrong| (seed, wrong.clone())));
            }
            Err(error) => failed.push((seed, error)),
        }
    }
    println!("{played} seeds: {all:?}");
    for (seed, wrong) in &failed {
        println!("SEED={seed} cargo test -p sim --test faults --profile ci -- --nocapture\n    {wrong}");
    }
    assert!(failed.is_empty(), "{} things came out wrong; first: {:?}", failed.len(), failed.first());
    // A play in which nothing happens proves nothing.
    assert!(
        all.cases > 5 && all.acts > 50 && all.faults > 20 && all.crashes > 5 && all.intrusions > 5,
        "{all:?}"
    );
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
