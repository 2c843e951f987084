//! Y129 · 什么也没有替代的承诺 / A promise that replaces nothing
//!
//! 事项有告知承诺，但既没有可由承诺替代的材料（need: promisable），也没有省去的环节（skips）：签了承诺，一样也没有少。
//!
//! ---
//!
//! The item offers a promise, but no paper may be replaced by it (need: promisable) and no step falls away (skips): whoever signs saves
//! nothing.

use catalogue::MaterialNeed;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y129");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let Some(promise) = &item.item.modes.promise else { return };
    if !item.is_sound(&["modes", "materials"]) {
        return;
    }
    let replaces = item.item.materials.iter().any(|each| each.need == MaterialNeed::Promisable);
    if promise.skips.is_empty() && !replaces {
        out.push(
            Finding::warning(
                CODE,
                item.at("modes").key("promise").name(),
                "签了承诺也不少交材料、不少走环节",
                "whoever signs this promise brings as many papers and takes as many steps",
            )
            .help("写 skips，或者给材料写 need: promisable", "write `skips`, or `need: promisable` at a material"),
        );
    }
}
