//! What a text has to look like: a regular expression over the whole of it.

use diagnostic::Bilingual;
use regex::Regex;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The form of a number that no check digit proves, such as a number plate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextPattern {
    pub matches: Pattern,
    /// Small letters are taken for capitals.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub capitals: bool,
    /// What a person is told whose text has another form.
    pub says: Bilingual,
}

/// A regular expression in the syntax of the crate `regex`; two are equal that are written alike.
#[derive(Clone, Debug)]
pub struct Pattern {
    written: String,
    compiled: Regex,
}

impl Pattern {
    /// # Errors
    /// Where the text is no regular expression, or one too large to be used.
    pub fn read(written: &str) -> Result<Self, regex::Error> {
        let whole = format!("^(?:{written})$");
        let compiled = regex::RegexBuilder::new(&whole).size_limit(1 << 20).build()?;
        Ok(Self { written: written.to_owned(), compiled })
    }

    /// Whether the whole text is of this form.
    pub fn fits(&self, text: &str) -> bool {
        self.compiled.is_match(text)
    }

    pub fn as_str(&self) -> &str {
        &self.written
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        Self::read(&written).map_err(serde::de::Error::custom)
    }
}
