//! Starting a draft.

use catalogue::{Channel, ContextFact, FieldKind, PartyKind, ThingId};
use form::{Answers, KnownFacts, Modes, Raw, parse_answer};
use store::{Batch, CommandId, Expected, Outcome};
use uuid::Uuid;

use crate::account::Viewer;
use crate::account::wire::Profile;
use crate::bounds::Making;
use crate::case::perform::day_of;
use crate::case::{By, Entrusted};
use crate::draft::keep::{Draft, DraftId, OpenDraft};
use crate::draft::lapse;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::once::own_command;

/// What is to be applied for, and from where.
#[derive(Clone, Debug)]
pub struct StartDraft {
    pub thing: ThingId,
    /// `None`: the first kind that the thing is open to.
    pub party: Option<PartyKind>,
    pub channel: Channel,
    pub came_from: CameFrom,
}

/// What is known about how somebody came here.
#[derive(Clone, Debug, Default)]
pub struct CameFrom {
    pub page: Option<String>,
    pub thing: Option<ThingId>,
    /// Only one that whoever begins may open, see [`Office::own_case`].
    pub case_number: Option<String>,
    /// The code of its receipt, where nothing else shows that it is theirs.
    pub case_code: String,
    pub rating: Option<u8>,
    pub rating_comment: Option<String>,
}

/// The five levels of 好差评, lowest first.
const LEVELS: [&str; 5] = ["非常不满意", "不满意", "基本满意", "满意", "非常满意"];

impl Office {
    pub async fn start_draft(&self, start: StartDraft, by: By<'_>) -> Result<OpenDraft> {
        self.start_draft_once(start, by, None).await
    }

    /// As [`Office::start_draft`]; with a command id, asking twice begins one draft.
    pub async fn start_draft_once(
        &self,
        start: StartDraft,
        by: By<'_>,
        command: Option<Uuid>,
    ) -> Result<OpenDraft> {
        let command = own_command(command, &by.actor_id(), &format!("draft/{}", start.thing));
        self.needs_room(by).await?;
        self.within_bounds(Making::Drafts, by, self.begin_draft(start, by, command)).await
    }

    async fn begin_draft(
        &self,
        mut start: StartDraft,
        by: By<'_>,
        command: Option<Uuid>,
    ) -> Result<OpenDraft> {
        let edition = self.edition();
        let thing = edition.thing(&start.thing).ok_or(OfficeError::NotFound)?;
        if let Some(named) = &start.came_from.case_number {
            let number = self.own_case_number(named, &start.came_from.case_code, by, None).await?;
            start.came_from.case_number = Some(number).filter(|number| !number.is_empty());
        }
        let about_case = start.came_from.case_number.clone();
        let now = self.now();
        let today = day_of(&edition, now);
        let party = start
            .party
            .filter(|party| thing.applicants.contains(party))
            .or_else(|| thing.applicants.first().copied())
            .unwrap_or(PartyKind::Natural);
        let mut answers = context_answers(&edition, thing, &start.came_from, party, today);
        // Somebody who is signed in need not say again who they are.
        if let By::Viewer(viewer) = by
            && viewer.is_applicant()
            && let Some(bytes) = self.vault(&format!("{}/profile", viewer.id)).await?
        {
            let profile: Profile = serde_json::from_slice(&bytes)?;
            if let Some(field) = thing.applicant_phone.as_ref().and_then(|id| edition.field(id))
                && let Ok(Some(value)) = parse_answer(field, &Raw::One(profile.phone), today)
            {
                answers.give(field.id.clone(), value);
            }
        }
        let ticket = match by {
            By::Viewer(viewer) if viewer.is_officer() => self.ticket_served_by(viewer).await?,
            _ => None,
        };
        let id = DraftId(self.new_id());
        let draft = Draft {
            ticket,
            thing: start.thing,
            about_case,
            edition: edition.hash(),
            party,
            channel: start.channel,
            owner: by.actor_id(),
            answers,
            known: KnownFacts::new(),
            asked: Default::default(),
            tried: Default::default(),
            attachments: Vec::new(),
            seen: Vec::new(),
            seen_marks: Vec::new(),
            modes: Modes::default(),
            consents: Vec::new(),
            submitted: None,
            started_at: now,
            saved_at: now,
            moved: None,
        };
        let event = self.new_event("draft-started", 1, &by.actor_id(), b"{}".to_vec());
        let mut batch = Batch::new(now)
            .append(Self::stream("draft", id.0)?, Expected::NoStream, vec![event])
            .change(self.vault_put(&lapse::key(id), &draft.owner, serde_json::to_vec(&draft)?))
            .change(self.listed_draft(id, &draft));
        if let Some(command) = command {
            batch = batch.command(CommandId(command), id.0.as_bytes().to_vec());
        }
        if let Outcome::Repeated { reply, .. } = self.store().commit(batch).await? {
            let first = Uuid::from_slice(&reply).map_or(id, DraftId);
            return self.open_draft(first, by).await;
        }
        let version = store::Version::NONE.next();
        Ok(OpenDraft { id, draft, edition, today, version })
    }

