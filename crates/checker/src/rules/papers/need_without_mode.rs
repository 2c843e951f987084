//! Y311 · 可容缺却没有容缺办法 / A gap that may not be used
//!
//! 材料写了 tolerable（可容缺）或 promisable（可承诺替代），但事项没有声明容缺受理（modes.tolerance）或告知承诺
//! （modes.promise），申请人用不上，还是要交。
//!
//! ---
//!
//! A material is tolerable or promisable, but the item declares no tolerance or promise mode, so the applicant has to hand
//! it in all the same.

use catalogue::MaterialNeed;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y311");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["materials", "modes"]) {
        return;
    }
    let modes = &item.item.modes;
    for (index, each) in item.item.materials.iter().enumerate() {
        let (mode, zh, en) = match each.need {
            MaterialNeed::Tolerable if modes.tolerance.is_none() => ("tolerance", "可容缺", "may follow later"),
            MaterialNeed::Promisable if modes.promise.is_none() => {
                ("promise", "可承诺替代", "may be replaced by a promise")
            }
            _ => continue,
        };
        out.push(
            Finding::warning(
                CODE,
                item.at("materials").index(index).key("need"),
                format!("“{}”说{zh}，但事项没有 modes.{mode}", each.material),
                format!("“{}” {en}, but the item has no modes.{mode}", each.material),
            )
            .help(format!("声明 modes.{mode}，或者改 need"), format!("declare modes.{mode}, or change `need`")),
        );
    }
}
