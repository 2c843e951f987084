//! Y401 · “零跑动”与环节矛盾 / No visits claimed, but a step needs one
//!
//! 办事指南说不用跑，环节却要申请人到场，或者只能到窗口申请。要么让环节可以远程，要么如实写明次数和原因。
//!
//! ---
//!
//! The guide claims no visits, but a step needs the applicant in person, or the window is the only channel. Let the step be
//! done remotely, or tell the number and the reason.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y401");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if item.item.visits.claimed > 0 || !item.is_sound(&["visits", "steps", "channels"]) {
        return;
    }
    let needed = super::needed(item);
    if needed == 0 {
        return;
    }
    let found = Finding::warning(
        CODE,
        item.at("visits"),
        format!("说是零跑动，实际要跑 {needed} 趟"),
        format!("no visits are claimed, but {needed} {} needed", if needed == 1 { "is" } else { "are" }),
    )
    .cost(RedTape::visits(u32::from(needed)));
    out.push(match super::in_person(item) {
        Some(step) => found
            .also(item.step_at(&step.id).key("present"), "这个环节要到场", "this step needs presence")
            .help("让环节可以远程（remote: true），或者如实写明次数和原因", "let it be done remotely (`remote: true`), or tell the number and the reason"),
        None => found
            .also(item.at("channels"), "只能到窗口申请", "the window is the only channel")
            .help("开通网上或邮寄申请，或者如实写明次数和原因", "open an online or postal channel, or tell the number and the reason"),
    });
}
