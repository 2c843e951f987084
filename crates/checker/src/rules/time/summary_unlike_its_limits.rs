//! Y232 · 介绍里的天数和时限不一样 / A summary unlike its limits
//!
//! 事项介绍（summary）里写了几个工作日，和承诺、法定等时限都对不上：改了时限忘了改介绍，人看到的是两个说法。
//!
//! ---
//!
//! The summary of an item names working days that are none of its limits: the limit was changed and the text was not, and people read two
//! different things on one page.

use calendar::LimitUnit;
use expression::Number;

use crate::rules::figures::days;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y232");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let Some(summary) = item.item.summary.as_ref().filter(|_| item.is_sound(&["limits", "steps", "summary"])) else {
        return;
    };
    let limits = &item.item.limits;
    let steps = item.item.steps.values().filter_map(|step| step.limit);
    // From handing it in to the decision: to be accepted, then to be decided.
    let whole = (limits.intake.limit.unit == limits.promised.unit)
        .then(|| calendar::Limit::new(limits.intake.limit.amount.saturating_add(limits.promised.amount), limits.promised.unit));
    let of_item = [Some(limits.promised), limits.statutory, Some(limits.intake.limit), limits.intake.correction, limits.delivery];
    let known: Vec<Number> = of_item
        .into_iter()
        .flatten()
        .chain(limits.extension.as_ref().map(|extension| extension.limit))
        .chain(steps)
        .chain(whole)
        .filter(|limit| limit.unit == LimitUnit::WorkingDays)
        .map(|limit| Number::from(limit.amount))
        .collect();
    let stated = days(&summary.zh).into_iter().filter(|(_, working)| *working);
    if let Some((odd, _)) = stated.into_iter().find(|(number, _)| !known.contains(number)) {
        out.push(
            Finding::warning(
                CODE,
                item.at("summary").key("zh"),
                format!("介绍里写的 {odd} 个工作日，不是任何一个时限"),
                format!("the {odd} working days of the summary are none of its limits"),
            )
            .help("改介绍或者时限", "mend the summary or the limit"),
        );
    }
}
