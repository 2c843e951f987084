//! Papers that are due, each asked once.

use catalogue::{Citation, Edition, Issuer, Item, ItemId, Material, MaterialNeed, RegistryId, ResultId};
use expression::Truth;
use serde::Serialize;

use crate::Modes;
use crate::need::Applying;

/// A paper of the items that apply.
#[derive(Clone, Debug)]
pub struct MaterialDue<'a> {
    pub material: &'a Material,
    pub status: MaterialStatus,
    /// The largest number of copies that any item requires.
    pub copies: u8,
    /// Who supplies it instead; then the applicant is not asked for it.
    pub supplied_by: Option<Supplier<'a>>,
    /// Every use of it, in the order of the items.
    pub uses: Vec<MaterialDueUse<'a>>,
}

/// How an item uses a paper.
#[derive(Clone, Copy, Debug)]
pub struct MaterialDueUse<'a> {
    pub item: &'a Item,
    /// The declared need; `Required` where the item does not offer the mode that the need refers to.
    pub need: MaterialNeed,
    pub copies: u8,
    pub basis: Option<&'a Citation>,
}

/// What the applicant has to do about a paper now. The strictest item decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialStatus {
    /// May be added.
    Optional,
    /// Supplied by the zone or a registry.
    Supplied,
    /// Replaced by a signed promise.
    Promised,
    /// Chosen to follow within the tolerance's time limit.
    Later,
    /// Due with the application.
    Due,
}

/// Who supplies a paper instead of the applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supplier<'a> {
    /// The zone itself, as the result of an item.
    Zone {
        item: &'a ItemId,
        result: &'a ResultId,
    },
    Registry(&'a RegistryId),
}

impl Supplier<'_> {
    /// The name of the item or registry.
    pub fn name(&self) -> &str {
        match self {
            Self::Zone { item, .. } => item.as_str(),
            Self::Registry(registry) => registry.as_str(),
        }
    }
}

impl<'a> MaterialDue<'a> {
    /// Whether the applicant has to bring it, now or later.
    pub fn is_asked(&self) -> bool {
        matches!(self.status, MaterialStatus::Due | MaterialStatus::Later)
    }

    pub fn items(&self) -> impl Iterator<Item = &'a ItemId> {
        self.uses.iter().map(|each| &each.item.id)
    }

    /// Whether it may follow later or be promised, because no item that uses it requires it now.
    pub fn may_follow(&self) -> bool {
        self.is_asked() && self.uses.iter().all(|each| each.need != MaterialNeed::Required)
    }
}

pub(crate) fn collect_materials<'a>(
    edition: &'a Edition,
    modes: &Modes,
    applying: &[Applying<'a>],
) -> Vec<MaterialDue<'a>> {
    let mut due: Vec<MaterialDue<'a>> = Vec::new();
    for Applying { item, materials, .. } in applying {
        for (each, truth) in item.materials.iter().zip(materials) {
            let Some(material) = edition.material(&each.material).filter(|_| *truth == Truth::True) else {
                continue;
            };
            let need = offered(item, each.need);
            let asked = MaterialDueUse { item, need, copies: each.copies, basis: each.basis.as_ref() };
            let status = status(&asked, modes, material);
            match due.iter_mut().find(|found| found.material.id == material.id) {
                Some(found) => {
                    found.status = found.status.max(status);
                    found.copies = found.copies.max(each.copies);
                    match found.uses.iter_mut().find(|earlier| earlier.item.id == item.id) {
                        // One item may require it under two conditions; the stricter one decides.
                        Some(earlier) if strictness(asked.need) > strictness(earlier.need) => {
                            *earlier = asked
                        }
                        Some(_) => {}
                        None => found.uses.push(asked),
                    }
                }
                None => due.push(MaterialDue {
                    material,
                    status,
                    copies: each.copies,
                    supplied_by: supplier(edition, material),
                    uses: vec![asked],
                }),
            }
        }
    }
    for each in &mut due {
        if each.supplied_by.is_some() {
            each.status = MaterialStatus::Supplied;
        }
    }
    due
}

/// A need that refers to a mode which the item does not offer becomes required.
fn offered(item: &Item, need: MaterialNeed) -> MaterialNeed {
    match need {
        MaterialNeed::Tolerable if item.modes.tolerance.is_none() => MaterialNeed::Required,
        MaterialNeed::Promisable if item.modes.promise.is_none() => MaterialNeed::Required,
        need => need,
    }
}

fn strictness(need: MaterialNeed) -> u8 {
    match need {
        MaterialNeed::Optional => 0,
        MaterialNeed::Promisable => 1,
        MaterialNeed::Tolerable => 2,
        MaterialNeed::Required => 3,
    }
}

fn status(asked: &MaterialDueUse<'_>, modes: &Modes, material: &Material) -> MaterialStatus {
    match asked.need {
        MaterialNeed::Optional => MaterialStatus::Optional,
        MaterialNeed::Promisable if modes.promised.contains(&asked.item.id) => MaterialStatus::Promised,
        MaterialNeed::Tolerable if modes.tolerated.contains(&material.id) => MaterialStatus::Later,
        _ => MaterialStatus::Due,
    }
}

fn supplier<'a>(edition: &'a Edition, material: &'a Material) -> Option<Supplier<'a>> {
    match &material.issuer {
        Issuer::Zone { item, result } => return Some(Supplier::Zone { item, result }),
        Issuer::Registry { registry } => return Some(Supplier::Registry(registry)),
        Issuer::Applicant | Issuer::Other { .. } => {}
    }
    let registries = &edition.parts().registries;
    let registry = registries.values().find(|registry| registry.materials.contains(&material.id))?;
    Some(Supplier::Registry(&registry.id))
}
