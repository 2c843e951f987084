//! Y503 · 有的回答下什么都不用办 / Answers for which nothing applies
//!
//! 这件事的每个事项都有条件，而有一种回答让它们全都不适用：申请人答完问题，却没有事可办。
//! 补上这种情形的事项，或者不提供这个选项。没有问到的问题、可以不填而没填的数据元，在条件里一律不成立，也要有事项接住。
//!
//! ---
//!
//! Every item of this thing has a condition, and some answers meet none of them: one answers the questions and then there is
//! nothing to apply for. Add an item for that case, or do not offer the choice. Comparisons with a question that was not asked, or
//! with an optional field left blank, fail: some item has to take these cases too.

use expression::analysis::{self, Formula};

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
    let scope = thing.scope();
    if conditions.iter().any(|when| scope.find(&Formula::from(*when)) == analysis::Finding::Absent) {
        return;
    }
    if let analysis::Finding::Found(witness) = scope.find(&Formula::any(conditions.into_iter().map(Formula::from)).negated()) {
        out.push(Finding::warning(
            CODE,
            thing.at("items").name(),
            format!("有一种回答下没有事项适用：{witness}"),
            format!("no item applies for some answers: {witness}"),
        ));
    }
}
