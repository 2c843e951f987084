//! Y402 · 公开的跑动次数多了 / More visits than the steps need
//!
//! 办事指南说要跑的次数，比环节实际需要的多。多出来的趟数是白跑。
//!
//! ---
//!
//! The guide asks for more visits than the steps need. The others are in vain.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y402");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["visits", "steps", "channels"]) {
        return;
    }
    let (claimed, needed) = (item.item.visits.claimed, super::needed(item));
    if claimed > needed {
        let spare = u32::from(claimed - needed);
        out.push(
            Finding::warning(
                CODE,
                item.at("visits"),
                format!("公开要跑 {claimed} 趟，环节只需要 {needed} 趟"),
                format!("{claimed} visits are claimed, but the steps need {needed}"),
            )
            .help(format!("改为 {needed}"), format!("write {needed}"))
            .cost(RedTape::visits(spare)),
        );
    }
}
