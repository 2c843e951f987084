//! Y118 · 事项的先后说不通 / An order of items that cannot be
//!
//! 一件事里的 after 写了不在这件事里的事项，或者几个事项互相等待。
//!
//! ---
//!
//! An item of a thing waits for one that the thing does not hold, or items wait for each other.

use std::collections::HashMap;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y118");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    if !thing.is_sound(&["items"]) {
        return;
    }
    let members = &thing.thing.members;
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, member) in members.iter().enumerate() {
        places.entry(member.item.as_str()).or_default().push(index);
    }
    let mut waiting = vec![0usize; members.len()];
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); members.len()];
    for (index, member) in members.iter().enumerate() {
        for (slot, before) in member.after.iter().enumerate() {
            let Some(found) = places.get(before.as_str()) else {
                out.push(Finding::error(
                    CODE,
                    thing.at("items").index(index).key("after").index(slot),
                    format!("“{before}”不在这件事里"),
                    format!("this thing does not hold “{before}”"),
                ));
                continue;
            };
            waiting[index] += found.len();
            found.iter().for_each(|earlier| next[*earlier].push(index));
        }
    }
    let mut ready: Vec<usize> = (0..members.len()).filter(|index| waiting[*index] == 0).collect();
    while let Some(done) = ready.pop() {
        for &later in &next[done] {
            waiting[later] -= 1;
            if waiting[later] == 0 {
                ready.push(later);
            }
        }
    }
    if let Some(stuck) = waiting.iter().position(|left| *left > 0) {
        out.push(Finding::error(
            CODE,
            thing.at("items").index(stuck).key("after"),
            format!("“{}”和别的事项互相等待", members[stuck].item),
            format!("“{}” and other items wait for each other", members[stuck].item),
        ));
    }
}
