//! Y112 · 没有制证就送达 / Delivered before it is issued
//!
//! 送达环节要排在制证之后，否则送的是什么还没有做出来。
//!
//! ---
//!
//! Delivery comes after issue; otherwise what is delivered is not yet made out.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y112");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let flow = &item.flow;
    let issues: Vec<usize> = flow.of_kind(StepKind::Issue).collect();
    if issues.is_empty() || flow.has_circle() || !item.is_sound(&["steps"]) {
        return;
    }
    for deliver in flow.of_kind(StepKind::Deliver) {
        if !issues.iter().any(|issue| flow.precedes(*issue, deliver)) {
            let step = flow.steps[deliver];
            out.push(
                Finding::error(
                    CODE,
                    item.step_at(&step.id).name(),
                    format!("“{}”排在制证之前", step.id),
                    format!("“{}” comes before anything is issued", step.id),
                )
                .help(
                    format!("把“{}”写进 after", flow.steps[issues[0]].id),
                    format!("write “{}” into `after`", flow.steps[issues[0]].id),
                ),
            );
        }
    }
}
