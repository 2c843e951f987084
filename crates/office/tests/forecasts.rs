//! What people in a hall are told: it follows the events, survives a restart word for word, and learns from past days.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use catalogue::{HallId, LaneKind, RoleId, Tongue, WindowId};
use hall::predict::Basis;
use hall::{Source, TicketNo, Want};
use jiff::SignedDuration;
use office::{
    Booking, By, HallForecasts, Office, Standing, TakeTicket, TicketAbout, ToldReason, Viewer, WindowAct,
};
use store::{Batch, Change, MemoryStore, Store};
use support::{Dice, Zone, edition, officer, surroundings};

const LINES: [&str; 3] = ["公共服务", "税务", "企业登记"];
const WINDOWS: [&str; 3] = ["A01", "A02", "A03"];

fn hall() -> HallId {
    "政务服务大厅".into()
}

fn clerk(place: usize) -> Viewer {
    officer(200 + place as u128, vec![RoleId::from("综合窗口")])
}

async fn take(zone: &Zone, line: &str) -> TicketNo {
    let take = TakeTicket {
        hall: hall(),
        wants: vec![Want { line: line.into(), thing: None }],
        lane: LaneKind::WalkIn,
        language: Tongue::Zh,
        source: Source::Kiosk,
        specialist: None,
        about: TicketAbout::default(),
        on_the_way: false,
    };
    zone.office.take_ticket(take, By::System, None).await.unwrap().number
}

async fn at(zone: &Zone, place: usize, act: WindowAct) -> bool {
    let window = WindowId::from(WINDOWS[place]);
    let calls = act == WindowAct::Next;
    match zone.office.at_window(&hall(), &window, act, &clerk(place), None).await {
        // Who is done goes, though nobody may come after them.
        Ok(done) => !calls || done.loaded.day.post(&window).unwrap().ticket.is_some(),
        Err(_) => false,
    }
}

async fn told(office: &Office) -> Arc<HallForecasts> {
    // Longer than a page waits when the machine is busy.
    for _ in 0..100 {
        let told = office.hall_forecasts(&hall()).await;
        let version = office.hall_version(&hall(), office.today()).await.unwrap();
        if let Some(told) = told.filter(|told| told.version == version) {
            return told;
        }
    }
    panic!("the board does not come up to date");
}

