//! Lost files are noticed without a commit; opening for reading leaves a store as it is.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::os::unix::fs::PermissionsExt as _;

use jiff::Timestamp;
use store::{Batch, Expected, Hindrance, NewEvent, Store, StreamId};
use store_sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

mod place;
use place::Place;

fn batch(number: u64) -> Batch {
    let event = NewEvent {
        id: Uuid::from_u128(number.into()),
        at: Timestamp::UNIX_EPOCH,
        kind: "NoteTaken".into(),
        schema: 1,
        actor: "a".into(),
        body: vec![b'x'; 2000],
    };
    Batch::new(Timestamp::UNIX_EPOCH).append(StreamId::new("case/a").unwrap(), Expected::Any, vec![event])
}

async fn has_lost_files(store: &SqliteStore) -> bool {
    store.hindrances().await.unwrap().contains(&Hindrance::FilesGone)
}

#[tokio::test]
async fn a_log_or_a_database_that_was_taken_away_is_noticed() {
    for name in ["living.db-wal", "living.db"] {
        let place = Place::new("unlinked");
        let store = SqliteStore::open(SqliteOptions::new(place.path("living.db"))).unwrap();
        store.commit(batch(1)).await.unwrap();
        assert!(!has_lost_files(&store).await, "{name}");
        std::fs::remove_file(place.path(name)).unwrap();
        // SQLite keeps using deleted files that it has open.
        store.commit(batch(2)).await.unwrap();
        assert!(has_lost_files(&store).await, "{name}");
        std::fs::write(place.path(name), "another").unwrap();
        assert!(has_lost_files(&store).await, "{name} is another file");
    }
}

#[tokio::test]
async fn a_store_that_is_held_is_not_opened_again_although_its_lock_file_is_gone() {
    let place = Place::new("held");
    let path = place.path("living.db");
    let store = SqliteStore::open(SqliteOptions::new(&path)).unwrap();
    std::fs::remove_file(place.path("living.db.lock")).unwrap();
    let refused = SqliteStore::open(SqliteOptions::new(&path)).unwrap_err();
    assert!(refused.to_string().contains("in use"), "{refused}");
    drop(store);
    drop(SqliteStore::open(SqliteOptions::new(&path)).unwrap());
}

#[tokio::test]
async fn a_store_that_was_broken_off_is_looked_at_and_left_as_it_is() {
    let place = Place::new("looked");
    let path = place.path("living.db");
    let store = SqliteStore::open(SqliteOptions::new(&path)).unwrap();
    for number in 0..20 {
        store.commit(batch(number)).await.unwrap();
    }
    // The state after a kill: the database, and a log not yet copied into it.
    let broken = place.path("broken.db");
    for suffix in ["", "-wal"] {
        let name = |path: &std::path::Path| std::path::PathBuf::from(format!("{}{suffix}", path.display()));
        std::fs::copy(name(&path), name(&broken)).unwrap();
    }
    let state = || {
        let mut all: Vec<_> = std::fs::read_dir(place.path(""))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("broken"))
            .map(|path| (path.clone(), std::fs::read(path).unwrap()))
            .collect();
        all.sort();
        all
    };
    let before = state();
    let looked = SqliteStore::open_to_look(SqliteOptions::new(&broken)).unwrap();
    assert_eq!(looked.head().await.unwrap(), store.head().await.unwrap());
    assert!(store::audit(&looked, None).await.unwrap().is_clean());
    assert_eq!(state(), before);
    drop(looked);
    assert_eq!(state(), before);
    assert!(SqliteStore::open_to_look(SqliteOptions::new(&path)).is_err(), "it is in use");
    assert!(SqliteStore::open_to_look(SqliteOptions::new(place.path("none.db"))).is_err());
}

#[tokio::test]
async fn everything_is_made_for_the_owner_alone() {
    let place = Place::new("modes");
    let store = SqliteStore::open(SqliteOptions::new(place.path("living.db"))).unwrap();
    let mut sink = store.blob_create(100, Timestamp::UNIX_EPOCH).await.unwrap();
    sink.write(b"a file").await.unwrap();
    sink.finish().await.unwrap();
    store.commit(batch(1)).await.unwrap();
    store.backup(&place.path("copy.db")).await.unwrap();
    let mut folders = vec![place.path("")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", entry.path().display());
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            }
        }
    }
}
