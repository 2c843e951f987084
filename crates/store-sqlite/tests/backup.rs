//! Copies made while the store serves are whole stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use store::{Batch, Change, Expected, NewEvent, Position, Store, StreamId, Version, audit};
use store_sqlite::{SqliteOptions, SqliteStore, restore};
use uuid::Uuid;

mod place;
use place::Place;

fn batch(number: u64) -> Batch {
    let event = |place: u128| NewEvent {
        id: Uuid::from_u128(u128::from(number) * 2 + place),
        at: Timestamp::UNIX_EPOCH,
        kind: "NoteTaken".into(),
        schema: 1,
        actor: "a".into(),
        body: vec![b'x'; 2000],
    };
    let first = StreamId::new("case/a").unwrap();
    let second = StreamId::of("case", number).unwrap();
    Batch::new(Timestamp::UNIX_EPOCH)
        .append(first, Expected::Version(Version(number)), vec![event(0)])
        .append(second, Expected::NoStream, vec![event(1)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_is_copied_while_it_serves_and_restored() {
    let place = Place::new("backup");
    let store = Arc::new(SqliteStore::open(SqliteOptions::new(place.path("living.db"))).unwrap());
    let mut sink = store.blob_create(100, Timestamp::UNIX_EPOCH).await.unwrap();
    sink.write(b"a file").await.unwrap();
    let digest = sink.finish().await.unwrap().digest;
    let link = Change::BlobLink { digest, owner: "case/1".into() };
    store.commit(Batch::new(Timestamp::UNIX_EPOCH).change(link)).await.unwrap();
    for number in 0..50 {
        store.commit(batch(number)).await.unwrap();
    }
    let stop = Arc::new(AtomicBool::new(false));
    let writer = {
        let (store, stop) = (Arc::clone(&store), Arc::clone(&stop));
        tokio::spawn(async move {
            let mut number = 50;
            while !stop.load(Ordering::Relaxed) {
                store.commit(batch(number)).await.unwrap();
                number += 1;
            }
            number
        })
    };
    let copy = place.path("copies/copy.db");
    std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
    let mut reached = Position::START;
    for _ in 0..3 {
        let report = store.backup(&copy).await.unwrap();
        assert!(report.position >= reached && report.position >= Position(100));
        assert_eq!((report.files, report.file_bytes), (1, 6));
        reached = report.position;
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    stop.store(true, Ordering::Relaxed);
    let written = writer.await.unwrap();
    assert!(written > 50, "the store served while it was copied");

    let restored_at = place.path("restored.db");
    restore(&copy, &restored_at, false).unwrap();
    let restored = SqliteStore::open(SqliteOptions::new(&restored_at)).unwrap();
    assert_eq!(restored.head().await.unwrap(), reached);
    let report = audit(&restored, None).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
    let events = usize::try_from(reached.0).unwrap();
    assert_eq!(
        restored.read_all(Position::START, 100_000).await.unwrap(),
        store.read_all(Position::START, events).await.unwrap()
    );
    let mut source = restored.blob_open(digest).await.unwrap().expect("the file was copied too");
    assert_eq!(source.next().await.unwrap().as_deref(), Some(&b"a file"[..]));
    restored.commit(batch(reached.0 / 2)).await.unwrap();

    let busy = restore(&copy, &restored_at, true).unwrap_err();
    assert!(busy.to_string().contains("in use"), "{busy}");
    drop(restored);
    assert!(restore(&copy, &restored_at, false).is_err(), "nothing is overwritten unasked");
    restore(&copy, &restored_at, true).unwrap();
    let restored = SqliteStore::open(SqliteOptions::new(&restored_at)).unwrap();
    assert_eq!(restored.head().await.unwrap(), reached);
}

#[tokio::test]
async fn a_damaged_copy_is_not_restored() {
    let place = Place::new("damaged");
    let store = SqliteStore::open(SqliteOptions::new(place.path("living.db"))).unwrap();
    for number in 0..50 {
        store.commit(batch(number)).await.unwrap();
    }
    let copy = place.path("copy.db");
    store.backup(&copy).await.unwrap();
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0x5A);
    std::fs::write(&copy, bytes).unwrap();
    assert!(restore(&copy, &place.path("new.db"), false).is_err());
    assert!(!place.path("new.db").exists());
    assert!(restore(&place.path("none.db"), &place.path("new.db"), false).is_err());
    assert!(store.backup(&place.path("living.db")).await.is_err(), "not onto itself");
}
