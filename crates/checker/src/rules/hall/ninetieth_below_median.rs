//! Y609 · 九成用时小于半数用时 / The 90th percentile below the median
//!
//! 九成的人不超过的时间，不会比一半的人不超过的时间还短。
//!
//! ---
//!
//! What nine in ten do not exceed cannot be shorter than what half do not exceed.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y609");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("service_lines") {
        return;
    }
    for line in pack.parts.service_lines.values().filter(|line| line.minutes.p90 < line.minutes.median) {
        let (median, p90) = (line.minutes.median, line.minutes.p90);
        out.push(Finding::error(
            CODE,
            pack.zone().key("service_lines").key(&line.id).key("minutes").key("p90"),
            format!("九成 {p90} 分钟，半数却要 {median} 分钟"),
            format!("nine in ten take {p90} minutes, but half take {median}"),
        ));
    }
}
