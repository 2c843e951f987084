//! Ids of declarations: text, compared exactly, cheap to clone.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Reads a string directly into its shared form: ids are read by the million, so each takes one allocation.
struct Text;

impl serde::de::Visitor<'_> for Text {
    type Value = Arc<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Arc<str>, E> {
        Ok(text.into())
    }
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Text).map(Self)
            }
        }

        impl $name {
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }
    )*};
}

id! {
    /// A zone: the administration whose pack this is.
    ZoneId;
    /// A class of items (办事大类), such as the five of a service hall.
    ClassId;
    /// A department (部门) that owns items and employs officers.
    DepartmentId;
    /// A role inside a department: who may take which step.
    RoleId;
    /// A service hall (大厅).
    HallId;
    /// A window (窗口) in a hall.
    WindowId;
    /// A section of the form: fields that are asked together.
    SectionId;
    /// A field (数据元): one fact, defined once for the zone. Also its name in conditions.
    FieldId;
    /// A material (材料): one paper or file.
    MaterialId;
    /// An item (事项): one service of one department.
    ItemId;
    /// A step (环节) of an item.
    StepId;
    /// A result (结果) of an item: licence, reply or record.
    ResultId;
    /// A fee of an item.
    FeeId;
    /// A thing (一件事): what a person wants; a bundle of items.
    ThingId;
    /// A connector to data that already exists.
    RegistryId;
    /// A pause that stops only the promised clock (local practice).
    LocalPauseId;
    /// A service line (业务队列): what people stand in line for.
    LineId;
    /// A lane (队列): a declared priority.
    LaneId;
    /// A specialist (“有事请找我”专员), by name.
    SpecialistId;
}
