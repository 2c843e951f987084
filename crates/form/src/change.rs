//! What a new edition changes in a form under way.

use std::collections::BTreeSet;

use catalogue::{FieldId, ItemId, MaterialId};
use serde::Serialize;

use crate::{Form, Problem};

/// The difference between the same answers under two editions. No answer is lost: one that the new edition
/// does not need stays in `Answers`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Changes {
    pub items_added: Vec<ItemId>,
    pub items_removed: Vec<ItemId>,
    /// Asked now and not before, in the order of the new form.
    pub questions_added: Vec<FieldId>,
    pub questions_removed: Vec<FieldId>,
    /// Problems of answers that had none before.
    pub problems: Vec<Problem>,
    /// Asked of the applicant now and not before.
    pub materials_added: Vec<MaterialId>,
    pub materials_removed: Vec<MaterialId>,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Compares the form before and after; both must be computed from the same answers.
pub fn changes(before: &Form<'_>, after: &Form<'_>) -> Changes {
    let items = |form: &Form<'_>| form.items().map(|item| item.id.clone()).collect::<Vec<_>>();
    let questions =
        |form: &Form<'_>| form.questions().iter().map(|each| each.field.id.clone()).collect::<Vec<_>>();
    let materials = |form: &Form<'_>| {
        let asked = form.materials().iter().filter(|each| each.is_asked());
        asked.map(|each| each.material.id.clone()).collect::<Vec<_>>()
    };
    let (items_added, items_removed) = difference(items(before), items(after));
    let (questions_added, questions_removed) = difference(questions(before), questions(after));
    let (materials_added, materials_removed) = difference(materials(before), materials(after));
    let old: Vec<&Problem> = before.problems().collect();
    let problems = after.problems().filter(|problem| !old.contains(problem)).cloned().collect();
    Changes {
        items_added,
        items_removed,
        questions_added,
        questions_removed,
        problems,
        materials_added,
        materials_removed,
    }
}

fn difference<T: Ord + Clone>(before: Vec<T>, after: Vec<T>) -> (Vec<T>, Vec<T>) {
    let (old, new): (BTreeSet<&T>, BTreeSet<&T>) = (before.iter().collect(), after.iter().collect());
    let added = after.iter().filter(|each| !old.contains(each)).cloned().collect();
    let removed = before.iter().filter(|each| !new.contains(each)).cloned().collect();
    (added, removed)
}
