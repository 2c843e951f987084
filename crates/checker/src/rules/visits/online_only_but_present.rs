//! Y405 · 只能网上申请却要到场 / Online only, yet in person
//!
//! 事项只开通了网上申请，可是受理、审查一类的环节要申请人到窗口：申请人没有可去的窗口渠道。
//! 现场核查在申请人的场所进行，不在此列。
//!
//! ---
//!
//! The item can only be applied for online, but a step other than an inspection on site needs the applicant in person: there
//! is no channel for that.

use catalogue::Channel;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y405");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let online_only = item.item.channels == [Channel::Online];
    // A claim of no visits contradicts the same step, and is told by another rule.
    if !online_only || item.item.visits.claimed == 0 || !item.is_sound(&["channels", "steps", "visits"]) {
        return;
    }
    let present = |step: &&catalogue::Step| step.present && !step.remote && step.kind != StepKind::Inspect;
    if let Some(step) = item.item.steps.values().find(present) {
        out.push(
            Finding::warning(
                CODE,
                item.at("channels"),
                format!("只能网上申请，环节“{}”却要到场", step.id),
                format!("the item is online only, but step “{}” needs presence", step.id),
            )
            .also(item.step_at(&step.id).key("present"), "在这里", "here")
            .help("加上 window，或者让环节可以远程", "add `window`, or let the step be done remotely"),
        );
    }
}
