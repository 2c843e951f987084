//! Y142 · 退回到决定之前 / Returned to before the decision
//!
//! 决定、制证、送达之后的环节，用 returns_to 退回到它们之前：作出的决定不会因为退回重做，所以退不回去，答“否”也照样往下走。
//!
//! ---
//!
//! A step after a decision, issuing or delivery names one before them in `returns_to`. What was decided is not undone by going round again, so
//! that nothing is returned, and a “no” goes on like a “yes”.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y142");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let flow = &item.flow;
    // A complaint goes round until the person is content.
    if item.item.feedback || flow.has_circle() || !item.is_sound(&["steps"]) {
        return;
    }
    for (index, step) in flow.steps.iter().enumerate() {
        let Some(target) = step.returns_to.as_ref().and_then(|back| flow.index(back)) else { continue };
        let fixed = |between: &usize| {
            let kind = flow.steps[*between].kind;
            matches!(kind, StepKind::Decide | StepKind::Issue | StepKind::Deliver)
                && (*between == target || flow.precedes(target, *between))
                && flow.precedes(*between, index)
        };
        let Some(fixed) = (0..flow.steps.len()).find(fixed) else { continue };
        let fixed = &flow.steps[fixed].id;
        out.push(
            Finding::error(
                CODE,
                item.step_at(&step.id).key("returns_to"),
                format!("“{}”在“{fixed}”之后，退不回到它之前", step.id),
                format!("“{}” comes after “{fixed}” and cannot go back before it", step.id),
            )
            .also(item.step_at(fixed).name(), "在这里", "here")
            .help("退回到决定之后的环节，或者把这一步移到决定之前", "return to a step after the decision, or move this one before it"),
        );
    }
}
