//! Y5: what conditions come to.

rules! {}
