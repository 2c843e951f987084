//! Y136 · 由别的部门作决定 / Decided by another department
//!
//! 作决定的岗位不是承办部门的：以谁的名义决定、向谁申请复议就说不清（行政许可法第二十二条：许可由具有许可权的机关实施）。
//!
//! ---
//!
//! The role that decides belongs to another department than the item. A decision is made by the organ that has the power, in its own
//! name, and reconsideration is asked of the organ above that one (行政许可法 Art. 22).

use catalogue::Performer;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y136");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let pack = item.pack;
    if !item.is_sound(&["steps", "department"]) || !pack.zone_is_sound("roles") {
        return;
    }
    let own = &item.item.department;
    for step in item.item.steps.values().filter(|step| step.kind == StepKind::Decide) {
        let Performer::Role { role } = &step.by else { continue };
        let Some(other) = pack.parts.roles.get(role).filter(|role| role.department != *own) else { continue };
        out.push(
            Finding::error(
                CODE,
                item.step_at(&step.id).key("role"),
                format!("“{role}”属于{}，承办部门是{own}", other.department),
                format!("“{role}” is of {}, the item of {own}", other.department),
            )
            .help("换成承办部门的岗位，或者改 department", "name a role of the item's department, or change `department`"),
        );
    }
}
