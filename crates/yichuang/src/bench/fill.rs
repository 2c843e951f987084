//! Fills a store before the measurement with copies of one completed case, many per batch.

use anyhow::{Context, Result};
use jiff::Timestamp;
use office::{CaseId, Office};
use store::{
    Batch, Cell, Condition, Envelope, Expected, NewEvent, Row, Store, StreamId, Version, ViewChange,
    ViewQuery,
};

/// Views with a row for each case, with the name of the column of the case's id.
const VIEWS: [(&str, &str); 5] = [
    ("cases", "id"),
    ("matters", "case_id"),
    ("parties", "case_id"),
    ("tasks", "case_id"),
    ("timers", "case_id"),
];
const EVENTS_PER_BATCH: u64 = 4096;

/// Appends copies of a case until the store has this many events.
pub async fn fill(store: &dyn Store, office: &Office, like: CaseId, events: u64) -> Result<()> {
    let stream = StreamId::of("case", like)?;
    let lived = store.read_stream(&stream, Version::NONE, 10_000).await?;
    let each = (lived.len() as u64).max(1);
    let rows = rows_of(store, like).await?;
    let mut have = store.head().await?.0;
    while have < events {
        let now = office.now();
        let mut batch = Batch::new(now);
        let mut put = 0;
        while put < EVENTS_PER_BATCH && have + put < events {
            let id = CaseId(office.new_id());
            batch = copy(batch, id, office, &lived, &rows, now)?;
            put += each;
        }
        store.commit(batch).await.context("filling the store")?;
        have += put;
    }
    Ok(())
}

/// The rows of a case by view; the first cell of each is the case's id.
async fn rows_of(store: &dyn Store, case: CaseId) -> Result<Vec<(&'static str, Row)>> {
    let mut rows = Vec::new();
    for (view, column) in VIEWS {
        let query = ViewQuery::new(view).filter(Condition::eq(column, case.to_string())).limit(100);
        rows.extend(store.view_rows(query).await?.rows.into_iter().map(|row| (view, row)));
    }
    Ok(rows)
}

fn copy(
    batch: Batch,
    id: CaseId,
    office: &Office,
    lived: &[Envelope],
    rows: &[(&'static str, Row)],
    now: Timestamp,
) -> Result<Batch> {
    let events = lived.iter().map(|event| NewEvent {
        id: office.new_id(),
        at: now,
        kind: event.kind.clone(),
        schema: event.schema,
        actor: event.actor.clone(),
        // What the lived case says of its vault is not said of the copies.
        body: store::as_appended(&event.body).into_owned(),
    });
    let rows = rows.iter().map(|(view, row)| {
        let mut cells = row.0.clone();
        cells[0] = Cell::Text(id.to_string());
        // Cases are looked up by number, so each has its own.
        if *view == "cases" {
            cells[1] = Cell::Text(format!("F{id}"));
        }
        ViewChange::upsert(view, cells)
    });
    Ok(batch.append(StreamId::of("case", id)?, Expected::NoStream, events.collect()).views(rows))
}
