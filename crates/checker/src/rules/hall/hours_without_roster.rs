//! Y602 · 开放时间没有人值守 / Opening hours that no roster covers
//!
//! 大厅公布的开放时间里，有一段没有任何窗口排班：人来了没有窗口开着。一个窗口也没有的大厅（自助服务区）不在此列。
//!
//! ---
//!
//! During part of the published opening hours no window of the hall is staffed. A hall without any window, of machines only, is
//! left out.

use crate::rules::hall::{clock, day_en, day_zh, spans_are_sound, uncovered};
use crate::rules::kit::*;

pub const CODE: Code = Code("Y602");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !spans_are_sound(pack) {
        return;
    }
    for hall in pack.parts.halls.values() {
        let rosters: Vec<_> = pack
            .parts
            .windows
            .values()
            .filter(|window| window.hall == hall.id)
            .flat_map(|window| &window.roster)
            .collect();
        // A hall of machines has no windows at all.
        if !pack.parts.windows.values().any(|window| window.hall == hall.id) {
            continue;
        }
        for (index, hours) in hall.hours.iter().enumerate() {
            let at = pack.zone().key("halls").key(&hall.id).key("hours").index(index);
            let gap = hours.days.iter().find_map(|day| {
                uncovered(*day, hours, &rosters).first().map(|(from, to)| (*day, *from, *to))
            });
            if let Some((day, from, to)) = gap {
                let span = format!("{}–{}", clock(from), clock(to));
                out.push(
                    Finding::warning(
                        CODE,
                        at,
                        format!("{} {span} 开放，但没有窗口排班", day_zh(day)),
                        format!("open on {} {span}, but no window is staffed", day_en(day)),
                    )
                    .help("给窗口排班，或者改开放时间", "staff a window, or change the hours"),
                );
            }
        }
    }
}
