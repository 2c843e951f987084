//! The commits of tests with several nodes.

#![allow(clippy::unwrap_used, dead_code, reason = "a test fails by panicking; not every test needs all")]

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use store::{NewEvent, StreamId, ViewSchema};
use store_postgres::testing::Server;
use store_postgres::{PostgresOptions, PostgresStore};
use uuid::Uuid;

pub async fn node(server: &Server, schema: &str) -> Arc<PostgresStore> {
    let url = format!("{}?schema={schema}", server.url());
    let options = PostgresOptions { poll: Duration::from_millis(200), ..PostgresOptions::new(&url).unwrap() };
    Arc::new(PostgresStore::open(options).await.unwrap())
}

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

pub fn stream(kind: &str, id: u64) -> StreamId {
    StreamId::of(kind, id).unwrap()
}

pub fn event() -> NewEvent {
    NewEvent {
        id: Uuid::now_v7(),
        at: at(0),
        kind: "NoteTaken".into(),
        schema: 1,
        actor: "a".into(),
        body: format!("{{\"text\":\"{}\"}}", "x".repeat(288)).into_bytes(),
    }
}

pub fn counts() -> ViewSchema {
    ViewSchema::new("counts", 1).text("stream").integer("events").key(&["stream"])
}
