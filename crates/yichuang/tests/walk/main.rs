//! Everybody who comes: for each thing, each kind of party and each situation that makes a difference somebody goes by forms
//! alone from the guide to the number; as many of them as see every page that anybody met go from the home page to the result
//! in real Chromium. Officers do, refuse and print by role and kind of step, and follow every link that they are shown; every
//! command that the project's texts name is run.
//!
//! `ops/walk` runs all of it; a test run tries the commands, and the officers of one thing. Without `YICHUANG_WALK` (`all`, or
//! words that thing and situation must contain) a part of the people walk, drawn by `YICHUANG_WALK_SEED`. A walk that finds
//! something keeps the steps, a picture and the page's text in `YICHUANG_WALK_KEEP` (`target/walk`), and the next person comes.

mod answers;
mod citizen;
mod commands;
mod desks;
#[allow(dead_code, reason = "the walks use their part of the hand's and the driver's deeds")]
#[path = "../browser/driver.rs"]
mod driver;
mod findings;
#[allow(dead_code, reason = "the walks use their part of the hand's and the driver's deeds")]
#[path = "../browser/hand.rs"]
mod hand;
#[allow(dead_code, reason = "the walks use their part of it")]
#[allow(clippy::unwrap_used, reason = "a page that cannot be read ends the walk")]
#[path = "../../../web/tests/support/html.rs"]
mod html;
#[allow(dead_code, reason = "the walks use their part of the hand's and the driver's deeds")]
#[path = "../browser/http.rs"]
mod http;
mod look;
mod officers;
mod people;
mod plain;
mod visitor;
mod walks;
mod zone;
