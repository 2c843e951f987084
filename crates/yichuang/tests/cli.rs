//! The command line: names, exit codes and JSON keys are a contract.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

#[path = "cli/export.rs"]
mod export;
#[path = "cli/fixture.rs"]
mod fixture;
#[path = "cli/halls.rs"]
mod halls;
#[path = "cli/identifiers.rs"]
mod identifiers;
#[path = "cli/keys.rs"]
mod keys;
#[path = "cli/limits.rs"]
mod limits;
#[path = "cli/mine.rs"]
mod mine;
#[path = "cli/packs.rs"]
mod packs;
#[path = "cli/postgres.rs"]
mod postgres;
#[path = "cli/proofs.rs"]
mod proofs;
#[path = "cli/upkeep.rs"]
mod upkeep;
