//! Y313 · 数据源并不提供 / A registry that does not supply it
//!
//! 数据元说某个数据源已经知道它，但那个数据源的 supplies 里没有它，结果谁也填不上。
//!
//! ---
//!
//! The field says that a registry knows it, but that registry's `supplies` does not list it, so nobody fills it in.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y313");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for field in pack.parts.fields.values() {
        let Some(registry) = field.registry.as_ref().and_then(|id| pack.parts.registries.get(id)) else { continue };
        let sound = pack.registry_is_sound(registry.id.as_str()) && pack.field_is_sound(field.id.as_str());
        if sound && !registry.supplies.contains_key(&field.id) {
            out.push(
                Finding::error(
                    CODE,
                    pack.field(field.id.as_str()),
                    format!("“{}”并不提供“{}”", registry.id, field.id),
                    format!("“{}” does not supply “{}”", registry.id, field.id),
                )
                .also(pack.registry(registry.id.as_str()), "数据源在这里", "the registry is here")
                .help("在 supplies 里写上对应的列，或者删去 registry", "add its column to `supplies`, or delete `registry`"),
            );
        }
    }
}
