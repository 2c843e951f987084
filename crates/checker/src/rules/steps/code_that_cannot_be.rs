//! Y134 · 编不出来的统一社会信用代码 / A code that cannot be composed
//!
//! assigns 的 prefix（登记管理部门和机构类别）、区划和 block（主体标识码的开头）拼不成统一社会信用代码，或者留给流水号的位数太少。
//! 不改的话，要到登记那一步才会失败。
//!
//! ---
//!
//! `prefix` (registrar and kind of organisation), the zone's region and `block` (the beginning of the organisation's code) make no
//! unified social credit code, or leave too few places for the serial. Registration would fail at its last step.

use identifier::CreditCode;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y134");

/// Places of the organisation's code before its check character.
const PLACES: usize = 8;
/// Fewer for the serial are soon used up: 31³ codes.
const SERIAL_MIN: usize = 3;

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps"]) || !item.pack.zone_is_sound("region") {
        return;
    }
    let region = &item.pack.parts.zone.region;
    for step in item.item.steps.values() {
        for each in &step.assigns {
            let free = PLACES.saturating_sub(each.block.chars().count());
            let sample = format!("{}{}", each.block, "0".repeat(free));
            let composes = CreditCode::compose_from(&each.prefix, region, &sample).is_ok();
            if free >= SERIAL_MIN && composes {
                continue;
            }
            out.push(
                Finding::error(
                    CODE,
                    item.step_at(&step.id).key("assigns"),
                    format!("“{}{region}{}”编不出统一社会信用代码", each.prefix, each.block),
                    format!("no unified social credit code begins with {}{region}{}", each.prefix, each.block),
                )
                .help(
                    "prefix 写两位（如 92），block 写五位以内的大写字母（不用 I、O、S、V、Z）或者数字",
                    "give two characters as `prefix` (such as 92) and at most five capital letters (not I, O, S, V, Z) or digits as `block`",
                ),
            );
        }
    }
}
