//! Y116 · 一个人去核查 / An inspector alone
//!
//! 对申请材料的实质内容进行核实，应当指派两名以上工作人员（行政许可法第三十四条）。
//!
//! ---
//!
//! The substance of an application is verified by at least two officers (licensing statute, Art. 34).

use crate::rules::kit::*;

pub const CODE: Code = Code("Y116");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps"]) {
        return;
    }
    for step in item.item.steps_of_kind(StepKind::Inspect).filter(|step| step.officers < 2) {
        out.push(
            Finding::warning(
                CODE,
                item.step_at(&step.id).key("officers"),
                format!("核查环节“{}”只有一名工作人员", step.id),
                format!("a single officer performs the inspection “{}”", step.id),
            )
            .help("写 officers: 2", "write `officers: 2`"),
        );
    }
}
