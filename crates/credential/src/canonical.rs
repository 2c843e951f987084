//! Canonical JSON: RFC 8785 (JCS) restricted to what a document needs.
//!
//! Objects with keys sorted by UTF-16 code units, arrays, strings with minimal escapes, `true`, `false`,
//! `null`, and integers within ±(2⁵³ − 1). No fractions and no exponents, so a number has only one spelling.
//! The reader refuses duplicate keys, lone surrogates, `-0`, and input deeper or longer than its limits.

mod read;
mod write;

pub use read::{JsonFault, Limits, parse, parse_canonical};
pub use write::{NotRepresentable, to_canonical};

/// The largest integer that every JSON reader in use keeps exactly.
pub const MAX_INTEGER: i64 = (1 << 53) - 1;
