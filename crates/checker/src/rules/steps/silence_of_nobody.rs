//! Y145 · 没有人会沉默的环节 / Nobody's silence
//!
//! silence: counts-as-yes 表示申请人到期没有答复就算同意。只有由申请人答复（by: applicant）、有期限（limit）的 confirm 环节才谈得上到期没有答复。
//!
//! ---
//!
//! `silence: counts-as-yes` says that an applicant who has not answered within the limit has said yes. Only a `confirm` step
//! `by: applicant` with a `limit` can be left unanswered.

use catalogue::{Performer, StepKind};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y145");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    for step in item.item.steps.values().filter(|step| step.silent_yes) {
        if step.kind == StepKind::Confirm && step.by == Performer::Applicant && step.limit.is_some() {
            continue;
        }
        out.push(
            Finding::error(
                CODE,
                item.step_at(&step.id).key("silence"),
                format!("“{}”不是申请人在期限内答复的 confirm 环节，没有到期不答复一说", step.id),
                format!("“{}” is no `confirm` step that the applicant answers within a limit", step.id),
            )
            .help(
                "写成 kind: confirm、by: applicant 并加上 limit，或者去掉 silence",
                "make it `kind: confirm`, `by: applicant` with a `limit`, or drop `silence`",
            ),
        );
    }
}
