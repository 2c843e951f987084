//! Y114 · 制证环节没写制作什么 / An issuing step that names no result
//!
//! kind: issue 的环节用 result 写明制作哪个结果；kind: pay 的环节用 fee 写明缴哪项费。
//!
//! ---
//!
//! A step of kind issue names its result, and a step of kind pay its fee.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y114");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps"]) {
        return;
    }
    for step in item.item.steps.values() {
        let (key, zh, en) = match step.kind {
            StepKind::Issue if step.result.is_none() => ("result", "没写制作哪个结果", "does not say what it issues"),
            StepKind::Pay if step.fee.is_none() => ("fee", "没写缴哪项费", "does not say which fee is paid"),
            _ => continue,
        };
        out.push(
            Finding::error(
                CODE,
                item.step_at(&step.id).name(),
                format!("环节“{}”{zh}", step.id),
                format!("step “{}” {en}", step.id),
            )
            .help(format!("加上 {key}"), format!("add `{key}`")),
        );
    }
}
