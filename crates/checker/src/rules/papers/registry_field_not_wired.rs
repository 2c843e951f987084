//! Y304 · 数据源已经知道还要问 / Asked although a registry knows it
//!
//! 数据源能提供这个数据元，但它没有写 registry，于是每次都要申请人重填。写上 registry，就只需申请人核对。
//!
//! ---
//!
//! A registry supplies this field, but the field does not say so, and applicants fill it in every time. With `registry` it
//! is shown for confirmation only.

use std::collections::HashSet;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y304");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let mut told = HashSet::new();
    for registry in pack.parts.registries.values() {
        for field in registry.supplies.keys() {
            let Some(found) = pack.parts.fields.get(field) else { continue };
            // A key has to be asked: by it the record is found.
            let key = pack.keys.contains(field.as_str());
            if found.registry.is_some() || key || !pack.field_is_sound(field.as_str()) {
                continue;
            }
            if !pack.asked.contains(field.as_str()) || !told.insert(field) {
                continue;
            }
            out.push(
                Finding::warning(
                    CODE,
                    pack.field(field.as_str()),
                    format!("“{field}”在“{}”里已经有，却还要申请人填", registry.id),
                    format!("“{field}” is known to “{}”, yet applicants are asked", registry.id),
                )
                .also(pack.registry(registry.id.as_str()), "数据源在这里", "the registry is here")
                .help(format!("加上 registry: {}", registry.id), format!("add `registry: {}`", registry.id))
                .cost(RedTape::questions(1)),
            );
        }
    }
}
