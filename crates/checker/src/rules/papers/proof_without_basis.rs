//! Y309 · 要证明没有依据 / A proof without a basis
//!
//! 要申请人到别的单位开具的证明，必须有法律、法规或者国务院决定作依据（优化营商环境条例第四十四条：清单之外不得要求证明）。
//!
//! ---
//!
//! A paper that the applicant has to get from another body needs a basis in a law, regulation or State Council decision
//! (business environment regulation, Art. 44: nothing outside the list may be demanded).

use catalogue::{Issuer, MaterialNeed};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y309");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    for (index, each) in item.item.materials.iter().enumerate() {
        let Some(material) = item.pack.parts.materials.get(&each.material) else { continue };
        let proof = matches!(material.issuer, Issuer::Other { .. }) && each.need == MaterialNeed::Required;
        let supplied = item.pack.supplied.contains_key(material.id.as_str());
        if proof && !supplied && each.basis.is_none() && item.is_sound(&["materials"]) {
            out.push(
                Finding::warning(
                    CODE,
                    item.at("materials").index(index).key("material"),
                    format!("要“{}”，没有写依据", each.material),
                    format!("“{}” is demanded without a basis", each.material),
                )
                .help("写明 basis；没有依据的删去", "give its `basis`; delete it if there is none")
                .cost(RedTape::papers(1)),
            );
        }
    }
}
