//! What a commit changes beside the journal is said in the journal, by the same commit.
//!
//! Rows of the vault and editions lie in tables of their own. An audit can prove what they hold only if the chained events say
//! it: which keys got which digests under whose subject, which were erased, which editions were kept. So every adapter
//! completes a batch by [`Batch::said`] before it seals the events (docs/adr/0014).

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Append, Batch, Change, Digest, EventId, Expected, NewEvent, Result, StreamId, vault_digest};

/// The member of an event's body that says it. No engine gives a member this name.
const MEMBER: &str = "$vault";
/// How the member begins in a body. Quotes inside of JSON texts are escaped: only a member's name reads like this.
const MARK: &[u8] = b"\"$vault\":[";
/// Events of commits that have none of their own.
const STREAM: &str = "vault/changes";
const KIND: &str = "vault-changed";

/// One change beside the journal. Keys and subjects are opaque; a digest is salted, and its salt goes when the row is erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Said {
    /// Rows of one subject: each key with its digest.
    Put {
        of: String,
        rows: Vec<(String, String)>,
    },
    Erase(Vec<String>),
    EraseOf(String),
    Edition(String),
}

#[derive(Debug, Default, Deserialize)]
struct Saying {
    #[serde(rename = "$vault", default)]
    said: Vec<Said>,
}

impl Batch {
    /// The batch with an event that says what it changes in the vault and which editions it keeps: in the shortest of its
    /// events, which is read least, or in one of its own. Events are hashed as they are stored, so that this comes before.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn said(mut self) -> Result<Self> {
        let said = if self.is_copy { Vec::new() } else { of(&self.changes) };
        if said.is_empty() {
            return Ok(self);
        }
        let said = serde_json::to_string(&said).map_err(crate::StoreError::fault)?;
        let events = self.appends.iter_mut().flat_map(|append| &mut append.events);
        match events.filter(|event| takes_a_member(&event.body)).min_by_key(|event| event.body.len()) {
            Some(event) => add(&mut event.body, &said),
            None => {
                let body = format!("{{\"{MEMBER}\":{said}}}").into_bytes();
                let (stream, events) = (StreamId::new(STREAM)?, vec![event(self.at, KIND, body)]);
                self.appends.push(Append { stream, expected: Expected::Any, events });
            }
        }
        Ok(self)
    }
}

/// An event of the store itself. Its id follows from what it says, so that equal commits give equal journals.
pub(crate) fn event(at: Timestamp, kind: &str, body: Vec<u8>) -> NewEvent {
    NewEvent { id: id(at, &body), at, kind: kind.into(), schema: 1, actor: "system".into(), body }
}

fn id(at: Timestamp, body: &[u8]) -> EventId {
    let Digest(hash) = Digest::of(body);
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    let id: Uuid = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
    id
}

fn of(changes: &[Change]) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    for change in changes {
        match change {
            Change::VaultPut { key, subject, salt, bytes } => {
                let row = (key.clone(), vault_digest(salt, bytes).to_string());
                put(&mut all, subject, row);
            }
            Change::VaultErase { key } => erase(&mut all, key),
            Change::VaultEraseSubject { subject } => all.push(Said::EraseOf(subject.clone())),
            Change::EditionPut { hash, .. } => all.push(Said::Edition(hash.clone())),
            _ => {}
        }
    }
    all
}

/// Rows of one subject that follow one another name it once.
pub(crate) fn put(all: &mut Vec<Said>, subject: &str, row: (String, String)) {
    match all.last_mut() {
        Some(Said::Put { of, rows }) if of == subject => rows.push(row),
        _ => all.push(Said::Put { of: subject.to_owned(), rows: vec![row] }),
    }
}

pub(crate) fn erase(all: &mut Vec<Said>, key: &str) {
    match all.last_mut() {
        Some(Said::Erase(keys)) => keys.push(key.to_owned()),
        _ => all.push(Said::Erase(vec![key.to_owned()])),
    }
}

/// Whether the body is an object to which the member can be added.
fn takes_a_member(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    body.starts_with(b"{") && body.ends_with(b"}") && find(body).is_none()
}

fn add(body: &mut Vec<u8>, said: &str) {
    body.truncate(body.trim_ascii_end().len());
    body.pop();
    let is_empty = body.trim_ascii() == b"{";
    body.extend_from_slice(if is_empty { b"" } else { b"," });
    body.extend_from_slice(format!("\"{MEMBER}\":{said}}}").as_bytes());
}