/// So many minutes of a hall; looks at the board after every one of them.
async fn live(zone: &Zone, minutes: u64, chance: &Dice, mut look: impl FnMut(&HallForecasts)) {
    for place in 0..WINDOWS.len() {
        assert!(at(zone, place, WindowAct::Open).await);
    }
    let mut busy: [Option<u64>; 3] = [None; 3];
    for minute in 0..minutes {
        if chance.chance(36) {
            take(zone, LINES[chance.below(LINES.len())]).await;
        }
        for (place, busy) in busy.iter_mut().enumerate() {
            if busy.is_none_or(|until| until <= minute) {
                *busy = None;
                if at(zone, place, WindowAct::Next).await {
                    zone.pass(SignedDuration::from_secs(1));
                    assert!(at(zone, place, WindowAct::Start).await);
                    *busy = Some(minute + 4 + chance.below(10) as u64);
                }
            }
        }
        if minute % 2 == 0 {
            look(&*told(&zone.office).await);
        }
        zone.pass(SignedDuration::from_secs(57));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_follows_the_events_and_a_restart_tells_the_same() {
    let store = MemoryStore::new();
    let zone = Zone::on(store.clone(), edition(), 71).await;
    assert_eq!(zone.office.hall_forecasts(&hall()).await, None, "nothing has happened yet");
    let mut before: BTreeMap<TicketNo, jiff::Timestamp> = BTreeMap::new();
    let (mut rises, mut falls) = (0, 0);
    live(&zone, 90, &Dice::new(4), |now| {
        for (number, ticket) in &now.tickets {
            let Some(median) = ticket.median_at else { continue };
            assert!(ticket.low_at.unwrap() <= median && ticket.high_at.is_none_or(|high| median <= high));
            assert!(matches!(ticket.basis, Basis::Declared { services: 0 }), "the first day of the hall");
            match before.insert(*number, median) {
                Some(earlier) if earlier < median => {
                    rises += 1;
                    assert!(ticket.reason.is_some(), "a promise that rises says why");
                }
                Some(earlier) if earlier > median => falls += 1,
                _ => {}
            }
        }
        assert!(now.newcomers.len() > 5, "every line of the hall: {now:?}");
    })
    .await;
    assert!(falls > 5 && rises > 0, "{falls} {rises}");
    for place in 0..4 {
        take(&zone, LINES[place % 3]).await;
    }
    let now = told(&zone.office).await;
    assert!(now.tickets.len() >= 4, "{now:?}");
    let again = Office::start(surroundings(&store, &zone.clock, 99), None).await.unwrap();
    assert_eq!(*told(&again).await, *now, "word for word");

    // A window that goes away is a reason that people can see.
    for place in 0..3 {
        at(&zone, place, WindowAct::Finish).await;
        assert!(at(&zone, place, WindowAct::Pause).await);
    }
    let paused = told(&zone.office).await;
    let reasons = paused.tickets.values().map(|ticket| ticket.reason.clone());
    assert!(
        reasons.clone().all(|reason| matches!(reason, Some(ToldReason::WindowClosed { .. }))),
        "{paused:?}"
    );
    assert_eq!(*told(&again).await, *paused, "another node reads the same journal");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_day_has_taught_is_there_the_next_morning_and_can_be_reckoned_again() {
    let store = MemoryStore::new();
    let zone = Zone::on(store.clone(), edition(), 72).await;
    let manager = zone.account("manager", Standing::Officer, vec![RoleId::from("大厅经理")]).await;
    let first = zone.office.today();
    live(&zone, 240, &Dice::new(9), |_| {}).await;
    let on_the_day = zone.office.forecast_scores(&hall(), (first, first), &manager).await.unwrap();
    let count = |scored: &[office::Scored]| scored.iter().map(|line| line.score.forecasts).sum::<u64>();
    assert!(count(&on_the_day) > 20, "{on_the_day:?}");
    for line in &on_the_day {
        assert!(line.score.mean_absolute_error_minutes < 30.0, "{line:?}");
    }
    zone.pass(SignedDuration::from_hours(19));
    zone.office.tick_halls().await.unwrap();
    for place in 0..3 {
        assert!(at(&zone, place, WindowAct::Open).await);
    }
    for place in 0..9 {
        take(&zone, LINES[place % 3]).await;
    }
    let morning = told(&zone.office).await;
    let seen = |told: &HallForecasts| {
        let bases = told.tickets.values().map(|ticket| match ticket.basis {
            Basis::Declared { services } | Basis::History { services } => services,
        });
        bases.max().unwrap()
    };
    assert!(seen(&morning) > 10, "yesterday's services count: {morning:?}");
    let published = zone.office.forecast_scores(&hall(), (first, first), &manager).await.unwrap();
    assert!(count(&published) >= count(&on_the_day), "{published:?}");

    // The key-value only saves work.
    let kept = store.kv_list("hall-learnt", "", zone.office.now()).await.unwrap();
    assert_eq!(kept.len(), 1);
    let (space, key) = ("hall-learnt".to_owned(), kept[0].0.clone());
    let mut batch = Batch::new(zone.office.now());
    batch.changes.push(Change::KvRemove { space, key });
    store.commit(batch).await.unwrap();
    let again = Office::start(surroundings(&store, &zone.clock, 100), None).await.unwrap();
    assert_eq!(*told(&again).await, *morning);
    assert_eq!(store.kv_list("hall-learnt", "", zone.office.now()).await.unwrap(), kept, "bit for bit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appointments_that_are_still_to_come_count() {
    let mut waits = Vec::new();
    for booked in [false, true] {
        let zone = Zone::on(MemoryStore::new(), edition(), 73).await;
        zone.pass(SignedDuration::from_mins(22));
        assert!(at(&zone, 0, WindowAct::Open).await);
        if booked {
            let setup = zone.office.hall_setup(&hall(), zone.office.today()).unwrap();
            let slot = setup.slots().into_iter().find(|slot| slot.from > zone.office.now()).unwrap().from;
            for _ in 0..2 {
                let booking = Booking {
                    hall: hall(),
                    date: zone.office.today(),
                    slot,
                    want: Want { line: LINES[0].into(), thing: None },
                    language: Tongue::Zh,
                    specialist: None,
                    about: TicketAbout::default(),
                };
                zone.office.book(booking, By::Guest(&zone.guest()), None).await.unwrap();
            }
        }
        zone.pass(SignedDuration::from_mins(5));
        for _ in 0..6 {
            take(&zone, LINES[0]).await;
        }
        waits.push(told(&zone.office).await.newcomer(&LINES[0].into()).unwrap().expected_minutes);
    }
    assert!(waits[1] > waits[0] + 3.0, "{waits:?}");
}
