//! Handing in, and everything that plans again: corrected answers, more papers, a new edition.

use std::sync::Arc;

use catalogue::{Edition, MaterialId};
use expression::Facts;

use super::Desk;
use super::rights::is_window;
use crate::planning::{Choices, plan_thing, replan};
use crate::{
    Answers, AnswersRestated, Case, CaseOpened, Context, DropCause, EditionMoved, Event, GapClosed,
    MaterialStatus, MaterialsAdded, Matter, MatterDropped, MatterOpened, MatterReplanned, MatterState, Plan,
    Refusal, ReplanCause, Standing, Submission,
};

pub(super) fn submit(submission: &Submission<'_>, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let edition = context.edition;
    if submission.received_at > context.now {
        return Err(Refusal::FutureReceipt);
    }
    let Some(thing) = edition.thing(&submission.thing) else {
        return Err(Refusal::UnknownThing { thing: submission.thing.clone() });
    };
    let choices = Choices {
        promise: submission.promise.clone(),
        tolerate: submission.tolerate.clone(),
        supplied: submission.materials.clone(),
    };
    let plans = plan_thing(edition, &submission.thing, submission.answers.facts, submission.party, &choices)?;
    if plans.is_empty() {
        return Err(Refusal::NothingApplies);
    }
    let feedback = plans.iter().all(|(item, _)| item.feedback);
    if !feedback && !thing.applicants.contains(&submission.party) {
        return Err(Refusal::ThingNotForParty { thing: submission.thing.clone() });
    }
    may_submit(context, feedback)?;
    if let Some(item) =
        submission.promise.iter().find(|item| !plans.iter().any(|(planned, _)| planned.id == **item))
    {
        return Err(Refusal::NoSuchMatter { item: item.clone() });
    }
    for material in &submission.tolerate {
        let tolerable = |plan: &Plan| {
            plan.materials
                .iter()
                .any(|planned| planned.id == *material && planned.status != MaterialStatus::Missing)
        };
        if !plans.iter().any(|(_, plan)| tolerable(plan)) {
            return Err(Refusal::NotTolerable { material: material.clone() });
        }
    }
    let mut events = Vec::with_capacity(plans.len() + 1);
    events.push(Event::from(CaseOpened {
        number: submission.number.clone(),
        thing: submission.thing.clone(),
        edition: edition.hash(),
        party: submission.party,
        channel: submission.channel,
        answers: submission.answers.document.clone(),
        received_at: submission.received_at,
    }));
    for (item, plan) in plans {
        events.push(Event::from(MatterOpened {
            item: item.id.clone(),
            department: item.department.clone(),
            received_at: submission.received_at,
            plan: Arc::new(plan),
            feedback: item.feedback,
        }));
    }
    Ok(events)
}

/// Complaints are open to anybody; other things to applicants, and to the window for a person before it.
fn may_submit(context: &Context<'_>, feedback: bool) -> Result<(), Refusal> {
    let allowed = match context.actor.standing {
        Standing::Applicant | Standing::Agent | Standing::System => true,
        Standing::Officer { .. } => feedback || is_window(context),
    };
    if allowed { Ok(()) } else { Err(Refusal::NotAllowed) }
}

