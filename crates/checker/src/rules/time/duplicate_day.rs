//! Y207 · 同一天写了两遍 / A day twice
//!
//! 日历里同一天只能有一个说法。
//!
//! ---
//!
//! A calendar says one thing about a day.

use std::collections::HashMap;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y207");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for (table, file) in pack.parts.years.iter().zip(&pack.origin.years) {
        let at = |index: usize| Place::file(file.clone()).key("days").index(index).key("date");
        let mut first = HashMap::new();
        for (index, day) in table.days.iter().enumerate() {
            if let Some(earlier) = first.get(&day.date) {
                out.push(
                    Finding::error(
                        CODE,
                        at(index),
                        format!("{} 写了两遍", day.date),
                        format!("{} stands twice", day.date),
                    )
                    .also(at(*earlier), "第一次在这里", "first here"),
                );
            } else {
                first.insert(day.date, index);
            }
        }
    }
}
