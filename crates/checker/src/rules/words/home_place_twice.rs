//! Y802 · 首页同一个位置 / One place on the home page for two
//!
//! 两件事的 home_order 一样，先后就靠不住。
//!
//! ---
//!
//! Two things have one `home_order`, so their order is left to chance.

use std::collections::HashMap;

use crate::resolve::thing_file;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y802");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let mut first: HashMap<u16, &str> = HashMap::new();
    for thing in pack.parts.things.values() {
        let Some(order) = thing.home_order else { continue };
        let at = |id: &str| Place::file(thing_file(id)).key("home_order");
        let Some(earlier) = first.get(&order) else {
            first.insert(order, thing.id.as_str());
            continue;
        };
        out.push(
            Finding::advice(
                CODE,
                at(thing.id.as_str()),
                format!("首页第 {order} 位已经是“{earlier}”"),
                format!("place {order} on the home page is that of “{earlier}”"),
            )
            .also(at(earlier), "在这里", "here"),
        );
    }
}
