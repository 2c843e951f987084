//! Y303 · 一份材料两个名称 / One paper under two names
//!
//! 两份材料的标题除了“原件”“复印件”、标点之外完全一样，申请人会交两遍。合并成一份。
//! 两个人的同一种材料（买方、卖方的身份证），各写一句 hint 说明是谁的，就不算一份。
//!
//! ---
//!
//! Apart from words such as 原件 and 复印件 and punctuation two materials have one title, so that applicants hand it in
//! twice. Merge them. Papers of one kind from two people (buyer and seller) count as two when the hint of each says whose it is.

use std::collections::HashMap;

use super::{plain, told_apart};
use crate::rules::kit::*;

pub const CODE: Code = Code("Y303");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let mut first: HashMap<String, &catalogue::Material> = HashMap::new();
    for material in pack.parts.materials.values() {
        let id = material.id.as_str();
        let title = plain(&material.title.zh);
        if title.is_empty() || !pack.material_is_sound(id) {
            continue;
        }
        let Some(earlier) = first.get(&title) else {
            first.insert(title, material);
            continue;
        };
        if told_apart(earlier.hint.as_ref(), material.hint.as_ref()) {
            continue;
        }
        let earlier = earlier.id.as_str();
        out.push(
            Finding::warning(
                CODE,
                pack.material(id),
                format!("“{id}”和“{earlier}”是同一份材料"),
                format!("“{id}” and “{earlier}” are one paper"),
            )
            .also(pack.material(earlier), "另一个在这里", "the other is here")
            .help("合并成一份", "merge them")
            .cost(RedTape::papers(1)),
        );
    }
}
