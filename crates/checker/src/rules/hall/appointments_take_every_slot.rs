//! Y618 · 预约占满了窗口 / Appointments take all of the windows
//!
//! 可预约的份额是 100：没有预约的人一个号也排不到。留一部分给现场取号的人。
//!
//! ---
//!
//! All of the windows' time can be booked, so that nothing is left for those who walk in.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y618");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("halls") {
        return;
    }
    for hall in pack.parts.halls.values() {
        let rules = hall.queue.as_ref().and_then(|queue| queue.appointments.as_ref());
        if rules.is_some_and(|rules| rules.share_percent >= 100) {
            out.push(Finding::warning(
                CODE,
                pack.zone().key("halls").key(&hall.id).key("queue").key("appointments").key("share"),
                "窗口时间全部可以预约，没有给现场取号的人留",
                "all of the windows' time can be booked, and none is left for those who walk in",
            ));
        }
    }
}
