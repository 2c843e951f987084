//! Y211 · 没有送达期限 / No limit for delivery
//!
//! 作出准予决定后，应当自决定之日起十日内颁发、送达证件（行政许可法第四十四条）。这个事项有证照要送达，却没有写期限。
//!
//! ---
//!
//! A licence is issued and delivered within ten days of the decision (licensing statute, Art. 44). This item delivers a
//! licence but sets no limit for it.

use catalogue::ResultKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y211");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let licence = item.item.results.values().any(|result| result.kind == ResultKind::Licence);
    let on_the_spot = item.item.limits.promised.amount == 0;
    let delivers = item.item.steps_of_kind(StepKind::Deliver).next().is_some();
    let lacking = item.item.limits.delivery.is_none() && item.item.limits.statutory.is_some();
    if licence && delivers && lacking && !on_the_spot && item.is_sound(&["limits", "results", "steps"]) {
        out.push(
            Finding::warning(
                CODE,
                item.at("limits").name(),
                "有证照要送达，没有写送达期限",
                "a licence is delivered, but no limit is set for it",
            )
            .help("加上 delivery，例如 delivery: 10 working days", "add `delivery`, for instance `delivery: 10 working days`"),
        );
    }
}
