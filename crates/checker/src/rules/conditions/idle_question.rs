//! Y505 · 答案不影响任何事的问题 / A question whose answer changes nothing
//!
//! 情形问题的答案没有被任何条件用到，也没有哪个事项需要它：问了白问。
//!
//! ---
//!
//! No condition looks at the answer of this situation question, and no item needs it: it is asked in vain.

use catalogue::Item;

use crate::rules::kit::*;
use crate::uses;

pub const CODE: Code = Code("Y505");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    let pack = thing.pack;
    if !thing.is_sound(&["items", "questions", "applicant", "context"]) || pack.soundness.uses_uncertain {
        return;
    }
    let items: Vec<&Item> =
        thing.thing.members.iter().filter_map(|member| pack.parts.items.get(&member.item)).collect();
    let keys = ["fields", "steps", "materials", "results", "requirements", "fees"];
    if thing.thing.members.iter().any(|member| !pack.item_is_sound(&member.item, &keys)) {
        return;
    }
    for (index, question) in thing.thing.questions.iter().enumerate() {
        let field = question.field.as_str();
        let used = uses::of_thing(thing.thing).any(|name| name == field)
            || items.iter().any(|item| {
                item.fields.iter().any(|each| each.field == question.field) || uses::of_item(item).contains(field)
            });
        if !used {
            out.push(
                Finding::warning(
                    CODE,
                    thing.at("questions").index(index).key("field"),
                    format!("问了“{field}”，但怎么回答都一样"),
                    format!("“{field}” is asked, but its answer changes nothing"),
                )
                .help("删去这个问题", "delete the question")
                .cost(RedTape::questions(1)),
            );
        }
    }
}
