//! Y317 · 看标题就是本区发的材料 / By its title a paper of the zone
//!
//! 这份材料的标题就是本区一个结果的名称（不看“副本”“复印件”这些字），发证的却写成了别人。本区手里就有，不该再要
//! （在线政务服务若干规定第七条）。确实是别处发的同名材料，在标题里写清楚是谁发的；要收回的旧证原件写 `surrender: true`。
//!
//! ---
//!
//! Apart from words such as 副本 and 复印件 the paper is titled like a result of the zone, but somebody else is named as its issuer. The
//! zone has it and should not ask for it (online government services regulation, Art. 7). If another body issues a paper of that name,
//! say so in its title; an old original that is handed back has `surrender: true`.

use std::collections::{HashMap, HashSet};

use catalogue::{Issuer, ItemId, ResultKind};

use super::plain;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y317");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let mut results: HashMap<String, (&ItemId, &str)> = HashMap::new();
    for item in pack.parts.items.values() {
        for result in item.results.values().filter(|result| result.kind != ResultKind::Reply) {
            results.entry(plain(&result.title.zh)).or_insert((&item.id, result.id.as_str()));
        }
    }
    let surrendered: HashSet<&str> = pack
        .parts
        .items
        .values()
        .flat_map(|item| &item.materials)
        .filter(|each| each.surrender)
        .map(|each| each.material.as_str())
        .collect();
    for material in pack.parts.materials.values() {
        let id = material.id.as_str();
        let elsewhere = matches!(material.issuer, Issuer::Applicant | Issuer::Other { .. });
        if !elsewhere || surrendered.contains(id) || !pack.material_is_sound(id) {
            continue;
        }
        let Some((item, result)) = results.get(&plain(&material.title.zh)) else { continue };
        out.push(
            Finding::warning(
                CODE,
                pack.material(id),
                format!("“{}”就是本区“{item}”发的“{result}”", material.title.zh),
                format!("“{}” is “{result}”, which the zone's own “{item}” issues", material.title.zh),
            )
            .help(
                format!("写 issuer: {{item: {item}, result: {result}}}，由工作人员调取"),
                format!("write `issuer: {{item: {item}, result: {result}}}`, and look it up"),
            )
            .cost(RedTape::papers(1)),
        );
    }
}
