//! Y603 · 排班超出开放时间 / A roster outside opening hours
//!
//! 窗口排班的时间大厅没有开放，公众进不来。
//!
//! ---
//!
//! A window is staffed while its hall is closed.

use crate::rules::hall::{clock, day_en, day_zh, spans_are_sound, uncovered};
use crate::rules::kit::*;

pub const CODE: Code = Code("Y603");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !spans_are_sound(pack) {
        return;
    }
    for window in pack.parts.windows.values() {
        let Some(hall) = pack.parts.halls.get(&window.hall) else { continue };
        let hours: Vec<_> = hall.hours.iter().collect();
        for (index, roster) in window.roster.iter().enumerate() {
            let gap = roster.days.iter().find_map(|day| {
                uncovered(*day, roster, &hours).first().map(|(from, to)| (*day, *from, *to))
            });
            let Some((day, from, to)) = gap else { continue };
            let span = format!("{}–{}", clock(from), clock(to));
            out.push(
                Finding::warning(
                    CODE,
                    pack.zone().key("windows").key(&window.id).key("roster").index(index),
                    format!("{} {span} 排了班，但“{}”不开放", day_zh(day), hall.id),
                    format!("staffed on {} {span}, but “{}” is closed", day_en(day), hall.id),
                )
                .also(pack.zone().key("halls").key(&hall.id).key("hours").name(), "开放时间在这里", "its hours are here"),
            );
        }
    }
}
