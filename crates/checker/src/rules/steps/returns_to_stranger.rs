//! Y111 · 退回到没走过的环节 / Returned to a step not yet done
//!
//! returns_to 是“不通过就退回重做”的环节，它必须排在本环节之前。
//!
//! ---
//!
//! returns_to names the step that is done again when the answer is no; it has to come before this one.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y111");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let flow = &item.flow;
    if flow.has_circle() || !item.is_sound(&["steps"]) {
        return;
    }
    for (index, step) in flow.steps.iter().enumerate() {
        let Some(back) = step.returns_to.as_ref() else { continue };
        let Some(target) = flow.index(back) else { continue };
        if !flow.precedes(target, index) {
            out.push(Finding::error(
                CODE,
                item.step_at(&step.id).key("returns_to"),
                format!("退回的环节“{back}”不在“{}”之前", step.id),
                format!("“{back}” does not come before “{}”, so it cannot be returned to", step.id),
            ));
        }
    }
}
