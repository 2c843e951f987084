//! Y605 · 时间段首尾颠倒 / Opening hours the wrong way round
//!
//! 结束不晚于开始，等于不开放。过了午夜的，拆成两段写。
//!
//! ---
//!
//! The span ends before it begins, so it is never open. Split one that runs past midnight.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y605");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let halls = pack.parts.halls.values().map(|hall| ("halls", hall.id.as_str(), "hours", &hall.hours));
    let windows = pack.parts.windows.values().map(|window| ("windows", window.id.as_str(), "roster", &window.roster));
    let breaks = pack.parts.windows.values().map(|window| ("windows", window.id.as_str(), "breaks", &window.breaks));
    for (kind, id, key, openings) in halls.chain(windows).chain(breaks) {
        if !pack.zone_is_sound(kind) {
            continue;
        }
        for (index, opening) in openings.iter().enumerate().filter(|(_, opening)| opening.to <= opening.from) {
            let (from, to) = (super::clock(opening.from), super::clock(opening.to));
            out.push(Finding::error(
                CODE,
                pack.zone().key(kind).key(id).key(key).index(index).key("to"),
                format!("从 {from} 到 {to}：结束不晚于开始"),
                format!("from {from} to {to}: it ends before it begins"),
            ));
        }
    }
}
