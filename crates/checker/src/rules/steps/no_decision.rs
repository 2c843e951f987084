//! Y103 · 走不到决定 / No way to a decision
//!
//! 每个办件都要有结论：事项里没有“决定”（kind: decide）环节，或者有些情况下所有决定环节都不适用，申请人就等不到结果。
//! 可以不填的数据元没有填，跟它比较的条件都不成立（!= 也一样）：留一个决定环节接住，例如 not exists 备注。
//!
//! ---
//!
//! Every case has to end: the item has no step of kind decide, or under some answers none of them applies, so the
//! applicant would wait for ever. Comparisons with an optional field that was left blank all fail, `!=` included: let a decision
//! take that case, for instance with `not exists`.

use expression::analysis::{Finding as Found, Formula, Verdict};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y103");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps"]) {
        return;
    }
    let decisions: Vec<_> = item.item.steps_of_kind(StepKind::Decide).collect();
    if decisions.is_empty() {
        if !item.item.feedback {
            out.push(
                Finding::error(CODE, item.at("steps").name(), "没有决定环节，走不到结论", "no step decides, so that a case never ends")
                    .help("加一个 kind: decide 的环节", "add a step of kind decide"),
            );
        }
        return;
    }
    let conditions: Option<Vec<&Condition>> = decisions.iter().map(|step| step.when.as_ref()).collect();
    let Some(conditions) = conditions else { return };
    // A decision that never applies at all is another rule's finding.
    let dead = conditions.iter().any(|when| item.verdict(when) == Verdict::Never);
    if dead {
        return;
    }
    let undecided = Formula::any(conditions.into_iter().map(Formula::from)).negated();
    if let Found::Found(witness) = item.find(&undecided) {
        out.push(Finding::error(
            CODE,
            item.step_at(&decisions[0].id).key("when"),
            format!("有的情况走不到决定：{witness}"),
            format!("some cases never reach a decision: {witness}"),
        ));
    }
}
