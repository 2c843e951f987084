//! Simulated days of a hall: everybody is accounted for, and an independent count of the events agrees with
//! the figures.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod zone;

use std::collections::BTreeMap;
use std::sync::Arc;

use catalogue::HallId;
use jiff::Timestamp;
use jiff::civil::date;
use office::{DerivedKeys, HallFilter, HallGroup, Office, Surroundings};
use sim::halls::{HallSpec, play};
use sim::{Cast, PlayClock, SeededEntropy};
use store::{MemoryStore, Position, Store as _};

async fn played(at_once: usize) -> (Office, MemoryStore, sim::halls::HallReport) {
    let store = MemoryStore::new();
    let now: Timestamp = "2026-11-24T04:00:00Z".parse().unwrap();
    let surroundings = Surroundings {
        store: Arc::new(store.clone()),
        clock: Arc::new(PlayClock::standing_at(now)),
        entropy: Arc::new(SeededEntropy::new(5)),
        keys: Arc::new(DerivedKeys::new([7; 32])),
        public_url: "http://zone.test".into(),
        second_factor: office::SecondFactor::Off,
    };
    let office = Office::start(surroundings, zone::compiled().edition).await.unwrap();
    let cast = Cast::unseated(&office.edition(), 5);
    let spec = HallSpec {
        from: date(2026, 11, 20),
        until: date(2026, 11, 24),
        now,
        visitors: 230,
        seed: 5,
        at_once,
    };
    let report = play(&office, &cast, spec).await.unwrap();
    (office, store, report)
}

#[tokio::test]
async fn everybody_who_came_is_accounted_for() {
    let (office, store, report) = played(3).await;
    assert_eq!(report.days, 5, "Friday, the weekend, Monday, and Tuesday until noon: {report:?}");
    assert!(report.tickets > 200 && report.served > 180 && report.left > 0, "{report:?}");
    let hall: HallId = "政务服务大厅".into();
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for event in store.read_all(Position::START, 100_000).await.unwrap() {
        if event.stream.kind() == "hall-day" {
            *kinds.entry(event.kind).or_default() += 1;
        }
    }
    let filter = HallFilter {
        hall: hall.clone(),
        from: date(2026, 11, 20),
        to: date(2026, 11, 24),
        line: None,
        window: None,
        hour: None,
        left_unserved: false,
    };
    let viewer = Cast::unseated(&office.edition(), 5).officers.remove(0);
    let numbers = office.hall_numbers(&filter, HallGroup::Day, &viewer).await.unwrap();
    let total = &numbers.total;
    assert_eq!(total.taken, kinds["ticket-taken"]);
    assert_eq!(total.services, kinds["served"] + kinds.get("transferred").copied().unwrap_or(0));
    assert_eq!(total.waits.values().sum::<u64>(), total.served);
    assert!(total.busy_seconds > total.service_seconds, "walking up takes time too");
    assert!(total.busy_seconds <= total.open_seconds + 3 * 3600, "nobody works at a shut window");
    for (day, totals) in &numbers.groups {
        let past = day.as_str() < "2026-11-24";
        let loaded = office.hall_day(&hall, day.parse().unwrap()).await.unwrap().unwrap();
        let over = loaded.day.tickets.iter().filter(|ticket| ticket.state.is_over()).count() as u64;
        assert_eq!(past, matches!(loaded.day.doors, hall::Doors::Ended { .. }), "{day}");
        assert!(!past || over == totals.taken, "{day}: somebody was forgotten");
    }
    assert!(office.audit().await.unwrap().is_clean());
}

#[tokio::test]
async fn a_seed_plays_the_same_days_one_by_one() {
    let ((_, one, first), (_, other, second)) = (played(1).await, played(1).await);
    assert_eq!(first, second);
    let log = async |store: &MemoryStore| {
        let events = store.read_all(Position::START, 100_000).await.unwrap();
        events.into_iter().map(|event| (event.kind, event.at, event.body)).collect::<Vec<_>>()
    };
    assert!(log(&one).await == log(&other).await, "the same seed, the same days");
}
