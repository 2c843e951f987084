//! Y6: the hall and its windows.

rules! {}
