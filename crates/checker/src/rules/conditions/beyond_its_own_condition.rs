//! Y508 · 条件问到了不该问的人 / A condition that asks beyond the field’s own
//!
//! 数据元在这个事项里写了 when，只在那种情况下问；另一处条件却在别的情况下也要看它，表单就不得不向所有人问。
//! 在那处条件里也写上同样的前提。
//!
//! ---
//!
//! The item asks for the field under a condition, but another condition looks at it in other cases too, so that the form has to ask
//! everybody after all. Write the same premise into that condition.

use expression::analysis::{Finding as Found, Formula, Witness};

use crate::uses;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y508");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["requirements", "fields", "materials", "steps", "fees"]) {
        return;
    }
    for (at, condition) in uses::conditions(item) {
        if let Some((field, witness)) = strays(item, condition) {
            out.push(
                Finding::warning(
                    CODE,
                    at.within(0..condition.text().len()),
                    format!("这里也要看“{field}”，而它自己的条件不成立：{witness}"),
                    format!("this looks at “{field}” although its own condition fails: {witness}"),
                )
                .help(
                    format!("把“{field}”在 fields 里的 when 也写进这个条件"),
                    format!("write the `when` of “{field}” in `fields` into this condition, too"),
                ),
            );
        }
    }
}

/// A field that the condition looks at where the item itself does not ask for it, with answers that show it.
pub(super) fn strays<'v>(item: &ItemView<'v>, condition: &'v Condition) -> Option<(&'v str, Witness)> {
    let questions = || item.things().iter().flat_map(|thing| &thing.questions);
    for name in condition.names_used() {
        let mut listed = item.item.fields.iter().filter(|each| each.field == **name).peekable();
        let own = listed.peek().is_some();
        let whens: Option<Vec<Formula>> = listed.map(|each| each.when.as_ref().map(Formula::from)).collect();
        let Some(whens) = whens.filter(|_| own && !questions().any(|question| question.field == **name)) else {
            continue;
        };
        let (with, without) = (Formula::from(condition), Formula::from(condition).without(name));
        let shut = Formula::any(whens).negated();
        for (held, failed) in [(&with, &without), (&without, &with)] {
            let goal = Formula::all([shut.clone(), held.clone(), failed.clone().negated()]);
            if let Found::Found(mut witness) = item.find(&goal) {
                witness.values.retain(|other, _| **other != **name);
                return Some((name, witness));
            }
        }
    }
    None
}
