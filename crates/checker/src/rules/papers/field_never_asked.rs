//! Y307 · 没有谁用到的数据元 / A field that nothing uses
//!
//! 字典里有这个数据元，但没有事项问它，没有条件、环节、结果用它。删去，或者补到该用它的事项里。
//!
//! ---
//!
//! The dictionary has this field, but no item asks it and no condition, step or result uses it. Delete it, or put it where
//! it belongs.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y307");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if pack.soundness.uses_uncertain || pack.some_use_lost {
        return;
    }
    for field in pack.parts.fields.keys() {
        let name = field.as_str();
        if !pack.asked.contains(name) && !pack.keys.contains(name) && pack.field_is_sound(name) {
            out.push(
                Finding::warning(CODE, pack.field(name), format!("没有谁用到“{name}”"), format!("nothing uses “{name}”"))
                    .help("删去它", "delete it"),
            );
        }
    }
}
