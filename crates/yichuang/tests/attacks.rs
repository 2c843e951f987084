//! Attacks by plain sockets on a running server: meanwhile it must answer everybody else, lose and leak
//! nothing, and stay within its memory bound.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

#[path = "attacks/forged.rs"]
mod forged;
#[path = "attacks/large.rs"]
mod large;
#[path = "attacks/logs.rs"]
mod logs;
#[path = "attacks/site.rs"]
mod site;
#[path = "attacks/slow.rs"]
mod slow;
#[path = "attacks/uploads.rs"]
mod uploads;
#[path = "attacks/wire.rs"]
mod wire;
