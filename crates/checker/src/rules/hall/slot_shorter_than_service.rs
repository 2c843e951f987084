//! Y612 · 预约时段短于办理用时 / A slot shorter than the service
//!
//! 预约时段比某条业务队列的常见用时还短：按时来的人会互相耽误，而且这条队列约不上。
//!
//! ---
//!
//! An appointment slot is shorter than the usual service of a line: people who come on time delay each other, and
//! the line cannot be booked.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y612");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("halls") || !pack.zone_is_sound("service_lines") {
        return;
    }
    for hall in pack.parts.halls.values() {
        let Some(rules) = hall.queue.as_ref().and_then(|queue| queue.appointments) else { continue };
        let Some(line) = pack.parts.service_lines.values().find(|line| line.minutes.median > rules.slot_minutes)
        else {
            continue;
        };
        let at = pack.zone().key("halls").key(&hall.id).key("queue").key("appointments").key("slot_minutes");
        let (slot, median) = (rules.slot_minutes, line.minutes.median);
        out.push(Finding::warning(
            CODE,
            at,
            format!("一个时段 {slot} 分钟，“{}”一次要 {median} 分钟", line.id),
            format!("a slot has {slot} minutes, but “{}” takes {median}", line.id),
        ));
    }
}
