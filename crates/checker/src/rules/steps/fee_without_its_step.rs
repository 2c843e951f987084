//! Y126 · 该收费时没有缴费环节 / A fee is due, but its step falls away
//!
//! 在有的情况下要收这项费，缴费环节却因为自己的条件不进行：费用写在告知书上，没有地方缴。
//!
//! ---
//!
//! Under some answers the fee is due while the step that takes it falls away: it stands in the notice and cannot be paid.

use expression::analysis::{Finding as Found, Formula};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y126");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps", "fees"]) {
        return;
    }
    for fee in item.item.fees.values() {
        let takes = |step: &&catalogue::Step| step.fee.as_ref() == Some(&fee.id);
        let steps: Vec<_> = item.item.steps_of_kind(StepKind::Pay).filter(takes).collect();
        if steps.is_empty() || steps.iter().any(|step| step.when.is_none()) {
            continue;
        }
        let paid = Formula::any(steps.iter().map(|step| Formula::from(step.when.as_ref())));
        let due = Formula::from(fee.when.as_ref());
        if let Found::Found(witness) = item.find(&Formula::all([due, paid.negated()])) {
            out.push(
                Finding::warning(
                    CODE,
                    item.at("fees").key(&fee.id).name(),
                    format!("有的情况该收“{}”，却没有缴费环节：{witness}", fee.id),
                    format!("“{}” can be due without a step to pay it: {witness}", fee.id),
                )
                .also(item.step_at(&steps[0].id).key("when"), "缴费的条件", "when it is paid")
                .help("让两处的 when 一致", "let both have the same `when`"),
            );
        }
    }
}
