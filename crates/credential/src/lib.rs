//! Signed documents: canonical form, signature, offline verification.
