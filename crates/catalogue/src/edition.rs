//! The edition: everything a zone declares, named by the hash of its content.

use std::fmt;
use std::str::FromStr;

use calendar::{Calendar, Festivals, YearTable};
use expression::{Names, Type};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

use crate::{
    Class, ClassId, Department, DepartmentId, Field, FieldId, Hall, HallId, Item, ItemId, Lane, LaneId,
    LineId, LocalPause, LocalPauseId, Material, MaterialId, Registry, RegistryId, Role, RoleId, Section,
    SectionId, ServiceLine, Specialist, SpecialistId, Thing, ThingId, Window, WindowId, Zone,
};

/// SHA-256 of an edition's JSON: its permanent name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EditionHash([u8; 32]);

/// The declarations of a zone, before [`Edition::seal`]. Maps keep the order of declaration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditionParts {
    pub zone: Zone,
    pub classes: IndexMap<ClassId, Class>,
    pub departments: IndexMap<DepartmentId, Department>,
    pub roles: IndexMap<RoleId, Role>,
    pub local_pauses: IndexMap<LocalPauseId, LocalPause>,
    pub halls: IndexMap<HallId, Hall>,
    pub windows: IndexMap<WindowId, Window>,
    pub sections: IndexMap<SectionId, Section>,
    pub fields: IndexMap<FieldId, Field>,
    pub materials: IndexMap<MaterialId, Material>,
    pub registries: IndexMap<RegistryId, Registry>,
    pub items: IndexMap<ItemId, Item>,
    pub things: IndexMap<ThingId, Thing>,
    pub years: Vec<YearTable>,
    /// Holidays fixed by law, independent of a year's notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub festivals: Option<Festivals>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub service_lines: IndexMap<LineId, ServiceLine>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub lanes: IndexMap<LaneId, Lane>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub specialists: IndexMap<SpecialistId, Specialist>,
}

/// A compiled pack. Immutable: every reference in it resolves.
#[derive(Clone, Debug)]
pub struct Edition {
    hash: EditionHash,
    parts: Arc<EditionParts>,
    calendar: Arc<Calendar>,
}

/// Why stored bytes are not the expected edition.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableEdition {
    #[error("the stored edition is not valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the stored edition hashes to {actual}, not to {expected}")]
    Hash { expected: EditionHash, actual: EditionHash },
    #[error("the stored edition's calendar does not hold together: {0}")]
    Calendar(String),
}

impl Edition {
    /// Makes an edition of checked declarations.
    ///
    /// # Errors
    /// The declarations cannot be written as JSON, or the year tables contradict each other.
    pub fn seal(parts: EditionParts) -> Result<Self, UnreadableEdition> {
        let bytes = serde_json::to_vec(&parts)?;
        Self::assemble(parts, EditionHash(Sha256::digest(&bytes).into()))
    }

    /// Reads back what [`Edition::to_json`] wrote.
    ///
    /// # Errors
    /// The bytes do not hash to `expected`, are not an edition's JSON, or the year tables contradict each
    /// other.
    pub fn from_json(bytes: &[u8], expected: EditionHash) -> Result<Self, UnreadableEdition> {
        let actual = EditionHash(Sha256::digest(bytes).into());
        if actual != expected {
            return Err(UnreadableEdition::Hash { expected, actual });
        }
        Self::assemble(serde_json::from_slice(bytes)?, actual)
    }

    fn assemble(parts: EditionParts, hash: EditionHash) -> Result<Self, UnreadableEdition> {
        let calendar = Calendar::with_festivals(parts.years.clone(), parts.festivals.as_ref())
            .map_err(|error| UnreadableEdition::Calendar(error.to_string()))?;
        Ok(Self { hash, parts: Arc::new(parts), calendar: Arc::new(calendar) })
    }

    /// The bytes whose hash names the edition.
    ///
    /// # Errors
    /// The declarations cannot be written as JSON; after [`Edition::seal`] that does not happen.
    pub fn to_json(&self) -> Result<Vec<u8>, UnreadableEdition> {
        Ok(serde_json::to_vec(&*self.parts)?)
    }

    pub fn hash(&self) -> EditionHash {
        self.hash
    }

    /// The same declarations counted by the days of a newer edition: which days are worked is the State's to say, for
    /// applications that came in before it was said too. A year that the newer edition has no table of stays as it was.
    #[must_use]
    pub fn in_calendar_of(&self, newer: &Self) -> Self {
        if self.same_calendar(newer) {
            return Self { calendar: newer.calendar.clone(), ..self.clone() };
        }
        let published = |table: &&YearTable| !table.days.is_empty();
        let said = |year| newer.parts.years.iter().filter(published).any(|table| table.year == year);
        let mut years: Vec<YearTable> =
            self.parts.years.iter().filter(|table| !said(table.year)).cloned().collect();
        years.extend(newer.parts.years.iter().filter(published).cloned());
        let festivals = newer.parts.festivals.as_ref().or(self.parts.festivals.as_ref());
        // Tables that contradict each other never get into an edition; between two, the newer stands as a whole.
        let calendar =
            Calendar::with_festivals(years, festivals).map_or_else(|_| newer.calendar.clone(), Arc::new);
        Self { calendar, ..self.clone() }
    }

    /// Whether both say the same of every day.
    pub fn same_calendar(&self, other: &Self) -> bool {
        self.parts.years == other.parts.years && self.parts.festivals == other.parts.festivals
    }

    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    pub fn parts(&self) -> &EditionParts {
        &self.parts
    }

    pub fn zone(&self) -> &Zone {
        &self.parts.zone
    }

    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.parts.items.get(id)
    }

    pub fn thing(&self, id: &ThingId) -> Option<&Thing> {
        self.parts.things.get(id)
    }

    pub fn field(&self, id: &FieldId) -> Option<&Field> {
        self.parts.fields.get(id)
    }

    pub fn material(&self, id: &MaterialId) -> Option<&Material> {
        self.parts.materials.get(id)
    }

    pub fn department(&self, id: &DepartmentId) -> Option<&Department> {
        self.parts.departments.get(id)
    }

    pub fn role(&self, id: &RoleId) -> Option<&Role> {
        self.parts.roles.get(id)
    }

    /// Offset of the zone's civil time. China keeps the same offset all year.
    pub fn offset(&self) -> jiff::tz::Offset {
        jiff::tz::Offset::from_seconds(self.parts.zone.utc_offset_minutes * 60)
            .unwrap_or(jiff::tz::Offset::UTC)
    }

    /// The department that answers for a role.
    pub fn department_of(&self, role: &RoleId) -> Option<&Department> {
        self.role(role).and_then(|role| self.department(&role.department))
    }
}

/// Conditions look up the zone's fields by name.
impl Names for EditionParts {
    fn type_of(&self, name: &str) -> Option<Type> {
        self.fields.get(name).map(Field::value_type)
    }

    fn all(&self) -> Vec<Arc<str>> {
        self.fields.keys().map(|id| Arc::from(id.as_str())).collect()
    }
}

impl fmt::Display for EditionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for EditionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl EditionHash {
    /// The first eight hexadecimal digits: enough for people to tell editions apart.
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an edition is named by 64 hexadecimal digits")]
pub struct NotAHash;

impl FromStr for EditionHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        if text.len() != 64 || !text.is_ascii() {
            return Err(NotAHash);
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).map_err(|_| NotAHash)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for EditionHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EditionHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
