//! Y226 · 时限和依据写的不一样 / A limit unlike its basis
//!
//! 依据的 says 里写了天数，时限却是另一个数，或者依据写的是工作日、时限按自然日算。两处总有一处抄错了，到期日就会算错。
//! 受理时限只在比依据长的时候提醒。says 没有写天数的，不比较。
//!
//! ---
//!
//! The `says` of a basis names a number of days and the limit is another, or the basis says working days and the limit counts calendar
//! days. One of them is miscopied, and last days come out wrong. An intake limit is warned of only if it is longer. A basis that
//! names no days is not compared.

use calendar::{Limit, LimitUnit};
use catalogue::Citation;
use expression::Number;

use crate::rules::figures::days;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y226");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["limits"]) {
        return;
    }
    let limits = &item.item.limits;
    let at = || item.at("limits");
    if let (Some(limit), Some(basis)) = (limits.statutory, &limits.statutory_basis) {
        compare(limit, basis, true, at().key("statutory"), out);
    }
    if let Some(extension) = &limits.extension
        && let Some(basis) = &extension.basis
    {
        compare(extension.limit, basis, true, at().key("extension").key("limit"), out);
    }
    if let Some(basis) = &limits.intake.basis {
        compare(limits.intake.limit, basis, false, at().key("intake").key("limit"), out);
    }
}

fn compare(limit: Limit, basis: &Citation, shorter_too: bool, at: Place, out: &mut Vec<Finding>) {
    let Some(says) = basis.says.as_ref().map(|says| says.zh.as_str()) else { return };
    let stated = days(says);
    // Several bodies with as much each: their sum is the limit.
    if limit.unit.day_unit().is_none() || limit.amount == 0 || stated.is_empty() || says.contains('各') {
        return;
    }
    let amount = Number::from(limit.amount);
    let same: Vec<bool> = stated.iter().filter(|(number, _)| *number == amount).map(|(_, working)| *working).collect();
    let longest = stated.iter().map(|(number, _)| *number).max();
    if same.is_empty() && (shorter_too || longest.is_some_and(|longest| amount > longest)) {
        let numbers: Vec<String> = stated.iter().map(|(number, _)| number.to_string()).collect();
        out.push(
            Finding::warning(
                CODE,
                at,
                format!("时限是 {}，依据里写的是 {} 日", limit.text(calendar::Lang::Zh), numbers.join("、")),
                format!("the limit is {}, its basis says {}", limit.text(calendar::Lang::En), numbers.join(", ")),
            )
            .help("对照条文，改时限或者 says", "compare with the law; mend the limit or `says`"),
        );
    } else if !same.is_empty() && same.iter().all(|working| *working) && limit.unit == LimitUnit::CalendarDays {
        out.push(
            Finding::warning(
                CODE,
                at,
                format!("依据写的是 {} 个工作日，时限按自然日算", limit.amount),
                format!("the basis says {} working days, the limit counts calendar days", limit.amount),
            )
            .help("写成 working days", "write `working days`"),
        );
    }
}
