//! Y122 · 一个人又审查又决定 / One person reviews and decides
//!
//! 审查（核查、听证）和决定由同一个人担任，而且只有这一个人：没有第二双眼睛看过这个办件。
//!
//! ---
//!
//! The review and the decision lie with one and the same person, and nobody else: no second pair of eyes sees the case.

use catalogue::Performer;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y122");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let pack = item.pack;
    let flow = &item.flow;
    if !item.is_sound(&["steps"]) || !pack.zone_is_sound("roles") || flow.has_circle() {
        return;
    }
    let alone = |step: usize| match &flow.steps[step].by {
        Performer::Role { role } => match pack.parts.roles.get(role)?.holders.as_slice() {
            [one] => Some(one.as_str()),
            _ => None,
        },
        _ => None,
    };
    for decision in flow.of_kind(StepKind::Decide) {
        let Some(person) = alone(decision) else { continue };
        let advises = |kind: StepKind| matches!(kind, StepKind::Review | StepKind::Inspect | StepKind::Hear);
        let before: Vec<usize> = (0..flow.steps.len())
            .filter(|step| advises(flow.steps[*step].kind) && flow.precedes(*step, decision))
            .collect();
        if before.is_empty() || before.iter().any(|step| alone(*step) != Some(person)) {
            continue;
        }
        let step = flow.steps[decision];
        out.push(
            Finding::advice(
                CODE,
                item.step_at(&step.id).key("role"),
                format!("“{}”前的审查和它自己都只有{person}一个人", step.id),
                format!("{person} alone does “{}” and every review before it", step.id),
            )
            .help("让另一个岗位审查或决定", "let another role review or decide"),
        );
    }
}
