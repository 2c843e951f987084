//! Materials: papers and files that an applicant may be asked for, each defined once for the zone.

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
    /// The forms in which it is accepted.
    pub media: Vec<Medium>,
    /// A blank form or sample, as text for printing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Bilingual>,
    pub max_bytes: u64,
}

/// Who issues the paper, which decides whether the zone may ask for it at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Issuer {
    /// Written by the applicant.
    Applicant,
    /// A result of an item of this zone, which the zone therefore has.
    Zone { item: ItemId, result: ResultId },
    /// A connected registry can supply it.
    Registry { registry: RegistryId },
    /// Another body, which no connector reaches.
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
    /// Whether the administration already has it, so that nobody need bring it.
    pub fn is_already_held(&self) -> bool {
        matches!(self.issuer, Issuer::Zone { .. } | Issuer::Registry { .. })
    }
}
