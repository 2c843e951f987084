//! Y208 · 日期不在这一年 / A day of another year
//!
//! 每年的日历只写这一年的日子；跨年的假期分别写进两年的文件。
//!
//! ---
//!
//! A year's calendar holds days of that year only; a holiday across New Year is split between two files.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y208");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for (table, file) in pack.parts.years.iter().zip(&pack.origin.years) {
        for (index, day) in table.days.iter().enumerate().filter(|(_, day)| day.date.year() != table.year) {
            out.push(Finding::error(
                CODE,
                Place::file(file.clone()).key("days").index(index).key("date"),
                format!("{} 不在 {} 年", day.date, table.year),
                format!("{} is not in {}", day.date, table.year),
            ));
        }
    }
}
