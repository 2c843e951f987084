//! Y302 · 要数据源能提供的材料 / A paper that a registry can supply
//!
//! 已接通的数据源能提供这份材料。通过共享能够获取的，不得要求申请人提供（在线政务服务若干规定第七条）。
//!
//! ---
//!
//! A connected registry supplies this paper. What can be had by sharing may not be demanded (online government services
//! regulation, Art. 7).

use catalogue::Issuer;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y302");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let pack = item.pack;
    for (index, each) in item.item.materials.iter().enumerate() {
        let Some(material) = pack.parts.materials.get(&each.material) else { continue };
        let registry = match &material.issuer {
            Issuer::Registry { registry } => Some(registry),
            Issuer::Zone { .. } => None,
            _ => pack.supplied.get(material.id.as_str()).copied(),
        };
        let Some(registry) = registry.filter(|_| pack.material_is_sound(material.id.as_str())) else { continue };
        out.push(
            Finding::warning(
                CODE,
                item.at("materials").index(index).key("material"),
                format!("“{}”可以从“{registry}”取得，不该再要", each.material),
                format!("“{}” can be had from “{registry}” and should not be asked for", each.material),
            )
            .also(pack.registry(registry.as_str()), "数据源在这里", "the registry is here")
            .help("从 materials 里删去，由工作人员调取", "take it off `materials` and look it up")
            .cost(RedTape::papers(1)),
        );
    }
}
