//! Everybody who comes: for each thing, each kind of party and each situation that makes a difference somebody goes from
//! the home page to the result in real Chromium; officers follow every link that they are shown; every command that the
//! project's texts name is run.
//!
//! `ops/walk` runs all of it; a test run tries the commands alone. Without `YICHUANG_WALK` (`all`, or words that thing and
//! situation must contain) a part of the people walk, drawn by `YICHUANG_WALK_SEED`. A walk that finds something keeps the
//! steps, a picture and the page's text in `YICHUANG_WALK_KEEP` (`target/walk`), and the next person comes.

mod citizen;
mod commands;
#[allow(dead_code, reason = "the walks use their part of the hand's and the driver's deeds")]
#[path = "../browser/driver.rs"]
mod driver;
mod findings;
#[allow(dead_code, reason = "the walks use their part of the hand's and the driver's deeds")]
#[path = "../browser/hand.rs"]
mod hand;
#[allow(dead_code, reason = "the walks use their part of the hand's and the driver's deeds")]
#[path = "../browser/http.rs"]
mod http;
mod look;
mod officers;
mod people;
mod walks;
mod zone;
