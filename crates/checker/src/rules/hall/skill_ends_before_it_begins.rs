//! Y614 · 技能的起止日期颠倒 / A skill that ends before it begins
//!
//! until 早于 from：这一项从来不生效。
//!
//! ---
//!
//! `until` lies before `from`, so the skill never holds.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y614");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("windows") {
        return;
    }
    for window in pack.parts.windows.values() {
        for (index, skill) in window.skills.iter().enumerate() {
            if let (Some(from), Some(until)) = (skill.from, skill.until)
                && until < from
            {
                out.push(Finding::error(
                    CODE,
                    pack.zone().key("windows").key(&window.id).key("skills").index(index).key("until"),
                    format!("到 {until} 止，却从 {from} 才开始"),
                    format!("it ends on {until}, but begins on {from}"),
                ));
            }
        }
    }
}
