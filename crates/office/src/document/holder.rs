//! What was made out to whom, and the end of an old result when a newer one takes its place.
//!
//! A holder is known by the number that stands on the document, which was borne out when it was made out: never by a name. Lists
//! are kept under a digest of the number that nobody makes without the zone's secret, and follow from the journal alone.

use std::collections::BTreeMap;

use casework::{Actor, Case, Command, Context, Event, Stamp};
use catalogue::{ItemId, ResultDeclaration, ResultId};
use credential::SignedDocument;
use engine::Folded as _;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Append, Batch, Change, Envelope, Expected, NewEvent, Position};

use crate::case::perform::Extras;
use crate::case::wire::OfficeEvent;
use crate::case::{CaseId, LoadedCase};
use crate::error::Result;
use crate::office::Office;
use crate::views;

const SPACE: &str = "holders";
/// Whoever makes out a document that replaces others takes the next turn of its holder, so that two at once know of each other.
pub(crate) const TURNS: &str = "holder-turns";
/// A turn that came to nothing is free again after this long.
const TURN_HOLDS: SignedDuration = SignedDuration::from_mins(5);
const EVENTS_AT_ONCE: usize = 4096;
const NOTED: (&str, &str) = ("zone", "holders-read-to");

/// A result that was made out to a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MadeOut {
    pub case: CaseId,
    pub item: ItemId,
    pub result: ResultId,
    pub identifier: String,
    pub at: Timestamp,
}

/// What comes of making out a result in place of others.
#[derive(Debug, Default)]
pub(crate) struct Replaced {
    /// The newest of those that it replaces.
    pub identifier: Option<String>,
    /// What happens to the case that it is made out in, where that made out an older one too.
    pub events: Vec<Event>,
}

