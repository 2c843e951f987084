//! Y210 · 逾期视为受理没有写依据 / Deemed acceptance without a basis
//!
//! “逾期不告知即视为受理”是法定后果（行政许可法第三十二条第一款第四项等），要写明出自哪一条，才能照着执行和追责。
//!
//! ---
//!
//! That silence means acceptance is a consequence of law (for instance licensing statute, Art. 32(1)4); say which article,
//! so that it can be relied upon.

use catalogue::Silence;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y210");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let intake = &item.item.limits.intake;
    let bare = intake.silence == Silence::AcceptedFromReceipt && intake.basis.is_none();
    // Complaints are accepted out of courtesy, not by statute.
    if bare && !item.item.feedback && item.is_sound(&["limits"]) {
        out.push(
            Finding::warning(
                CODE,
                item.at("limits").key("intake").key("silence"),
                "逾期视为受理，没有写依据",
                "silence means acceptance, but no basis is given",
            )
            .help("在 intake 里加 basis", "add `basis` to `intake`"),
        );
    }
}
