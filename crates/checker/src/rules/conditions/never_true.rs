//! Y502 · 条件永不成立 / A condition that never holds
//!
//! 不管怎么回答，这个条件都不成立，受它管的环节、材料、收费永远用不上；若是受理条件，就谁也办不了。
//!
//! ---
//!
//! Whatever one answers, this condition fails, so what depends on it never comes into play; as a requirement it lets nobody
//! through.

use expression::analysis::Verdict;

use crate::rules::kit::*;
use crate::uses;

pub const CODE: Code = Code("Y502");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    for (at, condition) in uses::conditions(item) {
        if item.verdict(condition) == Verdict::Never {
            out.push(
                Finding::warning(
                    CODE,
                    at.within(0..condition.text().len()),
                    "这个条件永不成立",
                    "this condition never holds",
                )
                .help("检查界限和 and、or", "check the bounds, and `and` against `or`"),
            );
        }
    }
}
