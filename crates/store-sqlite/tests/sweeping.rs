//! Tables that a rebuild has replaced are swept in portions, and nothing of them is left in the file.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

use rusqlite::Connection;
use store::{Batch, Expected, NewEvent, Position, RebuildEnd, Store as _, StreamId, ViewChange, ViewSchema};
use store_sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

mod place;
use place::Place;

fn people(version: u32) -> ViewSchema {
    ViewSchema::new("people", version).integer("id").text("name").key(&["id"]).index(&["name"])
}

fn tables(path: &std::path::Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut select = connection
        .prepare("select name from sqlite_master where type = 'table' and name glob 'view_*' order by name")
        .unwrap();
    let names = select.query_map([], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

fn rows(name: &str) -> Vec<ViewChange> {
    let row = |id: i64| ViewChange::upsert("people", vec![id.into(), format!("{name} {id}").into()]);
    (0..12_000).map(row).collect()
}

#[tokio::test]
async fn what_was_replaced_goes_a_part_at_a_time_and_wholly() {
    let place = Place::new("sweep");
    let path = place.path("zone.db");
    let at = "2026-11-23T01:30:00Z".parse().unwrap();
    {
        let store = SqliteStore::open(SqliteOptions::new(path.clone())).unwrap();
        store.declare_views(vec![people(1)]).await.unwrap();
        let event = NewEvent {
            id: Uuid::from_u128(1),
            at,
            kind: "counted".into(),
            schema: 1,
            actor: "test".into(),
            body: Vec::new(),
        };
        let stream = StreamId::new("people/1").unwrap();
        let batch = Batch::new(at).append(stream, Expected::NoStream, vec![event]).views(rows("former name"));
        store.commit(batch).await.unwrap();
        assert!(!store.rebuild_sweep().await.unwrap(), "nothing was replaced");
        // An abandoned rebuild, a finished one and a changed declaration leave a table each.
        store.rebuild_begin().await.unwrap();
        store.rebuild_abandon().await.unwrap();
        assert_eq!(store.rebuild_begin().await.unwrap(), Position::START);
        assert!(!tables(&path).is_empty());
        store.rebuild_apply(rows("name"), Position(1)).await.unwrap();
        assert_eq!(store.rebuild_finish().await.unwrap(), RebuildEnd::Swapped);
        let living = store.view_digest("people").await.unwrap();
        let mut parts = 0;
        while store.rebuild_sweep().await.unwrap() {
            parts += 1;
            assert_eq!(store.view_digest("people").await.unwrap(), living);
        }
        assert!(parts > 4, "{parts}");
        assert_eq!(tables(&path).len(), 1);
        assert_eq!(store.declare_views(vec![people(2)]).await.unwrap(), ["people"]);
        assert_eq!(tables(&path).len(), 2);
        while store.rebuild_sweep().await.unwrap() {}
        assert_eq!(tables(&path).len(), 1);
    }
    // Closing copies everything from the log into the file.
    let file = std::fs::read(&path).unwrap();
    assert!(!file.windows(11).any(|window| window == b"former name"), "it is overwritten, not only let go");
}
