//! Compiles the text of a pack into an edition and all of its diagnostics.
//!
//! Three stages: `syntax` (bytes to a spanned tree), `resolve` (trees to declarations, misspellings replaced
//! by the best guess), `rules` (one file each). It must not know files on disk, the clock or any public
//! service; a pack is a map of paths to bytes. Start at [`compile`].

mod compile;
mod explain;
mod finding;
mod locate;
mod resolve;
mod rules;
mod shape;
mod situation;
mod stories;
mod syntax;
#[cfg(feature = "testing")]
pub mod testing;
mod uses;
mod view;

pub use compile::{Compiled, PackFiles, compile};
pub use explain::{Explanation, explain, rules};
pub use shape::schema;
