//! Which fields are used, and by what: the basis for reporting superfluous questions.

use std::collections::HashSet;

use catalogue::{Condition, Item, Thing};

use crate::finding::Place;
use crate::resolve::placeholders;
use crate::view::ItemView;

/// The conditions of an item, with their positions.
pub fn conditions<'v>(item: &ItemView<'v>) -> Vec<(Place, &'v Condition)> {
    let found = item.item;
    let mut out = Vec::new();
    let place = |key: &str, index: usize| item.at(key).index(index).key("when");
    for (index, each) in found.requirements.iter().enumerate() {
        out.push((item.at("requirements").index(index).key("if"), &each.condition));
    }
    out.extend(
        found
            .fields
            .iter()
            .enumerate()
            .filter_map(|(i, each)| Some((place("fields", i), each.when.as_ref()?))),
    );
    out.extend(
        found
            .materials
            .iter()
            .enumerate()
            .filter_map(|(i, each)| Some((place("materials", i), each.when.as_ref()?))),
    );
    out.extend(
        found
            .steps
            .values()
            .filter_map(|step| Some((item.step_at(&step.id).key("when"), step.when.as_ref()?))),
    );
    out.extend(
        found
            .fees
            .values()
            .filter_map(|fee| Some((item.at("fees").key(&fee.id).key("when"), fee.when.as_ref()?))),
    );
    out
}

/// The fields that the item reads in conditions, steps and results; listing a field does not count.
pub fn of_item(item: &Item) -> HashSet<&str> {
    let mut used = HashSet::new();
    let whens = (item.requirements.iter().map(|each| &each.condition))
        .chain(item.fields.iter().filter_map(|each| each.when.as_ref()))
        .chain(item.materials.iter().filter_map(|each| each.when.as_ref()))
        .chain(item.steps.values().filter_map(|each| each.when.as_ref()))
        .chain(item.fees.values().filter_map(|each| each.when.as_ref()));
    whens.for_each(|when| used.extend(when.names_used().iter().map(|name| &**name)));
    item.steps.values().for_each(|step| used.extend(step.uses.iter().map(|field| field.as_str())));
    for result in item.results.values() {
        used.extend(result.fields.iter().map(|field| field.as_str()));
        if let Some(body) = &result.body {
            used.extend(placeholders(&body.zh).map(|(_, name)| name));
            used.extend(placeholders(&body.en).map(|(_, name)| name));
        }
    }
    used
}

/// The fields that a thing itself reads or fills: for the applicant, its conditions, and its context.
pub fn of_thing(thing: &Thing) -> impl Iterator<Item = &str> {
    let whens = thing
        .members
        .iter()
        .filter_map(|member| member.when.as_ref())
        .chain(thing.questions.iter().filter_map(|question| question.when.as_ref()))
        .chain(thing.applicant_when.iter().map(|identity| &identity.when));
    thing
        .applicant_fields()
        .map(|field| field.as_str())
        .chain(thing.without_phone.iter().map(|field| field.as_str()))
        .chain(thing.context.keys().map(|field| field.as_str()))
        .chain(whens.flat_map(|when| when.names_used().iter().map(|name| &**name)))
}
