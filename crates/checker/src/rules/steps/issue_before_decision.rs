//! Y110 · 没有决定就制证 / Issued before it is decided
//!
//! 证照、批文、证明要在作出决定之后制作和送达（行政许可法第四十四条）。这个环节前面没有决定。
//! 受理通知书、听证通知书这类回执和通知（kind: reply）本来就在决定之前发出，不在此列；送达它们的环节也不在此列。
//!
//! ---
//!
//! Licences, approvals and certificates are made out and delivered after the decision (licensing statute, Art. 44). No
//! decision comes before this step. Receipts and notices (kind reply), such as the written receipt at acceptance, come before
//! the decision by their nature, and so does their delivery.

use catalogue::{ResultKind, Step};

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
        if !grants(item, index) || decisions.iter().any(|decision| flow.precedes(*decision, index)) {
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

/// True when a step makes out what only a decision grants, or delivers it: the nearest issue before a delivery says what is
/// delivered, and a delivery that follows none delivers a notice.
fn grants(item: &ItemView<'_>, index: usize) -> bool {
    let flow = &item.flow;
    let step = flow.steps[index];
    match step.kind {
        StepKind::Issue => !is_notice(item, step),
        StepKind::Deliver => {
            let mut issues = flow.of_kind(StepKind::Issue).filter(|issue| flow.precedes(*issue, index));
            issues.any(|issue| !is_notice(item, flow.steps[issue]))
        }
        _ => false,
    }
}

fn is_notice(item: &ItemView<'_>, step: &Step) -> bool {
    let result = step.result.as_ref().and_then(|id| item.item.results.get(id));
    result.is_some_and(|result| result.kind == ResultKind::Reply)
}
