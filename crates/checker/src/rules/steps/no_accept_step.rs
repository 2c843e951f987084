//! Y106 · 没有受理环节 / No accept step
//!
//! 每个事项有且只有一个受理环节（kind: accept）：补正、不予受理、计时起点都从它来。
//!
//! ---
//!
//! Every item has exactly one step of kind accept: corrections, refusals to accept and the start of the clock hang on it.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y106");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if item.is_sound(&["steps"]) && item.item.steps_of_kind(StepKind::Accept).next().is_none() {
        out.push(
            Finding::error(CODE, item.at("steps").name(), "没有受理环节", "no step accepts the application")
                .help("加一个 kind: accept 的环节", "add a step of kind accept"),
        );
    }
}
