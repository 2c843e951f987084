//! Y209 · 延期批准人级别不够 / An extension approved too low
//!
//! 延长期限要经本行政机关负责人批准（行政许可法第四十二条），统一、联合、集中办理的要经本级人民政府负责人批准。
//! 经办人员不能批准延期。
//!
//! ---
//!
//! An extension is approved by the head of the organ, for joint handling by the head of the government (licensing statute,
//! Art. 42). An officer cannot approve it.

use catalogue::RoleRank;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y209");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let Some(extension) = &item.item.limits.extension else { return };
    let Some(role) = item.pack.parts.roles.get(&extension.approver) else { return };
    if role.rank == RoleRank::Officer && item.is_sound(&["limits"]) && item.pack.zone_is_sound("roles") {
        out.push(
            Finding::error(
                CODE,
                item.at("limits").key("extension").key("approver"),
                format!("延期要由负责人批准，“{}”是经办岗位", role.id),
                format!("an extension is approved by a head; “{}” is an officer", role.id),
            )
            .also(item.pack.zone().key("roles").key(&role.id).name(), "岗位在这里声明", "declared here"),
        );
    }
}
