//! Y107 · 不止一个受理环节 / More than one accept step
//!
//! 一个事项只受理一次（一窗受理）。后面的把关用 review。
//!
//! ---
//!
//! An item is accepted once, at one window. Later checks are of kind review.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y107");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let mut steps = item.item.steps_of_kind(StepKind::Accept);
    let Some(first) = steps.next() else { return };
    for second in steps {
        out.push(
            Finding::error(
                CODE,
                item.step_at(&second.id).key("kind"),
                format!("“{}”是第二个受理环节", second.id),
                format!("“{}” is a second accept step", second.id),
            )
            .also(item.step_at(&first.id).name(), "第一个在这里", "the first is here"),
        );
    }
}
