//! Y147 · 没满规定天数的环节 / A step that has to run
//!
//! lasts 是一个环节至少要满多久才能办完，例如公示期。受理、决定、制证、送达有自己的办理方式，申请人和系统的环节也不由岗位办，不能写 lasts；环节的 limit 和它单位相同的，要比它长，否则能办完的时候已经超期。
//!
//! ---
//!
//! `lasts` says how long a step has to run before it can be done, such as a public notice. Accepting, deciding, issuing and
//! delivering are done in their own way, and steps of the applicant or of the system by no role: they have no `lasts`. The step's
//! own limit in the same unit is longer: otherwise it is late as soon as it can be done.

use catalogue::Performer;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y147");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    for step in item.item.steps.values() {
        let Some(lasts) = step.lasts else { continue };
        let own = matches!(
            step.kind,
            StepKind::Accept | StepKind::Decide | StepKind::Issue | StepKind::Deliver | StepKind::Pay
        );
        if own || !matches!(step.by, Performer::Role { .. }) {
            out.push(
                Finding::error(
                    CODE,
                    item.step_at(&step.id).key("lasts"),
                    format!("“{}”不是由岗位记为办完的环节，lasts 不起作用", step.id),
                    format!("“{}” is no step that a role records as done, so that `lasts` does nothing", step.id),
                )
                .help("写到公示一类的环节，或者去掉 lasts", "give it to a step such as a public notice, or drop it"),
            );
            continue;
        }
        let limit = step.limit.filter(|limit| limit.unit == lasts.unit && limit.amount <= lasts.amount);
        if limit.is_some() {
            out.push(
                Finding::error(
                    CODE,
                    item.step_at(&step.id).key("limit"),
                    format!("“{}”满了规定的天数才能办完，那时已经超过它的时限", step.id),
                    format!("“{}” is late as soon as it can be done", step.id),
                )
                .also(item.step_at(&step.id).key("lasts"), "要满这么久", "it has to run so long")
                .help("limit 要比 lasts 长，例如多一个工作日", "make `limit` longer than `lasts`, such as by a working day"),
            );
        }
    }
}
