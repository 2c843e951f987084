//! Y115 · 没有环节收的费 / A fee that no step takes
//!
//! 事项声明了收费，但没有缴费环节（kind: pay）指向它，办件时收不到也退不了。
//!
//! ---
//!
//! The item declares a fee, but no step of kind pay takes it.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y115");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps", "fees"]) {
        return;
    }
    let nameless = item.item.steps_of_kind(StepKind::Pay).any(|step| step.fee.is_none());
    for fee in item.item.fees.keys() {
        if !nameless && !item.item.steps.values().any(|step| step.fee.as_ref() == Some(fee)) {
            out.push(
                Finding::warning(
                    CODE,
                    item.at("fees").key(fee).name(),
                    format!("没有环节收“{fee}”"),
                    format!("no step takes the fee “{fee}”"),
                )
                .help(
                    format!("加一个 kind: pay、fee: {fee} 的环节"),
                    format!("add a step of kind pay with `fee: {fee}`"),
                ),
            );
        }
    }
}
