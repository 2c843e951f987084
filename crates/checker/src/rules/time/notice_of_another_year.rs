//! Y231 · 放假通知是别的年份的 / The notice of another year
//!
//! notice 的 number 写着“某某年部分节假日安排”，年份和这张日历不一样：多半是照上一年抄的，日期也还没有改。
//!
//! ---
//!
//! The `number` of the notice names the year whose holidays it arranges, and it is not that of the table: probably the table was copied from
//! the year before and not all of it was changed.

use calendar::YearTable;
use expression::Number;

use crate::rules::figures::figures;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y231");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for (table, file) in pack.parts.years.iter().zip(&pack.origin.years) {
        if pack.soundness.is_sound(file, "notice")
            && pack.soundness.is_sound(file, "year")
            && let Some(stated) = arranged(table).filter(|year| *year != Number::from(i32::from(table.year)))
        {
            out.push(
                Finding::warning(
                    CODE,
                    Place::file(file.clone()).key("notice").key("number"),
                    format!("这是 {} 年的日历，通知安排的是 {stated} 年", table.year),
                    format!("this table is of {}, the notice arranges {stated}", table.year),
                )
                .help("对照通知，改年份或者日期", "compare with the notice; mend the year or the days"),
            );
        }
    }
}

fn arranged(table: &YearTable) -> Option<Number> {
    let number = &table.notice.as_ref()?.number;
    figures(number).into_iter().find(|(_, rest)| rest.starts_with("年部分节假日")).map(|(year, _)| year)
}
