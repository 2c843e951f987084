//! Y501 · 条件总是成立 / A condition that always holds
//!
//! 不管怎么回答，这个条件都成立，写了等于没写。多半是 or 用成了 and、界限写反，或者数据元的范围已经保证了它。
//!
//! ---
//!
//! Whatever one answers, this condition holds, so it says nothing: `or` for `and`, a bound the wrong way round, or the field's
//! own range already guarantees it.

use expression::analysis::Verdict;

use crate::rules::kit::*;
use crate::uses;

pub const CODE: Code = Code("Y501");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    // A condition that could not be read is stood in for by one that always holds.
    let sound = item.is_sound(&["requirements"]);
    for (at, condition) in uses::conditions(item) {
        // Where it asks beyond the field's own condition, that is the mistake, and deleting it none of the mends.
        if sound && super::beyond_its_own_condition::strays(item, condition).is_none() && item.verdict(condition) == Verdict::Always {
            out.push(
                Finding::warning(
                    CODE,
                    at.within(0..condition.text().len()),
                    "这个条件总是成立",
                    "this condition always holds",
                )
                .help("删去它，或者改成真正想要的条件", "delete it, or write what was meant"),
            );
        }
    }
}
