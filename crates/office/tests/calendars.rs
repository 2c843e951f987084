//! The State publishes the days of a year while applications run: they count by them, whatever edition they came in under.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use calendar::{DayKind, DayRule, YearTable};
use casework::ClockKind;
use catalogue::{Edition, EditionParts};
use jiff::SignedDuration;
use jiff::civil::date;
use office::{By, CaseId, Office, OfficeEvent, Standing};
use store::{Row, Store, ViewQuery};
use support::Zone;

/// The zone once the State has said of 2027 that 4 January is no working day.
fn with_2027(edition: &Edition) -> Edition {
    let mut parts: EditionParts = edition.parts().clone();
    let off = |day| DayRule { date: date(2027, 1, day), kind: DayKind::Holiday, name: "元旦".into() };
    parts.years.push(YearTable { year: 2027, notice: None, days: (1..=4).map(off).collect() });
    Edition::seal(parts).unwrap()
}

async fn publish(zone: &Zone, edition: Edition) {
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let mut compiled = checker::compile(&support::pack());
    compiled.edition = Some(edition);
    zone.office.publish(compiled, None, &keeper).await.unwrap();
}

/// The rows that tell days: cases, matters, tasks, timers.
async fn told(zone: &Zone) -> Vec<Row> {
    let mut rows = Vec::new();
    for table in ["cases", "matters", "tasks", "timers", "moves", "figures"] {
        let mut after = None;
        loop {
            let page = zone.store.view_rows(ViewQuery::new(table).limit(500).after(after)).await.unwrap();
            rows.extend(page.rows);
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
    }
    rows.sort_by_key(|row| format!("{row:?}"));
    rows
}

fn last_day(loaded: &office::LoadedCase, office: &Office) -> Vec<(String, ClockKind, jiff::civil::Date)> {
    let clocks = loaded.case.clocks(loaded.edition.calendar(), loaded.edition.offset(), office.now());
    let running = clocks.into_iter().filter(casework::ClockView::is_running);
    running.map(|clock| (clock.item.to_string(), clock.kind, clock.due.due_on)).collect()
}

#[tokio::test]
async fn open_cases_count_by_the_days_that_the_state_publishes_later() {
    let zone = Zone::open(301).await;
    // 29 December 2026: limits of some working days end in 2027, of which nothing is known yet but the festivals.
    zone.pass(SignedDuration::from_hours(24 * 302));
    let mut cases: Vec<CaseId> = Vec::new();
    for service in zone.services() {
        let key = zone.guest();
        let by = By::Guest(&key);
        cases.push(zone.apply(&service, false, by).await.unwrap().id);
    }
    let mut before = Vec::new();
    for id in &cases {
        before.push(last_day(&zone.office.load_case(*id).await.unwrap(), &zone.office));
    }
    let keeper = zone.account("checker", Standing::Administrator, Vec::new()).await;
    let same = zone.office.check_pack(support::pack(), &keeper).await.unwrap();
    assert_eq!(same.days_move, 0, "the same pack says nothing new");
    publish(&zone, with_2027(&zone.office.edition())).await;
    let moved = zone.office.move_days().await.unwrap();
    assert!(moved > 0, "some limit reaches into 2027");
    assert_eq!(zone.office.move_days().await.unwrap(), 0, "once");

    let mut told_of = 0;
    for (id, before) in cases.iter().zip(before) {
        let loaded = zone.office.load_case(*id).await.unwrap();
        assert_ne!(loaded.edition.hash(), zone.office.edition().hash(), "it stays under its edition");
        let after = last_day(&loaded, &zone.office);
        let differ: Vec<_> = before.iter().zip(&after).filter(|(old, new)| old != new).collect();
        assert!(after.iter().all(|(_, _, day)| *day != date(2027, 1, 4)), "{after:?}");
        let moves: Vec<_> = loaded
            .office_events
            .iter()
            .filter_map(|event| match event {
                OfficeEvent::DaysMoved { moves, .. } => Some(moves.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        assert_eq!(moves.len(), differ.len(), "each day that moved is told");
        for moved in &moves {
            assert!(moved.from < moved.to, "{moved:?}");
            assert!(after.contains(&(moved.item.to_string(), moved.clock, moved.to)));
        }
        told_of += moves.len();
    }
    assert!(told_of > 0);
    let listed = zone.office.moved_days(1_000, &zone.officers[0]).await.unwrap();
    assert_eq!(listed.len(), told_of);

    // What the rows say is what they say when they are computed anew, and silence acts on the new day.
    let living = told(&zone).await;
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(told(&zone).await, living);
}

#[tokio::test]
async fn moving_days_goes_on_where_it_was_broken_off_and_needs_no_second_publication() {
    let zone = Zone::open(302).await;
    zone.pass(SignedDuration::from_hours(24 * 302));
    for service in zone.services() {
        let key = zone.guest();
        zone.apply(&service, false, By::Guest(&key)).await.unwrap();
    }
    let edition = zone.office.edition();
    publish(&zone, with_2027(&edition)).await;
    // The server ends here, and begins with the same pack.
    let again = zone.restarted(with_2027(&edition)).await;
    assert!(again.move_days().await.unwrap() > 0);
    assert_eq!(again.move_days().await.unwrap(), 0);
    // Begun with a pack that says nothing new of any day, nothing moves.
    let third = zone.restarted(with_2027(&edition)).await;
    assert_eq!(third.move_days().await.unwrap(), 0);
}