impl Office {
    fn holder_key(&self, code: &str) -> String {
        let digest = self.keys().keyed("holder of documents", code.trim().as_bytes());
        digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Results that this zone made out to this number, oldest first, whatever became of them.
    pub(crate) async fn made_out_to(&self, code: &str) -> Result<Vec<MadeOut>> {
        self.read_holders().await?;
        let prefix = format!("{}/", self.holder_key(code));
        let kept = self.store().kv_list(SPACE, &prefix, self.now()).await?;
        let mut made: Vec<MadeOut> = kept
            .iter()
            .map(|(_, bytes)| serde_json::from_slice(bytes))
            .collect::<std::result::Result<_, _>>()?;
        made.sort_by(|one, other| (one.at, &one.identifier).cmp(&(other.at, &other.identifier)));
        Ok(made)
    }

    /// Reads the journal on from where it was left. Doing it twice does no harm.
    async fn read_holders(&self) -> Result<()> {
        let _one_at_a_time = self.inner.holders.lock().await;
        let noted = self.store().kv_get(NOTED.0, NOTED.1, self.now()).await?;
        let mut read_to: Position =
            noted.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        loop {
            let events = self.store().read_all(read_to, EVENTS_AT_ONCE).await?;
            let Some(last) = events.last().map(|event| event.position) else { return Ok(()) };
            let mut batch = Batch::new(self.now());
            for event in events.iter().filter(|event| &*event.kind == "office.document-signed") {
                batch.changes.extend(self.held(event).await?);
            }
            let bytes = serde_json::to_vec(&last)?;
            batch.changes.push(Change::KvPut {
                space: NOTED.0.into(),
                key: NOTED.1.into(),
                bytes,
                expires_at: None,
            });
            self.store().commit(batch).await?;
            read_to = last;
        }
    }

    /// The line of a result under its holder; none for notices, for what names no number, and for what was erased.
    async fn held(&self, event: &Envelope) -> Result<Option<Change>> {
        let OfficeEvent::DocumentSigned { item: Some(item), result: Some(result), identifier, document } =
            OfficeEvent::read(&event.body)?
        else {
            return Ok(None);
        };
        let Ok(case) = event.stream.id().parse::<CaseId>() else { return Ok(None) };
        let Some(bytes) = self.vault(&document.key).await? else { return Ok(None) };
        let Ok(signed) = SignedDocument::read(&bytes) else { return Ok(None) };
        let Some(code) = &signed.document().subject.identifier else { return Ok(None) };
        let key = format!("{}/{identifier}", self.holder_key(code));
        let made = MadeOut { case, item, result, identifier, at: event.at };
        let bytes = serde_json::to_vec(&made)?;
        Ok(Some(Change::KvPut { space: SPACE.into(), key, bytes, expires_at: None }))
    }

    /// Ends, in the commit of this act, whatever the result replaces of the same holder. Restricted and erased cases too: who is
    /// shown the old paper must be told, and the event says nothing of anybody.
    pub(crate) async fn take_place(
        &self,
        loaded: &LoadedCase,
        result: &ResultDeclaration,
        code: Option<&str>,
        number: &str,
        x: &mut Extras,
    ) -> Result<Replaced> {
        let mut replaced = Replaced::default();
        let Some(code) = code.filter(|_| !result.replaces.is_empty()) else { return Ok(replaced) };
        let made = self.made_out_to(code).await?;
        x.changes.push(Change::KvClaim {
            space: TURNS.into(),
            key: format!("{}/{}", self.holder_key(code), made.len()),
            bytes: Vec::new(),
            expires_at: Some(self.now() + TURN_HOLDS),
        });
        let declared = |old: &&MadeOut| {
            result.replaces.iter().any(|each| each.item == old.item && each.result == old.result)
        };
        let mut cases: BTreeMap<CaseId, Vec<&MadeOut>> = BTreeMap::new();
        for old in made.iter().filter(declared) {
            cases.entry(old.case).or_default().push(old);
        }
        let mut newest: Option<&MadeOut> = None;
        for (id, olds) in cases {
            let own = id == loaded.id;
            let other = if own { loaded.clone() } else { self.load_case(id).await? };
            let (ended, events) = self.replace_in(&other, &olds, number)?;
            newest = newest.into_iter().chain(ended).max_by_key(|old| old.at);
            if own {
                replaced.events.extend(events);
            } else if !events.is_empty() {
                self.append_beside(&other, &events, x)?;
            }
        }
        replaced.identifier = newest.map(|old| old.identifier.clone());
        Ok(replaced)
    }

    /// What happens to a case whose results are replaced, and which of them were in force until now.
    fn replace_in<'m>(
        &self,
        other: &LoadedCase,
        olds: &[&'m MadeOut],
        number: &str,
    ) -> Result<(Vec<&'m MadeOut>, Vec<Event>)> {
        let actor = Actor::system();
        let context = Context { now: self.now(), actor: &actor, edition: &other.edition };
        let (mut case, mut ended, mut events) = (Case::clone(&other.case), Vec::new(), Vec::new());
        let stamp = Stamp { at: context.now, actor: actor.id.clone() };
        for old in olds {
            let mut results = case.matter(&old.item).into_iter().flat_map(|matter| &matter.results);
            let stands = results.any(|issued| {
                issued.is_in_force() && issued.identifier.as_deref() == Some(old.identifier.as_str())
            });
            if !stands {
                continue;
            }
            let (item, result) = (old.item.clone(), old.result.clone());
            let command = Command::ReplaceResult { item, result, number: number.into() };
            for event in casework::decide(Some(&case), &command, &context)? {
                case.apply(&event, &stamp);
                events.push(event);
            }
            ended.push(*old);
        }
        Ok((ended, events))
    }

    /// Has events of another case come with the act, with the rows that they move.
    fn append_beside(&self, other: &LoadedCase, events: &[Event], x: &mut Extras) -> Result<()> {
        let now = store::whole_microseconds(self.now());
        let actor = Actor::system().id;
        let stamp = Stamp { at: now, actor: actor.clone() };
        let mut after = Case::clone(&other.case);
        let mut appended: Vec<NewEvent> = Vec::with_capacity(events.len());
        for event in events {
            after.apply(event, &stamp);
            let encoded = casework::encode(event);
            let event = self.new_event(encoded.kind, encoded.schema.into(), actor.as_str(), encoded.bytes);
            appended.push(NewEvent { at: now, ..event });
        }
        let old = views::rows(other.id, &other.case, &other.edition);
        let new = views::rows(other.id, &after, &other.edition);
        let changes = views::case_changes(other.id, Some(&old), &new, (&after, &*other.edition), &[]);
        x.changes.extend(changes.into_iter().map(Change::View));
        x.appends.push(Append {
            stream: other.id.stream()?,
            expected: Expected::Version(other.version),
            events: appended,
        });
        Ok(())
    }
}
