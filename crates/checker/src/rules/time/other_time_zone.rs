//! Y229 · 不是北京时间 / Not the time of China
//!
//! 全国用北京时间（+08:00）。写成别的时差，开门时间、到期日、日期都会差出几小时甚至一天。
//!
//! ---
//!
//! China keeps one time, +08:00. With another offset opening hours, last days and dates are out by hours or a day.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y229");

const CHINA_MINUTES: i32 = 8 * 60;

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("utc_offset") || pack.parts.zone.utc_offset_minutes == CHINA_MINUTES {
        return;
    }
    out.push(
        Finding::warning(
            CODE,
            pack.zone().key("utc_offset"),
            "这里不是北京时间的时差",
            "this is not the offset of China",
        )
        .fix("\"+08:00\""),
    );
}
