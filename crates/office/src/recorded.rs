//! Events as the journal keeps them, read back for the engines.

use engine::{Event, Stamp};
use store::Envelope;

use crate::error::{Fault, OfficeError, Result};

/// # Errors
/// `Broken` for an event that this version of the engine cannot read.
pub(crate) fn event<E: Event>(envelope: &Envelope) -> Result<E> {
    let schema = u16::try_from(envelope.schema).unwrap_or(u16::MAX);
    engine::decode(&envelope.kind, schema, &envelope.body)
        .map_err(|error| OfficeError::Fault(Fault::Broken(error.to_string())))
}

pub(crate) fn stamp(envelope: &Envelope) -> Stamp {
    Stamp { at: envelope.at, actor: envelope.actor.as_str().into() }
}
