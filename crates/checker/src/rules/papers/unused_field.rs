//! Y305 · 问了没有用的数据元 / A question that nothing uses
//!
//! 事项问了这个数据元，但没有条件看它，没有环节用它（uses），没有结果印它，也不是申请人身份。与申请事项无关的内容不得要求提供
//! （行政许可法第二十九条、第三十一条）。法律本身要求填报的，写明 basis。
//!
//! ---
//!
//! The item asks this field, but no condition looks at it, no step uses it, no result prints it, and it does not say who
//! applies. What has nothing to do with the item may not be asked (licensing statute, Arts. 29 and 31). Where a law itself
//! demands it, give the `basis`.

use crate::rules::kit::*;
use crate::uses;

pub const CODE: Code = Code("Y305");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let pack = item.pack;
    let keys = ["fields", "steps", "materials", "results", "requirements", "fees"];
    if !item.is_sound(&keys) || pack.soundness.uses_uncertain {
        return;
    }
    let used = uses::of_item(item.item);
    let things = pack.things_with(&item.item.id);
    // Who applies is said by the thing; an item in none is another rule's.
    if things.is_empty() {
        return;
    }
    if things.iter().any(|thing| !pack.thing_is_sound(thing, &["applicant", "items", "questions", "context"])) {
        return;
    }
    for (index, each) in item.item.fields.iter().enumerate() {
        let name = each.field.as_str();
        let Some(field) = pack.parts.fields.get(&each.field) else { continue };
        let needed = each.basis.is_some() || used.contains(name) || pack.keys.contains(name);
        if needed || things.iter().any(|thing| uses::of_thing(thing).any(|field| field == name)) {
            continue;
        }
        out.push(
            Finding::warning(
                CODE,
                item.at("fields").index(index).key("field"),
                format!("问了“{name}”，但没有用处"),
                format!("“{name}” is asked, but nothing uses it"),
            )
            .help(
                "从 fields 里删去；确有用处的，写进环节的 uses 或结果的 fields",
                "take it off `fields`; if it is needed, name it in the `uses` of a step or the `fields` of a result",
            )
            .cost(RedTape::questions(u32::from(field.registry.is_none()))),
        );
    }
}
