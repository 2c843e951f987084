//! Edition and answers to the remaining questions, problems and materials.
