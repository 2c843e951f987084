//! Y205 · 暂估的日历 / A provisional calendar
//!
//! 这一年的日历没有写依据的通知，跨到这一年的期限都会标“暂估”。放假通知印发后请补上。
//!
//! ---
//!
//! The calendar of this year names no notice, so limits that run into it are marked provisional. Add the notice once it is out.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y205");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for (table, file) in pack.parts.years.iter().zip(&pack.origin.years) {
        let sound = pack.soundness.is_sound(file, "notice") && pack.soundness.is_sound(file, "days");
        if sound && (table.notice.is_none() || table.days.is_empty()) {
            out.push(
                Finding::advice(
                    CODE,
                    Place::file(file.clone()).key("year"),
                    format!("{} 年的日历是暂估的：没有放假通知", table.year),
                    format!("the calendar of {} is provisional: it has no notice", table.year),
                )
                .help("通知印发后写上 notice 和 days", "add `notice` and `days` once the notice is out"),
            );
        }
    }
}
