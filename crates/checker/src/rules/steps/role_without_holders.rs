//! Y105 · 没有人在的岗位 / A role that nobody holds
//!
//! 环节交给了这个岗位，但 zone.yaml 里它的 holders 是空的：办件到这里就没有人办。
//!
//! ---
//!
//! A step is given to this role, but its holders in zone.yaml are empty: cases would stop there.

use std::collections::HashMap;

use catalogue::{Item, Performer, RoleId, Step};

use crate::resolve::item_file;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y105");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("roles") || pack.parts.roles.values().all(|role| !role.holders.is_empty()) {
        return;
    }
    let mut first: HashMap<&RoleId, (&Item, &Step)> = HashMap::new();
    for item in pack.parts.items.values() {
        for step in item.steps.values() {
            if let Performer::Role { role } = &step.by {
                first.entry(role).or_insert((item, step));
            }
        }
    }
    for role in pack.parts.roles.values().filter(|role| role.holders.is_empty()) {
        let Some((item, step)) = first.get(&role.id) else { continue };
        let at = Place::file(item_file(item.id.as_str())).key("steps").key(&step.id).key("role");
        out.push(
            Finding::warning(
                CODE,
                pack.zone().key("roles").key(&role.id).name(),
                format!("岗位“{}”没有人，环节却要它办", role.id),
                format!("nobody holds the role “{}”, yet steps are given to it", role.id),
            )
            .also(at, "例如这个环节", "for instance this step")
            .help("在 holders 里写上人员", "name people in `holders`"),
        );
    }
}
