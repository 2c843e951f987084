//! One act on a case: load, decide, append, and change the rows that people see, in one commit.

use std::sync::Arc;

use casework::{Answers as CaseAnswers, Case, Command, Context, DocRef, Event, Stamp, Verdict};
use catalogue::{Edition, FieldId, ItemId};
use engine::Folded as _;
use expression::{Fact, Facts};
use jiff::Timestamp;
use jiff::civil::Date;
use store::{Batch, Change, CommandId, Conflict, Expected, NewEvent, Outcome, Version, vault_digest};
use uuid::Uuid;

use crate::case::access::By;
use crate::case::act::{Act, Correction};
use crate::case::cache::Kept;
use crate::case::fitting::{ever_asked, says_who, settled, unmet};
use crate::case::load::{CaseId, LoadedCase, Party};
use crate::case::reason::need_reasons;
use crate::case::wire::{OfficeEvent, SCHEMA};
use crate::document::holder::TURNS;
use crate::error::{Fault, NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

pub(crate) const TEXT_CHARS_MAX: usize = 4000;
/// Somebody else's append in between is met by deciding anew this often.
const TRIES: usize = 5;

/// What came of an act.
#[derive(Clone, Debug)]
pub struct Done {
    pub id: CaseId,
    pub case: Arc<Case>,
    pub events: Vec<Event>,
}

/// What one command adds beside the engine's events.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    pub changes: Vec<Change>,
    pub office_events: Vec<OfficeEvent>,
    /// Events of other streams that must come with the case's.
    pub appends: Vec<store::Append>,
    /// What its command id was given for: kept with the reply, so that the id means nothing else.
    pub claims: Option<Claim>,
}

/// Who does what to which case, as a command id stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim([u8; 16]);

impl Claim {
    /// Under the zone's secret: it stays with the reply when the text of the act is erased, and must not let anybody who has the
    /// store try what the text was.
    fn of(keys: &dyn crate::keys::Keys, actor: &str, id: CaseId, act: &Act) -> Self {
        let digest = keys.keyed("claim of a command", format!("{actor}\n{id}\n{act:?}").as_bytes());
        let mut claim = [0; 16];
        claim.copy_from_slice(&digest[..16]);
        Self(claim)
    }

    /// The reply of the first time: the case, then the claim.
    fn is_of(self, reply: &[u8]) -> bool {
        // Before claims were kept the reply was the case alone.
        reply.get(16..).is_none_or(|kept| kept.is_empty() || kept == self.0)
    }
}

/// The case that a reply names, and the claim that stands behind it.
fn replied(reply: &[u8]) -> Option<CaseId> {
    Uuid::from_slice(reply.get(..16)?).ok().map(CaseId)
}

/// Answers as conditions see them once the form is in: what was not answered will not be.
#[derive(Debug)]
pub(crate) struct HandedIn<'a> {
    pub answers: &'a form::Answers,
    pub today: Date,
}

impl Facts for HandedIn<'_> {
    fn get(&self, name: &str) -> Fact<'_> {
        self.answers.value(name).map_or(Fact::Absent, Fact::Known)
    }

    fn today(&self) -> Option<Date> {
        Some(self.today)
    }
}

/// The civil day in the zone.
pub(crate) fn day_of(edition: &Edition, at: Timestamp) -> Date {
    edition.offset().to_datetime(at).date()
}

