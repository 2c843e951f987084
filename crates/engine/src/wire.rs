//! Encoding events as bytes. Kind and schema version are stored beside the bytes, so that a reader knows the
//! shape before it parses. Unknown members are ignored, so that a newer version may add some.

use crate::Event;

/// An event as it is stored in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    pub kind: &'static str,
    pub schema: u16,
    /// The payload as JSON.
    pub bytes: Vec<u8>,
}

/// Stored bytes that this version cannot decode.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableEvent {
    #[error("no event {kind:?} of version {schema} is known")]
    UnknownKind { kind: String, schema: u16 },
    #[error("the event {kind} does not have the shape of version {schema}: {cause}")]
    Shape { kind: String, schema: u16, cause: serde_json::Error },
}

/// Writes an event.
///
/// # Panics
/// Never for events of [`events!`](crate::events): their payloads are maps with text keys.
pub fn encode<E: Event>(event: &E) -> Encoded {
    let bytes = event.write().expect("events are maps with text keys, which JSON can always hold");
    Encoded { kind: event.kind(), schema: event.schema(), bytes }
}

/// Decodes what [`encode`] of this or an earlier version wrote.
///
/// # Errors
/// [`UnreadableEvent`]: the kind or version is unknown, or the bytes do not have its shape.
pub fn decode<E: Event>(kind: &str, schema: u16, bytes: &[u8]) -> Result<E, UnreadableEvent> {
    match E::read(kind, schema, bytes) {
        Some(Ok(event)) => Ok(event),
        Some(Err(cause)) => Err(UnreadableEvent::Shape { kind: kind.to_owned(), schema, cause }),
        None => Err(UnreadableEvent::UnknownKind { kind: kind.to_owned(), schema }),
    }
}
