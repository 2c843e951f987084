//! Y117 · 告知承诺免去了决定 / A promise that skips the decision
//!
//! 告知承诺可以免去核查、审查，不能免去受理和决定：没有决定就没有许可。
//!
//! ---
//!
//! A promise may replace inspections and reviews, never acceptance or the decision itself.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y117");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let Some(promise) = &item.item.modes.promise else { return };
    for (index, step) in promise.skips.iter().enumerate() {
        let Some(found) = item.item.step(step) else { continue };
        if matches!(found.kind, StepKind::Accept | StepKind::Decide) {
            out.push(Finding::error(
                CODE,
                item.at("modes").key("promise").key("skips").index(index),
                format!("告知承诺不能免去“{step}”"),
                format!("a promise cannot skip “{step}”"),
            ));
        }
    }
}
