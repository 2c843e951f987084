//! Y131 · 不用到场，谈不上远程 / Remote, although nobody has to come
//!
//! remote 的意思是：要申请人参加，但可以用视频或邮寄代替到场。没有写 present: true，remote 就没有意义。
//!
//! ---
//!
//! `remote` says that the applicant takes part but need not come. Without `present: true` it says nothing.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y131");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps"]) {
        return;
    }
    for step in item.item.steps.values().filter(|step| step.remote && !step.present) {
        out.push(
            Finding::advice(
                CODE,
                item.step_at(&step.id).key("remote"),
                format!("“{}”不用申请人到场，remote 没有意义", step.id),
                format!("“{}” asks nobody to come, so `remote` says nothing", step.id),
            )
            .help("加上 present: true，或者删去 remote", "add `present: true`, or delete `remote`"),
        );
    }
}
