//! Y909 · 同一个人写了两遍 / One holder named twice
//!
//! 岗位的 holders 里同一个姓名出现两次。按人数核对的规则（两人以上的检查）会多算一个人；真是同名的两个人，请写得能分清。
//!
//! ---
//!
//! A role names one holder twice. Rules that count people, as for inspections by two, count one too many; two people of one name are written
//! so that they can be told apart.

use std::collections::HashSet;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y909");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("roles") {
        return;
    }
    for role in pack.parts.roles.values() {
        let mut seen = HashSet::new();
        for (index, holder) in role.holders.iter().enumerate() {
            if !seen.insert(holder.trim()) {
                out.push(
                    Finding::warning(
                        CODE,
                        pack.zone().key("roles").key(&role.id).key("holders").index(index),
                        format!("“{holder}”在“{}”里写了两遍", role.id),
                        format!("“{}” names “{holder}” twice", role.id),
                    )
                    .help("删去一个", "delete one"),
                );
            }
        }
    }
}
