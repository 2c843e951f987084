//! Y110 · 没有决定就制证 / Issued before it is decided
//!
//! 证照、批文要在作出决定之后制作和送达（行政许可法第四十四条）。这个环节前面没有决定。
//!
//! ---
//!
//! Results are made out and delivered after the decision (licensing statute, Art. 44). No decision comes before this step.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y110");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let flow = &item.flow;
    let decisions: Vec<usize> = flow.of_kind(StepKind::Decide).collect();
    if decisions.is_empty() || flow.has_circle() || !item.is_sound(&["steps"]) {
        return;
    }
    let mut early = Vec::new();
    for (index, step) in flow.steps.iter().enumerate() {
        let output = matches!(step.kind, StepKind::Issue | StepKind::Deliver);
        if !output || decisions.iter().any(|decision| flow.precedes(*decision, index)) {
            continue;
        }
        // What merely follows an early step is early because of it.
        if early.iter().any(|earlier| flow.precedes(*earlier, index)) {
            continue;
        }
        early.push(index);
        out.push(
            Finding::error(
                CODE,
                item.step_at(&step.id).name(),
                format!("环节“{}”在作出决定之前", step.id),
                format!("step “{}” comes before any decision", step.id),
            )
            .help(
                format!("把决定环节“{}”写进 after", flow.steps[decisions[0]].id),
                format!("write the decision “{}” into `after`", flow.steps[decisions[0]].id),
            ),
        );
    }
}
