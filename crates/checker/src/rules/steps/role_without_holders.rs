//! Y105 · 没有人在的岗位 / A role that nobody holds
//!
//! 环节交给了这个岗位，但 zone.yaml 里它的 holders 是空的：办件到这里就没有人办。
//!
//! ---
//!
//! A step is given to this role, but its holders in zone.yaml are empty: cases would stop there.

use std::collections::HashSet;

use catalogue::Performer;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y105");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let mut told = HashSet::new();
    for step in item.item.steps.values() {
        let Performer::Role { role } = &step.by else { continue };
        let Some(found) = item.pack.parts.roles.get(role).filter(|found| found.holders.is_empty()) else { continue };
        if !item.pack.zone_is_sound("roles") || !told.insert(&found.id) {
            continue;
        }
        out.push(
            Finding::warning(
                CODE,
                item.step_at(&step.id).key("role"),
                format!("岗位“{role}”没有人"),
                format!("nobody holds the role “{role}”"),
            )
            .also(item.pack.zone().key("roles").key(role).name(), "岗位在这里声明", "declared here"),
        );
    }
}
