//! Y120 · 决定书写不出救济途径 / A decision that cannot name its remedies
//!
//! 不予许可的决定书要写明向谁申请行政复议、到哪个法院起诉（行政许可法第三十八条）。作决定的部门没有写
//! reconsideration（复议机关）或者 court（管辖法院），决定书上就缺这一句。
//!
//! ---
//!
//! A decision that refuses names where it is reconsidered and which court hears it (行政许可法 Art. 38). The department that
//! decides has no `reconsideration` or no `court`, so that its decisions would lack the sentence.

use std::collections::BTreeSet;

use catalogue::{DepartmentId, StepKind};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y120");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("departments") {
        return;
    }
    let deciding: BTreeSet<&DepartmentId> = pack
        .parts
        .items
        .values()
        .filter(|item| !item.feedback && item.steps_of_kind(StepKind::Decide).next().is_some())
        .map(|item| &item.department)
        .collect();
    for id in deciding {
        let Some(department) = pack.parts.departments.get(id) else { continue };
        let missing: Vec<&str> = [
            ("reconsideration", department.reconsideration.is_none()),
            ("court", department.court.is_none()),
        ]
        .into_iter()
        .filter_map(|(key, missing)| missing.then_some(key))
        .collect();
        if missing.is_empty() {
            continue;
        }
        let keys = missing.join(", ");
        out.push(
            Finding::error(
                CODE,
                pack.zone().key("departments").key(id).name(),
                format!("部门“{id}”作决定，却没有写 {keys}，决定书上说不清向谁复议、到哪起诉"),
                format!("the department “{id}” decides and has no {keys}: its decisions cannot name the remedies"),
            )
            .help("在部门上写 reconsideration 和 court", "name `reconsideration` and `court` at the department"),
        );
    }
}
