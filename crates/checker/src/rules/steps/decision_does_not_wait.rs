//! Y109 · 决定不等审查 / A decision that does not wait
//!
//! 审查、核查、听证、检验的意见是决定的依据（行政许可法第三十四条、第四十八条）。
//! 决定环节没有排在它后面，意见还没出来就可能作出决定。
//!
//! ---
//!
//! Decisions rest on reviews, inspections, hearings and examinations (licensing statute, Arts. 34 and 48). No decision
//! comes after this step, so the decision may be made before its opinion.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y109");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let flow = &item.flow;
    let decisions: Vec<usize> = flow.of_kind(StepKind::Decide).collect();
    if decisions.is_empty() || flow.has_circle() || !item.is_sound(&["steps"]) {
        return;
    }
    let advises = |kind: StepKind| {
        matches!(kind, StepKind::Review | StepKind::Inspect | StepKind::Hear | StepKind::Examine)
    };
    for (index, step) in flow.steps.iter().enumerate().filter(|(_, step)| advises(step.kind)) {
        let connected = |decision: &usize| flow.precedes(index, *decision) || flow.precedes(*decision, index);
        if decisions.iter().any(connected) {
            continue;
        }
        let decision = flow.steps[decisions[0]];
        out.push(
            Finding::error(
                CODE,
                item.step_at(&decision.id).name(),
                format!("决定环节“{}”不等“{}”的意见", decision.id, step.id),
                format!("the decision “{}” does not wait for “{}”", decision.id, step.id),
            )
            .also(item.step_at(&step.id).name(), "这个环节的意见没有人等", "nobody waits for this")
            .help(
                format!("把“{}”加进 after", step.id),
                format!("add “{}” to `after`", step.id),
            ),
        );
    }
}
