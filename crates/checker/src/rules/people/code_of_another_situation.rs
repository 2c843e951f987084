//! Y903 · 问了另一种情形才有的号码 / A number that the applicant has in another situation only
//!
//! applicant 或 applicant_when 说，这种情形下申请人凭另一个号码（或者只凭姓名）办；可事项仍然必须填这个号码：
//! 比如还没有营业执照的人被要求填统一社会信用代码。给事项里的这一项加上 when，或者让登记环节用 assigns 产生它。
//!
//! ---
//!
//! By `applicant` or `applicant_when` the applicant goes by another number here, or by the name alone; but an item asks for this
//! one all the same: a credit code of somebody who has no licence yet. Give the field a `when` in the item, or let the step of
//! the registration assign it (`assigns`).

use catalogue::FieldId;
use expression::analysis::{self, Formula};

use crate::rules::kit::*;
use crate::situation::{identities, member_applies, uses};

pub const CODE: Code = Code("Y903");

pub fn check(view: &ThingView<'_>, out: &mut Vec<Finding>) {
    let thing = view.thing;
    if thing.applicant_when.is_empty() || !view.is_sound(&["items", "questions", "applicant", "applicant_when"]) {
        return;
    }
    let parts = view.pack.parts;
    for (code, elsewhere) in codes(view) {
        let required = parts.fields.get(code).is_some_and(|field| !field.may_be_blank());
        // Asked at the beginning, it is the situation itself.
        if !required || thing.questions.iter().any(|question| question.field == *code) {
            continue;
        }
        let given = Formula::any(thing.members.iter().enumerate().filter_map(|(index, member)| {
            let item = parts.items.get(&member.item)?;
            let assigns = item.steps.values().flat_map(|step| &step.assigns).any(|each| each.field == *code);
            assigns.then(|| member_applies(thing, index))
        }));
        for (index, member) in thing.members.iter().enumerate() {
            let Some(item) = parts.items.get(&member.item) else { continue };
            let asked = uses(parts, item, code.as_str());
            let goal =
                Formula::all([member_applies(thing, index), asked, elsewhere.clone(), given.clone().negated()]);
            if let analysis::Finding::Found(witness) = view.scope().find(&goal) {
                out.push(
                    Finding::warning(
                        CODE,
                        view.at("items").index(index),
                        format!("这种情形下申请人没有“{code}”，“{}”却要填：{witness}", item.id),
                        format!("the applicant has no “{code}” here, but “{}” asks for it: {witness}", item.id),
                    )
                    .help(
                        "在事项里给这一项加上 when，或者由登记环节 assigns",
                        "give it a `when` in the item, or let a step assign it",
                    ),
                );
                break;
            }
        }
    }
}

/// Every number by which the applicant goes in some situation, with when the applicant goes by another.
fn codes<'v>(view: &ThingView<'v>) -> Vec<(&'v FieldId, Formula)> {
    let thing = view.thing;
    let mut found: Vec<(&FieldId, Vec<Formula>)> = Vec::new();
    for (who, here) in identities(thing) {
        let Some(code) = who.code else { continue };
        match found.iter_mut().find(|(known, _)| *known == code) {
            Some((_, whens)) => whens.push(here),
            None => found.push((code, vec![here])),
        }
    }
    found.into_iter().map(|(code, whens)| (code, Formula::any(whens).negated())).collect()
}
