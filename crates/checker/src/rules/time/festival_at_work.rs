//! Y223 · 放假安排里没有这个法定节日 / A festival that the year’s notice does not have
//!
//! 法定节日当天一定放假，当年的放假安排里也就有这一天。两边对不上，总有一边的日期抄错了。逢周末的节日不影响工作日，不在此列。
//!
//! ---
//!
//! Everybody is off on a festival, so the year’s table has that day too. Where the two disagree, one of the dates is miscopied.
//! A festival on a weekend moves no working day and is left out.

use calendar::DayRule;

use super::FESTIVALS;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y223");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let Some(festivals) = &pack.parts.festivals else { return };
    if !["days", "fixed", "from_year"].iter().all(|key| pack.soundness.is_sound(FESTIVALS, key)) {
        return;
    }
    for (table, file) in pack.parts.years.iter().zip(&pack.origin.years) {
        // A table without days is provisional and says nothing.
        if table.days.is_empty() || !pack.soundness.is_sound(file, "days") {
            continue;
        }
        for (date, name) in festivals.of_year(table.year) {
            let weekend = date.weekday().to_monday_zero_offset() >= 5;
            if weekend || table.days.iter().any(|day| day.date == date) {
                continue;
            }
            let of_month = |one: &calendar::FixedDay| (one.month, one.day) == (date.month(), date.day());
            let at = match festivals.days.iter().position(|one| one.date == date) {
                Some(index) => Place::file(FESTIVALS).key("days").index(index).key("date"),
                None => {
                    let index = festivals.fixed.iter().position(of_month).unwrap_or_default();
                    Place::file(FESTIVALS).key("fixed").index(index).key("day")
                }
            };
            let named: Vec<&DayRule> = table.days.iter().filter(|day| day.name == *name).collect();
            let theirs = match (named.first(), named.last()) {
                (Some(first), Some(last)) => format!("：{}—{}", first.date, last.date),
                _ => String::new(),
            };
            out.push(
                Finding::warning(
                    CODE,
                    at,
                    format!("{} 年的放假安排里没有 {date} {name}", table.year),
                    format!("the table of {} has no {date} ({name})", table.year),
                )
                .also(
                    Place::file(file.clone()).key("year"),
                    format!("那一年的安排在这里{theirs}"),
                    format!("that year’s table{theirs}"),
                )
                .help("对照放假通知，改掉抄错的一边", "compare with the notice and mend the one that is wrong"),
            );
        }
    }
}
