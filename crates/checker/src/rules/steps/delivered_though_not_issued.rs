//! Y123 · 有的情况送达了，却没有制证 / Delivered although nothing was issued
//!
//! 制证环节有条件，送达环节没有（或者条件不一样）：有些情况下走到送达，却什么也没有做出来。
//!
//! ---
//!
//! The issue is conditional and the delivery is not, or otherwise: under some answers something is delivered that nobody made out.

use expression::analysis::{Finding as Found, Formula};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y123");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let flow = &item.flow;
    if !item.is_sound(&["steps"]) || flow.has_circle() {
        return;
    }
    for deliver in flow.of_kind(StepKind::Deliver) {
        let issues: Vec<usize> = flow.of_kind(StepKind::Issue).filter(|issue| flow.precedes(*issue, deliver)).collect();
        if issues.is_empty() || issues.iter().any(|issue| flow.steps[*issue].when.is_none()) {
            continue;
        }
        let when = |step: &usize| Formula::from(flow.steps[*step].when.as_ref());
        let goal = Formula::all([when(&deliver), Formula::any(issues.iter().map(when)).negated()]);
        if let Found::Found(witness) = item.find(&goal) {
            let step = flow.steps[deliver];
            out.push(
                Finding::warning(
                    CODE,
                    item.step_at(&step.id).name(),
                    format!("有的情况什么都没有制作就送达：{witness}"),
                    format!("some cases reach “{}” with nothing issued: {witness}", step.id),
                )
                .also(item.step_at(&flow.steps[issues[0]].id).key("when"), "制证的条件", "when it is issued")
                .help("给送达写同样的 when，或者让制证总是进行", "give the delivery the same `when`, or always issue"),
            );
        }
    }
}
