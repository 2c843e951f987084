//! Y312 · 容缺受理没有可容缺的材料 / A tolerance with nothing to tolerate
//!
//! 事项声明了容缺受理，但没有一份材料是可容缺的（need: tolerable），这个办法用不上。
//!
//! ---
//!
//! The item declares acceptance with a gap, but none of its materials may be missing (need: tolerable).

use catalogue::MaterialNeed;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y312");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let idle = item.item.modes.tolerance.is_some()
        && !item.item.materials.iter().any(|each| each.need == MaterialNeed::Tolerable);
    if idle && item.is_sound(&["materials", "modes"]) {
        out.push(
            Finding::warning(
                CODE,
                item.at("modes").key("tolerance").name(),
                "容缺受理用不上：没有可容缺的材料",
                "nothing can be missing, so the tolerance is of no use",
            )
            .help("给次要材料写 need: tolerable，或者删去它", "mark lesser materials `need: tolerable`, or delete it"),
        );
    }
}
