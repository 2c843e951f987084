//! Y125 · 先发证后缴费 / Paid after it is issued
//!
//! 缴费排在制证之后：证已经发出去了，不缴也没有办法。缴费要在制证之前。
//!
//! ---
//!
//! The fee is paid after the result is made out, when nobody has to pay any more. Let payment come first.

use catalogue::ResultKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y125");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let flow = &item.flow;
    if !item.is_sound(&["steps", "results"]) || flow.has_circle() {
        return;
    }
    let grants = |step: &usize| {
        let result = flow.steps[*step].result.as_ref().and_then(|id| item.item.results.get(id));
        result.is_none_or(|result| result.kind != ResultKind::Reply)
    };
    let issues: Vec<usize> = flow.of_kind(StepKind::Issue).filter(grants).collect();
    for pay in flow.of_kind(StepKind::Pay) {
        let Some(issue) = issues.iter().find(|issue| flow.precedes(**issue, pay)) else { continue };
        let (step, issue) = (flow.steps[pay], flow.steps[*issue]);
        out.push(
            Finding::warning(
                CODE,
                item.step_at(&step.id).name(),
                format!("“{}”排在“{}”之后", step.id, issue.id),
                format!("“{}” comes after “{}”", step.id, issue.id),
            )
            .help(
                format!("让“{}”等缴费：把“{}”写进它的 after", issue.id, step.id),
                format!("let “{}” wait: write “{}” into its `after`", issue.id, step.id),
            ),
        );
    }
}
