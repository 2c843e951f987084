//! The trail of those who administer, and of whoever opens what is masked: one row for each event, in the order of time, for
//! the audit administrator. Rows name accounts and kinds; what a person is called is in the vault.

use jiff::Timestamp;
use store::{Batch, Row, ViewChange, ViewSchema};
use uuid::Uuid;

pub const TABLE: &str = "trail";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 1)
        .text("id")
        .integer("at")
        .text("kind")
        .text("actor")
        .text("stream")
        // What the event says besides: roles, standing, ground.
        .text("body")
        .key(&["id"])
        .index(&["at"])
        .index(&["kind", "at"])
        .index(&["actor", "at"])
        .index(&["stream", "at"])
}

/// Whether events of this kind are on the trail.
pub fn is_on(stream_kind: &str, kind: &str) -> bool {
    match stream_kind {
        "account" | "entry" | "forgotten" | "zone" | "keeping" | "webhook" => true,
        // What stood on the page of whoever works on a case is the applicant's to see; it would bury the rest.
        "trace" => matches!(kind, "personal-data-read" | "receipt-code-given"),
        _ => false,
    }
}

pub fn row(id: Uuid, at: Timestamp, kind: &str, actor: &str, stream: &str, body: &[u8]) -> ViewChange {
    // What the store added to say what it keeps is no act of anybody.
    let body = store::as_appended(body);
    let body = String::from_utf8_lossy(&body);
    ViewChange::upsert(
        TABLE,
        vec![
            id.to_string().into(),
            at.into(),
            kind.into(),
            actor.into(),
            stream.into(),
            body.as_ref().into(),
        ],
    )
}

/// The batch with the rows of those of its events that are on the trail.
pub fn with(batch: Batch) -> Batch {
    let mut rows = Vec::new();
    for append in &batch.appends {
        for event in append.events.iter().filter(|event| is_on(append.stream.kind(), &event.kind)) {
            let stream = append.stream.as_str();
            rows.push(row(event.id, event.at, &event.kind, &event.actor, stream, &event.body));
        }
    }
    batch.views(rows)
}

/// Id, instant, kind, actor, stream and body.
pub type Read = (String, Timestamp, String, String, String, String);

pub fn read(row: &Row) -> Option<Read> {
    let text = |place| row.text(place).map(str::to_owned);
    Some((
        text(0)?,
        jiff::Timestamp::from_microsecond(row.integer(1)?).ok()?,
        text(2)?,
        text(3)?,
        text(4)?,
        text(5)?,
    ))
}
