//! Y806 · 两个环节同一个名称 / Two steps of one title
//!
//! 同一个事项里两个都要走的环节标题一样：进度页和待办里分不清办到了哪一步。
//!
//! ---
//!
//! Two steps of an item that both always take place have one title: neither the applicant's page nor the worklist tells them apart.

use std::collections::HashMap;

use catalogue::Step;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y806");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps"]) {
        return;
    }
    let mut first: HashMap<&str, &Step> = HashMap::new();
    for step in item.item.steps.values().filter(|step| step.when.is_none()) {
        let Some(earlier) = first.insert(&step.title.zh, step) else { continue };
        out.push(
            Finding::warning(
                CODE,
                item.step_at(&step.id).key("title"),
                format!("“{}”和“{}”两个环节都叫“{}”", earlier.id, step.id, step.title.zh),
                format!("the steps “{}” and “{}” are both called “{}”", earlier.id, step.id, step.title.zh),
            )
            .also(item.step_at(&earlier.id).key("title"), "前一个在这里", "the other is here"),
        );
    }
}
