//! Y204 · 有的年份没有日历 / A year without calendar
//!
//! 工作日要按国务院办公厅的放假通知计算。已有日历的年份中间缺了一年，或者一年也没有，跨到那里的期限就只能暂估。
//!
//! ---
//!
//! Working days follow the yearly notice of the State Council. A year between two others has none, or there is none at all,
//! so limits that run into it are provisional.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y204");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let mut years: Vec<(i16, usize)> =
        pack.parts.years.iter().enumerate().map(|(index, table)| (table.year, index)).collect();
    years.sort_unstable();
    if years.is_empty() {
        if !pack.parts.items.is_empty() && pack.calendars_present == 0 {
            out.push(
                Finding::warning(CODE, Place::file("zone.yaml"), "没有任何一年的日历", "there is no calendar of any year")
                    .help("在 calendars/ 里加上每年的放假安排", "add each year's rest days under calendars/"),
            );
        }
        return;
    }
    if pack.calendars_present > years.len() {
        return;
    }
    for pair in years.windows(2) {
        let ((before, _), (after, index)) = (pair[0], pair[1]);
        if after > before + 1 {
            let (first, last) = (before + 1, after - 1);
            let (zh, en) = if first == last {
                (format!("缺少 {first} 年的日历"), format!("the calendar of {first} is missing"))
            } else {
                (format!("缺少 {first}—{last} 年的日历"), format!("the calendars of {first}–{last} are missing"))
            };
            out.push(
                Finding::warning(CODE, Place::file(pack.origin.years[index].clone()).key("year"), zh, en)
                    .help(format!("加上 calendars/{first}.yaml"), format!("add calendars/{first}.yaml")),
            );
        }
    }
}
