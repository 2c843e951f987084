//! Y220 · 没有写救济途径 / No remedy is named
//!
//! zone.yaml 的 remedies 是空的：不予许可的决定要告知申请复议、提起诉讼的权利（行政许可法第三十八条），决定书上就没有。
//!
//! ---
//!
//! `remedies` in zone.yaml is empty: a refusal has to tell the right to reconsideration and to court (licensing statute, Art. 38),
//! and the notice would not.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y220");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let decides = pack.parts.items.values().any(|item| item.steps_of_kind(StepKind::Decide).next().is_some());
    if pack.parts.zone.remedies.is_empty() && decides && pack.zone_is_sound("remedies") {
        out.push(
            Finding::warning(
                CODE,
                pack.zone().key("remedies"),
                "没有写救济途径，不予许可的决定书上就不会有",
                "no remedy is named, so no refusal would tell one",
            )
            .help("在 remedies 里写上复议和诉讼", "name reconsideration and court in `remedies`"),
        );
    }
}
