//! Y108 · 受理不是第一步 / Acceptance is not the first step
//!
//! 受理是办件的开头，前面不能有别的环节，也不能有条件。
//!
//! ---
//!
//! A case begins with acceptance: nothing comes before it, and it does not depend on a condition.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y108");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if item.flow.has_circle() || item.item.steps_of_kind(StepKind::Accept).count() > 1 {
        return;
    }
    for step in item.item.steps_of_kind(StepKind::Accept) {
        let key = match (step.after.is_empty(), &step.when) {
            (false, _) => "after",
            (true, Some(_)) => "when",
            (true, None) => continue,
        };
        out.push(
            Finding::error(
                CODE,
                item.step_at(&step.id).key(key),
                format!("受理环节“{}”前面不能有环节或条件", step.id),
                format!("nothing comes before the accept step “{}”", step.id),
            )
            .help(format!("删去 {key}"), format!("delete `{key}`")),
        );
    }
}
