//! Y119 · 联合核查对不上 / A joint inspection that does not fit
//!
//! 联合核查只能合并这件事里各事项的现场核查环节（kind: inspect）。
//!
//! ---
//!
//! A joint inspection merges steps of kind inspect, of items that the thing holds.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y119");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    if !thing.is_sound(&["items", "joint_inspections"]) {
        return;
    }
    for (index, joint) in thing.thing.joint_inspections.iter().enumerate() {
        for (slot, (item, step)) in joint.steps.iter().enumerate() {
            let at = thing.at("joint_inspections").index(index).key("steps").index(slot);
            if !thing.thing.members.iter().any(|member| member.item == *item) {
                out.push(Finding::error(
                    CODE,
                    at.key("item"),
                    format!("“{item}”不在这件事里"),
                    format!("this thing does not hold “{item}”"),
                ));
                continue;
            }
            let found = thing.pack.parts.items.get(item).and_then(|item| item.step(step));
            let sound = thing.pack.item_is_sound(item, &["steps"]);
            if found.is_some_and(|found| found.kind != StepKind::Inspect) && sound {
                out.push(Finding::error(
                    CODE,
                    at.key("step"),
                    format!("“{step}”不是现场核查环节"),
                    format!("“{step}” is not an inspection"),
                ));
            }
        }
    }
}
