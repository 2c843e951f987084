//! Y308 · 没有谁要的材料 / A paper that nobody asks for
//!
//! 声明了这份材料，但没有事项要它。
//!
//! ---
//!
//! The material is declared, but no item asks for it.

use std::collections::HashSet;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y308");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if pack.soundness.uses_uncertain || pack.some_use_lost {
        return;
    }
    let asked: HashSet<_> =
        pack.parts.items.values().flat_map(|item| item.materials.iter().map(|each| &each.material)).collect();
    for material in pack.parts.materials.values() {
        // What the administration holds is declared so that it is not asked for.
        let held = material.is_already_held() || pack.supplied.contains_key(material.id.as_str());
        if !held && !asked.contains(&material.id) && pack.material_is_sound(material.id.as_str()) {
            out.push(
                Finding::warning(
                    CODE,
                    pack.material(material.id.as_str()),
                    format!("没有事项要“{}”", material.id),
                    format!("no item asks for “{}”", material.id),
                )
                .help("删去它", "delete it"),
            );
        }
    }
}
