//! Y221 · 没有时间补正 / No time to correct
//!
//! 补正期限是零：告知一发出就到期，申请人来不及补，申请就视为撤回了。
//!
//! ---
//!
//! The limit for a correction is nothing: it is over when it is told, and the application lapses before anybody can answer.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y221");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let correction = item.item.limits.intake.correction;
    if correction.is_some_and(|limit| limit.amount == 0) && item.is_sound(&["limits"]) {
        out.push(
            Finding::error(
                CODE,
                item.at("limits").key("intake").key("correction"),
                "补正期限是零",
                "the limit for a correction is nothing",
            )
            .help("写合理的期限，或者不写（不限期）", "give a fair limit, or none, which means no limit"),
        );
    }
}
