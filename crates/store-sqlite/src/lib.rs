//! The journal on embedded SQLite: one writer, group commit.
