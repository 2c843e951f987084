//! A bad rating, of a case or of a visit to a hall, opens a case of its own: somebody calls back. The work is put down in the
//! commit of the rating, so that a crash between the two cannot lose it.

use std::sync::Arc;

use casework::{Answers as CaseAnswers, Command, Context, Event, Submission};
use catalogue::{Channel, FieldId};
use form::{KnownFacts, Raw, parse_answer};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{Batch, Change, CommandId, Job};

use crate::case::load::{CaseId, LoadedCase, Party};
use crate::case::perform::{Extras, HandedIn, day_of};
use crate::case::wire::OfficeEvent;
use crate::draft::{Attachment, CameFrom, context_answers};
use crate::error::{OfficeError, Result};
use crate::hall::TicketRef;
use crate::office::Office;
use crate::views;

const QUEUE: &str = "call-back";
/// 差评: the two lowest of the five levels.
const BAD_MAX: u8 = 2;
/// How long one try may take before another worker takes the job over.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
const TRIES_MAX: u32 = 20;

/// What the job has to know: the rest is with what was rated.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum CallBack {
    Case {
        case: CaseId,
        /// Whoever rated follows the call-back too.
        rater: String,
    },
    Visit {
        ticket: TicketRef,
        rater: String,
    },
}

/// What a call-back begins with.
struct Rated {
    came_from: CameFrom,
    party: Party,
    /// The number that was rated, so that whoever calls sees which visit it was.
    ticket: Option<TicketRef>,
}

impl CallBack {
    fn rater(&self) -> &str {
        match self {
            Self::Case { rater, .. } | Self::Visit { rater, .. } => rater,
        }
    }
}

impl Office {
    /// Puts down that somebody has to call back, if the rating that was just decided asks for it. Who stays unnamed is
    /// not called.
    pub(crate) fn call_back_later(
        &self,
        loaded: &LoadedCase,
        decided: &[Event],
        rater: &str,
        x: &mut Extras,
    ) -> Result<()> {
        let callback = self.edition().zone().callback.clone();
        // A call-back that is rated badly is looked at by people, not by one more call-back.
        if callback.is_none_or(|thing| thing == loaded.case.thing) {
            return Ok(());
        }
        let bad =
            |event: &Event| matches!(event, Event::Rated(rated) if rated.named && rated.level <= BAD_MAX);
        if decided.iter().any(bad) {
            let body = serde_json::to_vec(&CallBack::Case { case: loaded.id, rater: rater.into() })?;
            let id = CommandId::named(QUEUE, &loaded.id.to_string()).0;
            x.changes.push(Change::JobPut { id, queue: QUEUE.into(), due_at: self.now(), body });
        }
        Ok(())
    }

    /// Whether somebody calls back who rated so and may be called.
    pub fn calls_back(&self, level: u8, named: bool) -> bool {
        named && level <= BAD_MAX && self.edition().zone().callback.is_some()
    }

    /// As [`Office::call_back_later`], for a visit that somebody who may be called has rated.
    pub(crate) fn call_visitor_back(
        &self,
        ticket: &TicketRef,
        level: u8,
        rater: &str,
    ) -> Result<Option<Change>> {
        if !self.calls_back(level, true) {
            return Ok(None);
        }
        let body = serde_json::to_vec(&CallBack::Visit { ticket: ticket.clone(), rater: rater.into() })?;
        let id = CommandId::named(QUEUE, &format!("{} {} {}", ticket.hall, ticket.date, ticket.number)).0;
        Ok(Some(Change::JobPut { id, queue: QUEUE.into(), due_at: self.now(), body }))
    }

    /// Opens the cases that bad ratings have asked for; tells how many.
    pub(crate) async fn open_call_backs(&self) -> Result<u64> {
        const AT_ONCE: usize = 50;
        let mut opened = 0;
        loop {
            let now = self.now();
            let jobs = self.store().lease_jobs(QUEUE, now, now + LEASE, AT_ONCE).await?;
            let count = jobs.len();
            for job in jobs {
                match self.open_call_back(&job).await {
                    Ok(done) => opened += u64::from(done),
                    Err(error) => self.try_again(&job, &error).await?,
                }
            }
            if count < AT_ONCE {
                return Ok(opened);
            }
        }
    }

    async fn try_again(&self, job: &Job, error: &OfficeError) -> Result<()> {
        tracing::warn!(job = %job.id, %error, "a call-back could not be opened");
        let (id, attempt, problem) = (job.id, job.attempt, error.to_string());
        let change = if attempt >= TRIES_MAX {
            Change::JobGiveUp { id, attempt, problem }
        } else {
            Change::JobRetry {
                id,
                attempt,
                due_at: self.now() + LEASE * i32::try_from(attempt).unwrap_or(1),
                problem,
            }
        };
        self.store().commit(Batch::new(self.now()).change(change)).await?;
        Ok(())
    }

