//! Y603 · 排班超出开放时间 / A roster outside opening hours
//!
//! 窗口排班的时间大厅没有开放，公众进不来。
//!
//! ---
//!
//! A window is staffed while its hall is closed.

use crate::rules::hall::{clock, day_en, day_zh, uncovered};
use crate::rules::kit::*;

pub const CODE: Code = Code("Y603");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    // Spans the wrong way round are told by themselves; what follows from them is not news.
    let reversed = |openings: &[catalogue::Opening]| openings.iter().any(|opening| opening.to <= opening.from);
    let confused = pack.parts.halls.values().any(|hall| reversed(&hall.hours))
        || pack.parts.windows.values().any(|window| reversed(&window.roster));
    if confused || !pack.zone_is_sound("halls") || !pack.zone_is_sound("windows") {
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
