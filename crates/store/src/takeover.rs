//! Rows that were written before commits said what they change are taken over into the journal once, so that audits hold them
//! to it from then on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::said::{self, Said};
use crate::{
    Batch, Belonging, BelongingKind, Envelope, Expected, NewEvent, Position, Result, Store, StoreError,
    StreamId, VaultEntry, Version,
};

const STREAM: &str = "vault/taken-over";
const KIND: &str = "vault-taken-over";
const ROWS_PER_COMMIT: usize = 512;
/// Events are read many at a time: each stays small.
const ROWS_PER_EVENT: usize = 64;

#[derive(Serialize, Deserialize)]
struct Body {
    /// The last key that was taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    up_to: Option<String>,
    /// Nothing is left to be taken over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    complete: bool,
    #[serde(rename = "$vault", default, skip_deserializing)]
    said: Vec<Said>,
}

/// Whether the event takes rows over; `Some(true)` when it is the last that does.
pub(crate) fn is_last(event: &Envelope) -> Option<bool> {
    if event.kind != KIND || event.stream.as_str() != STREAM {
        return None;
    }
    Some(serde_json::from_slice::<Body>(&event.body).is_ok_and(|body| body.complete))
}

/// Takes over what is there and was not taken over yet, beginning where an earlier run broke off.
///
/// Commits may go on meanwhile: what they say counts more than what is taken over, whichever comes first in the journal.
pub(crate) async fn take_over(store: &dyn Store, at: Timestamp) -> Result<()> {
    let stream = StreamId::new(STREAM)?;
    if store.head().await? == Position::START {
        return Ok(());
    }
    let (mut version, mut last) = (Version::NONE, None);
    if let Some(head) = store.stream_head(&stream).await? {
        version = head.version;
        let before = Version(version.0.saturating_sub(1));
        let events = store.read_stream(&stream, before, 1).await?;
        let body = events.last().and_then(|event| serde_json::from_slice::<Body>(&event.body).ok());
        match body {
            Some(Body { complete: false, up_to, .. }) => {
                last = up_to.map(|key| Belonging::Vault { key, entry: VaultEntry::Erased });
            }
            // An event that cannot be read is for the audit to report.
            Some(Body { complete: true, .. }) | None => return Ok(()),
        }
    }
    loop {
        let rows = store.belongings(BelongingKind::Vault, last.as_ref(), ROWS_PER_COMMIT).await?;
        let complete = rows.len() < ROWS_PER_COMMIT;
        let mut events = Vec::with_capacity(ROWS_PER_COMMIT / ROWS_PER_EVENT + 1);
        for rows in rows.chunks(ROWS_PER_EVENT) {
            events.push(taken_over(rows, at)?);
        }
        if complete {
            let said = store.editions().await?.into_iter().map(Said::Edition).collect();
            events.push(event(&Body { up_to: None, complete, said }, at)?);
        }
        let expected = if version == Version::NONE { Expected::NoStream } else { Expected::Version(version) };
        version.0 += events.len() as u64;
        match store.commit(Batch::new(at).append(stream.clone(), expected, events)).await {
            // Another node does it.
            Err(error) if error.conflict().is_some() => return Ok(()),
            committed => committed?,
        };
        if complete {
            return Ok(());
        }
        last = rows.last().cloned();
    }
}

fn taken_over(rows: &[Belonging], at: Timestamp) -> Result<NewEvent> {
    let (mut said, mut up_to) = (Vec::new(), None);
    for row in rows {
        let Belonging::Vault { key, entry } = row else { continue };
        match entry {
            VaultEntry::Kept { subject, digest, .. } => {
                said::put(&mut said, subject, (key.clone(), digest.to_string()));
            }
            VaultEntry::Erased => said::erase(&mut said, key),
        }
        up_to = Some(key.clone());
    }
    event(&Body { up_to, complete: false, said }, at)
}

fn event(body: &Body, at: Timestamp) -> Result<NewEvent> {
    Ok(said::event(at, KIND, serde_json::to_vec(body).map_err(StoreError::fault)?))
}
