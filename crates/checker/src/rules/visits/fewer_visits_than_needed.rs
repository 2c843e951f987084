//! Y403 · 公开的跑动次数少了 / Fewer visits than the steps need
//!
//! 环节实际需要到场的次数比公开的多，申请人会白白多跑。
//!
//! ---
//!
//! The steps need the applicant in person more often than the guide tells.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y403");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["visits", "steps", "channels"]) {
        return;
    }
    let (claimed, needed) = (item.item.visits.claimed, super::needed(item));
    if claimed > 0 && claimed < needed {
        out.push(
            Finding::warning(
                CODE,
                item.at("visits"),
                format!("公开要跑 {claimed} 趟，环节实际要 {needed} 趟"),
                format!("{claimed} visits are claimed, but the steps need {needed}"),
            )
            .help("合并到场环节、改为远程，或者如实写明", "merge them, let them be done remotely, or tell the number")
            .cost(RedTape::visits(u32::from(needed - claimed))),
        );
    }
}
