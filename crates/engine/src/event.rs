//! Events of an engine: payloads, the closed enum over them, and their wire names.

use serde::de::Deserialize;

/// The closed enum of an engine's events, as [`events!`](crate::events) declares it.
pub trait Event: Sized + Clone + 'static {
    /// Every kind, with its schema version.
    const KINDS: &'static [(&'static str, u16)];

    /// The kind's name on the wire.
    fn kind(&self) -> &'static str;

    /// The version of the payload's schema.
    fn schema(&self) -> u16;

    /// The payload as JSON.
    ///
    /// # Errors
    /// A payload that JSON cannot hold, such as a map whose keys are not texts.
    fn write(&self) -> serde_json::Result<Vec<u8>>;

    /// Parses a payload; `None` when this version does not know the kind.
    fn read(kind: &str, schema: u16, bytes: &[u8]) -> Option<serde_json::Result<Self>>;
}

/// Parses a payload. UTF-8 is checked once for the whole input, not again for each string in it.
///
/// # Errors
/// Bytes that are not JSON of the payload's shape.
pub fn payload<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> serde_json::Result<T> {
    match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    }
}

/// Declares payloads and the closed enum `Event` over them. Each line names the type, its wire kind and its
/// schema version: `TicketTaken "ticket-taken" 1 { number: TicketNo, }`. A kind that was ever written stays;
/// a new shape of it is a new version beside the old one, or a field with a default.
#[macro_export]
macro_rules! events {
    ($($(#[$doc:meta])* $name:ident $kind:literal $schema:literal {
        $($(#[$meta:meta])* $field:ident: $type:ty,)*
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize)]
            pub struct $name {
                $($(#[$meta])* pub $field: $type,)*
            }

            impl From<$name> for Event {
                fn from(event: $name) -> Self {
                    Self::$name(event)
                }
            }
        )*

        /// One thing that has happened.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Event {
            $($name($name),)*
        }

        impl Event {
            /// Every kind, with the version of its shape.
            pub const KINDS: &'static [(&'static str, u16)] = &[$(($kind, $schema)),*];

            /// Its name on the wire.
            pub const fn kind(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $kind,)*
                }
            }

            /// Version of its shape on the wire.
            pub const fn schema(&self) -> u16 {
                match self {
                    $(Self::$name(_) => $schema,)*
                }
            }
        }

        impl $crate::Event for Event {
            const KINDS: &'static [(&'static str, u16)] = Self::KINDS;

            fn kind(&self) -> &'static str {
                self.kind()
            }

            fn schema(&self) -> u16 {
                self.schema()
            }

            fn write(&self) -> ::serde_json::Result<Vec<u8>> {
                match self {
                    $(Self::$name(event) => ::serde_json::to_vec(event),)*
                }
            }

            fn read(kind: &str, schema: u16, bytes: &[u8]) -> Option<::serde_json::Result<Self>> {
                match (kind, schema) {
                    $(($kind, $schema) => Some($crate::payload::<$name>(bytes).map(Self::$name)),)*
                    _ => None,
                }
            }
        }
    };
}
