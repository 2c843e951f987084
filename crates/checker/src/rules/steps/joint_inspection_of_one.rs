//! Y127 · 只有一个环节的联合踏勘 / A joint inspection of one step
//!
//! 联合踏勘把几个事项的现场核查合成一次。只写了一个环节，没有什么可合的；或者它们的条件从不同时成立，永远碰不到一起。
//!
//! ---
//!
//! A joint inspection makes one visit of several. With one step there is nothing to join; with steps whose conditions never hold
//! together they never meet.

use catalogue::{ItemId, StepId};
use expression::analysis::{Finding as Found, Formula};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y127");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    if !thing.is_sound(&["items", "joint_inspections"]) {
        return;
    }
    for (index, joint) in thing.thing.joint_inspections.iter().enumerate() {
        let at = thing.at("joint_inspections").index(index).key("steps");
        let mut distinct = joint.steps.clone();
        distinct.dedup();
        if distinct.len() < 2 {
            out.push(Finding::warning(
                CODE,
                at,
                "联合踏勘只有一个环节",
                "this joint inspection has one step only",
            ));
            continue;
        }
        let whens: Vec<Formula> = joint.steps.iter().filter_map(|(item, step)| when(thing, item, step)).collect();
        let pairs = (0..whens.len()).flat_map(|second| (0..second).map(move |first| (first, second)));
        let mut pairs = pairs.map(|(first, second)| Formula::all([whens[first].clone(), whens[second].clone()]));
        if whens.len() == joint.steps.len() && pairs.all(|both| thing.scope().find(&both) == Found::Absent) {
            out.push(Finding::warning(
                CODE,
                at,
                "这些环节的条件从不同时成立",
                "the conditions of these steps never hold together",
            ));
        }
    }
}

/// When the step of a member takes place.
fn when(thing: &ThingView<'_>, item: &ItemId, step: &StepId) -> Option<Formula> {
    let step = thing.pack.parts.items.get(item)?.step(step)?;
    let member = thing.thing.members.iter().find(|member| member.item == *item)?;
    Some(Formula::all([Formula::from(member.when.as_ref()), Formula::from(step.when.as_ref())]))
}
