//! Y301 · 要本区自己发的材料 / A paper that the zone itself issues
//!
//! 这份材料是本区另一个事项的结果，本区手里就有。通过共享能够获取的，不得要求申请人提供
//! （在线政务服务若干规定第七条）。从材料清单里删去，审查时直接调取。
//! 要收回的旧证原件不能靠共享得到，写 `surrender: true`。
//!
//! ---
//!
//! This paper is a result of another item of the zone, which therefore has it. What can be had by sharing may not be
//! demanded (online government services regulation, Art. 7). Take it off the list and look it up. An old original that has to be
//! handed back cannot be shared: write `surrender: true`.

use catalogue::Issuer;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y301");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    for (index, each) in item.item.materials.iter().enumerate() {
        let Some(material) = item.pack.parts.materials.get(&each.material) else { continue };
        let Issuer::Zone { item: issuer, result } = &material.issuer else { continue };
        if each.surrender || !item.pack.material_is_sound(material.id.as_str()) {
            continue;
        }
        let about = item.pack.material(material.id.as_str());
        out.push(
            Finding::warning(
                CODE,
                item.at("materials").index(index).key("material"),
                format!("“{}”是本区“{issuer}”发的，不该再要", each.material),
                format!("“{}” is issued by the zone's own “{issuer}” and should not be asked for", each.material),
            )
            .also(about, format!("即结果“{result}”"), format!("it is the result “{result}”"))
            .help("从 materials 里删去，由工作人员调取", "take it off `materials` and look it up")
            .cost(RedTape::papers(1)),
        );
    }
}