fn find(body: &[u8]) -> Option<usize> {
    body.windows(MARK.len()).rposition(|part| part == MARK)
}

/// What an event's body says of changes beside the journal.
///
/// # Errors
/// The words of a version that this one does not know.
pub(crate) fn read(body: &[u8]) -> std::result::Result<Vec<Said>, serde_json::Error> {
    match find(body) {
        None => Ok(Vec::new()),
        Some(_) => serde_json::from_slice::<Saying>(body).map(|saying| saying.said),
    }
}

/// The body as whoever appended the event wrote it, for people and programs that read bodies.
#[must_use]
pub fn as_appended(body: &[u8]) -> Cow<'_, [u8]> {
    let Some(at) = find(body) else { return Cow::Borrowed(body) };
    let before = body[..at].trim_ascii_end();
    // It is the last member, as `add` left it.
    let member = body[at + MARK.len() - 1..].strip_suffix(b"}");
    let is_added = member.is_some_and(|said| serde_json::from_slice::<Vec<Said>>(said).is_ok());
    match before.strip_suffix(b",").or(before.ends_with(b"{").then_some(before)) {
        Some(kept) if is_added => Cow::Owned([kept, b"}"].concat()),
        _ => Cow::Borrowed(body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes() -> Batch {
        let put = |key: &str, subject: &str| Change::VaultPut {
            key: key.into(),
            subject: subject.into(),
            salt: [1; 16],
            bytes: vec![2],
        };
        Batch::new(Timestamp::UNIX_EPOCH)
            .change(put("a", "p"))
            .change(put("b", "p"))
            .change(Change::VaultErase { key: "c".into() })
            .change(Change::VaultErase { key: "d".into() })
            .change(put("e", "q"))
            .change(Change::VaultEraseSubject { subject: "p".into() })
            .change(Change::EditionPut { hash: "h".into(), bytes: vec![] })
    }

    fn with(bodies: &[&str]) -> Batch {
        let events = bodies.iter().map(|body| event(Timestamp::UNIX_EPOCH, "k", body.as_bytes().to_vec()));
        changes().append(StreamId::new("case/1").unwrap(), Expected::Any, events.collect())
    }

    #[test]
    fn the_shortest_event_says_it_and_gives_its_own_words_back() {
        let digest = vault_digest(&[1; 16], &[2]).to_string();
        let wanted = [
            Said::Put {
                of: "p".into(),
                rows: vec![("a".into(), digest.clone()), ("b".into(), digest.clone())],
            },
            Said::Erase(vec!["c".into(), "d".into()]),
            Said::Put { of: "q".into(), rows: vec![("e".into(), digest)] },
            Said::EraseOf("p".into()),
            Said::Edition("h".into()),
        ];
        for body in ["{}", "{ }", "{\"a\":1}", "{\"a\":[\"}\",\"\\\"$vault\\\":[\"]}\n"] {
            let long = "{\"note\":\"longer than the other one, which therefore says it\"}";
            let batch = with(&[long, body]).said().unwrap();
            let events = &batch.appends[0].events;
            assert_eq!((batch.appends.len(), events[0].body.as_slice()), (1, long.as_bytes()));
            assert_eq!(read(&events[1].body).unwrap(), wanted, "{body}");
            let value = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
            assert_eq!(value(&as_appended(&events[1].body)), value(body.as_bytes()));
            assert_eq!(as_appended(body.as_bytes()), body.as_bytes());
        }
    }

    #[test]
    fn an_event_of_its_own_says_what_no_other_can() {
        for batch in [changes(), with(&["[]", "\"text\"", "{\"$vault\":[]}"])] {
            let before = batch.appends.len();
            let said = batch.clone().said().unwrap();
            assert_eq!(said.appends.len(), before + 1);
            let own = said.appends.last().unwrap();
            assert_eq!((own.stream.as_str(), own.events.len()), (STREAM, 1));
            assert_eq!(read(&own.events[0].body).unwrap().len(), 5);
            assert_eq!(batch.said().unwrap(), said, "the same again");
        }
        let nothing = Batch::new(Timestamp::UNIX_EPOCH).change(Change::NumberTake { counter: "c".into() });
        assert_eq!(nothing.clone().said().unwrap(), nothing);
    }
}