impl Desk<'_> {
    pub(super) fn restate(&self, answers: &Answers<'_>) -> Result<Vec<Event>, Refusal> {
        self.need_applicant_side()?;
        if !self.case.matters.iter().any(|matter| matter.state.is_undecided()) {
            return Err(Refusal::NothingFits);
        }
        self.restated(answers, &[])
    }

    /// `arriving` comes with the new answers.
    pub(super) fn restated(
        &self,
        answers: &Answers<'_>,
        arriving: &[MaterialId],
    ) -> Result<Vec<Event>, Refusal> {
        let mut events = vec![Event::from(AnswersRestated {
            answers: answers.document.clone(),
            same_people: answers.same_people,
        })];
        let mut choices = Choices::of(self.case);
        choices.supplied.extend_from_slice(arriving);
        let (edition, now) = (self.context.edition, self.now());
        events.extend(replan_all(self.case, edition, answers.facts, &choices, ReplanCause::Restated, now)?);
        // What did not pass is for whoever decides it, not for another item's answers to take away.
        let taken_away = events.iter().find_map(|event| match event {
            Event::MatterDropped(dropped) => self.case.matter(&dropped.item),
            _ => None,
        });
        if let Some(matter) = taken_away.filter(|matter| matter.adverse().next().is_some()) {
            return Err(Refusal::AdverseFound { item: matter.item.clone() });
        }
        Ok(events)
    }

    pub(super) fn add_materials(&self, materials: &[MaterialId]) -> Result<Vec<Event>, Refusal> {
        if !self.context.actor.is_applicant_side() && !is_window(&self.context) {
            let involved = self.case.matters.iter().any(|matter| self.is_officer_of(matter));
            if !involved {
                return Err(Refusal::NotAllowed);
            }
        }
        let open = || self.case.matters.iter().filter(|matter| !matter.state.is_over());
        let planned = |id: &MaterialId| {
            open().any(|matter| matter.plan.materials.iter().any(|planned| planned.id == *id))
        };
        if let Some(material) = materials.iter().find(|id| !planned(id)) {
            return Err(Refusal::UnknownMaterial { material: material.clone() });
        }
        let events: Vec<Event> = open().flat_map(|matter| arrived(matter, materials)).collect();
        if events.is_empty() { Err(Refusal::NothingChanges) } else { Ok(events) }
    }

    pub(super) fn move_edition(&self, facts: &dyn Facts) -> Result<Vec<Event>, Refusal> {
        if self.context.actor.is_applicant_side() {
            return Err(Refusal::NotAllowed);
        }
        let edition = self.context.edition;
        if edition.hash() == self.case.edition {
            return Err(Refusal::SameEdition);
        }
        let mut events = vec![Event::from(EditionMoved { edition: edition.hash() })];
        let choices = Choices::of(self.case);
        events.extend(replan_all(
            self.case,
            edition,
            facts,
            &choices,
            ReplanCause::EditionMoved,
            self.now(),
        )?);
        Ok(events)
    }
}

/// What the arrival of papers means to one matter: a gap closes, or what was missing is there.
pub(super) fn arrived(matter: &Matter, materials: &[MaterialId]) -> Vec<Event> {
    let of = |status: MaterialStatus| -> Vec<MaterialId> {
        let fits =
            |planned: &&crate::PlannedMaterial| planned.status == status && materials.contains(&planned.id);
        matter.plan.materials.iter().filter(fits).map(|planned| planned.id.clone()).collect()
    };
    let mut events = Vec::new();
    let (missing, gaps) = (of(MaterialStatus::Missing), of(MaterialStatus::Tolerated));
    if !missing.is_empty() {
        events.push(Event::from(MaterialsAdded { item: matter.item.clone(), materials: missing }));
    }
    if !gaps.is_empty() {
        events.push(Event::from(GapClosed { item: matter.item.clone(), materials: gaps }));
    }
    events
}

/// Plans what is not yet decided again: items that no longer apply are dropped, new ones open, the others change.
fn replan_all(
    case: &Case,
    edition: &Edition,
    facts: &dyn Facts,
    choices: &Choices,
    cause: ReplanCause,
    now: jiff::Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let mut choices = choices.clone();
    // A mode that the new edition no longer offers falls away rather than standing in the way.
    choices.promise.retain(|item| edition.item(item).is_some_and(|item| item.modes.promise.is_some()));
    let plans = plan_thing(edition, &case.thing, facts, case.party, &choices)?;
    if plans.is_empty() {
        return Err(Refusal::NothingApplies);
    }
    let mut events = Vec::new();
    for matter in case.matters.iter().filter(|matter| matter.state.is_undecided()) {
        let item = matter.item.clone();
        let Some((_, plan)) = plans.iter().find(|(planned, _)| planned.id == item) else {
            let abolished = edition.item(&item).is_none();
            let cause = if abolished { DropCause::Abolished } else { DropCause::NoLongerApplies };
            events.push(Event::from(MatterDropped { item, cause }));
            continue;
        };
        let waiting = matter.state == MatterState::Waiting;
        if let Some((plan, changes)) =
            replan(&matter.plan, plan.clone(), matter.accepted_at.is_some(), waiting)
        {
            events.push(Event::from(MatterReplanned { item, plan, cause, changes }));
        }
    }
    for (item, plan) in plans {
        let reopens = match case.matter(&item.id) {
            None => true,
            Some(matter) => matter.state == MatterState::Dropped(DropCause::NoLongerApplies),
        };
        if reopens {
            events.push(Event::from(MatterOpened {
                item: item.id.clone(),
                department: item.department.clone(),
                received_at: now,
                plan: Arc::new(plan),
                feedback: item.feedback,
            }));
        }
    }
    Ok(events)
}
