//! Y132 · 查验的结果永远等不到 / A result that is confirmed comes only later
//!
//! confirms 写的事项在这件事里排在本事项之后（after），它要等本事项办完才开始；本事项又要等它的结果才能通过，谁也办不下去。
//!
//! ---
//!
//! A step confirms the result of an item that, in this thing, waits for the step's own item (`after`). Neither can go on.

use std::collections::HashSet;

use catalogue::ItemId;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y132");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    if !thing.is_sound(&["items"]) {
        return;
    }
    for (index, member) in thing.thing.members.iter().enumerate() {
        let Some(item) = thing.pack.parts.items.get(&member.item) else { continue };
        if !thing.pack.item_is_sound(&member.item, &["steps"]) {
            continue;
        }
        for step in item.steps.values() {
            let Some(confirmed) = &step.confirms else { continue };
            if waits_for(thing, &confirmed.item, &member.item) {
                out.push(
                    Finding::error(
                        CODE,
                        thing.at("items").index(index),
                        format!("“{}”要查验“{}”的结果，它却排在后面", member.item, confirmed.item),
                        format!("“{}” confirms a result of “{}”, which comes after it", member.item, confirmed.item),
                    )
                    .help("改一改 after 的先后，或者删去 confirms", "change the order in `after`, or delete `confirms`"),
                );
            }
        }
    }
}

/// Whether `later` comes after `earlier` in this thing, directly or through others.
fn waits_for(thing: &ThingView<'_>, later: &ItemId, earlier: &ItemId) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![later];
    while let Some(item) = open.pop() {
        if item == earlier {
            return true;
        }
        if seen.insert(item) {
            let members = thing.thing.members.iter().filter(|member| member.item == *item);
            open.extend(members.flat_map(|member| &member.after));
        }
    }
    false
}
