//! From declarations and answers to the plan of each matter.
//!
//! A condition whose answer is not there counts as not met: the form asks whatever decides, so what stays unknown was
//! left blank, and a blank calls for nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use calendar::{Limit, LimitUnit};
use catalogue::{
    Condition, Edition, Fee, Item, ItemId, Material, MaterialId, MaterialNeed, Member, OpeningKind,
    PartyKind, Performer, PromiseMode, Step, StepId, StepKind, Thing, ThingId,
};
use expression::Facts;

use crate::{
    Case, Doer, MaterialStatus, Plan, PlanChange, PlannedExtension, PlannedLimits, PlannedMaterial,
    PlannedStep, Refusal,
};

/// What the applicant chose and brought; the same for all matters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choices {
    pub promise: Vec<ItemId>,
    pub tolerate: Vec<MaterialId>,
    pub supplied: Vec<MaterialId>,
}

impl Choices {
    /// As the plans of the case show them.
    pub fn of(case: &Case) -> Self {
        let mut choices = Self::default();
        for matter in &case.matters {
            if matter.plan.promise_check.is_some() {
                choices.promise.push(matter.item.clone());
            }
            for material in &matter.plan.materials {
                match material.status {
                    MaterialStatus::Supplied => choices.supplied.push(material.id.clone()),
                    MaterialStatus::Tolerated => choices.tolerate.push(material.id.clone()),
                    MaterialStatus::Missing | MaterialStatus::Held | MaterialStatus::Promised => {}
                }
            }
        }
        choices
    }
}

/// Plans every item that applies, in the order of the thing.
pub(crate) fn plan_thing<'a>(
    edition: &'a Edition,
    thing: &ThingId,
    facts: &dyn Facts,
    party: PartyKind,
    choices: &Choices,
) -> Result<Vec<(&'a Item, Plan)>, Refusal> {
    let Some(thing) = edition.thing(thing) else {
        return Err(Refusal::UnknownThing { thing: thing.clone() });
    };
    let members: Vec<&Member> =
        thing.members.iter().filter(|member| holds(member.when.as_ref(), facts)).collect();
    if let Some(items) = conflict(&members) {
        return Err(Refusal::RouteConflict { items });
    }
    let applying: BTreeSet<&ItemId> = members.iter().map(|member| &member.item).collect();
    let mut plans = Vec::with_capacity(members.len());
    for member in members {
        let Some(item) = edition.item(&member.item) else { continue };
        if !item.feedback && !item.applicants.contains(&party) {
            return Err(Refusal::PartyNotAllowed { item: item.id.clone() });
        }
        let mut plan = plan_item(edition, thing, item, facts, choices)?;
        plan.after = member.after.iter().filter(|before| applying.contains(before)).cloned().collect();
        plans.push((item, plan));
    }
    Ok(plans)
}

/// Two members of one route that both apply.
fn conflict(members: &[&Member]) -> Option<Vec<ItemId>> {
    for (place, member) in members.iter().enumerate() {
        let Some(route) = &member.route else { continue };
        if let Some(other) = members[place + 1..].iter().find(|other| other.route.as_ref() == Some(route)) {
            return Some(vec![member.item.clone(), other.item.clone()]);
        }
    }
    None
}

fn holds(condition: Option<&Condition>, facts: &dyn Facts) -> bool {
    condition.is_none_or(|condition| condition.evaluate(facts).is_true())
}

fn plan_item(
    edition: &Edition,
    thing: &Thing,
    item: &Item,
    facts: &dyn Facts,
    choices: &Choices,
) -> Result<Plan, Refusal> {
    let promise = item.modes.promise.as_ref().filter(|_| choices.promise.contains(&item.id));
    if promise.is_none() && choices.promise.contains(&item.id) {
        return Err(Refusal::ModeNotOffered { item: item.id.clone() });
    }
    let applies = |step: &Step| {
        holds(step.when.as_ref(), facts)
            && promise.is_none_or(|promise| !promise.skips.contains(&step.id))
            && step
                .fee
                .as_ref()
                .and_then(|fee| item.fees.get(fee))
                .is_none_or(|fee: &Fee| holds(fee.when.as_ref(), facts))
    };
    let kept: BTreeSet<&StepId> =
        item.steps.values().filter(|step| applies(step)).map(|step| &step.id).collect();
    let steps: Vec<PlannedStep> = item
        .steps
        .values()
        .filter(|step| kept.contains(&step.id))
        .map(|step| plan_step(edition, thing, item, step, &kept))
        .collect();
    let materials = plan_materials(edition, item, facts, choices, promise);
    let has_gap = materials.iter().any(|material| material.status == MaterialStatus::Tolerated);
    let visits = steps.iter().filter(|step| step.visit).count();
    Ok(Plan {
        limits: plan_limits(edition, item, has_gap),
        promise_check: promise.map(|promise| promise.verify_within),
        visits: u8::try_from(visits).unwrap_or(u8::MAX),
        needs_judgement: item
            .requirements
            .iter()
            .any(|requirement| !requirement.condition.evaluate(facts).is_true()),
        presence: item.steps_of_kind(StepKind::Accept).any(|step| step.present && !step.remote),
        after: Vec::new(),
        steps,
        materials,
    })
}

