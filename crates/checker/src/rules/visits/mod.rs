//! Y4: visits that applicants have to make.

rules! {}
