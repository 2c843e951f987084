//! Y619 · 没有预约的预约队列 / A lane for appointments that nobody can make
//!
//! 声明了预约队列（kind: appointment），但没有一个大厅开放预约（queue.appointments）。
//!
//! ---
//!
//! There is a lane for appointments, but no hall takes any (queue.appointments).

use catalogue::LaneKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y619");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let offers = |hall: &catalogue::Hall| hall.queue.as_ref().is_some_and(|queue| queue.appointments.is_some());
    if !pack.zone_is_sound("halls") || !pack.zone_is_sound("lanes") || pack.parts.halls.values().any(offers) {
        return;
    }
    for lane in pack.parts.lanes.values().filter(|lane| lane.kind == LaneKind::Appointment) {
        out.push(
            Finding::warning(
                CODE,
                pack.zone().key("lanes").key(&lane.id).name(),
                format!("“{}”是预约队列，但没有大厅开放预约", lane.id),
                format!("“{}” is for appointments, but no hall takes any", lane.id),
            )
            .help("在大厅的 queue 里写 appointments，或者删去这个队列", "declare `queue.appointments` at a hall, or delete the lane"),
        );
    }
}
