//! Conditions: parse, type, evaluate, analyse.
