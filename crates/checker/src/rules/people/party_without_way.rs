//! Y904 · 这类申请人怎么答都办不了 / No answer lets this kind of applicant hand in
//!
//! 一件事写着面向自然人（或法人），可不管怎么回答，要么没有事项适用，要么适用的事项里总有一个不对他们开放：答完也交不了。
//! 从这件事的 applicants 里删去，让事项面向他们，或者给只面向另一类人的事项加上条件。
//!
//! ---
//!
//! The thing is open to natural (or legal) persons, but whatever they answer, either nothing applies or something applies that is
//! closed to them: they answer all of it and cannot hand in. Take them off `applicants`, open the items to them, or give a
//! condition to those that are for others.

use catalogue::PartyKind;
use expression::analysis::{self, Formula};

use crate::rules::kit::*;
use crate::situation::member_applies;

pub const CODE: Code = Code("Y904");

pub fn check(view: &ThingView<'_>, out: &mut Vec<Finding>) {
    let thing = view.thing;
    let parts = view.pack.parts;
    let sound = thing.members.iter().all(|member| view.pack.item_is_sound(&member.item, &["applicants"]));
    if thing.members.is_empty() || !sound || !view.is_sound(&["applicants", "items", "questions"]) {
        return;
    }
    for party in &thing.applicants {
        let open = |member: &catalogue::Member| {
            parts.items.get(&member.item).is_none_or(|item| item.applicants.contains(party))
        };
        let (mut theirs, mut others) = (Vec::new(), Vec::new());
        for (index, member) in thing.members.iter().enumerate() {
            let applies = member_applies(thing, index);
            if open(member) { theirs.push(applies) } else { others.push(applies.negated()) }
        }
        let goal = Formula::all(others.into_iter().chain([Formula::any(theirs)]));
        if !matches!(view.scope().find(&goal), analysis::Finding::Absent) {
            continue;
        }
        let (zh, en) = match party {
            PartyKind::Natural => ("自然人", "natural persons"),
            PartyKind::Legal => ("法人和其他组织", "legal persons"),
        };
        out.push(
            Finding::warning(
                CODE,
                view.at("applicants"),
                format!("不管怎么回答，{zh}都办不了"),
                format!("whatever they answer, {en} cannot hand in"),
            )
            .help(
                "从 applicants 里删去，或者让适用的事项面向他们",
                "take them off `applicants`, or open the items that apply to them",
            ),
        );
    }
}
