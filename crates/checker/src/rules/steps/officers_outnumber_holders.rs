//! Y121 · 人手不够的环节 / A step for more officers than there are
//!
//! 环节要求至少两名（或更多）工作人员，岗位的 holders 却没有这么多人：这一步永远凑不齐人，办件停在这里。
//!
//! ---
//!
//! The step asks for more officers than the role has holders, so that it can never be recorded and cases stop there.

use catalogue::Performer;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y121");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let pack = item.pack;
    if !item.is_sound(&["steps"]) || !pack.zone_is_sound("roles") {
        return;
    }
    for step in item.item.steps.values() {
        let Performer::Role { role } = &step.by else { continue };
        let Some(found) = pack.parts.roles.get(role) else { continue };
        let holders = found.holders.len();
        // A role that nobody holds at all is another rule's.
        if holders > 0 && usize::from(step.officers) > holders {
            out.push(
                Finding::warning(
                    CODE,
                    item.step_at(&step.id).key("officers"),
                    format!("“{}”要 {} 名工作人员，岗位“{role}”只有 {holders} 人", step.id, step.officers),
                    format!("“{}” takes {} officers, but “{role}” has {holders}", step.id, step.officers),
                )
                .also(pack.zone().key("roles").key(role).name(), "岗位在这里", "the role")
                .help("在 holders 里补上人员", "name more people in `holders`"),
            );
        }
    }
}
