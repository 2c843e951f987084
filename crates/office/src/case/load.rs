//! Loading a case: its events folded, the edition that it is pinned to, who applies.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use casework::Case;
use catalogue::{Edition, FieldId, PartyKind, Sensitivity, Thing};
use engine::Folded as _;
use form::Answers;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Condition, Envelope, StreamId, Version, ViewQuery};
use uuid::Uuid;

use crate::case::cache::Kept;
use crate::case::perform::HandedIn;
use crate::case::wire::{MovedDay, OfficeEvent, PREFIX};
use crate::draft::SeenPaper;
use crate::error::{Fault, OfficeError, Result};
use crate::office::Office;
use crate::recorded;
use crate::views;

/// A case's identity in the journal. People use its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub Uuid);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for CaseId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

/// Who applies, as the vault keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub name: String,
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub phone: String,
    pub kind: Option<PartyKind>,
    /// Name and code are an undertaking's, whoever applies for it, because the question that the name answers is public: a sole
    /// trader's shop is no secret, and whoever reports something for a company gives the own name.
    #[serde(default)]
    pub trades: bool,
    /// When the telephone was last corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_since: Option<Timestamp>,
}

impl Party {
    /// Whom the answers name as the applicant.
    pub(crate) fn of(
        edition: &Edition,
        thing: &Thing,
        answers: &Answers,
        kind: PartyKind,
        today: Date,
    ) -> Self {
        let text = |field: Option<&FieldId>| {
            let field = edition.field(field?)?;
            Some(form::edit_text(field, answers.value(field.id.as_str())?))
        };
        let facts = HandedIn { answers, today };
        let who = thing.applicant(&facts).unwrap_or_else(|| thing.goes_by(None));
        let trades = edition.field(who.name).is_some_and(|field| field.sensitivity == Sensitivity::Public);
        Self {
            name: text(Some(who.name)).unwrap_or_default(),
            code: text(who.code).unwrap_or_default(),
            phone: text(who.phone).unwrap_or_default(),
            kind: Some(kind),
            trades,
            phone_since: None,
        }
    }

    /// Goes by an undertaking's name rather than a person's: by what was asked, not by who applies.
    pub fn is_undertaking(&self) -> bool {
        self.trades
    }

    /// As lists show it: an undertaking by its name, a person masked.
    pub fn shown(&self) -> String {
        if self.is_undertaking() { self.name.clone() } else { identifier::mask_name(&self.name) }
    }
}

/// A case with all that acting on it needs.
#[derive(Clone, Debug)]
pub struct LoadedCase {
    pub id: CaseId,
    pub case: Arc<Case>,
    /// Version of the stream: what an append expects.
    pub(crate) version: Version,
    pub edition: Arc<Edition>,
    /// What the office wrote beside the engine's events, in order.
    pub office_events: Arc<Vec<OfficeEvent>>,
    /// The rows that people see of it, if they are known already.
    pub(crate) rows: Option<Arc<views::Rows>>,
}

impl LoadedCase {
    /// Papers that the window saw in the original.
    pub fn papers_seen(&self) -> impl Iterator<Item = &SeenPaper> {
        self.office_events.iter().flat_map(|event| match event {
            OfficeEvent::PapersSeen { papers } => papers.as_slice(),
            _ => &[],
        })
    }

    /// Last days that moved with the State's calendar, and when that was noted.
    pub fn days_moved(&self) -> impl Iterator<Item = (Timestamp, &MovedDay)> {
        self.office_events.iter().flat_map(|event| match event {
            OfficeEvent::DaysMoved { at, moves, .. } => moves.iter().map(|moved| (*at, moved)).collect(),
            _ => Vec::new(),
        })
    }

    /// Answers that an officer held against the original: by whom and when, where that was written.
    pub fn answers_seen(&self) -> impl Iterator<Item = (&FieldId, &str, Timestamp)> {
        self.office_events.iter().filter_map(|event| match event {
            OfficeEvent::OriginalSeen { field, by: Some(by), at: Some(at), .. } => Some((field, &**by, *at)),
            _ => None,
        })
    }
}

impl CaseId {
    pub(crate) fn stream(self) -> Result<StreamId> {
        Office::stream("case", self.0)
    }
}

/// What an event of a case's stream says: the engine's word, or the office's.
pub(crate) enum Entry {
    Engine(casework::Event),
    Office(OfficeEvent),
}

pub(crate) fn read(envelope: &Envelope) -> Result<Entry> {
    if envelope.kind.starts_with(PREFIX) {
        return Ok(Entry::Office(OfficeEvent::read(&envelope.body)?));
    }
    Ok(Entry::Engine(recorded::event(envelope)?))
}

/// One more event of the engine.
pub(crate) fn apply(case: &mut Option<Case>, event: &casework::Event, envelope: &Envelope) -> Result<()> {
    Case::fold(case, event, &recorded::stamp(envelope));
    match case {
        Some(_) => Ok(()),
        None => Err(OfficeError::Fault(Fault::Broken("a case without a beginning".into()))),
    }
}

