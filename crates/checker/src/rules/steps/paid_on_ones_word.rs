//! Y133 · 缴没缴只凭申请人一句话 / Paid on the applicant's word alone
//!
//! 申请人点了“我已缴费”，下一步就制证，没有工作人员核对钱到没到账。缴费和制证之间要有一个核对到账的环节。
//!
//! ---
//!
//! The applicant says that they paid, and the result is made out at once: no officer looks whether the money came. Put a step
//! of an officer between the payment and the issue.

use catalogue::Performer;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y133");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let flow = &item.flow;
    if !item.is_sound(&["steps"]) || flow.has_circle() {
        return;
    }
    let officers: Vec<usize> = (0..flow.steps.len())
        .filter(|step| {
            let step = flow.steps[*step];
            matches!(step.by, Performer::Role { .. }) && step.kind != StepKind::Issue
        })
        .collect();
    let issues: Vec<usize> = flow.of_kind(StepKind::Issue).collect();
    for pay in flow.of_kind(StepKind::Pay).filter(|pay| flow.steps[*pay].by == Performer::Applicant) {
        let looked_at = |issue: usize| {
            officers.iter().any(|officer| flow.precedes(pay, *officer) && flow.precedes(*officer, issue))
        };
        let hasty = issues.iter().find(|issue| flow.precedes(pay, **issue) && !looked_at(**issue));
        let Some(issue) = hasty else { continue };
        let (step, issue) = (flow.steps[pay], flow.steps[*issue]);
        out.push(
            Finding::warning(
                CODE,
                item.step_at(&step.id).name(),
                format!("“{}”以后没有人核对到账就“{}”", step.id, issue.id),
                format!("after “{}” nobody looks whether it was paid before “{}”", step.id, issue.id),
            )
            .help(
                format!("在“{}”和“{}”之间加一个核对到账的环节（kind: record，写明 role）", step.id, issue.id),
                format!(
                    "put a step of kind record with a role between “{}” and “{}”, which looks whether the money came",
                    step.id, issue.id
                ),
            ),
        );
    }
}
