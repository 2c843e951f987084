//! The stored event, and the hash chain that makes tampering detectable.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::{Digest, EventId, Position, StreamId, Version};

/// An event that is to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    pub id: EventId,
    /// When it happened. Kept to the microsecond.
    pub at: Timestamp,
    /// The event type: a tag of the engine's wire format.
    pub kind: String,
    /// The schema version of the body for this event type.
    pub schema: u32,
    /// Who did it, as an opaque reference; never a person's name.
    pub actor: String,
    /// JSON.
    pub body: Vec<u8>,
}

/// A stored event, with its version, position and hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub id: EventId,
    pub stream: StreamId,
    pub version: Version,
    pub position: Position,
    pub at: Timestamp,
    pub kind: String,
    pub schema: u32,
    pub actor: String,
    pub body: Vec<u8>,
    /// The hash of this event and of all before it in the stream.
    pub hash: Digest,
}

impl NewEvent {
    /// The hash that this event gets as `version` of `stream` after `previous` (zero for the first one).
    #[must_use]
    pub fn seal(&self, stream: &StreamId, version: Version, previous: Digest) -> Digest {
        chain_hash(
            previous,
            stream,
            version,
            Fields {
                id: self.id,
                at: self.at,
                kind: &self.kind,
                schema: self.schema,
                actor: &self.actor,
                body: &self.body,
            },
        )
    }

    #[must_use]
    pub fn into_envelope(
        self,
        stream: StreamId,
        version: Version,
        position: Position,
        hash: Digest,
    ) -> Envelope {
        let at = whole_microseconds(self.at);
        let Self { id, kind, schema, actor, body, .. } = self;
        Envelope { id, stream, version, position, at, kind, schema, actor, body, hash }
    }
}

impl Envelope {
    /// The hash that this event must have after `previous`; it differs from `hash` when anything was changed.
    #[must_use]
    pub fn expected_hash(&self, previous: Digest) -> Digest {
        chain_hash(
            previous,
            &self.stream,
            self.version,
            Fields {
                id: self.id,
                at: self.at,
                kind: &self.kind,
                schema: self.schema,
                actor: &self.actor,
                body: &self.body,
            },
        )
    }
}

struct Fields<'a> {
    id: EventId,
    at: Timestamp,
    kind: &'a str,
    schema: u32,
    actor: &'a str,
    body: &'a [u8],
}

/// SHA-256 over the previous hash and every field, each of fixed width or preceded by its length.
///
/// The position is left out on purpose: an adapter may learn it only while it writes, after the hash is
/// computed. Checkpoints cover positions.
fn chain_hash(previous: Digest, stream: &StreamId, version: Version, fields: Fields<'_>) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(b"yichuang event 1\n");
    hasher.update(previous.0);
    hasher.update(fields.id.as_bytes());
    hasher.update(version.0.to_be_bytes());
    hasher.update(fields.at.as_microsecond().to_be_bytes());
    hasher.update(fields.schema.to_be_bytes());
    for text in [stream.as_str(), fields.kind, fields.actor] {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text);
    }
    hasher.update((fields.body.len() as u64).to_be_bytes());
    hasher.update(fields.body);
    Digest(hasher.finalize().into())
}

/// Truncates to microseconds, the precision of all stores, so that an event read back equals the one appended.
#[must_use]
pub fn whole_microseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}
