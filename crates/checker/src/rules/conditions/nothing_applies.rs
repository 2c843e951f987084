//! Y503 · 有的回答下什么都不用办 / Answers for which nothing applies
//!
//! 这件事的每个事项都有条件，而有一种回答让它们全都不适用：申请人答完问题，却没有事可办。
//! 补上这种情形的事项，或者不提供这个选项。
//!
//! ---
//!
//! Every item of this thing has a condition, and some answers meet none of them: one answers the questions and then there is
//! nothing to apply for. Add an item for that case, or do not offer the choice.

use expression::analysis;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y503");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    let members = &thing.thing.members;
    if members.is_empty() || !thing.is_sound(&["items"]) {
        return;
    }
    let conditions: Option<Vec<&Condition>> = members.iter().map(|member| member.when.as_ref()).collect();
    let Some(conditions) = conditions else { return };
    // With a dead member the gap is probably the dead member's.
    let names = thing.pack.names;
    if conditions.iter().any(|when| analysis::satisfy(when, names) == analysis::Finding::Absent) {
        return;
    }
    if let analysis::Finding::Found(witness) = analysis::gap(&conditions, names) {
        out.push(Finding::warning(
            CODE,
            thing.at("items").name(),
            format!("有一种回答下没有事项适用：{witness}"),
            format!("no item applies for some answers: {witness}"),
        ));
    }
}
