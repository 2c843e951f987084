//! Y617 · 排班或开放时间重叠 / Overlapping rosters or hours
//!
//! 同一个窗口（大厅）在同一天有两段时间重叠，多半是改了一段忘了改另一段；人手和等候的预测会算两遍。
//!
//! ---
//!
//! Two spans of one window or hall overlap on a day: one was probably changed and the other forgotten, and forecasts count both.

use catalogue::Opening;

use crate::rules::hall::spans_are_sound;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y617");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !spans_are_sound(pack) {
        return;
    }
    let halls = pack.parts.halls.values().map(|hall| ("halls", hall.id.as_str(), "hours", &hall.hours));
    let windows = pack.parts.windows.values().map(|window| ("windows", window.id.as_str(), "roster", &window.roster));
    for (kind, id, key, spans) in halls.chain(windows) {
        for (index, later) in spans.iter().enumerate() {
            let overlaps = |earlier: &Opening| {
                earlier.from < later.to && later.from < earlier.to && earlier.days.iter().any(|day| later.days.contains(day))
            };
            let Some(first) = spans[..index].iter().position(overlaps) else { continue };
            let at = |index: usize| pack.zone().key(kind).key(id).key(key).index(index);
            out.push(
                Finding::warning(
                    CODE,
                    at(index),
                    format!("“{id}”的这段时间和前面一段重叠"),
                    format!("this span of “{id}” overlaps with an earlier one"),
                )
                .also(at(first), "前面一段", "the earlier one"),
            );
            break;
        }
    }
}
