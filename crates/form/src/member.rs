//! Which items of the thing apply.

use catalogue::{Item, Member};
use expression::Truth;
use serde::Serialize;

/// Whether an item applies, given what is known so far. Further answers do not overturn a yes or a no, with
/// one exception: a field whose situation question does not arise counts as absent only until an item turns
/// out to use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applies {
    Yes,
    /// The situation does not call for it.
    No,
    /// It is not open to this kind of party.
    NotForParty,
    /// An earlier item of the same route applies.
    OtherRoute,
    Unknown,
}

/// A member of the thing and where it stands.
#[derive(Clone, Debug)]
pub struct MemberState<'a> {
    pub member: &'a Member,
    pub item: &'a Item,
    pub applies: Applies,
}

impl Applies {
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }

    pub fn is_unknown(self) -> bool {
        self == Self::Unknown
    }

    /// As a truth value.
    pub fn truth(self) -> Truth {
        match self {
            Self::Yes => Truth::True,
            Self::Unknown => Truth::Unknown,
            Self::No | Self::NotForParty | Self::OtherRoute => Truth::False,
        }
    }
}
