//! Pack text to an edition and all of its diagnostics.
