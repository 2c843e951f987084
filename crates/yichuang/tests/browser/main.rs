//! The main jobs in real Chromium: at phone width by touch, at desk width by keyboard alone, without script, in both
//! languages, with accessibility, overflow and console watched on every page that is passed.
//!
//! Needs `chromium`, `chromedriver` and `YICHUANG_AXE` (the path of `axe.min.js`; `ops/test` sets it). Where they are
//! missing the tests say so and pass, except under `CI`, where they fail. `YICHUANG_SHOTS=FOLDER` keeps a picture of
//! every page that was judged.

mod apply;
mod audit;
#[allow(dead_code, reason = "the walks use more of it")]
mod driver;
mod flows;
mod hall;
mod hand;
#[allow(dead_code, reason = "the walks use more of it")]
mod http;
mod officers;
mod pages;
mod paper;
mod site;
