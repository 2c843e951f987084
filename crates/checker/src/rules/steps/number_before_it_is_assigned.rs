//! Y140 · 要印的号码还没有赋 / A number printed before it is assigned
//!
//! 同一件事里，一个事项的结果要印另一个事项赋的号码（比如统一社会信用代码），却没有排在它后面（after）：证照会先发出来，号码是空的。
//!
//! ---
//!
//! The result of one item prints a number that another item of the thing assigns, but does not come `after` it: the paper would be
//! made out first, without its number.

use std::collections::BTreeSet;

use catalogue::{Item, ItemId, Thing};
use expression::analysis::{self, Formula};

use crate::rules::kit::*;
use crate::situation::member_applies;

pub const CODE: Code = Code("Y140");

pub fn check(view: &ThingView<'_>, out: &mut Vec<Finding>) {
    let (thing, parts) = (view.thing, view.pack.parts);
    let sound = |item: &ItemId| view.pack.item_is_sound(item, &["steps", "results"]);
    if !view.is_sound(&["items", "questions"]) || !thing.members.iter().all(|member| sound(&member.item)) {
        return;
    }
    for (index, member) in thing.members.iter().enumerate() {
        let Some(item) = parts.items.get(&member.item) else { continue };
        let before = all_before(thing, &member.item);
        for (other, assigning) in thing.members.iter().enumerate() {
            if assigning.item == member.item || before.contains(&assigning.item) {
                continue;
            }
            let Some(source) = parts.items.get(&assigning.item) else { continue };
            let assigned = source.steps.values().flat_map(|step| &step.assigns);
            let Some(each) = assigned.into_iter().find(|each| prints(item, each.field.as_str())) else { continue };
            let together = Formula::all([member_applies(thing, index), member_applies(thing, other)]);
            if let analysis::Finding::Found(witness) = view.scope().find(&together) {
                out.push(
                    Finding::error(
                        CODE,
                        view.at("items").index(index),
                        format!("“{}”的结果要印“{}”，由“{}”来赋，却不排在它后面：{witness}", item.id, each.field, source.id),
                        format!("a result of “{}” prints “{}”, which “{}” assigns, and does not come after it: {witness}", item.id, each.field, source.id),
                    )
                    .help(format!("把“{}”写进 after", source.id), format!("write “{}” into `after`", source.id)),
                );
            }
        }
    }
}

fn prints(item: &Item, field: &str) -> bool {
    item.results.values().any(|result| {
        let code = result.holder.as_ref().and_then(|holder| holder.code.as_ref());
        result.fields.iter().chain(code).any(|each| each.as_str() == field)
    })
}

fn all_before<'t>(thing: &'t Thing, item: &'t ItemId) -> BTreeSet<&'t ItemId> {
    let (mut found, mut open) = (BTreeSet::new(), vec![item]);
    while let Some(item) = open.pop() {
        let members = thing.members.iter().filter(|member| member.item == *item);
        open.extend(members.flat_map(|member| &member.after).filter(|before| found.insert(*before)));
    }
    found
}
