//! Walking the cases of a zone in the order in which they came in, one in memory at a time.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use casework::{Case, Plan};
use catalogue::{Channel, Edition, ItemId, PartyKind, RoleId, StepId, ThingId};
use jiff::Timestamp;
use store::{Condition, Position, Row, StreamHead, StreamId, ViewQuery};

use crate::account::{AccountRow, Standing};
use crate::case::{CaseId, Entry, apply, read};
use crate::error::{OfficeError, Result};
use crate::hall::load::{BOOKINGS, DAYS, place_of};
use crate::office::Office;
use crate::record::event::ready_at;
use crate::record::{HallRecord, RecordedEvent, Side};
use crate::views;
use crate::views::matters::MatterRow;

/// A case with all that happened to it, up to where the walk looks.
#[derive(Clone, Debug)]
pub struct CaseRecord {
    pub id: CaseId,
    pub number: Arc<str>,
    pub thing: ThingId,
    pub party: PartyKind,
    pub channel: Channel,
    /// The stable code of where it stands.
    pub state: &'static str,
    pub received_at: Timestamp,
    pub changed_at: Timestamp,
    /// The edition that it is pinned to in the end.
    pub edition: Arc<Edition>,
    pub matters: Vec<MatterRecord>,
    /// In the order of the stream.
    pub events: Vec<RecordedEvent>,
}

/// One item of a case, as it stands in the end.
#[derive(Clone, Debug)]
pub struct MatterRecord {
    pub item: ItemId,
    pub row: MatterRow,
    /// The steps that somebody dealt with, in the order in which that began.
    pub steps: Vec<StepId>,
    /// What it was to go through in the end.
    pub plan: Arc<Plan>,
}

/// The cases of a zone as they were when the walk began: what is appended meanwhile is not in it.
#[derive(Debug)]
pub struct Records {
    office: Office,
    until: Position,
    after: Position,
    ahead: VecDeque<StreamHead>,
    officers: Officers,
    /// Events of the passes that are over.
    passed: u64,
    tell: Option<Tell>,
}

/// Whom to tell how far the walk is.
struct Tell(Box<dyn FnMut(u64) + Send + Sync>);

impl std::fmt::Debug for Tell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tell")
    }
}

/// Whose acts are the administration's, with the roles that they hold.
#[derive(Debug, Default)]
pub(super) struct Officers(HashMap<String, Vec<RoleId>>);

impl Officers {
    pub fn roles(&self, actor: &str) -> Option<&[RoleId]> {
        self.0.get(actor).map(Vec::as_slice)
    }

    pub fn side(&self, actor: &str) -> Side {
        match self.roles(actor) {
            _ if actor == casework::ActorId::system().as_str() => Side::System,
            Some(_) => Side::Officer,
            None => Side::Applicant,
        }
    }

    async fn read(office: &Office) -> Result<Self> {
        let (mut officers, mut after) = (HashMap::new(), None);
        loop {
            let query = ViewQuery::new(views::accounts::TABLE)
                .filter(Condition::is_in("standing", Standing::STAFF.map(Standing::code)))
                .limit(store::PAGE_ROWS_MAX)
                .after(after);
            let page = office.store().view_rows(query).await?;
            for AccountRow { id, standing, roles, .. } in page.rows.iter().filter_map(views::accounts::read) {
                debug_assert!(standing != Standing::Applicant);
                officers.insert(id.to_string(), roles);
            }
            match page.next {
                Some(cursor) => after = Some(cursor),
                None => return Ok(Self(officers)),
            }
        }
    }
}

impl Office {
    /// Every case with its events, for programs that look at processes. For whoever has the database, not for pages.
    pub async fn records(&self) -> Result<Records> {
        let until = self.store().head().await?;
        let officers = Officers::read(self).await?;
        let (after, ahead) = (Position::START, VecDeque::new());
        Ok(Records { office: self.clone(), until, after, ahead, officers, passed: 0, tell: None })
    }
}

impl Records {
    /// The position up to which events are told.
    pub fn until(&self) -> Position {
        self.until
    }

    pub fn office(&self) -> &Office {
        &self.office
    }

    /// At each stream, `tell` hears how many events of the journal lie behind: each pass counts all of them.
    pub fn tell(&mut self, tell: impl FnMut(u64) + Send + Sync + 'static) {
        self.tell = Some(Tell(Box::new(tell)));
    }

    /// From the first case again, up to the same position.
    pub fn rewind(&mut self) {
        if self.after != Position::START {
            self.passed += self.until.0;
        }
        self.after = Position::START;
        self.ahead.clear();
    }

