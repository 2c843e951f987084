//! Y511 · 对这类申请人没有一个事项 / No item for this kind of applicant
//!
//! 一件事写着面向自然人（或法人），里面却没有一个事项对他们开放：他们点进来，什么也办不了。
//!
//! ---
//!
//! The thing is open to natural (or legal) persons, but none of its items is: they come in and there is nothing to apply for.

use catalogue::PartyKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y511");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    let parts = thing.pack.parts;
    let members = &thing.thing.members;
    let sound = members.iter().all(|member| thing.pack.item_is_sound(&member.item, &["applicants"]));
    if members.is_empty() || !sound || !thing.is_sound(&["applicants", "items"]) {
        return;
    }
    for party in &thing.thing.applicants {
        let open = |member: &catalogue::Member| {
            parts.items.get(&member.item).is_none_or(|item| item.applicants.contains(party))
        };
        if members.iter().any(open) {
            continue;
        }
        let (zh, en) = match party {
            PartyKind::Natural => ("自然人", "natural persons"),
            PartyKind::Legal => ("法人", "legal persons"),
        };
        out.push(
            Finding::warning(
                CODE,
                thing.at("applicants"),
                format!("没有一个事项面向{zh}"),
                format!("no item is open to {en}"),
            )
            .help(
                "从这件事的 applicants 里删去，或者让一个事项面向他们",
                "take them off `applicants` here, or open an item to them",
            ),
        );
    }
}
