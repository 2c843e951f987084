//! The checked, immutable, content-hashed edition that everything else reads.
