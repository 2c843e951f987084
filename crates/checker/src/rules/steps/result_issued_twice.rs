//! Y139 · 一个结果制两次证 / One result made out twice
//!
//! 两个制证环节出具同一个结果：一个许可会有两份、两个编号的证照，都有效。
//!
//! ---
//!
//! Two steps make out the same result: one permit would have two papers with two numbers, both in force.

use std::collections::HashMap;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y139");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps"]) {
        return;
    }
    let mut made: HashMap<&str, &catalogue::StepId> = HashMap::new();
    for step in item.item.steps_of_kind(StepKind::Issue) {
        let Some(result) = &step.result else { continue };
        // Steps with conditions can be for different situations.
        if step.when.is_some() {
            continue;
        }
        if let Some(before) = made.insert(result.as_str(), &step.id) {
            out.push(
                Finding::error(
                    CODE,
                    item.step_at(&step.id).key("result"),
                    format!("“{result}”已经由“{before}”出具"),
                    format!("“{result}” is made out by “{before}” already"),
                )
                .help("只留一个制证环节", "keep one of the steps"),
            );
        }
    }
}
