//! Y406 · 不到场的地点 / A place that nobody comes to
//!
//! place 告诉申请人这个环节到哪里、带什么来。没有 present: true 的环节申请人不用到场，这句话没有人看到。
//!
//! ---
//!
//! `place` tells the applicant where to come for the step, and with what. Without `present: true` nobody has to come, and nobody
//! reads it.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y406");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    for step in item.item.steps.values().filter(|step| step.place.is_some() && !step.present) {
        out.push(
            Finding::error(
                CODE,
                item.step_at(&step.id).key("place"),
                format!("“{}”不用到场，却写了到哪里", step.id),
                format!("nobody has to be there for “{}”, but it says where to come", step.id),
            )
            .help("加上 present: true，或者去掉 place", "add `present: true`, or drop `place`"),
        );
    }
}
