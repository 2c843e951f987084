//! Connectors to data that already exists.

use diagnostic::Bilingual;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{FieldId, MaterialId, RegistryId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registry {
    pub id: RegistryId,
    pub title: Bilingual,
    pub source: RegistrySource,
    /// The field by which records are looked up.
    pub key: FieldId,
    /// Field → name of the column or JSON key with its value.
    pub supplies: IndexMap<FieldId, String>,
    #[serde(default)]
    pub materials: Vec<MaterialId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum RegistrySource {
    /// A table in the pack. Its `rows` are stored in the edition, which thus stays self-contained.
    Csv {
        file: String,
        key_column: String,
        columns: Vec<String>,
        rows: Vec<Vec<String>>,
        as_of: jiff::civil::Date,
    },
    /// `GET url` with `{key}` replaced; the response is one JSON object.
    Http { url: String, timeout_ms: u32 },
}