impl Extras {
    /// Puts a text into the vault and gives the reference that events carry.
    pub fn text(&mut self, office: &Office, case: CaseId, subject: &str, text: &str) -> Result<DocRef> {
        let text = identifier::lines(text);
        if text.is_empty() {
            return Err(NotPossible::TextMissing.into());
        }
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(NotPossible::TextTooLong.into());
        }
        Ok(self.bytes(office, case, "text", subject, text.into_bytes()))
    }

    /// As [`Extras::text`], for why something is done: it has to say something. Where the law asks for a reason more is needed,
    /// see [`need_reasons`].
    pub fn reason(&mut self, office: &Office, case: CaseId, subject: &str, text: &str) -> Result<DocRef> {
        self.text(office, case, subject, needed(text)?)
    }

    /// As [`Extras::reason`], but nothing written is nothing kept.
    pub fn optional_reason(
        &mut self,
        office: &Office,
        case: CaseId,
        subject: &str,
        text: &str,
    ) -> Result<Option<DocRef>> {
        if !identifier::lines(text).is_empty() && !identifier::says_something(text) {
            return Err(NotPossible::OpinionShort.into());
        }
        self.optional(office, case, subject, text)
    }

    /// As [`Extras::text`], but nothing written is nothing kept.
    pub fn optional(
        &mut self,
        office: &Office,
        case: CaseId,
        subject: &str,
        text: &str,
    ) -> Result<Option<DocRef>> {
        if identifier::lines(text).is_empty() {
            Ok(None)
        } else {
            self.text(office, case, subject, text).map(Some)
        }
    }

    pub fn bytes(
        &mut self,
        office: &Office,
        case: CaseId,
        kind: &str,
        subject: &str,
        bytes: Vec<u8>,
    ) -> DocRef {
        let salt = office.new_salt();
        let key = format!("case/{case}/{kind}/{}", office.new_id());
        let digest = vault_digest(&salt, &bytes).to_string();
        self.changes.push(Change::VaultPut { key: key.clone(), subject: subject.into(), salt, bytes });
        DocRef::new(key, digest)
    }
}

/// A reason that says something.
pub(crate) fn needed(text: &str) -> Result<&str> {
    if identifier::says_something(text) { Ok(text) } else { Err(NotPossible::ReasonMissing.into()) }
}

/// People are visited, and called, while offices work: at another time only for a reason that they can read.
fn need_hours(act: &Act, edition: &Edition) -> Result<()> {
    match act {
        Act::SetVisit { at, why, .. }
            if !identifier::says_something(why) && !crate::process::works_at(edition, *at) =>
        {
            Err(NotPossible::VisitOutsideHours.into())
        }
        _ => Ok(()),
    }
}

/// Nobody handles what they applied for themselves.
pub(crate) fn need_no_own_interest(loaded: &LoadedCase, by: By<'_>) -> Result<()> {
    let By::Viewer(viewer) = by else { return Ok(()) };
    if viewer.is_officer() { need_no_side(loaded, &viewer.id.to_string()) } else { Ok(()) }
}

/// Nor does anybody stand in the record of it, or is given it.
fn need_no_named_interest(loaded: &LoadedCase, act: &Act) -> Result<()> {
    let named: &[String] = match act {
        Act::CompleteStep { officers, .. } | Act::Grant { officers, .. } | Act::Refuse { officers, .. } => {
            officers
        }
        Act::Claim { officer: Some(officer), .. } => std::slice::from_ref(officer),
        _ => &[],
    };
    named.iter().try_for_each(|officer| need_no_side(loaded, officer))
}

/// The officer neither handed the case in nor was ever agent in it: a duty that came later, or a consent that ended since, changes
/// nothing.
fn need_no_side(loaded: &LoadedCase, officer: &str) -> Result<()> {
    for event in loaded.office_events.iter() {
        match event {
            OfficeEvent::OfficerApplies { account } if account == officer => {
                return Err(NotPossible::OwnApplication.into());
            }
            OfficeEvent::AgentAllowed { consent } if consent.actor() == officer => {
                return Err(NotPossible::AgentsApplication.into());
            }
            _ => {}
        }
    }
    Ok(())
}

impl Office {
    /// What somebody says has come is among the papers of the case: for a correction, a paper that came after it was asked for.
    async fn need_papers(&self, loaded: &LoadedCase, act: &Act) -> Result<()> {
        let act = if let Act::ForApplicant { act, .. } = act { act } else { act };
        let (materials, since) = match act {
            Act::CloseGap { materials, .. } | Act::AddMaterials { materials } => (materials, None),
            Act::SupplyCorrection { item, materials, .. } => {
                let asked = loaded.case.matter(item).and_then(|matter| matter.correction.as_ref());
                (materials, asked.map(|asked| asked.asked_at))
            }
            _ => return Ok(()),
        };
        if materials.is_empty() {
            return Ok(());
        }
        let files = self.files_stored(loaded.id).await?;
        let there = |paper| {
            let mut files = files.iter().filter(|file| file.material.as_ref() == Some(paper));
            files.any(|file| since.is_none_or(|since| file.at >= since))
        };
        if materials.iter().all(there) { Ok(()) } else { Err(NotPossible::PaperNotThere.into()) }
    }

