//! Y510 · 永远问不到的问题 / A question that never arises
//!
//! 不管前面怎么回答，这个情形问题的条件都不成立，谁也看不到它。
//!
//! ---
//!
//! Whatever one answers before, the condition of this situation question fails; nobody ever sees it.

use expression::analysis::{Finding as Found, Formula};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y510");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    if !thing.is_sound(&["questions"]) {
        return;
    }
    for (index, question) in thing.thing.questions.iter().enumerate() {
        let Some(when) = &question.when else { continue };
        if thing.scope().find(&Formula::from(when)) == Found::Absent {
            out.push(Finding::warning(
                CODE,
                thing.at("questions").index(index).key("when").within(0..when.text().len()),
                format!("“{}”永远问不到：条件总不成立", question.field),
                format!("“{}” is never asked: its condition always fails", question.field),
            ));
        }
    }
}