fn plan_step(
    edition: &Edition,
    thing: &Thing,
    item: &Item,
    step: &Step,
    kept: &BTreeSet<&StepId>,
) -> PlannedStep {
    let mut after = Vec::new();
    effective_after(item, step, kept, &mut after, &mut BTreeSet::new());
    let joint = thing
        .joint_inspections
        .iter()
        .position(|joint| joint.steps.iter().any(|(of, id)| *of == item.id && *id == step.id))
        .and_then(|place| u8::try_from(place).ok());
    let by = match &step.by {
        Performer::Role { role } => Doer::Role {
            role: role.clone(),
            department: edition
                .role(role)
                .map_or_else(|| item.department.clone(), |role| role.department.clone()),
        },
        Performer::Applicant => Doer::Applicant,
        Performer::System => Doer::System,
    };
    PlannedStep {
        id: step.id.clone(),
        kind: step.kind,
        by,
        after,
        limit: step.limit,
        counting: step.counting.clone(),
        visit: step.present && !step.remote,
        officers: step.officers,
        result: step.result.clone(),
        fee: step.fee.clone(),
        returns_to: step.returns_to.clone().filter(|target| kept.contains(target)),
        lasts: step.lasts,
        silent_yes: step.silent_yes,
        confirms: step.confirms.clone(),
        joint,
    }
}

/// What a step comes after, with steps that fell away replaced by what those came after.
fn effective_after<'a>(
    item: &'a Item,
    step: &'a Step,
    kept: &BTreeSet<&StepId>,
    after: &mut Vec<StepId>,
    seen: &mut BTreeSet<&'a StepId>,
) {
    for before in &step.after {
        if kept.contains(before) {
            if !after.contains(before) {
                after.push(before.clone());
            }
        } else if let Some(skipped) = item.step(before)
            && seen.insert(before)
        {
            effective_after(item, skipped, kept, after, seen);
        }
    }
}

fn plan_materials(
    edition: &Edition,
    item: &Item,
    facts: &dyn Facts,
    choices: &Choices,
    promise: Option<&PromiseMode>,
) -> Vec<PlannedMaterial> {
    let tolerates = item.modes.tolerance.is_some();
    let status = |id: &MaterialId, need: MaterialNeed| {
        if choices.supplied.contains(id) {
            MaterialStatus::Supplied
        } else if edition.material(id).is_some_and(Material::is_already_held) {
            MaterialStatus::Held
        } else if need == MaterialNeed::Promisable && promise.is_some() {
            MaterialStatus::Promised
        } else if need == MaterialNeed::Tolerable && tolerates && choices.tolerate.contains(id) {
            MaterialStatus::Tolerated
        } else {
            MaterialStatus::Missing
        }
    };
    item.materials
        .iter()
        .filter(|used| holds(used.when.as_ref(), facts))
        .map(|used| PlannedMaterial {
            id: used.material.clone(),
            need: used.need,
            status: status(&used.material, used.need),
        })
        .collect()
}

fn plan_limits(edition: &Edition, item: &Item, has_gap: bool) -> PlannedLimits {
    let limits = &item.limits;
    let warnings = edition.zone().warnings;
    PlannedLimits {
        statutory: limits.statutory,
        promised: limits.promised,
        intake: limits.intake.limit,
        silence: limits.intake.silence,
        correction: limits.intake.correction,
        extension: limits.extension.as_ref().map(|extension| PlannedExtension {
            limit: extension.limit,
            approver: extension.approver.clone(),
        }),
        delivery: limits.delivery,
        gap: item.modes.tolerance.as_ref().filter(|_| has_gap).map(|tolerance| tolerance.close_within),
        closes: closing(edition).filter(|_| same_day(limits.promised) || same_day(limits.intake.limit)),
        yellow: warnings.yellow_days_left,
        red: warnings.red_days_left,
    }
}

fn same_day(limit: Limit) -> bool {
    limit.amount == 0 && limit.unit == LimitUnit::WorkingDays
}

/// When the last hall closes on an ordinary day; `None` in a zone without halls.
fn closing(edition: &Edition) -> Option<jiff::civil::Time> {
    let hours = edition.parts().halls.values().flat_map(|hall| &hall.hours);
    hours.filter(|opening| opening.kind == OpeningKind::Regular).map(|opening| opening.to).max()
}

/// The new plan of a matter that is under way. The clocks that started with acceptance keep their limits: a later
/// edition does not reach back. Fields that no longer matter vanish with their steps.
pub(crate) fn replan(
    old: &Plan,
    mut new: Plan,
    accepted: bool,
    waiting: bool,
) -> Option<(Arc<Plan>, Vec<PlanChange>)> {
    if accepted {
        let gap = new.limits.gap;
        new.limits = old.limits.clone();
        new.limits.gap = old.limits.gap.or(gap);
    }
    if !waiting {
        new.after.clear();
        new.after.extend(old.after.iter().cloned());
    }
    if *old == new {
        return None;
    }
    let changes = changes(old, &new);
    Some((Arc::new(new), changes))
}

fn changes(old: &Plan, new: &Plan) -> Vec<PlanChange> {
    let mut changes = Vec::new();
    let has_step = |plan: &Plan, id: &StepId| plan.steps.iter().any(|step| step.id == *id);
    let has_material =
        |plan: &Plan, id: &MaterialId| plan.materials.iter().any(|material| material.id == *id);
    for step in &new.steps {
        if !has_step(old, &step.id) {
            changes.push(PlanChange::StepAdded(step.id.clone()));
        }
    }
    for step in &old.steps {
        if !has_step(new, &step.id) {
            changes.push(PlanChange::StepRemoved(step.id.clone()));
        }
    }
    for material in &new.materials {
        if !has_material(old, &material.id) {
            changes.push(PlanChange::MaterialAdded(material.id.clone()));
        }
    }
    for material in &old.materials {
        if !has_material(new, &material.id) {
            changes.push(PlanChange::MaterialRemoved(material.id.clone()));
        }
    }
    if old.limits != new.limits {
        changes.push(PlanChange::LimitsChanged);
    }
    changes
}
