//! Y104 · 没有环节制作的结果 / A result that no step issues
//!
//! 事项声明了这个结果，但没有哪个制证环节（kind: issue）制作它，申请人永远拿不到。
//!
//! ---
//!
//! The item declares the result, but no step of kind issue makes it out, so nobody ever gets it.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y104");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps", "results"]) {
        return;
    }
    for result in item.item.results.keys() {
        if !item.item.steps.values().any(|step| step.result.as_ref() == Some(result)) {
            // With an issuing step that names nothing the missing `result` there is the mistake.
            let nameless = item.item.steps_of_kind(StepKind::Issue).any(|step| step.result.is_none());
            if nameless {
                continue;
            }
            out.push(
                Finding::error(
                    CODE,
                    item.at("results").key(result).name(),
                    format!("没有环节制作“{result}”"),
                    format!("no step issues “{result}”"),
                )
                .help(format!("在制证环节写 result: {result}"), format!("write `result: {result}` in a step of kind issue")),
            );
        }
    }
}
