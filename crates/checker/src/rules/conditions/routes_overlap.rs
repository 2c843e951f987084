//! Y504 · 互斥的路线重叠 / Exclusive routes that overlap
//!
//! 同一 route 的事项只能适用一个，可是有一种回答让两个的条件同时成立，不知道该走哪条。
//!
//! ---
//!
//! At most one item of a route applies, but some answers meet the conditions of two, and nobody knows which to take.

use expression::analysis::{Finding as Found, Formula, Witness};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y504");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    if !thing.is_sound(&["items"]) {
        return;
    }
    let mut routes: indexmap::IndexMap<&str, Vec<usize>> = indexmap::IndexMap::new();
    for (index, member) in thing.thing.members.iter().enumerate() {
        if let Some(route) = &member.route {
            routes.entry(route).or_default().push(index);
        }
    }
    for (route, members) in routes {
        let Some((first, second, witness)) = overlap(thing, &members) else { continue };
        let name = |index: usize| &thing.thing.members[index].item;
        let witness = witness.to_string();
        let (zh, en) = if witness.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("：{witness}"), format!(": {witness}"))
        };
        out.push(
            Finding::error(
                CODE,
                thing.at("items").index(second),
                format!("路线“{route}”里“{}”和“{}”会同时适用{zh}", name(first), name(second)),
                format!("on route “{route}” both “{}” and “{}” can apply{en}", name(first), name(second)),
            )
            .also(thing.at("items").index(first), "另一个在这里", "the other is here"),
        );
    }
}

/// The first two members that some possible answers call for together.
fn overlap(thing: &ThingView<'_>, members: &[usize]) -> Option<(usize, usize, Witness)> {
    let when = |index: usize| Formula::from(thing.thing.members[index].when.as_ref());
    for (place, &second) in members.iter().enumerate() {
        for &first in &members[..place] {
            let both = Formula::all([when(first), when(second)]);
            if let Found::Found(witness) = thing.scope().find(&both) {
                return Some((first, second, witness));
            }
        }
    }
    None
}
