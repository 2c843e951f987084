//! Y506 · 永远用不上的事项 / An item that never applies
//!
//! 一件事里这个事项的条件不管怎么回答都不成立，它等于没有放进来。
//!
//! ---
//!
//! Whatever one answers, the condition of this item in the thing fails; it might as well not be there.

use expression::analysis::{Finding as Found, Formula};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y506");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    for (index, member) in thing.thing.members.iter().enumerate() {
        let Some(when) = &member.when else { continue };
        if thing.scope().find(&Formula::from(when)) == Found::Absent {
            out.push(Finding::warning(
                CODE,
                thing.at("items").index(index).key("when").within(0..when.text().len()),
                format!("“{}”永远用不上：条件总不成立", member.item),
                format!("“{}” never applies: its condition always fails", member.item),
            ));
        }
    }
}
