//! Y907 · 有的申请人没有名字 / An applicant without a name
//!
//! applicant 或 applicant_when 指的名称（或号码）可以不填，而这种情形下没有换成别的：有人不填，办件就没有申请人，签出来的证照也
//! 不知道发给谁。加一种 applicant_when（when: not exists …），指到这时一定有的一项；或者用事项的 requirements 要求必须填。
//! 允许不留名的反映、咨询，名称用 optional，不在此列，只要不发证照。
//!
//! ---
//!
//! The name (or number) by which `applicant` or `applicant_when` identifies somebody may be left blank, and nothing else takes its
//! place: the case then has no applicant, and what is issued goes to nobody. Add an `applicant_when` (`when: not exists …`) that
//! names what is always there, or let a requirement of the item ask for it. Reports that may be anonymous have an `optional` name,
//! and are left out as long as no licence comes of them.

use catalogue::{Field, ResultKind};
use expression::analysis::{self, Formula};

use crate::rules::kit::*;
use crate::situation::{identities, member_applies};

pub const CODE: Code = Code("Y907");

pub fn check(view: &ThingView<'_>, out: &mut Vec<Finding>) {
    let thing = view.thing;
    if thing.members.is_empty() || !view.is_sound(&["items", "questions", "applicant", "applicant_when"]) {
        return;
    }
    let parts = view.pack.parts;
    for (place, (who, here)) in identities(thing).into_iter().enumerate() {
        // The situations as written, then everybody else.
        let special = place < thing.applicant_when.len();
        let at = if special { view.at("applicant_when").index(place) } else { view.at("applicant") };
        for (key, field) in [("name", Some(who.name)), ("code", who.code)] {
            let Some(field) = field.and_then(|id| parts.fields.get(id)).filter(|field| field.may_be_blank()) else {
                continue;
            };
            let nobody = Formula::all([here.clone(), Formula::exists(field.id.as_str()).negated(), handed_in(view, field)]);
            let analysis::Finding::Found(witness) = view.scope().find(&nobody) else { continue };
            let (zh, en) = if key == "name" { ("名称", "name") } else { ("号码", "number") };
            out.push(
                Finding::warning(
                    CODE,
                    at.clone().key(key),
                    format!("申请人的{zh}“{}”可以不填：{witness}", field.id),
                    format!("the applicant’s {en} “{}” may be left blank: {witness}", field.id),
                )
                .help(
                    format!("加一种 applicant_when（when: not exists {}），或者用 requirements 要求填写", field.id),
                    format!("add an `applicant_when` (`when: not exists {}`), or require it", field.id),
                ),
            );
        }
    }
}

/// When something applies, of all that applies every requirement is met, and a blank there matters.
fn handed_in(view: &ThingView<'_>, field: &Field) -> Formula {
    let (thing, parts) = (view.thing, view.pack.parts);
    let (mut matters, mut met) = (Vec::new(), Vec::new());
    for (index, member) in thing.members.iter().enumerate() {
        let applies = member_applies(thing, index);
        let Some(item) = parts.items.get(&member.item) else { continue };
        let licence = item.results.values().any(|result| result.kind != ResultKind::Reply);
        if licence || !field.optional {
            matters.push(applies.clone());
        }
        for requirement in &item.requirements {
            met.push(Formula::any([applies.clone().negated(), Formula::from(&requirement.condition)]));
        }
    }
    Formula::all(std::iter::once(Formula::any(matters)).chain(met))
}
