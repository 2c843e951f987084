//! Y102 · 到不了的环节 / A step that nothing leads to
//!
//! 这个环节的条件与事项适用的条件矛盾：在包含这个事项的每件事里，事项适用时环节的条件都不成立，所以它永远不会开始。
//!
//! ---
//!
//! The step's condition contradicts the conditions under which the item applies: in every thing that holds the item, the
//! step falls away whenever the item applies, so it never begins.

use expression::analysis::{Finding as Found, Formula, Verdict};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y102");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let pack = item.pack;
    let things = pack.things_with(&item.item.id);
    let mut members = things.iter().flat_map(|thing| thing.members.iter().filter(|member| member.item == item.item.id));
    let gated = !things.is_empty() && members.all(|member| member.when.is_some());
    let sound = things.iter().all(|thing| pack.thing_is_sound(thing, &["items"]));
    if !gated || !sound || pack.soundness.uses_uncertain || item.find(&Formula::always()) == Found::Absent {
        return;
    }
    for step in item.item.steps.values() {
        let Some(when) = &step.when else { continue };
        // A condition that never holds at all is another rule's.
        if item.verdict(when) == Verdict::Never {
            continue;
        }
        if item.find(&Formula::from(when)) == Found::Absent {
            out.push(Finding::warning(
                CODE,
                item.step_at(&step.id).key("when"),
                format!("环节“{}”到不了：事项适用时，它的条件总不成立", step.id),
                format!("nothing leads to step “{}”: its condition fails whenever the item applies", step.id),
            ));
        }
    }
}