    /// Does `act` for `by`. With a command id, doing it twice does it once.
    pub async fn act(&self, id: CaseId, act: Act, by: By<'_>, command: Option<Uuid>) -> Result<Done> {
        self.act_upon(id, act, None, by, command).await
    }

    /// As [`Office::act`], of somebody who looked at the answers under the key `upon`: what rests on answers is refused
    /// once they are others.
    ///
    /// # Errors
    /// As [`Office::act`]; `AnswersMoved`.
    pub async fn act_upon(
        &self,
        id: CaseId,
        act: Act,
        upon: Option<&str>,
        by: By<'_>,
        command: Option<Uuid>,
    ) -> Result<Done> {
        let act = act.spelled();
        let claim = command.map(|_| Claim::of(self.keys(), &by.actor_id(), id, &act));
        let upon = upon.filter(|_| act.rests_on_answers());
        for _ in 0..TRIES {
            let loaded = self.load_case(id).await?;
            let tried = match upon {
                Some(key) if *loaded.case.answers.key != *key => Err(NotPossible::AnswersMoved.into()),
                _ => self.try_act(loaded, &act, by, command, claim).await,
            };
            match tried {
                Err(OfficeError::Stale) => {}
                // What was done can often not be done again, and the second time is told what came of the first.
                Err(
                    error @ (OfficeError::Refused(_) | OfficeError::Unfit(_) | OfficeError::NotPossible(_)),
                ) => {
                    return self.done_before(id, command, claim).await?.ok_or(error);
                }
                done => return done,
            }
        }
        Err(OfficeError::Stale)
    }

