//! Y320 · 费用的数额不对 / An amount that nobody can pay
//!
//! 费用要大于零，最多两位小数。不收费的，不写这一项。
//!
//! ---
//!
//! An amount is more than nothing and has at most two decimals. Leave out a fee that is not charged.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y320");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["fees"]) {
        return;
    }
    for fee in item.item.fees.values() {
        let text = fee.amount.to_string();
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.trim_end_matches('0').len());
        if decimals <= 2 && !text.starts_with('-') && text.chars().any(|sign| matches!(sign, '1'..='9')) {
            continue;
        }
        out.push(
            Finding::error(
                CODE,
                item.at("fees").key(&fee.id).key("amount"),
                format!("“{}”的数额是 {text} 元", fee.id),
                format!("“{}” is {text} yuan", fee.id),
            )
            .help("写大于零、最多两位小数的数额；不收费就去掉这一项", "write more than nothing with at most two decimals; drop a fee that is not charged"),
        );
    }
}
