//! Y509 · 问题挂在后面的问题上 / A question that hangs on a later one
//!
//! 情形问题的条件看的是后面才问（或者就是它自己）的问题。问题按先后顺序问，这样的条件用不上。把两个问题换个顺序。
//!
//! ---
//!
//! The condition of this situation question looks at one that is asked later, or at itself. Questions are asked in order; change the
//! order.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y509");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    if !thing.is_sound(&["questions"]) {
        return;
    }
    let questions = &thing.thing.questions;
    for (index, question) in questions.iter().enumerate() {
        let Some(when) = &question.when else { continue };
        let later = questions[index..].iter().find(|later| when.names_used().iter().any(|name| later.field == **name));
        if let Some(later) = later {
            out.push(
                Finding::warning(
                    CODE,
                    thing.at("questions").index(index).key("when"),
                    format!("问“{}”的条件要看“{}”，而它不在前面", question.field, later.field),
                    format!("“{}” hangs on “{}”, which is not asked before", question.field, later.field),
                )
                .help("把它挪到前面", "move that question up"),
            );
        }
    }
}
