//! Commands into events. Time comes first: what silence and expired limits have brought about by now is recorded before
//! the command is judged, so that nobody acts on a state that the law has already left.

mod aftercare;
mod behalf;
mod clocks;
mod intake;
mod rights;
mod steps;
mod submit;
mod tick;
mod verdict;

use catalogue::ItemId;
use engine::Folded as _;

use crate::{Case, Command, Context, Event, Matter, MatterState, Refusal, Stamp};

/// Judges a command. `case` is `None` only before [`Command::Submit`].
///
/// # Errors
/// A [`Refusal`]; then nothing has happened.
pub fn decide(
    case: Option<&Case>,
    command: &Command<'_>,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Some(case) = case else {
        return match command {
            Command::Submit(submission) => {
                let events = submit::submit(submission, context)?;
                Ok(tick::settle(None, events, context))
            }
            _ => Err(Refusal::NoCase),
        };
    };
    if !matches!(command, Command::MoveEdition { .. }) && case.edition != context.edition.hash() {
        return Err(Refusal::WrongEdition);
    }
    if matches!(command, Command::Tick) {
        return Ok(tick::tick(case, context));
    }
    let expired = tick::consequences(case, context);
    if expired.is_empty() {
        let events = Desk { case, context: *context, proven: false }.judge(command)?;
        return Ok(tick::settle(Some(case), events, context));
    }
    let mut later = case.clone();
    let stamp = stamp(context);
    for event in &expired {
        later.apply(event, &stamp);
    }
    let mut events = expired;
    match (Desk { case: &later, context: *context, proven: false }).judge(command) {
        Ok(more) => events.extend(tick::settle(Some(&later), more, context)),
        // Accepting what silence has accepted already only records the silence, for whoever might have accepted it.
        Err(Refusal::WrongState { .. } | Refusal::NothingFits)
            if matches!(command, Command::Accept { .. })
                && events.iter().any(|event| matches!(event, Event::DeemedAccepted(_))) =>
        {
            match (Desk { case, context: *context, proven: false }).judge(command) {
                Ok(_) | Err(Refusal::MaterialsMissing { .. }) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Err(refusal) => return Err(refusal),
    }
    Ok(events)
}

fn stamp(context: &Context<'_>) -> Stamp {
    Stamp { at: context.now, actor: context.actor.id.clone() }
}

/// A case on the desk of an actor, at one moment.
#[derive(Clone, Copy)]
struct Desk<'a> {
    case: &'a Case,
    context: Context<'a>,
    /// The window has said how it knows that the applicant wants this.
    proven: bool,
}

impl<'a> Desk<'a> {
    fn judge(&self, command: &Command<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Submit(_) => Err(Refusal::CaseExists),
            // Ticks are judged before anybody sits down at the desk.
            Command::Tick => Ok(Vec::new()),
            Command::Restate { answers } => self.restate(answers),
            Command::AddMaterials { materials } => self.add_materials(materials),
            Command::Present { item, proof } => self.present(item, proof),
            Command::TakeBackPresence { item, reason } => self.take_back_presence(item, reason),
            Command::Accept { item } => self.accept(item.as_ref()),
            Command::NotRequired { item, reason } => self.not_required(item, reason),
            Command::NotOurRemit { item, reason, organ } => self.not_our_remit(item, reason, organ),
            Command::CorrectOnTheSpot { item, note, answers } => {
                self.correct_on_the_spot(item, note, answers.as_ref())
            }
            Command::AskCorrection { item, points, notice, again } => {
                self.ask_correction(item, points, notice, again.as_ref())
            }
            Command::SupplyCorrection { item, materials, answers } => {
                self.supply_correction(item, materials, answers.as_ref())
            }
            Command::Claim { item, step, officer } => self.claim(item, step, officer.as_ref()),
            Command::Release { item, step } => self.release(item, step),
            Command::CompleteStep { item, step, yes, opinion, finding, officers, joint } => {
                let record = steps::Record {
                    yes: *yes,
                    opinion: opinion.as_ref(),
                    finding: *finding,
                    officers,
                    joint: *joint,
                };
                self.complete_step(item, step, record)
            }
            Command::ForApplicant { act, proof, note } => self.for_applicant(act, proof, note),
            Command::UndoActedFor { acted } => self.undo_acted_for(*acted),
            Command::Pause { item, kind, needed, notice } => self.pause(item, kind, *needed, notice.as_ref()),
            Command::Resume { item, kind } => self.resume(item, kind),
            Command::RequestExtension { item, reason } => self.request_extension(item, reason),
            Command::ApproveExtension { item } => self.approve_extension(item),
            Command::DenyExtension { item, reason } => self.deny_extension(item, reason),
            Command::Decide { item, verdict, officers } => self.decide(item, verdict, officers),
            Command::Issue { item, result, number, identifier } => {
                self.issue(item, result, number, identifier.as_ref())
            }
            Command::Deliver { item, how } => self.deliver(item, *how),
            Command::CloseGap { item, materials } => self.close_gap(item, materials),
            Command::VerifyPromise { item, kept, record } => self.verify_promise(item, *kept, record),
            Command::ChangeResult { item, result, change, reason } => {
                self.change_result(item, result, *change, reason)
            }
            Command::ReplaceResult { item, result, number } => self.replace_result(item, result, number),
            Command::Withdraw { item, reason } => self.withdraw(item.as_ref(), reason.as_ref()),
            Command::Object { item, text } => self.object(item.as_ref(), text),
            Command::AnswerObjection { objection, text } => self.answer_objection(*objection, text),
            Command::Rate { level, comment, named } => self.rate(*level, comment.as_ref(), *named),
            Command::Message { item, text } => self.message(item.as_ref(), text),
            Command::MoveEdition { facts } => self.move_edition(facts.0),
            Command::SetVisit { item, step, at, remote, reason } => {
                self.set_visit(item, step, (*at, *remote), reason.as_ref())
            }
            Command::ExplainOverdue { item, text } => self.explain_overdue(item, text),
        }
    }

    fn matter(&self, item: &ItemId) -> Result<&'a Matter, Refusal> {
        self.case.matter(item).ok_or_else(|| Refusal::NoSuchMatter { item: item.clone() })
    }

    /// The matter, if it is still going on.
    fn open_matter(&self, item: &ItemId) -> Result<&'a Matter, Refusal> {
        let matter = self.matter(item)?;
        if matter.state.is_over() { Err(Refusal::MatterIsOver { item: item.clone() }) } else { Ok(matter) }
    }

    /// The matter, if it stands exactly here.
    fn matter_in(&self, item: &ItemId, state: &MatterState) -> Result<&'a Matter, Refusal> {
        let matter = self.open_matter(item)?;
        if matter.state == *state { Ok(matter) } else { Err(Refusal::WrongState { item: item.clone() }) }
    }

    /// Events happen no earlier than the last one.
    fn now(&self) -> jiff::Timestamp {
        self.context.now.max(self.case.changed_at)
    }
}