    async fn rated(&self, asked: &CallBack) -> Result<Option<Rated>> {
        match asked {
            CallBack::Case { case, .. } => {
                let rated = self.load_case(*case).await?;
                let Some(rating) = &rated.case.rating else { return Ok(None) };
                let comment = match &rating.comment {
                    Some(comment) => self.text(comment).await?,
                    None => None,
                };
                let came_from = CameFrom {
                    thing: Some(rated.case.thing.clone()),
                    case_number: Some(rated.case.number.to_string()),
                    rating: Some(rating.level),
                    rating_comment: comment,
                    ..CameFrom::default()
                };
                let party = Party { kind: Some(rated.case.party), ..self.party(rated.id).await? };
                Ok(Some(Rated { came_from, party, ticket: None }))
            }
            CallBack::Visit { ticket, .. } => Ok(self.rated_visit(ticket).await?.map(|visit| Rated {
                came_from: CameFrom {
                    thing: visit.thing,
                    case_number: visit.case_number,
                    rating: Some(visit.rating.level),
                    rating_comment: visit.comment,
                    ..CameFrom::default()
                },
                party: visit.party,
                ticket: Some(ticket.clone()),
            })),
        }
    }

    /// False when there is nothing to open any more.
    async fn open_call_back(&self, job: &Job) -> Result<bool> {
        let asked: CallBack = serde_json::from_slice(&job.body)?;
        let edition = self.edition();
        let thing = edition.zone().callback.as_ref().and_then(|thing| edition.thing(thing));
        let done = Change::JobDone { id: job.id, attempt: job.attempt };
        // Who was forgotten meanwhile is called by nobody.
        let gone = self.is_forgotten(asked.rater()).await?;
        let (Some(thing), Some(rated), false) = (thing, self.rated(&asked).await?, gone) else {
            self.store().commit(Batch::new(self.now()).change(done)).await?;
            return Ok(false);
        };
        let now = self.now();
        let today = day_of(&edition, now);
        let mut party = rated.party;
        let kind = thing.applicants.iter().find(|kind| Some(**kind) == party.kind);
        let kind = kind.or(thing.applicants.first()).copied().ok_or(OfficeError::NotFound)?;
        let mut answers = context_answers(&edition, thing, &rated.came_from, kind, today);
        let who =
            [(Some(&thing.applicant_name), &party.name), (thing.applicant_phone.as_ref(), &party.phone)];
        for (field, text) in who {
            let field = field.and_then(|id: &FieldId| edition.field(id));
            let Some(field) = field.filter(|_| !text.is_empty()) else { continue };
            if let Ok(Some(value)) = parse_answer(field, &Raw::One(text.clone()), today) {
                answers.give(field.id.clone(), value);
            }
        }
        party.kind = Some(kind);

        let case = CaseId(self.new_id());
        let number = self.next_case_number(today).await?;
        let mut x = Extras::default();
        if let Some(ticket) = rated.ticket {
            x.office_events.push(OfficeEvent::TicketLinked { ticket, by_hand: false });
        }
        let document = x.bytes(self, case, "answers", asked.rater(), serde_json::to_vec(&answers)?);
        let facts = HandedIn { answers: &answers, today };
        let submission = Submission {
            number: Arc::from(number.as_str()),
            thing: thing.id.clone(),
            answers: CaseAnswers { facts: &facts, document: &document, same_people: false },
            party: kind,
            channel: Channel::Online,
            materials: Vec::new(),
            promise: Vec::new(),
            tolerate: Vec::new(),
            received_at: now,
        };
        let actor = casework::Actor::applicant(asked.rater());
        let context = Context { now, actor: &actor, edition: &edition };
        let events = casework::decide(None, &Command::Submit(submission), &context)?;
        for (what, bytes) in [
            ("party", serde_json::to_vec(&party)?),
            ("known", serde_json::to_vec(&KnownFacts::new())?),
            ("files", serde_json::to_vec::<Vec<Attachment>>(&Vec::new())?),
        ] {
            x.changes.push(self.vault_put(&format!("case/{case}/{what}"), asked.rater(), bytes));
        }
        let words = format!("{number} {} {}", thing.title.zh, thing.title.en);
        x.changes.push(Change::View(views::parties::row(case, &party, &words)));
        x.changes.push(done);
        // The job's own id: whatever happens to the answer, the case is opened once.
        self.commit_case(None, case, events, asked.rater(), x, Some(job.id)).await?;
        Ok(true)
    }
}
