//! Y608 · 休息不在排班里 / A break outside the roster
//!
//! 休息从排班里扣除。排班之外本来就没有人，写上去说明排班或休息有一处写错了。
//!
//! ---
//!
//! A break is taken out of the roster. Outside it nobody is there anyway, so one of the two is wrong.

use crate::rules::hall::{clock, day_en, day_zh, uncovered};
use crate::rules::kit::*;

pub const CODE: Code = Code("Y608");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("windows") {
        return;
    }
    for window in pack.parts.windows.values() {
        let roster: Vec<_> = window.roster.iter().collect();
        let reversed = window.roster.iter().chain(&window.breaks).any(|opening| opening.to <= opening.from);
        for (index, rest) in window.breaks.iter().enumerate().filter(|_| !reversed) {
            let gap = rest.days.iter().find_map(|day| {
                uncovered(*day, rest, &roster).first().map(|(from, to)| (*day, *from, *to))
            });
            let Some((day, from, to)) = gap else { continue };
            let span = format!("{}–{}", clock(from), clock(to));
            out.push(Finding::warning(
                CODE,
                pack.zone().key("windows").key(&window.id).key("breaks").index(index),
                format!("{} {span} 休息，但没有排班", day_zh(day)),
                format!("a break on {} {span}, when nobody is on the roster", day_en(day)),
            ));
        }
    }
}
