//! Y2: limits, pauses and calendars.

rules! {
    reading { unknown_pause }
    item {
        promise_longer_than_statute, steps_longer_than_promise, extension_approver_too_low, extension_in_other_unit, silence_without_basis, no_delivery_limit, local_pause_breaks_statute, statutory_without_basis, no_days_to_correct, limit_unlike_its_basis, approver_elsewhere, summary_unlike_its_limits, delivery_too_long,
    }
    pack { year_without_calendar, provisional_year, makeup_on_working_day, duplicate_day, day_outside_year, duplicate_year, work_on_festival,
        retention_never_applies, class_without_retention, no_remedies, torn_holiday, festival_at_work, festival_out_of_step,
        retention_unlike_its_basis, warnings_reversed, other_time_zone, notice_of_another_year,
    }
}

/// The file of the festivals that the law fixes.
const FESTIVALS: &str = "calendars/festivals.yaml";
