//! Y137 · 缴费环节进行，却没有费可缴 / A step to pay where no fee is due
//!
//! 在有的情况下缴费环节要进行，它指的那项费却因为自己的条件不收：环节悄悄跳过，该核对的钱没有人缴。
//!
//! ---
//!
//! Under some answers the step is done while the fee that it takes is not due: nobody is asked to pay, and what follows checks
//! money that nobody owes.

use expression::analysis::{Finding as Found, Formula};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y137");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps", "fees"]) {
        return;
    }
    for step in item.item.steps_of_kind(StepKind::Pay) {
        let fee = step.fee.as_ref().and_then(|fee| item.item.fees.get(fee));
        let Some(fee) = fee.filter(|fee| fee.when.is_some()) else { continue };
        let (done, due) = (Formula::from(step.when.as_ref()), Formula::from(fee.when.as_ref()));
        if let Found::Found(witness) = item.find(&Formula::all([done, due.negated()])) {
            out.push(
                Finding::warning(
                    CODE,
                    item.step_at(&step.id).name(),
                    format!("有的情况要进行“{}”，却不收“{}”：{witness}", step.id, fee.id),
                    format!("“{}” can be done where “{}” is not due: {witness}", step.id, fee.id),
                )
                .also(item.at("fees").key(&fee.id).key("when"), "收费的条件", "when it is due")
                .help("让两处的 when 一致", "let both have the same `when`"),
            );
        }
    }
}
