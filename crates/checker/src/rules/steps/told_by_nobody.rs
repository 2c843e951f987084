//! Y135 · 没有人会写的告知 / Told by nobody
//!
//! tells 是准予时要写给申请人的内容（例如核定的税额）。只有由岗位承担的 decide 环节才有人写、申请人才看得到。
//!
//! ---
//!
//! `tells` is what whoever grants writes for the applicant, such as an assessed amount. Only a `decide` step that a role performs has
//! somebody who writes it, and only its text reaches the applicant.

use catalogue::{Performer, StepKind};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y135");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    for step in item.item.steps.values().filter(|step| step.tells.is_some()) {
        if step.kind == StepKind::Decide && matches!(step.by, Performer::Role { .. }) {
            continue;
        }
        out.push(
            Finding::error(
                CODE,
                item.step_at(&step.id).key("tells"),
                format!("“{}”不是由岗位承担的 decide 环节，tells 没有人写", step.id),
                format!("nobody writes what “{}” tells: it is no `decide` step of a role", step.id),
            )
            .help("写到作决定的那个环节，或者去掉 tells", "move `tells` to the step that decides, or drop it"),
        );
    }
    let tells = item.item.steps.values().any(|step| step.tells.is_some());
    for result in item.item.results.values().filter(|result| result.told.is_some() && !tells) {
        out.push(
            Finding::error(
                CODE,
                item.at("results").key(result.id.as_str()).key("told"),
                format!("“{}”要写上告知内容，可是没有一个决定环节写 tells", result.id),
                format!("“{}” carries what the decision tells, and no step that decides `tells` anything", result.id),
            )
            .help("在作决定的环节写 tells，或者去掉 told", "give the step that decides a `tells`, or drop `told`"),
        );
    }
}
