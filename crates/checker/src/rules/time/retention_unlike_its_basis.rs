//! Y227 · 保存期限和依据写的不一样 / A period of keeping unlike its basis
//!
//! 依据的 says 里写了保存多少年（日），规则却是另一个数：个人信息会清除得太早，或者留得太久。
//!
//! ---
//!
//! The `says` of a basis names years or days for which records are kept, and the rule says another number: personal information
//! would go too early, or stay too long.

use expression::Number;

use crate::rules::figures::{days, figures};
use crate::rules::kit::*;

pub const CODE: Code = Code("Y227");

/// What is more is a year of the calendar.
const YEARS_MAX: i32 = 999;

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("retention") {
        return;
    }
    for rule in &pack.parts.zone.retention {
        let Some(says) = rule.basis.says.as_ref().map(|says| says.zh.as_str()) else { continue };
        let (key, amount, stated): (_, _, Vec<Number>) = match (rule.years, rule.days) {
            (Some(years), _) => {
                let years_of = figures(says).into_iter().filter(|(_, rest)| rest.starts_with('年'));
                ("years", years, years_of.map(|(number, _)| number).filter(|number| *number <= Number::from(YEARS_MAX)).collect())
            }
            (None, Some(amount)) => ("days", amount, days(says).into_iter().map(|(number, _)| number).collect()),
            (None, None) => continue,
        };
        if stated.is_empty() || stated.contains(&Number::from(amount)) {
            continue;
        }
        let (unit_zh, unit_en) = if key == "years" { ("年", "years") } else { ("日", "days") };
        let numbers: Vec<String> = stated.iter().map(Number::to_string).collect();
        out.push(
            Finding::warning(
                CODE,
                pack.zone().key("retention").key(&rule.id).key(key),
                format!("“{}”保存 {amount} {unit_zh}，依据里写的是 {} {unit_zh}", rule.id, numbers.join("、")),
                format!("“{}” keeps for {amount} {unit_en}, its basis says {}", rule.id, numbers.join(", ")),
            )
            .help("对照依据，改期限或者 says", "compare with the basis; mend the period or `says`"),
        );
    }
}