    /// Whether exactly this was done before under this command.
    ///
    /// # Errors
    /// The store fails, or what it keeps cannot be read.
    pub async fn was_done(&self, id: CaseId, act: &Act, by: By<'_>, command: Option<Uuid>) -> Result<bool> {
        let act = act.clone().spelled();
        let claim = command.map(|_| Claim::of(self.keys(), &by.actor_id(), id, &act));
        match self.done_before(id, command, claim).await {
            Ok(done) => Ok(done.is_some()),
            Err(OfficeError::NotPossible(NotPossible::CommandUsed)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What a command came to when it was given before.
    async fn done_before(
        &self,
        id: CaseId,
        command: Option<Uuid>,
        claim: Option<Claim>,
    ) -> Result<Option<Done>> {
        let Some((command, claim)) = command.zip(claim) else { return Ok(None) };
        let Some(Outcome::Repeated { reply, .. }) = self.store().outcome(CommandId(command)).await? else {
            return Ok(None);
        };
        if replied(&reply) != Some(id) || !claim.is_of(&reply) {
            return Err(NotPossible::CommandUsed.into());
        }
        let loaded = self.load_case(id).await?;
        Ok(Some(Done { id, case: loaded.case, events: Vec::new() }))
    }

    async fn try_act(
        &self,
        loaded: LoadedCase,
        act: &Act,
        by: By<'_>,
        command: Option<Uuid>,
        claim: Option<Claim>,
    ) -> Result<Done> {
        let actor = self.actor_in(loaded.id, &loaded.case, by).await?;
        if !matches!(by, By::System) {
            self.need_unrestricted(loaded.id).await?;
        }
        self.need_own_officers(&loaded, act, by).await?;
        need_no_own_interest(&loaded, by)?;
        need_no_named_interest(&loaded, act)?;
        self.need_papers(&loaded, act).await?;
        need_reasons(&loaded, act)?;
        if let Act::Grant { item, opinion, .. } = act
            && !unmet(&loaded, &self.answers(&loaded).await?, item).is_empty()
        {
            super::reason::reason(opinion, NotPossible::GrantUnmet).map_err(|_| NotPossible::GrantUnmet)?;
        }
        let mut extras = Extras { claims: claim, ..Extras::default() };
        let now = self.now();
        let edition = match act {
            Act::MoveEdition => self.edition(),
            _ => loaded.edition.clone(),
        };
        let context = Context { now, actor: &actor, edition: &edition };
        let today = day_of(&loaded.edition, now);
        let id = loaded.id;
        let subject = loaded.case.opened_by.as_str().to_owned();
        let x = &mut extras;
        let (own, shown) = match act {
            Act::ForApplicant { act, proof, note } if act.is_applicants() => {
                let proof = self.shown(&loaded, proof, by).await?;
                (&**act, Some((proof, x.reason(self, id, &subject, note)?)))
            }
            Act::ForApplicant { .. } => return Err(OfficeError::Denied),
            act => (act, None),
        };
        let decided = match own {
            Act::Restate { .. }
            | Act::SupplyCorrection { answers: Some(_), .. }
            | Act::CorrectOnTheSpot { answers: Some(_), .. } => {
                self.new_answers(&loaded, own, shown, &context, x).await?
            }
            Act::Present { item, proof } => {
                let proof = self.shown(&loaded, proof, by).await?;
                casework::decide(
                    Some(&loaded.case),
                    &Command::Present { item: item.clone(), proof },
                    &context,
                )?
            }
            Act::MoveEdition => {
                let mut answers = self.answers(&loaded).await?;
                answers.retype(&edition);
                let facts = HandedIn { answers: &answers, today };
                let command = Command::MoveEdition { facts: casework::FactsRef(&facts) };
                casework::decide(Some(&loaded.case), &command, &context)?
            }
            Act::Issue { item, result, originals_seen } => {
                self.make_out(&loaded, (item, result), *originals_seen, by, &context, x).await?
            }
            act => {
                // What is taken back takes the name back that it brought.
                if let Act::UndoActedFor { acted } = act
                    && let Some(before) = loaded.case.answers_before(*acted)
                    && let Some(answers) = self.answers_kept(&loaded, &before.key).await?
                {
                    let now = self.answers(&loaded).await?;
                    let facts = self.learn_anew(&loaded.edition, &now, &answers).await?;
                    self.follow_answers(&loaded, facts, &answers, x).await?;
                }
                if let Act::AskCorrection(Correction { item: Some(item), fields, .. }) = act {
                    self.need_asked(&loaded, item, fields).await?;
                }
                let command = self.plain_command(id, &subject, act, x)?;
                let events = casework::decide(Some(&loaded.case), &in_name_of(command, shown), &context)?;
                need_hours(act, &loaded.edition)?;
                events
            }
        };
        if matches!(act, Act::Rate { .. }) {
            self.call_back_later(&loaded, &decided, &by.actor_id(), x)?;
        }
        self.commit_case(Some(&loaded), id, decided, &by.actor_id(), extras, command).await
    }

    /// Answers that change, by whoever's hand.
    async fn new_answers(
        &self,
        loaded: &LoadedCase,
        own: &Act,
        shown: Option<(casework::Proof, DocRef)>,
        context: &Context<'_>,
        x: &mut Extras,
    ) -> Result<Vec<Event>> {
        let (Act::Restate { answers }
        | Act::SupplyCorrection { answers: Some(answers), .. }
        | Act::CorrectOnTheSpot { answers: Some(answers), .. }) = own
        else {
            return Err(OfficeError::Fault(Fault::Broken("this act changes no answers".into())));
        };
        self.need_case_files(loaded, answers).await?;
        let before = self.answers(loaded).await?;
        if let Act::CorrectOnTheSpot { item, .. } = own {
            let asked = ever_asked(loaded, &before, item);
            let with = self.asked_with(loaded, &before, &asked, answers);
            let opened = with.get(asked.len()..).unwrap_or_default();
            let fields = answers.iter().map(|(field, _)| field);
            let fields: Vec<FieldId> = fields.filter(|field| !opened.contains(field)).cloned().collect();
            self.need_asked(loaded, item, &fields).await?;
        }
        let mut merged = before.clone();
        merge(&mut merged, answers);
        let facts = self.learn_anew(&loaded.edition, &before, &merged).await?;
        self.let_go_of_registers(loaded, &before, answers, &facts, &mut merged).await?;
        self.need_fixed_kept(loaded, &facts, &before, &merged).await?;
        let settled = settled(loaded);
        let changes = |field: &FieldId| before.get(field.as_str()) != merged.get(field.as_str());
        if merged.iter().any(|(field, _)| settled.contains(field) && changes(field)) {
            return Err(NotPossible::AnswerDecidedOn.into());
        }
        self.need_fitting(loaded, &before, &merged)?;
        let subject = loaded.case.opened_by.as_str();
        let document = x.bytes(self, loaded.id, "answers", subject, serde_json::to_vec(&merged)?);
        self.follow_answers(loaded, facts, &merged, x).await?;
        let facts = HandedIn { answers: &merged, today: day_of(&loaded.edition, context.now) };
        let same_people = !merged.iter().any(|(field, _)| changes(field) && says_who(loaded, field));
        let answers = CaseAnswers { facts: &facts, document: &document, same_people };
        let command = match own {
            Act::SupplyCorrection { item, materials, .. } => Command::SupplyCorrection {
                item: item.clone(),
                materials: materials.clone(),
                answers: Some(answers),
            },
            Act::CorrectOnTheSpot { item, note, .. } => Command::CorrectOnTheSpot {
                item: item.clone(),
                note: x.reason(self, loaded.id, subject, note)?,
                answers: Some(answers),
            },
            _ => Command::Restate { answers },
        };
        Ok(casework::decide(Some(&loaded.case), &in_name_of(command, shown), context)?)
    }

    /// A result is numbered, made out and signed, once what it rests on is borne out.
    async fn make_out(
        &self,
        loaded: &LoadedCase,
        (item, result): (&ItemId, &catalogue::ResultId),
        originals_seen: bool,
        by: By<'_>,
        context: &Context<'_>,
        x: &mut Extras,
    ) -> Result<Vec<Event>> {
        self.need_assigned(loaded, item, result).await?;
        let issued = self.issue(loaded, item, result).await?;
        let mut events = casework::decide(Some(&loaded.case), &issued.command(), context)?;
        let unproven = self.unproven(loaded, item, result).await?;
        if !unproven.is_empty() && !originals_seen && !matches!(by, By::System) {
            return Err(NotPossible::IdentityUnproven.into());
        }
        let seen = if originals_seen { unproven } else { Vec::new() };
        for field in &seen {
            self.note_original(loaded, field, &by, x).await?;
        }
        let assigned = self.assign(loaded, item, result, x).await?;
        // First what is replaced, then what takes its place.
        let mut all = self.sign_result(loaded, issued, &assigned, &seen, x).await?;
        all.append(&mut events);
        Ok(all)
    }

    /// What is kept beside the answers follows them: who applies, and what registries say about their new keys.
    async fn follow_answers(
        &self,
        loaded: &LoadedCase,
        facts: Vec<(FieldId, form::Known)>,
        after: &form::Answers,
        x: &mut Extras,
    ) -> Result<()> {
        if !facts.is_empty() {
            let mut known = self.known_facts(loaded, after).await?;
            facts.into_iter().for_each(|(field, fact)| known.insert(field, fact));
            let (subject, bytes) = (loaded.case.opened_by.as_str(), serde_json::to_vec(&known)?);
            x.changes.push(self.vault_put(&format!("case/{}/known", loaded.id), subject, bytes));
        }
        self.rename_party(loaded, after, x).await
    }

    /// Lists, search and the proofs of the window know the applicant by name, code and telephone: they follow the answers.
    async fn rename_party(&self, loaded: &LoadedCase, answers: &form::Answers, x: &mut Extras) -> Result<()> {
        let Some(thing) = loaded.edition.thing(&loaded.case.thing) else { return Ok(()) };
        let today = day_of(&loaded.edition, self.now());
        let was = self.party(loaded.id).await?;
        let mut party = Party::of(&loaded.edition, thing, answers, loaded.case.party, today);
        party.phone_since = if party.phone == was.phone { was.phone_since } else { Some(self.now()) };
        if party == was {
            return Ok(());
        }
        let subject = loaded.case.opened_by.as_str();
        let bytes = serde_json::to_vec(&party)?;
        x.changes.push(self.vault_put(&format!("case/{}/party", loaded.id), subject, bytes));
        let words = views::parties::words(&loaded.case.number, Some(thing));
        x.changes.push(Change::View(views::parties::row(loaded.id, &party, &words)));
        Ok(())
    }

    async fn need_asked(&self, loaded: &LoadedCase, item: &ItemId, fields: &[FieldId]) -> Result<()> {
        if fields.is_empty() {
            return Ok(());
        }
        let settled = settled(loaded);
        let asked = ever_asked(loaded, &self.answers(loaded).await?, item);
        if fields.iter().any(|field| asked.contains(field) && settled.contains(field)) {
            return Err(NotPossible::AnswerDecidedOn.into());
        }
        if fields.iter().all(|field| asked.contains(field)) {
            Ok(())
        } else {
            Err(casework::Refusal::UnknownField.into())
        }
    }

    /// Commands that need nothing but their texts.
    fn plain_command(
        &self,
        id: CaseId,
        subject: &str,
        act: &Act,
        x: &mut Extras,
    ) -> Result<Command<'static>> {
        Ok(match act.clone() {
            Act::CloseGap { materials, .. } | Act::AddMaterials { materials } if materials.is_empty() => {
                return Err(NotPossible::NothingNamed.into());
            }
            Act::Accept { item } => Command::Accept { item },
            Act::NotRequired { item, reason } => {
                Command::NotRequired { item, reason: x.reason(self, id, subject, &reason)? }
            }
            Act::NotOurRemit { item, organ, reason } => Command::NotOurRemit {
                item,
                organ: identifier::line(needed(&organ)?).as_str().into(),
                reason: x.reason(self, id, subject, &reason)?,
            },
            Act::CorrectOnTheSpot { item, note, .. } => {
                Command::CorrectOnTheSpot { item, note: x.reason(self, id, subject, &note)?, answers: None }
            }
            Act::AskCorrection(correction) => Command::AskCorrection {
                item: correction.item.ok_or(OfficeError::NotFound)?,
                points: casework::CorrectionPoints {
                    materials: correction.materials,
                    fields: correction.fields,
                },
                notice: x.reason(self, id, subject, &correction.note)?,
                again: match correction.again {
                    Some(reason) => x.optional_reason(self, id, subject, &reason)?,
                    None => None,
                },
            },
            Act::SupplyCorrection { item, materials, .. } => {
                Command::SupplyCorrection { item, materials, answers: None }
            }
            Act::AddMaterials { materials } => Command::AddMaterials { materials },
            Act::Claim { item, step, officer } => {
                Command::Claim { item, step, officer: officer.map(|officer| officer.as_str().into()) }
            }
            Act::Release { item, step } => Command::Release { item, step },
            Act::CompleteStep { item, step, yes, opinion, checked, officers, joint } => {
                // To pass in spite of points that did not hold, one sentence for all of them is not enough.
                let waived = yes && checked.failed > 0;
                let explained = checked.explains_all() || !waived && identifier::says_something(&opinion);
                let record = [checked.record.trim(), opinion.trim()].join("\n");
                Command::CompleteStep {
                    item,
                    step,
                    yes,
                    opinion: x.optional(self, id, subject, record.trim())?,
                    finding: casework::Finding { failed: checked.failed, explained },
                    officers: officers.iter().map(|officer| officer.as_str().into()).collect(),
                    joint,
                }
            }
            Act::UndoActedFor { acted } => Command::UndoActedFor { acted },
            Act::Pause { item, kind, needed, notice } => {
                Command::Pause { item, kind, needed, notice: x.optional_reason(self, id, subject, &notice)? }
            }
            Act::Resume { item, kind } => Command::Resume { item, kind },
            Act::RequestExtension { item, reason } => {
                Command::RequestExtension { item, reason: x.reason(self, id, subject, &reason)? }
            }
            Act::ApproveExtension { item } => Command::ApproveExtension { item },
            Act::DenyExtension { item, reason } => {
                Command::DenyExtension { item, reason: x.reason(self, id, subject, &reason)? }
            }
            Act::Grant { item, opinion, officers } => Command::Decide {
                item,
                verdict: Verdict::Grant { opinion: x.optional_reason(self, id, subject, &opinion)? },
                officers: officers.iter().map(|officer| officer.as_str().into()).collect(),
            },
            Act::Refuse { item, reason, officers } => Command::Decide {
                item,
                verdict: Verdict::Refuse { reason: x.optional_reason(self, id, subject, &reason)? },
                officers: officers.iter().map(|officer| officer.as_str().into()).collect(),
            },
            Act::Deliver { item, how } => Command::Deliver { item, how },
            Act::CloseGap { item, materials } => Command::CloseGap { item, materials },
            Act::VerifyPromise { item, kept, record } => {
                Command::VerifyPromise { item, kept, record: x.reason(self, id, subject, &record)? }
            }
            Act::ChangeResult { item, result, change, reason } => {
                Command::ChangeResult { item, result, change, reason: x.reason(self, id, subject, &reason)? }
            }
            Act::Withdraw { item, reason } => {
                Command::Withdraw { item, reason: x.optional(self, id, subject, &reason)? }
            }
            Act::Object { item, text } => Command::Object { item, text: x.reason(self, id, subject, &text)? },
            Act::AnswerObjection { objection, text } => {
                Command::AnswerObjection { objection, text: x.reason(self, id, subject, &text)? }
            }
            Act::Rate { level, comment, named } => {
                Command::Rate { level, comment: x.optional(self, id, subject, &comment)?, named }
            }
            Act::Message { item, text } => Command::Message { item, text: x.text(self, id, subject, &text)? },
            Act::SetVisit { item, step, at, remote, why } => {
                // A dot is no reason, and outside office hours that is said.
                let why = if identifier::says_something(&why) { why } else { String::new() };
                let reason = x.optional(self, id, subject, &why)?;
                Command::SetVisit { item, step, at, remote, reason }
            }
            Act::ExplainOverdue { item, text } => {
                Command::ExplainOverdue { item, text: x.reason(self, id, subject, &text)? }
            }
            Act::TakeBackPresence { item, reason } => {
                Command::TakeBackPresence { item, reason: x.reason(self, id, subject, &reason)? }
            }
            Act::Tick => Command::Tick,
            Act::Present { .. }
            | Act::Restate { .. }
            | Act::MoveEdition
            | Act::Issue { .. }
            | Act::ForApplicant { .. } => {
                return Err(OfficeError::Fault(Fault::Broken("this act needs more than its texts".into())));
            }
        })
    }

    /// Appends what was decided and changes the rows that it moves.
    pub(crate) async fn commit_case(
        &self,
        before: Option<&LoadedCase>,
        id: CaseId,
        events: Vec<Event>,
        actor: &str,
        extras: Extras,
        command: Option<Uuid>,
    ) -> Result<Done> {
        // Whatever way leads here.
        if before.is_some() && actor != By::System.actor_id() {
            self.need_unrestricted(id).await?;
        }
        // As the journal keeps it, so that the state is the same as when it is read back.
        let now = store::whole_microseconds(self.now());
        let stamp = Stamp { at: now, actor: actor.into() };
        let mut after = before.map(|loaded| Case::clone(&loaded.case));
        let mut appended: Vec<NewEvent> = Vec::with_capacity(events.len() + extras.office_events.len());
        for event in &events {
            Case::fold(&mut after, event, &stamp);
            let encoded = casework::encode(event);
            appended.push(self.event_at(now, encoded.kind, encoded.schema.into(), actor, encoded.bytes));
        }
        let after = Arc::new(after.ok_or(OfficeError::NotFound)?);
        if appended.is_empty() && extras.office_events.is_empty() {
            return Ok(Done { id, case: after, events });
        }
        for event in &extras.office_events {
            appended.push(self.event_at(now, event.kind(), SCHEMA, actor, serde_json::to_vec(event)?));
        }
        let edition = match before {
            Some(loaded) if loaded.edition.hash() == after.edition => loaded.edition.clone(),
            _ => self.edition_named(after.edition).await?,
        };
        let old = before.map(|loaded| match &loaded.rows {
            Some(rows) => Arc::clone(rows),
            None => Arc::new(views::rows(id, &loaded.case, &loaded.edition)),
        });
        let new = Arc::new(views::rows(id, &after, &edition));
        let rows = views::case_changes(id, old.as_deref(), &new, (&after, &*edition), &extras.office_events);
        let version = before.map_or(Version::NONE, |loaded| loaded.version).0 + appended.len() as u64;
        let expected = before.map_or(Expected::NoStream, |loaded| Expected::Version(loaded.version));
        let mut batch = Batch::new(now).append(id.stream()?, expected, appended).views(rows);
        batch.changes.extend(extras.changes);
        batch.appends.extend(extras.appends);
        if let Some(command) = command {
            let mut reply = id.0.as_bytes().to_vec();
            reply.extend(extras.claims.iter().flat_map(|claim| claim.0));
            batch = batch.command(CommandId(command), reply);
        }
        let committed = match self.store().commit(batch).await {
            // Another result of the same holder was made out meanwhile.
            Err(error) if matches!(error.conflict(), Some(Conflict::Taken { space, .. }) if space == TURNS) =>
            {
                return Err(OfficeError::Stale);
            }
            committed => committed?,
        };
        match committed {
            Outcome::Committed { .. } => {
                let mut office_events =
                    before.map(|loaded| Arc::clone(&loaded.office_events)).unwrap_or_default();
                if !extras.office_events.is_empty() {
                    Arc::make_mut(&mut office_events).extend(extras.office_events);
                }
                let (version, rows) = (Version(version), Some(new));
                self.inner.cases.put(id, Kept { case: after.clone(), office_events, version, rows });
                Ok(Done { id, case: after, events })
            }
            // The same command came twice, perhaps after an answer was lost: what it did then is what it does now.
            Outcome::Repeated { reply, .. } => {
                let first = replied(&reply).unwrap_or(id);
                // An id that was given for something else would say that this is done, and nothing of it would be there.
                if extras.claims.is_some_and(|claim| first != id || !claim.is_of(&reply)) {
                    return Err(NotPossible::CommandUsed.into());
                }
                let loaded = self.load_case(first).await?;
                Ok(Done { id: first, case: loaded.case, events: Vec::new() })
            }
        }
    }

    fn event_at(&self, at: Timestamp, kind: &str, schema: u32, actor: &str, body: Vec<u8>) -> NewEvent {
        NewEvent { at, ..self.new_event(kind, schema, actor, body) }
    }
}

/// New answers take the place of old ones, field by field.
pub(crate) fn merge(into: &mut form::Answers, from: &form::Answers) {
    let fields: Vec<FieldId> = from.iter().map(|(field, _)| field.clone()).collect();
    for field in fields {
        match from.get(field.as_str()) {
            Some(form::Answer::Given(value)) => into.give(field, value.clone()),
            Some(form::Answer::Blank) => into.leave_blank(field),
            Some(form::Answer::Typed(raw)) => into.keep_typed(field, raw.clone()),
            None => {}
        }
    }
}

/// The window's act in the applicant's name, where it has shown how it knows; anybody's own otherwise.
fn in_name_of<'c>(command: Command<'c>, shown: Option<(casework::Proof, DocRef)>) -> Command<'c> {
    match shown {
        Some((proof, note)) => Command::ForApplicant { act: Box::new(command), proof, note },
        None => command,
    }
}