    /// The next case; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<CaseRecord>> {
        match self.next_stream(&["case"]).await? {
            Some(head) => {
                let id: CaseId = head.stream.id().parse().map_err(|_| OfficeError::NotFound)?;
                self.case(id, &head.stream).await.map(Some)
            }
            None => Ok(None),
        }
    }

    /// The next day of a hall, or its appointments of a day; `None` after the last. Walks by the same steps as
    /// [`Self::next`], so it begins after [`Self::rewind`].
    pub async fn next_hall(&mut self) -> Result<Option<HallRecord>> {
        match self.next_stream(&[DAYS, BOOKINGS]).await? {
            Some(head) => self.hall(&head).await.map(Some),
            None => Ok(None),
        }
    }

    /// One case; `None` when nothing of it was written yet where the walk looks.
    pub(crate) async fn of(&self, id: CaseId) -> Result<Option<CaseRecord>> {
        match self.case(id, &id.stream()?).await {
            Ok(case) => Ok(Some(case)),
            Err(OfficeError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn next_stream(&mut self, kinds: &[&str]) -> Result<Option<StreamHead>> {
        const STREAMS_AT_ONCE: usize = 1000;
        loop {
            let Some(head) = self.ahead.pop_front() else {
                let heads = self.office.store().stream_heads(self.after, STREAMS_AT_ONCE).await?;
                let Some(last) = heads.last() else { return Ok(None) };
                self.after = last.first;
                self.ahead.extend(heads);
                continue;
            };
            if head.first > self.until {
                return Ok(None);
            }
            if let Some(Tell(tell)) = &mut self.tell {
                tell(self.passed + head.first.0);
            }
            if kinds.contains(&head.stream.kind()) {
                return Ok(Some(head));
            }
        }
    }

    async fn hall(&self, head: &StreamHead) -> Result<HallRecord> {
        let mut envelopes = self.office.events(&head.stream, store::Version::NONE).await?;
        envelopes.retain(|envelope| envelope.position <= self.until);
        let (date, hall) = place_of(head.stream.id()).ok_or(OfficeError::NotFound)?;
        HallRecord::of(hall, date, &envelopes, &self.officers)
    }

    async fn case(&self, id: CaseId, stream: &StreamId) -> Result<CaseRecord> {
        let mut envelopes = self.office.events(stream, store::Version::NONE).await?;
        envelopes.retain(|envelope| envelope.position <= self.until);
        let mut case: Option<Case> = None;
        let mut events = Vec::with_capacity(envelopes.len());
        let mut edition: Option<Arc<Edition>> = None;
        // The office may write before the engine's first event; it is told once the case is known.
        let mut early = Vec::new();
        for envelope in &envelopes {
            let entry = read(envelope)?;
            let mut ready = None;
            if let Entry::Engine(event) = &entry {
                ready = case.as_ref().and_then(|case| ready_at(case, event));
                apply(&mut case, event, envelope)?;
            }
            early.push((entry, envelope, ready));
            let Some(case) = &case else { continue };
            let pinned = match edition.take() {
                Some(edition) if edition.hash() == case.edition => edition,
                _ => self.office.edition_named(case.edition).await?,
            };
            let told = early.drain(..);
            events.extend(told.map(|(entry, envelope, ready)| {
                RecordedEvent::of(&entry, envelope, case, ready, &self.officers, &pinned)
            }));
            edition = Some(pinned);
        }
        let (case, edition) = case.zip(edition).ok_or(OfficeError::NotFound)?;
        let matters = matters(id, &case, &edition, &events)?;
        Ok(CaseRecord {
            id,
            number: case.number.clone(),
            thing: case.thing.clone(),
            party: case.party,
            channel: case.channel,
            state: case.state().code(),
            received_at: case.received_at,
            changed_at: case.changed_at,
            edition,
            matters,
            events,
        })
    }
}

fn matters(
    id: CaseId,
    case: &Case,
    edition: &Edition,
    events: &[RecordedEvent],
) -> Result<Vec<MatterRecord>> {
    let clocks = case.clocks(edition.calendar(), edition.offset(), case.changed_at);
    let each = case.matters.iter().map(|matter| {
        let cells = Row(views::matters::cells(id, case, matter, edition, &clocks));
        let row = views::matters::read(&cells).ok_or(OfficeError::NotFound)?;
        let mut steps: Vec<StepId> = Vec::new();
        for event in events.iter().filter(|event| event.item.as_ref() == Some(&matter.item)) {
            if let Some(step) = event.step.as_ref().filter(|step| !steps.contains(step)) {
                steps.push(step.clone());
            }
        }
        Ok(MatterRecord { item: matter.item.clone(), row, steps, plan: matter.plan.clone() })
    });
    each.collect()
}
