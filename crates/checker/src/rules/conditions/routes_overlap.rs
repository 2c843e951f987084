//! Y504 · 互斥的路线重叠 / Exclusive routes that overlap
//!
//! 同一 route 的事项只能适用一个，可是有一种回答让两个的条件同时成立，不知道该走哪条。
//!
//! ---
//!
//! At most one item of a route applies, but some answers meet the conditions of two, and nobody knows which to take.

use expression::analysis;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y504");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    if !thing.is_sound(&["items"]) {
        return;
    }
    let always = Condition::always();
    let mut routes: indexmap::IndexMap<&str, Vec<usize>> = indexmap::IndexMap::new();
    for (index, member) in thing.thing.members.iter().enumerate() {
        if let Some(route) = &member.route {
            routes.entry(route).or_default().push(index);
        }
    }
    for (route, members) in routes {
        let of = |index: &usize| thing.thing.members[*index].when.as_ref().unwrap_or(&always);
        let conditions: Vec<&Condition> = members.iter().map(of).collect();
        let analysis::Finding::Found(found) = analysis::overlap(&conditions, thing.pack.names) else { continue };
        let (first, second) = (members[found.first], members[found.second]);
        let name = |index: usize| &thing.thing.members[index].item;
        let witness = found.witness.to_string();
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
