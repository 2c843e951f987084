//! Y329 · 没有登记可照的数据元 / Fixed by no register
//!
//! fixed 的数据元照登记库写，申请人不能改。数据元没有写 registry 的，没有登记可照，也就没有什么不能改。
//!
//! ---
//!
//! A field with `fixed` repeats a register and is not changed by the applicant. One without a `registry` repeats nothing.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y329");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["fields"]) {
        return;
    }
    for (index, used) in item.item.fields.iter().enumerate().filter(|(_, used)| used.fixed.is_some()) {
        let Some(field) = item.pack.parts.fields.get(&used.field) else { continue };
        if field.registry.is_some() || !item.pack.field_is_sound(field.id.as_str()) {
            continue;
        }
        out.push(
            Finding::error(
                CODE,
                item.at("fields").index(index).key("fixed"),
                format!("“{}”没有登记库可照", used.field),
                format!("no register says anything about “{}”", used.field),
            )
            .help("给数据元写上 registry，或者删去 fixed", "give the field its `registry`, or delete `fixed`"),
        );
    }
}
