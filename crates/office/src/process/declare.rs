//! Declared steps in the words of a log.

use casework::Plan;
use catalogue::{Edition, ItemId, Step, StepId, StepKind};
use diagnostic::Lang;
use mining::{Declared, DeclaredStep, Log};

/// Holds a log against one item, or else each of its cases against the item that it names.
pub fn declare(edition: &Edition, log: &mut Log, item: Option<&ItemId>) {
    let known = |names: &[String], item: &ItemId| {
        // Logs name steps in either language: the one in which more of them are known.
        let both = [Lang::Zh, Lang::En].map(|lang| declared(edition, item, lang));
        let shared = |declared: &Declared| names.iter().filter(|name| declared.has(name)).count();
        both.into_iter().flatten().max_by_key(shared).filter(|declared| shared(declared) > 0)
    };
    match item {
        None => {
            let names = log.names.clone();
            log.declare(|item| known(&names, &ItemId::from(item)));
        }
        Some(item) => {
            if let Some(declared) = known(&log.names, item) {
                log.declare_all(declared);
            }
        }
    }
}

/// What an item goes through, as its steps are called in a language. Steps with a condition may be left out.
fn declared(edition: &Edition, item: &ItemId, lang: Lang) -> Option<Declared> {
    let item = edition.item(item)?;
    let steps: Vec<Sketch> = item
        .steps
        .values()
        .map(|step| Sketch {
            id: step.id.clone(),
            name: step.title.get(lang).to_owned(),
            kind: step.kind,
            after: step.after.clone(),
            optional: may_be_left_out(step, item),
            returns_to: step.returns_to.clone(),
        })
        .collect();
    Some(build(&steps))
}

fn may_be_left_out(step: &Step, item: &catalogue::Item) -> bool {
    let skipped = item.modes.promise.as_ref().is_some_and(|promise| promise.skips.contains(&step.id));
    let fee = step.fee.as_ref().and_then(|fee| item.fees.get(fee));
    step.when.is_some() || skipped || fee.is_some_and(|fee| fee.when.is_some())
}

/// What one matter was to go through: the steps of its own plan, none of which may be left out.
pub(super) fn planned(edition: &Edition, item: &ItemId, plan: &Plan, lang: Lang) -> Declared {
    let titles = edition.item(item);
    let steps: Vec<Sketch> = plan
        .steps
        .iter()
        .map(|step| {
            let title = titles.and_then(|item| item.steps.get(&step.id));
            Sketch {
                id: step.id.clone(),
                name: title.map_or_else(|| step.id.to_string(), |found| found.title.get(lang).to_owned()),
                kind: step.kind,
                after: step.after.clone(),
                optional: false,
                returns_to: step.returns_to.clone(),
            }
        })
        .collect();
    build(&steps)
}

struct Sketch {
    id: StepId,
    name: String,
    kind: StepKind,
    after: Vec<StepId>,
    optional: bool,
    returns_to: Option<StepId>,
}

fn build(steps: &[Sketch]) -> Declared {
    let place = |id: &StepId| steps.iter().position(|step| step.id == *id);
    let accept = steps.iter().position(|step| step.kind == StepKind::Accept);
    let decides: Vec<usize> = steps
        .iter()
        .enumerate()
        .filter(|(_, step)| step.kind == StepKind::Decide)
        .map(|(at, _)| at)
        .collect();
    let after = |at: usize, step: &Sketch| {
        let mut after: Vec<usize> = step.after.iter().filter_map(place).collect();
        // Nothing begins before acceptance, and nothing is issued or delivered before the decision.
        if after.is_empty() && accept.is_some_and(|accept| accept != at) {
            after.extend(accept);
        }
        if matches!(step.kind, StepKind::Issue | StepKind::Deliver) {
            after.extend(&decides);
        }
        after.sort_unstable();
        after.dedup();
        after.retain(|before| *before != at);
        after
    };
    let afters: Vec<Vec<usize>> = steps.iter().enumerate().map(|(at, step)| after(at, step)).collect();
    let again = repeated(steps, &afters);
    let each = steps.iter().zip(afters).zip(again);
    let steps = each.map(|((step, after), again)| DeclaredStep {
        name: step.name.clone(),
        after,
        optional: step.optional,
        again,
        decides: step.kind == StepKind::Decide,
    });
    Declared { steps: steps.collect() }
}

/// What a step that sends back may have done again: the target, and all that comes after it.
fn repeated(steps: &[Sketch], afters: &[Vec<usize>]) -> Vec<bool> {
    let target = |id: &StepId| steps.iter().any(|step| step.returns_to.as_ref() == Some(id));
    let mut again: Vec<bool> = steps.iter().map(|step| target(&step.id)).collect();
    for _ in 0..steps.len() {
        for (at, before) in afters.iter().enumerate() {
            again[at] = again[at] || before.iter().any(|before| again[*before]);
        }
    }
    again
}
