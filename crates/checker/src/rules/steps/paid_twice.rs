//! Y146 · 同一项费缴两次 / A fee taken twice
//!
//! 有的情况下两个缴费环节都进行，收的是同一项费：申请人被要求缴两次。
//!
//! ---
//!
//! Under some answers two steps are done that take the same fee, so the applicant is asked for it twice.

use expression::analysis::{Finding as Found, Formula};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y146");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps", "fees"]) {
        return;
    }
    let takes: Vec<_> = item.item.steps_of_kind(StepKind::Pay).filter(|step| step.fee.is_some()).collect();
    for (place, step) in takes.iter().enumerate() {
        for before in takes[..place].iter().filter(|before| before.fee == step.fee) {
            let both = [before, step].map(|step| Formula::from(step.when.as_ref()));
            let Found::Found(witness) = item.find(&Formula::all(both)) else { continue };
            let (zh, en) = match witness.to_string() {
                always if always.is_empty() => (String::new(), String::new()),
                found => (format!("：{found}"), format!(": {found}")),
            };
            let fee = step.fee.as_ref().map(ToString::to_string).unwrap_or_default();
            out.push(
                Finding::error(
                    CODE,
                    item.step_at(&step.id).key("fee"),
                    format!("“{fee}”要缴两次：“{}”和“{}”可能都进行{zh}", before.id, step.id),
                    format!("“{fee}” is taken twice: “{}” and “{}” can both be done{en}", before.id, step.id),
                )
                .also(item.step_at(&before.id).key("fee"), "已经在这里缴", "it is taken here")
                .help(
                    "只留一个环节，或者给两个环节写上互相排斥的 when",
                    "keep one of them, or give both a `when` that excludes the other",
                ),
            );
        }
    }
}
