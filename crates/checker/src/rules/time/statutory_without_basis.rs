//! Y218 · 没有依据的法定期限 / A statutory limit without its statute
//!
//! 写了法定期限，却没有写是哪一条规定的：申请人和工作人员都无从核对。
//!
//! ---
//!
//! A statutory limit is declared, but not the provision that sets it, so nobody can check it.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y218");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let limits = &item.item.limits;
    if limits.statutory.is_some() && limits.statutory_basis.is_none() && item.is_sound(&["limits"]) {
        out.push(
            Finding::advice(
                CODE,
                item.at("limits").key("statutory"),
                "法定期限没有写依据",
                "the statutory limit names no provision",
            )
            .help("加上 statutory_basis", "add `statutory_basis`"),
        );
    }
}