/// One more event of a case's stream.
pub(crate) fn fold(
    case: &mut Option<Case>,
    office: &mut Vec<OfficeEvent>,
    envelope: &Envelope,
) -> Result<()> {
    match read(envelope)? {
        Entry::Engine(event) => apply(case, &event, envelope)?,
        Entry::Office(event) => office.push(event),
    }
    Ok(())
}

impl Office {
    /// The case as it is now.
    pub async fn load_case(&self, id: CaseId) -> Result<LoadedCase> {
        let kept = self.inner.cases.get(id);
        let known = kept.as_ref().map_or(Version::NONE, |kept| kept.version);
        let events = self.events(&id.stream()?, known).await?;
        let kept = match (kept, events.last()) {
            (Some(kept), None) => kept,
            (None, None) => return Err(OfficeError::NotFound),
            (kept, Some(last)) => {
                let (mut case, mut office_events) = match kept {
                    Some(kept) => (Some(Case::clone(&kept.case)), Vec::clone(&kept.office_events)),
                    None => (None, Vec::new()),
                };
                for envelope in &events {
                    fold(&mut case, &mut office_events, envelope)?;
                }
                let case = Arc::new(case.ok_or(OfficeError::NotFound)?);
                let kept =
                    Kept { case, office_events: Arc::new(office_events), version: last.version, rows: None };
                self.inner.cases.put(id, kept.clone());
                kept
            }
        };
        let Kept { case, office_events, version, rows } = kept;
        let edition = self.edition_named(case.edition).await?;
        Ok(LoadedCase { id, case, version, edition, office_events, rows })
    }

    /// The case with this number.
    pub async fn case_by_number(&self, number: &str) -> Result<CaseId> {
        let number = number.trim();
        let query = ViewQuery::new(views::cases::TABLE).filter(Condition::eq("number", number)).limit(1);
        let page = self.store().view_rows(query).await?;
        let id = page.rows.first().and_then(|row| row.text(0)).ok_or(OfficeError::NotFound)?;
        id.parse().map_err(|_| OfficeError::NotFound)
    }

    /// Who applied at a moment, by the answers as they stood then: what was told to somebody is not told to another afterwards.
    ///
    /// # Errors
    /// The store fails, or what it keeps cannot be read.
    pub async fn party_at(&self, loaded: &LoadedCase, at: Timestamp) -> Result<Party> {
        let restated =
            loaded.case.timeline().iter().any(|entry| entry.what == casework::Happening::AnswersRestated);
        if !restated {
            return self.party(loaded.id).await;
        }
        let (mut case, mut noted) = (None, Vec::new());
        for envelope in self.events(&loaded.id.stream()?, Version::NONE).await? {
            if envelope.at > at {
                break;
            }
            fold(&mut case, &mut noted, &envelope)?;
        }
        let key = case.map(|case: Case| case.answers.key);
        let answers = match key {
            Some(key) => self.answers_kept(loaded, &key).await?,
            None => None,
        };
        let thing = loaded.edition.thing(&loaded.case.thing);
        let (Some(answers), Some(thing)) = (answers, thing) else { return Ok(Party::default()) };
        let today = loaded.edition.offset().to_datetime(at).date();
        Ok(Party::of(&loaded.edition, thing, &answers, loaded.case.party, today))
    }

    /// Who applies; empty once the person was forgotten.
    pub async fn party(&self, id: CaseId) -> Result<Party> {
        Ok(self.party_if_known(id).await?.unwrap_or_default())
    }

    /// `None` once it was erased.
    pub(crate) async fn party_if_known(&self, id: CaseId) -> Result<Option<Party>> {
        let bytes = self.vault(&format!("case/{id}/party")).await?;
        Ok(bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose()?)
    }

    /// A text that an event refers to; `None` once it was erased.
    pub async fn text(&self, document: &casework::DocRef) -> Result<Option<String>> {
        let bytes = self.vault(&document.key).await?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The answers that the case now rests on; empty once they were erased.
    pub async fn answers(&self, loaded: &LoadedCase) -> Result<form::Answers> {
        Ok(self.answers_kept(loaded, &loaded.case.answers.key).await?.unwrap_or_default())
    }

    /// The answers under a key of the vault, in the types that the edition's fields have; `None` once they are erased.
    pub(crate) async fn answers_kept(&self, loaded: &LoadedCase, key: &str) -> Result<Option<form::Answers>> {
        let Some(bytes) = self.vault(key).await? else { return Ok(None) };
        let mut answers: form::Answers = serde_json::from_slice(&bytes)?;
        answers.retype(&loaded.edition);
        self.add_assigned(loaded, &mut answers).await?;
        Ok(Some(answers))
    }
}