    /// Drafts that an account fills in for somebody.
    pub async fn entrusted_drafts(&self, agent: &Viewer) -> Result<Vec<OpenDraft>> {
        let mut drafts = Vec::new();
        for what in self.entrusted_to(agent).await? {
            let Entrusted::Draft(id) = what else { continue };
            match self.open_draft(id, By::Agent(agent)).await {
                Ok(open) if open.draft.submitted.is_none() => drafts.push(open),
                Ok(_) | Err(OfficeError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(drafts)
    }

    /// Drafts that somebody has begun and not handed in, newest first.
    pub async fn drafts(&self, by: By<'_>) -> Result<Vec<OpenDraft>> {
        const SHOWN: usize = 20;
        let mut kept = self.store().kv_list(&format!("drafts/{}", by.actor_id()), "", self.now()).await?;
        kept.reverse();
        let mut drafts = Vec::new();
        for (id, _) in kept.into_iter().take(SHOWN) {
            let Ok(id) = id.parse() else { continue };
            match self.open_draft(id, by).await {
                Ok(open) if open.draft.submitted.is_none() => drafts.push(open),
                Ok(_) | Err(OfficeError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(drafts)
    }
}

/// What can be filled in from where somebody came.
pub(crate) fn context_answers(
    edition: &catalogue::Edition,
    thing: &catalogue::Thing,
    came_from: &CameFrom,
    party: PartyKind,
    today: jiff::civil::Date,
) -> Answers {
    let mut answers = Answers::new();
    for (field_id, fact) in &thing.context {
        let Some(field) = edition.field(field_id) else { continue };
        let text = match fact {
            ContextFact::Page => came_from.page.clone(),
            ContextFact::ThingTitle => came_from
                .thing
                .as_ref()
                .and_then(|thing| edition.thing(thing))
                .map(|thing| thing.title.zh.clone()),
            ContextFact::CaseNumber => came_from.case_number.clone(),
            ContextFact::RatingLevel => came_from
                .rating
                .and_then(|level| LEVELS.get(usize::from(level).wrapping_sub(1)))
                .map(|level| (*level).to_owned()),
            ContextFact::RatingComment => came_from.rating_comment.clone(),
            ContextFact::Party => Some(party.as_str().to_owned()),
        };
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { continue };
        let text = match &field.kind {
            FieldKind::Text { max_length, .. } => text.chars().take(*max_length as usize).collect(),
            _ => text,
        };
        // What does not fit the field is simply not filled in.
        if let Ok(Some(value)) = parse_answer(field, &Raw::One(text), today) {
            answers.give(field_id.clone(), value);
        }
    }
    answers
}
