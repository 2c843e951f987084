//! Y217 · 本地暂停挡不住法定期限 / A local pause does not stop the statute
//!
//! 本地约定的不计时情形（{local: …}）只停承诺时限，法定期限照走。把它的时限加进去，从受理到决定超过了法定期限：
//! 承诺没有超期，法律上已经超期。
//!
//! ---
//!
//! A local pause (`{local: …}`) stops the promise only; the statutory clock runs on. With its time the steps take longer than the
//! statute allows: on time by the promise, late by the law.

use catalogue::{Counting, Step};

use super::steps_longer_than_promise::too_long;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y217");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let Some(statutory) = item.item.limits.statutory else { return };
    let local = |step: &Step| matches!(step.counting, Counting::Local { .. });
    if !item.is_sound(&["limits", "steps"]) || !item.item.steps.values().any(local) {
        return;
    }
    let by_law = |step: &Step| matches!(step.counting, Counting::Counted | Counting::Local { .. });
    // Without the pauses it is the promise that is too short for the steps.
    if too_long(item, statutory, |step| matches!(step.counting, Counting::Counted)).is_some() {
        return;
    }
    let Some((route, (zh, en))) = too_long(item, statutory, by_law) else { return };
    out.push(
        Finding::error(
            CODE,
            item.at("limits").key("statutory"),
            format!("{route} 合计 {zh}，超过法定的 {}：本地暂停不停法定期限", statutory.text(calendar::Lang::Zh)),
            format!(
                "{route} add up to {en}, more than the statutory {}, which a local pause does not stop",
                statutory.text(calendar::Lang::En)
            ),
        )
        .help("缩短这些环节", "shorten these steps"),
    );
}
