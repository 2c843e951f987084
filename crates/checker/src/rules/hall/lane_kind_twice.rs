//! Y611 · 同一种优先写了两次 / One kind of priority declared twice
//!
//! 每一种优先（kind）只能有一条队列，否则不知道按哪一条叫号。
//!
//! ---
//!
//! Each kind of priority has one lane; with two, nobody knows which head start counts.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y611");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("lanes") {
        return;
    }
    let lanes: Vec<_> = pack.parts.lanes.values().collect();
    for (place, lane) in lanes.iter().enumerate() {
        let Some(first) = lanes[..place].iter().find(|other| other.kind == lane.kind) else { continue };
        out.push(
            Finding::error(
                CODE,
                pack.zone().key("lanes").key(&lane.id).key("kind"),
                format!("“{}”和“{}”是同一种优先", lane.id, first.id),
                format!("“{}” and “{}” are the same kind of priority", lane.id, first.id),
            )
            .also(pack.zone().key("lanes").key(&first.id).name(), "先写的在这里", "the first one is here"),
        );
    }
}
