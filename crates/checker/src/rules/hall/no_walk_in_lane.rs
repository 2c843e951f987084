//! Y610 · 没有现场取号的队列 / No lane for people who walk in
//!
//! 写了优先队列，却没有一条是 walk-in：不符合任何优先条件的人没有地方排。
//!
//! ---
//!
//! Lanes are declared, but none of kind `walk-in`: whoever has no priority has nowhere to stand.

use catalogue::LaneKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y610");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let lanes = &pack.parts.lanes;
    if lanes.is_empty() || !pack.zone_is_sound("lanes") {
        return;
    }
    if !lanes.values().any(|lane| lane.kind == LaneKind::WalkIn) {
        out.push(
            Finding::error(
                CODE,
                pack.zone().key("lanes").name(),
                "没有 walk-in 队列，普通群众没有地方排",
                "there is no walk-in lane, so people without a priority have nowhere to stand",
            )
            .help("加一条 kind: walk-in 的队列", "add a lane of kind walk-in"),
        );
    }
}
