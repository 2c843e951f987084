//! Y233 · 许可证送得太晚 / A licence delivered too late
//!
//! 准予许可的决定作出后，应当在十日内颁发、送达许可证件（行政许可法第四十四条）。delivery 写得更长。
//!
//! ---
//!
//! A licence is handed out within ten days of the decision to grant it (Licensing Law, Art. 44). `delivery` is longer.

use calendar::LimitUnit;
use catalogue::ResultKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y233");

const WORKING_DAYS_MAX: u32 = 10;
/// As many calendar days hold ten working days in an ordinary week.
const CALENDAR_DAYS_MAX: u32 = 14;

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["limits", "results"]) {
        return;
    }
    let licence = item.item.results.values().any(|result| result.kind == ResultKind::Licence);
    let Some(delivery) = item.item.limits.delivery.filter(|_| licence) else { return };
    let most = match delivery.unit {
        LimitUnit::WorkingDays => WORKING_DAYS_MAX,
        LimitUnit::CalendarDays => CALENDAR_DAYS_MAX,
        LimitUnit::Hours | LimitUnit::Minutes => return,
    };
    if delivery.amount > most {
        let (zh, en) = (delivery.text(calendar::Lang::Zh), delivery.text(calendar::Lang::En));
        out.push(Finding::warning(
            CODE,
            item.at("limits").key("delivery"),
            format!("许可证 {zh} 才送达，应当在十日内"),
            format!("the licence is delivered within {en}, ten days are the most"),
        ));
    }
}
