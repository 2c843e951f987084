//! Y206 · 调休上班写在平日 / A make-up day on a weekday
//!
//! 调休上班是把周末改成上班；周一到周五本来就上班，多半是日期抄错了。
//!
//! ---
//!
//! A make-up day turns a weekend into a working day. Monday to Friday are working days anyway, so the date is probably
//! miscopied.

use calendar::DayKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y206");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for (table, file) in pack.parts.years.iter().zip(&pack.origin.years) {
        if !pack.soundness.is_sound(file, "days") {
            continue;
        }
        for (index, day) in table.days.iter().enumerate() {
            let weekend = day.date.weekday().to_monday_zero_offset() >= 5;
            if day.kind == DayKind::MakeupWorkday && !weekend && day.date.year() == table.year {
                out.push(Finding::warning(
                    CODE,
                    Place::file(file.clone()).key("days").index(index).key("date"),
                    format!("{} 不是周末，不用调休", day.date),
                    format!("{} is no weekend, so it needs no make-up", day.date),
                ));
            }
        }
    }
}
