//! Papers and files that an applicant may be asked for, each defined once for the zone.

use diagnostic::Bilingual;
use serde::{Deserialize, Serialize};

use crate::{ItemId, MaterialId, RegistryId, ResultId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    pub id: MaterialId,
    pub title: Bilingual,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Bilingual>,
    pub issuer: Issuer,
    /// The forms in which it may be handed in.
    pub media: Vec<Medium>,
    /// A blank form or sample, as text that the page prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Bilingual>,
    pub max_bytes: u64,
}

/// Who makes the paper: decides whether the zone may ask for it at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Issuer {
    /// Written by the applicant.
    Applicant,
    /// A result that an item of this zone issues: the zone has it.
    Zone { item: ItemId, result: ResultId },
    /// A connected registry can supply it.
    Registry { registry: RegistryId },
    /// Somebody else, whom no connector reaches.
    Other { name: Bilingual },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Medium {
    Electronic,
    PaperOriginal,
    PaperCopy,
}

impl Material {
    /// True when the administration already holds it, so that nobody need bring it.
    pub fn is_already_held(&self) -> bool {
        matches!(self.issuer, Issuer::Zone { .. } | Issuer::Registry { .. })
    }
}
