//! Y212 · 同一年有两张日历 / Two calendars of a year
//!
//! 一年只能有一张日历；通知有变动时，改原来那张。
//!
//! ---
//!
//! A year has one calendar; when a notice is amended, change that one.

use std::collections::HashMap;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y212");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let mut first = HashMap::new();
    for (table, file) in pack.parts.years.iter().zip(&pack.origin.years) {
        if let Some(earlier) = first.insert(table.year, file) {
            out.push(
                Finding::error(
                    CODE,
                    Place::file(file.clone()).key("year"),
                    format!("{} 年有两张日历", table.year),
                    format!("there are two calendars of {}", table.year),
                )
                .also(Place::file(earlier.clone()).key("year"), "另一张在这里", "the other is here"),
            );
        }
    }
}
