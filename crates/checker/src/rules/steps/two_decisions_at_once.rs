//! Y124 · 同时有两个决定 / Two decisions at once
//!
//! 两个决定环节在有的情况下都要作，谁也不等谁：一个准予、一个不准时，办件没有结论。写上互相排斥的条件，或者让一个排在另一个之后。
//!
//! ---
//!
//! Under some answers two decisions are made, neither after the other: one may grant what the other refuses. Give them conditions
//! that exclude each other, or let one follow the other.

use expression::analysis::{Finding as Found, Formula};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y124");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let flow = &item.flow;
    if !item.is_sound(&["steps"]) || flow.has_circle() {
        return;
    }
    let decisions: Vec<usize> = flow.of_kind(StepKind::Decide).take(12).collect();
    let when = |step: usize| Formula::from(flow.steps[step].when.as_ref());
    for (place, &second) in decisions.iter().enumerate() {
        let apart = |first: &&usize| !flow.precedes(**first, second) && !flow.precedes(second, **first);
        for &first in decisions[..place].iter().filter(apart) {
            let Found::Found(witness) = item.find(&Formula::all([when(first), when(second)])) else { continue };
            let (one, other) = (flow.steps[first], flow.steps[second]);
            let shown = witness.to_string();
            let (zh, en) =
                if shown.is_empty() { Default::default() } else { (format!("：{shown}"), format!(": {shown}")) };
            out.push(
                Finding::warning(
                    CODE,
                    item.step_at(&other.id).name(),
                    format!("“{}”和“{}”会同时作决定{zh}", one.id, other.id),
                    format!("both “{}” and “{}” can decide one case{en}", one.id, other.id),
                )
                .also(item.step_at(&one.id).name(), "另一个在这里", "the other is here"),
            );
            return;
        }
    }
}
