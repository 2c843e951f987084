//! Y215 · 法定节日写成上班 / Work on a festival
//!
//! 全国年节及纪念日放假办法定下的节日全体公民放假，调休不能调到这一天；多半是日期抄错了。节日本身的日期（如 2 月 30 日）写错也在这里指出。
//!
//! ---
//!
//! The regulation gives everybody this day off, so no notice makes it a working day; the date is probably miscopied. A festival on a
//! day that does not exist is flagged here too.

use calendar::{Date, DayKind};

use super::FESTIVALS;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y215");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let Some(festivals) = &pack.parts.festivals else { return };
    for (index, one) in festivals.fixed.iter().enumerate() {
        // 29 February is a day, if not of every year.
        if Date::new(2000, one.month, one.day).is_err() {
            out.push(Finding::error(
                CODE,
                Place::file(FESTIVALS).key("fixed").index(index).key("day"),
                format!("{} 月没有 {} 日", one.month, one.day),
                format!("month {} has no day {}", one.month, one.day),
            ));
        }
    }
    for (table, file) in pack.parts.years.iter().zip(&pack.origin.years) {
        for (index, day) in table.days.iter().enumerate() {
            let festival = festivals.of_year(day.date.year()).find(|(date, _)| *date == day.date);
            if let (DayKind::MakeupWorkday, Some((date, name))) = (day.kind, festival) {
                out.push(Finding::error(
                    CODE,
                    Place::file(file.clone()).key("days").index(index).key("date"),
                    format!("{date} 是法定节日{name}，不能安排上班"),
                    format!("{date} is a festival by law ({name}), so nobody works on it"),
                ));
            }
        }
    }
}
