//! Y120 · 决定书写不出救济途径 / A decision that cannot name its remedies
//!
//! 不予许可的决定书要写明向谁申请行政复议、到哪个法院起诉（行政许可法第三十八条）。作决定的部门没有写
//! reconsideration（复议机关）或者 court（管辖法院），决定书上就缺这一句。不告知就视为受理的事项（silence: accepted-from-receipt）按行政许可法
//! 办，两样都要有；企业办的服务没有复议，可以都不写，但不能只写一样。
//!
//! ---
//!
//! A decision that refuses names where it is reconsidered and which court hears it (行政许可法 Art. 38). The department that
//! decides has no `reconsideration` or no `court`, so that its decisions would lack the sentence. Items whose silence is
//! acceptance follow that law and need both; a company's services have no reconsideration and may leave out both, not one.

use std::collections::BTreeSet;

use catalogue::{DepartmentId, Silence, StepKind};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y120");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("departments") {
        return;
    }
    let licensing: BTreeSet<&DepartmentId> = pack
        .parts
        .items
        .values()
        .filter(|item| !item.feedback && item.limits.intake.silence == Silence::AcceptedFromReceipt)
        .filter(|item| item.steps_of_kind(StepKind::Decide).next().is_some())
        .map(|item| &item.department)
        .collect();
    for (id, department) in &pack.parts.departments {
        let half = department.reconsideration.is_some() != department.court.is_some();
        if !half && !licensing.contains(id) {
            continue;
        }
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
