//! One file per use case: load, decide, append, project.
