//! The encoding of events is stored for ever: one golden file for each kind and version, never edited once
//! written.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use catalogue::{Closing, Tongue};
use hall::*;
use support::*;

fn events() -> Vec<Event> {
    let number = TicketNo(37);
    let here = || window("1");
    vec![
        DayOpened {
            hall: "大厅".into(),
            date: "2026-11-23".parse().unwrap(),
            edition: edition(),
            setup: setup(Closing::CarryOver),
        }
        .into(),
        TicketTaken {
            number,
            source: Source::Appointment,
            lane: "预约".into(),
            language: Tongue::En,
            wants: vec![Want { line: "a".into(), thing: Some("一件事".into()) }, want("b")],
            holder: "guest/x".into(),
            ready_at: at(30),
            cause: Cause::CarriedOver { date: "2026-11-22".parse().unwrap(), number: TicketNo(3) },
            booked_for: Some(at(30)),
            specialist: Some("张三".into()),
            held: false,
        }
        .into(),
        TicketCame { number }.into(),
        WindowOpened { window: here() }.into(),
        WindowPaused { window: here() }.into(),
        WindowResumed { window: here() }.into(),
        WindowClosed { window: here() }.into(),
        Called { number, window: here() }.into(),
        Recalled { number, window: here() }.into(),
        Skipped { number, window: here(), ready_at: at(31) }.into(),
        TicketLost { number, window: here() }.into(),
        Started { number, window: here() }.into(),
        Served { number, window: here(), goes_on: true }.into(),
        Transferred { number, window: here(), to: "b".into() }.into(),
        TicketLeft { number }.into(),
        TicketSplit { number, into: TicketNo(38), wants: vec![want("b")] }.into(),
        TicketsMerged { number, into: TicketNo(38) }.into(),
        TicketRestored { number, from: TicketNo(38), wants: vec![want("b")] }.into(),
        TicketRated { number, level: 2, comment: Some("ticket-rating/2026-11-23/37".into()), named: true }
            .into(),
        LaneGiven { number, lane: "绿色通道".into() }.into(),
        DoorsClosed {}.into(),
        TicketCarriedOver { number }.into(),
        DayEnded {}.into(),
        AppointmentBooked {
            id: "id-1".into(),
            slot: at(30),
            want: want("a"),
            language: Tongue::Zh,
            holder: "guest/x".into(),
            specialist: Some("张三".into()),
        }
        .into(),
        AppointmentMoved { id: "id-1".into(), slot: at(60) }.into(),
        AppointmentCancelled { id: "id-1".into(), moved_to: Some("2026-11-24".parse().unwrap()) }.into(),
        AppointmentReminded { id: "id-1".into() }.into(),
        AppointmentCheckedIn { id: "id-1".into(), number }.into(),
    ]
}

fn golden(kind: &str, schema: u16) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{kind}.v{schema}.json"))
}

/// A missing file is written when `BLESS` is set; one that exists is never touched.
#[test]
fn every_event_is_written_as_its_golden_file_and_read_back() {
    let events = events();
    let kinds: BTreeSet<_> = events.iter().map(|event| (event.kind(), event.schema())).collect();
    assert_eq!(kinds, Event::KINDS.iter().copied().collect(), "one example for each kind");
    for event in events {
        let encoded = encode(&event);
        let path = golden(encoded.kind, encoded.schema);
        if !path.exists() && std::env::var_os("BLESS").is_some() {
            fs::write(&path, [&encoded.bytes[..], b"\n"].concat()).unwrap();
        }
        let stored = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(String::from_utf8(encoded.bytes).unwrap(), stored.trim_end(), "{}", path.display());
        assert_eq!(decode::<Event>(encoded.kind, encoded.schema, stored.as_bytes()).unwrap(), event);
    }
}

#[test]
fn every_golden_file_of_any_version_can_still_be_read() {
    let folder = golden("any", 1);
    for entry in fs::read_dir(folder.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (kind, schema) = name.strip_suffix(".json").and_then(|name| name.rsplit_once(".v")).unwrap();
        decode::<Event>(kind, schema.parse().unwrap(), &fs::read(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn what_cannot_be_read_says_so() {
    assert!(matches!(
        decode::<Event>("called", 9, b"{}"),
        Err(UnreadableEvent::UnknownKind { schema: 9, .. })
    ));
    assert!(matches!(decode::<Event>("called", 1, b"{}"), Err(UnreadableEvent::Shape { .. })));
    let newer = br#"{"number":3,"window":"1","mood":"sunny"}"#;
    let called = Called { number: TicketNo(3), window: window("1") };
    assert_eq!(
        decode::<Event>("called", 1, newer).unwrap(),
        Event::from(called),
        "unknown members are ignored"
    );
}
