//! Y201 · 承诺期限比法定期限长 / A promise longer than the statute
//!
//! 公开承诺的办理期限不得超过法定期限（优化营商环境条例第三十六条）。工作日不算周末，同样的天数，工作日比自然日长。
//!
//! ---
//!
//! The published promise may not exceed the statutory limit (business environment regulation, Art. 36). Working days leave out
//! weekends: as many working days take longer than calendar days.

use calendar::{Limit, LimitUnit};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y201");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let limits = &item.item.limits;
    let Some(statutory) = limits.statutory.filter(|_| item.is_sound(&["limits"])) else { return };
    if surely_longer(limits.promised, statutory) {
        out.push(
            Finding::error(
                CODE,
                item.at("limits").key("promised"),
                format!(
                    "承诺 {}，超过了法定的 {}",
                    limits.promised.text(calendar::Lang::Zh),
                    statutory.text(calendar::Lang::Zh)
                ),
                format!(
                    "the promise of {} exceeds the statutory {}",
                    limits.promised.text(calendar::Lang::En),
                    statutory.text(calendar::Lang::En)
                ),
            )
            .also(item.at("limits").key("statutory"), "法定期限", "the statutory limit"),
        );
    }
}

/// True when `a` ends later than `b`, in an ordinary week at least.
fn surely_longer(a: Limit, b: Limit) -> bool {
    if a.unit == LimitUnit::WorkingDays && b.unit != LimitUnit::WorkingDays {
        // Begun on a working day, five working days end a week later; and whatever begins late in a week meets a weekend.
        let days = u64::from(a.amount);
        return days > 0 && (days * 1440 >= minutes(b) || (days + days / 5 * 2) * 1440 > minutes(b));
    }
    minutes(a) > most_minutes(b, a.unit)
}

/// Working days against working days compare by number; against other units a generous week with holidays is allowed for.
fn most_minutes(limit: Limit, against: LimitUnit) -> u64 {
    let same = limit.unit == against;
    if limit.unit == LimitUnit::WorkingDays && !same { minutes(limit) * 2 + 15 * 1440 } else { minutes(limit) }
}

fn minutes(limit: Limit) -> u64 {
    u64::from(limit.amount)
        * match limit.unit {
            LimitUnit::WorkingDays | LimitUnit::CalendarDays => 1440,
            LimitUnit::Hours => 60,
            LimitUnit::Minutes => 1,
        }
}
