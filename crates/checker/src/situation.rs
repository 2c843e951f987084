//! Which combinations of answers are possible in a thing: the basis for findings that something always, never
//! or jointly applies. It mirrors what `form` asks, and must be changed together with it.

use std::collections::HashMap;

use catalogue::{Condition, EditionParts, Identified, Item, Step, StepKind, Thing};
use expression::analysis::{Finding, Formula, Scope, Verdict, Witness};

use crate::resolve::{FieldNames, placeholders};

/// The possible answers, by thing.
#[derive(Debug)]
pub struct Scopes<'p> {
    /// Things with questions that do not always arise.
    gated: HashMap<&'p str, Scope<'p>>,
    plain: Scope<'p>,
}

impl<'p> Scopes<'p> {
    pub fn new(parts: &'p EditionParts, names: &'p FieldNames) -> Self {
        let plain = Scope::new(names);
        let mut gated = HashMap::new();
        for thing in
            parts.things.values().filter(|thing| thing.questions.iter().any(|each| each.when.is_some()))
        {
            let scope = gates(parts, thing, plain.clone());
            if scope.has_gates() {
                gated.insert(thing.id.as_str(), scope);
            }
        }
        Self { gated, plain }
    }

    pub fn of(&self, thing: &Thing) -> &Scope<'p> {
        self.gated.get(thing.id.as_str()).unwrap_or(&self.plain)
    }

    /// Whether a condition of an item is always or never true, in all of these things that include the item.
    pub fn verdict(&self, condition: &Condition, things: &[&'p Thing]) -> Verdict {
        let mut scopes: Vec<&Scope<'p>> =
            things.iter().filter_map(|thing| self.gated.get(thing.id.as_str())).collect();
        if scopes.len() < things.len() || scopes.is_empty() {
            scopes.push(&self.plain);
        }
        let mut verdicts = scopes.into_iter().map(|scope| scope.verdict(condition));
        let first = verdicts.next().unwrap_or(Verdict::Unknown);
        if matches!(first, Verdict::Always | Verdict::Never) && verdicts.any(|other| other != first) {
            return Verdict::Sometimes;
        }
        first
    }

    /// Possible answers with which the item applies in one of these things and the formula holds.
    pub fn find(&self, item: &Item, things: &[&'p Thing], goal: &Formula) -> Finding<Witness> {
        if things.is_empty() {
            return self.plain.find(goal);
        }
        let mut result = Finding::Absent;
        for thing in things {
            for applies in applies(thing, item) {
                match self.of(thing).find(&Formula::all([applies, goal.clone()])) {
                    Finding::Absent => {}
                    Finding::Unknown => result = Finding::Unknown,
                    found @ Finding::Found(_) => return found,
                }
            }
        }
        result
    }
}

/// When a thing includes the item: one formula for each time that the thing names it.
pub fn applies(thing: &Thing, item: &Item) -> Vec<Formula> {
    let named = thing.members.iter().enumerate().filter(|(_, member)| member.item == item.id);
    named.map(|(index, _)| member_applies(thing, index)).collect()
}

/// A member applies when its condition holds and no earlier member of its route applies.
pub fn member_applies(thing: &Thing, index: usize) -> Formula {
    let member = &thing.members[index];
    let earlier = thing.members[..index]
        .iter()
        .filter(|earlier| earlier.route.is_some() && earlier.route == member.route);
    let when = |member: &catalogue::Member| Formula::from(member.when.as_ref());
    Formula::all(std::iter::once(when(member)).chain(earlier.map(|earlier| when(earlier).negated())))
}

fn gates<'p>(parts: &'p EditionParts, thing: &'p Thing, mut scope: Scope<'p>) -> Scope<'p> {
    for (index, question) in thing.questions.iter().enumerate() {
        let Some(when) = &question.when else { continue };
        // A question may depend on earlier ones only; one that depends on itself or a later one is always
        // asked.
        let mut later = thing.questions[index..].iter().filter(|later| later.when.is_some());
        if later.any(|later| when.names_used().iter().any(|name| **name == *later.field.as_str())) {
            continue;
        }
        let field = question.field.as_str();
        scope.gate(field, Formula::any([Formula::from(when), asked_anyway(parts, thing, field)]));
    }
    scope
}

/// How the applicant can be identified, each with its condition.
pub fn identities(thing: &Thing) -> Vec<(Identified<'_>, Formula)> {
    let mut found = Vec::new();
    for place in 0..=thing.applicant_when.len() {
        let identity = thing.applicant_when.get(place);
        let earlier = thing.applicant_when[..place].iter().map(|each| Formula::from(&each.when).negated());
        let here = Formula::from(identity.map(|identity| &identity.when));
        found.push((thing.goes_by(identity), Formula::all(earlier.chain([here]))));
    }
    found
}

/// When an item that applies uses the field itself, so that it is asked even if its question does not arise.
fn asked_anyway(parts: &EditionParts, thing: &Thing, field: &str) -> Formula {
    let says_who = identities(thing).into_iter();
    let says_who = Formula::any(
        says_who.filter(|(who, _)| who.fields().any(|each| each == field)).map(|(_, situation)| situation),
    );
    Formula::any(thing.members.iter().enumerate().filter_map(|(index, member)| {
        let item = parts.items.get(&member.item)?;
        let used = Formula::any([says_who.clone(), uses(parts, item, field)]);
        Some(Formula::all([member_applies(thing, index), used]))
    }))
}

/// When an item that applies uses a field: if the item lists it, under the condition given there.
pub fn uses(parts: &EditionParts, item: &Item, field: &str) -> Formula {
    let mut listed = item.fields.iter().filter(|each| each.field == *field).peekable();
    if listed.peek().is_some() {
        return Formula::any(listed.map(|each| Formula::from(each.when.as_ref())));
    }
    let reading = item.steps.values().filter(|step| reads(parts, item, step, field));
    Formula::any(reading.map(|step| Formula::from(step.when.as_ref())))
}

fn reads(parts: &EditionParts, item: &Item, step: &Step, field: &str) -> bool {
    let issues = step.result.as_ref().filter(|_| step.kind == StepKind::Issue);
    let printed = issues.and_then(|id| item.results.get(id)).is_some_and(|result| {
        let mut in_text = result.body.iter().flat_map(|body| placeholders(&body.zh));
        result.fields.iter().any(|each| each == field)
            || parts.fields.contains_key(field) && in_text.any(|(_, name)| name == field)
    });
    printed || step.uses.iter().any(|each| each == field)
}
