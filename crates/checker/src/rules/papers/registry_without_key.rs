//! Y326 · 查询地址里没有 {key} / An address without its key
//!
//! 登记库的查询地址要在放号码的位置写 {key}。没有它，查谁都是同一个地址，一家的名称、地址会填到每个人的表里。
//!
//! ---
//!
//! The address of a registry has `{key}` where the number goes. Without it everybody's look-up is the same, and the name and address of one
//! would be filled into the forms of all.

use catalogue::RegistrySource;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y326");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for registry in pack.parts.registries.values().filter(|each| pack.registry_is_sound(each.id.as_str())) {
        let RegistrySource::Http { url, .. } = &registry.source else { continue };
        if !url.contains("{key}") {
            out.push(
                Finding::error(
                    CODE,
                    pack.declared_registry(registry.id.as_str()).key("http").key("url"),
                    "查询地址里没有 {key}",
                    "the address has no {key}",
                )
                .help("在号码的位置写 {key}", "write {key} where the number goes"),
            );
        }
    }
}
