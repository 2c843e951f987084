//! Y613 · 专员不在岗位名单里 / A specialist who does not hold the role
//!
//! 专员写明了岗位，但那个岗位的名单（holders）里没有这个人。
//!
//! ---
//!
//! The specialist names a role, but is not among the holders of that role.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y613");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("specialists") || !pack.zone_is_sound("roles") {
        return;
    }
    for specialist in pack.parts.specialists.values() {
        let Some(role) = pack.parts.roles.get(&specialist.role) else { continue };
        if !role.holders.iter().any(|holder| holder == specialist.id.as_str()) {
            out.push(
                Finding::warning(
                    CODE,
                    pack.zone().key("specialists").key(&specialist.id).key("role"),
                    format!("“{}”的名单里没有“{}”", role.id, specialist.id),
                    format!("“{}” is not a holder of “{}”", specialist.id, role.id),
                )
                .also(pack.zone().key("roles").key(&role.id).name(), "岗位在这里", "the role is here"),
            );
        }
    }
}
