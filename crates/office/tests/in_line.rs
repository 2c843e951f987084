//! Who counts for a queue: whoever the hall has seen, and of others a few from one address.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use catalogue::{HallId, LaneKind, RoleId, Tongue};
use hall::{Source, Want};
use office::{Bounds, By, Making, NotPossible, OfficeError, TakeTicket, Taken, TicketAbout, coming_from};
use support::{Zone, officer};

const OUTSIDE: &str = "198.51.100.7";
const KIOSK: &str = "203.0.113.1";
const FEW: usize = 8;

fn hall() -> HallId {
    "政务服务大厅".into()
}

fn ticket(source: Source) -> TakeTicket {
    TakeTicket {
        hall: hall(),
        wants: vec![Want { line: "公共服务".into(), thing: None }],
        lane: LaneKind::WalkIn,
        language: Tongue::Zh,
        source,
        specialist: None,
        about: TicketAbout::default(),
        on_the_way: false,
    }
}

async fn zone(seed: u64) -> Zone {
    let zone = Zone::open(seed).await;
    let mut bounds = Bounds::default();
    bounds.share(KIOSK.parse().unwrap());
    zone.office.set_bounds(bounds);
    zone
}

async fn in_line(zone: &Zone) -> usize {
    let day = zone.office.hall_day(&hall(), zone.office.today()).await.unwrap();
    day.map_or(0, |day| day.day.waiting().count())
}

async fn by_phone(zone: &Zone, from: &str) -> Taken {
    let key = zone.guest();
    let taken = zone.office.take_ticket(ticket(Source::Phone), By::Guest(&key), None);
    coming_from(from.into(), taken).await.unwrap()
}

#[tokio::test]
async fn a_flood_of_numbers_from_one_address_lengthens_no_queue() {
    let zone = zone(80).await;
    let mut taken = Vec::new();
    for _ in 0..60 {
        taken.push(by_phone(&zone, OUTSIDE).await);
    }
    assert_eq!(in_line(&zone).await, FEW, "the others hold a place that is kept");
    // Saying that one is there is believed no more often.
    for taken in &taken[FEW..] {
        let refused = coming_from(OUTSIDE.into(), zone.office.come(&taken.key)).await;
        assert!(matches!(refused, Err(OfficeError::NotPossible(NotPossible::ArrivalUnseen))), "{refused:?}");
    }
    let refused =
        coming_from(OUTSIDE.into(), zone.office.come_at_machine(&hall(), taken[FEW].number, "0000")).await;
    assert!(matches!(refused, Err(OfficeError::NotPossible(NotPossible::ArrivalUnseen))), "{refused:?}");
    assert_eq!(in_line(&zone).await, FEW);
    // Another address has a few of its own.
    by_phone(&zone, "192.0.2.9").await;
    assert_eq!(in_line(&zone).await, FEW + 1);
}

#[tokio::test]
async fn whoever_is_in_the_hall_counts_at_its_machine_on_its_network_and_at_a_window() {
    let zone = zone(81).await;
    let mut kept = Vec::new();
    for _ in 0..FEW + 3 {
        kept.push(by_phone(&zone, OUTSIDE).await);
    }
    let kept = &kept[FEW..];
    let code = zone.office.arrival_code(&zone.office.ticket_of(&kept[0].key).await.unwrap());
    let at = hall();
    let at_machine = zone.office.come_at_machine(&at, kept[0].number, &code);
    coming_from(KIOSK.into(), at_machine).await.unwrap();
    coming_from(KIOSK.into(), zone.office.come(&kept[1].key)).await.unwrap();
    let clerk = officer(11, vec![RoleId::from("综合窗口")]);
    zone.office.came(&hall(), kept[2].number, &clerk, None).await.unwrap();
    assert_eq!(in_line(&zone).await, FEW + 3);
}

#[tokio::test]
async fn the_machine_of_a_hall_gives_as_many_numbers_as_people_come() {
    let zone = zone(82).await;
    for _ in 0..100 {
        let taken = zone.office.take_ticket(ticket(Source::Kiosk), By::System, None);
        coming_from(KIOSK.into(), taken).await.unwrap();
    }
    assert_eq!(in_line(&zone).await, 100);
    // The same page, opened from somewhere else, is no machine of the hall.
    let mut refused = 0;
    for _ in 0..30 {
        let taken = zone.office.take_ticket(ticket(Source::Kiosk), By::System, None);
        match coming_from(OUTSIDE.into(), taken).await {
            Ok(_) => {}
            Err(OfficeError::Enough(enough)) => {
                assert_eq!(enough.making, Making::NumbersUnseen);
                refused += 1;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(refused, 30 - FEW);
}
