//! Y404 · 要跑但没说原因 / A visit without a reason
//!
//! 实施清单要求：到办事现场次数不为零的，要说明必须现场办理的原因。
//!
//! ---
//!
//! Where the visits claimed are not zero, the list of items has to tell why presence is needed.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y404");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let visits = &item.item.visits;
    let right = visits.claimed <= super::needed(item);
    if visits.claimed > 0 && visits.reason.is_none() && right && item.is_sound(&["visits"]) {
        out.push(
            Finding::warning(CODE, item.at("visits"), "要到现场，但没有写原因", "a visit is needed, but no reason is given")
                .help("写成 {claimed: 1, reason: {zh: …, en: …}}", "write {claimed: 1, reason: {zh: …, en: …}}"),
        );
    }
}
