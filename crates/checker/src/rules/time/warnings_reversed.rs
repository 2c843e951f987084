//! Y228 · 黄灯比红灯晚 / Yellow after red
//!
//! warnings 里，剩余天数到 yellow_days_left 先变黄，到 red_days_left 再变红。黄的天数不比红的多，黄灯就永远看不到。
//!
//! ---
//!
//! A case turns yellow with `yellow_days_left` and then red with `red_days_left`. When yellow is not the larger one, it never shows.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y228");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let warnings = pack.parts.zone.warnings;
    if !pack.zone_is_sound("warnings") || warnings.yellow_days_left > warnings.red_days_left {
        return;
    }
    let (yellow, red) = (warnings.yellow_days_left, warnings.red_days_left);
    out.push(
        Finding::warning(
            CODE,
            pack.zone().key("warnings"),
            format!("剩 {yellow} 天变黄，剩 {red} 天就变红，黄灯看不到"),
            format!("yellow at {yellow} days left never shows, red comes at {red}"),
        )
        .help("让 yellow_days_left 大于 red_days_left", "let `yellow_days_left` be more than `red_days_left`"),
    );
}
