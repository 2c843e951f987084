//! Deserialising short strings with one allocation each: reloading a case mostly reads ids, and derived code
//! makes an owned string first and then copies it.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, SeqAccess, Visitor};

/// A type made directly from a borrowed string: ids, shared strings.
pub trait Name: for<'a> From<&'a str> {}

impl<T: for<'a> From<&'a str>> Name for T {}

struct One<T>(PhantomData<T>);

impl<T: Name> Visitor<'_> for One<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(T::from(text))
    }
}

struct Optional<T>(PhantomData<T>);

impl<'de, T: Name> Visitor<'de> for Optional<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or nothing")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        one(deserializer).map(Some)
    }
}

struct Many<T>(PhantomData<T>);

impl<'de, T: Name> Visitor<'de> for Many<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = list.next_element_seed(One(PhantomData))? {
            names.push(name);
        }
        Ok(names)
    }
}

impl<'de, T: Name> serde::de::DeserializeSeed<'de> for One<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

/// # Errors
/// The input is not a string.
pub fn one<'de, D: Deserializer<'de>, T: Name>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(One(PhantomData))
}

/// # Errors
/// The input is neither a string nor null.
pub fn optional<'de, D: Deserializer<'de>, T: Name>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_option(Optional(PhantomData))
}

/// # Errors
/// The input is not a list of strings.
pub fn many<'de, D: Deserializer<'de>, T: Name>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_seq(Many(PhantomData))
}
