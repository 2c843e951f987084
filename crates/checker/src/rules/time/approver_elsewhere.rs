//! Y230 · 延期由别的部门批准 / An extension approved elsewhere
//!
//! 法律写的是“经本机关负责人批准”，extension 的 approver 却是别的部门的岗位：延期批得无效，本部门的负责人又看不到。园区领导（rank: leader）
//! 批准的不在此列。
//!
//! ---
//!
//! The law has the head of the same authority approve an extension, and `approver` is a role of another department. The approval would be
//! void, and the department's own head would not be asked. Leaders of the zone (`rank: leader`) are left out.

use catalogue::RoleRank;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y230");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let Some(extension) = &item.item.limits.extension else { return };
    let Some(role) = item.pack.parts.roles.get(&extension.approver) else { return };
    let sound = item.is_sound(&["limits", "department"]) && item.pack.zone_is_sound("roles");
    let own = &item.item.department;
    // An officer who approves is told by another rule.
    if !sound || role.rank != RoleRank::Head || role.department == *own {
        return;
    }
    out.push(
        Finding::warning(
            CODE,
            item.at("limits").key("extension").key("approver"),
            format!("“{}”属于{}，承办部门是{own}", role.id, role.department),
            format!("“{}” is of {}, the item of {own}", role.id, role.department),
        )
        .help("写承办部门自己的负责人", "name the head of the item's own department"),
    );
}
