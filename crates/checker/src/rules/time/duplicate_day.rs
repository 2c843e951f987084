//! Y207 · 同一天写了两遍 / A day twice
//!
//! 日历里同一天只能有一个说法；法定节日的表里也一样。
//!
//! ---
//!
//! A calendar says one thing about a day; so does each list of festivals.

use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;

use super::FESTIVALS;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y207");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for (table, file) in pack.parts.years.iter().zip(&pack.origin.years) {
        let at = |index: usize| Place::file(file.clone()).key("days").index(index).key("date");
        twice(table.days.iter().map(|day| day.date), at, out);
    }
    let Some(festivals) = &pack.parts.festivals else { return };
    let at = |index: usize| Place::file(FESTIVALS).key("days").index(index).key("date");
    twice(festivals.days.iter().map(|day| day.date), at, out);
    let at = |index: usize| Place::file(FESTIVALS).key("fixed").index(index).key("day");
    let fixed = festivals.fixed.iter().map(|one| format!("{:02}-{:02}", one.month, one.day));
    twice(fixed, at, out);
}

fn twice<D: Display + Eq + Hash>(
    days: impl Iterator<Item = D>,
    at: impl Fn(usize) -> Place,
    out: &mut Vec<Finding>,
) {
    let mut first: HashMap<D, usize> = HashMap::new();
    for (index, day) in days.enumerate() {
        if let Some(earlier) = first.get(&day) {
            out.push(
                Finding::error(
                    CODE,
                    at(index),
                    format!("{day} 写了两遍"),
                    format!("{day} stands twice"),
                )
                .also(at(*earlier), "第一次在这里", "first here"),
            );
        } else {
            first.insert(day, index);
        }
    }
}
