//! Y141 · 一件事里同一个事项办两遍 / One item twice in a thing
//!
//! 同一个事项在一件事里列了两次，而且有的情况下两处都成立：一次申请会开出两个一样的办件。
//!
//! ---
//!
//! A thing lists one item twice, and both entries hold under some answers: one application would open the same matter two times.

use expression::analysis::{self, Formula};

use crate::rules::kit::*;
use crate::situation::member_applies;

pub const CODE: Code = Code("Y141");

pub fn check(view: &ThingView<'_>, out: &mut Vec<Finding>) {
    if !view.is_sound(&["items", "questions"]) {
        return;
    }
    let members = &view.thing.members;
    for (later, member) in members.iter().enumerate() {
        for first in (0..later).filter(|first| members[*first].item == member.item) {
            let both = Formula::all([member_applies(view.thing, first), member_applies(view.thing, later)]);
            if let analysis::Finding::Found(witness) = view.scope().find(&both) {
                out.push(
                    Finding::error(
                        CODE,
                        view.at("items").index(later),
                        format!("“{}”会办两遍：{witness}", member.item),
                        format!("“{}” would be handled twice: {witness}", member.item),
                    )
                    .also(view.at("items").index(first), "第一次在这里", "first here")
                    .help("删去一处，或者让两处的条件不会同时成立", "delete one, or give them conditions that exclude each other"),
                );
                break;
            }
        }
    }
}
