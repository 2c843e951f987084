//! The journal trait, its memory version and the conformance suite.
