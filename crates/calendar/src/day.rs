//! Days as numbers. Day 0 is 1970-01-01; the arithmetic covers every `Date` and never overflows `i32`.

use jiff::civil::Date;

/// Day numbers of the first and the last date: -9999-01-01 and 9999-12-31.
const FIRST: i32 = -4_371_587;
const LAST: i32 = 2_932_896;

/// Days from 1970-01-01 in the proleptic Gregorian calendar.
pub(crate) fn number(date: Date) -> i32 {
    // Years start in March here, so that the leap day is the last day of its year.
    let month = i32::from(date.month());
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + i32::from(date.day()) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day number, clamped to the representable dates.
pub(crate) fn date(number: i32) -> Date {
    let shifted = number.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    match (i16::try_from(year), i8::try_from(month), i8::try_from(day)) {
        (Ok(year), Ok(month), Ok(day)) => {
            Date::new(year, month, day).unwrap_or(if year < 0 { Date::MIN } else { Date::MAX })
        }
        _ => {
            if number < 0 {
                Date::MIN
            } else {
                Date::MAX
            }
        }
    }
}

/// The number clamped to those that have a date.
pub(crate) fn held(number: i32) -> i32 {
    number.clamp(FIRST, LAST)
}

/// Monday is 0.
pub(crate) fn weekday(number: i32) -> i32 {
    (number + 3).rem_euclid(7)
}

/// Number of Mondays to Fridays up to and including `number`, counted from Monday 1969-12-29.
pub(crate) fn weekdays_up_to(number: i32) -> i32 {
    let days = number + 3;
    days.div_euclid(7) * 5 + (days.rem_euclid(7) + 1).min(5)
}

/// The day number of the `rank`-th Monday to Friday: the inverse of [`weekdays_up_to`].
pub(crate) fn nth_weekday(rank: i32) -> i32 {
    let before = rank.saturating_sub(1);
    before.div_euclid(5).saturating_mul(7).saturating_add(before.rem_euclid(5)).saturating_sub(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_jiff_over_the_whole_range() {
        let epoch = Date::constant(1970, 1, 1);
        let (first, last) = (number(Date::MIN), number(Date::MAX));
        assert_eq!((first, last), (FIRST, LAST));
        for step in (first..=last).step_by(97) {
            let day = date(step);
            assert_eq!(number(day), step);
            assert_eq!(day.since(epoch).unwrap().get_days(), step);
            assert_eq!(i32::from(day.weekday().to_monday_zero_offset()), weekday(step));
        }
        assert_eq!((date(first), date(last)), (Date::MIN, Date::MAX));
        assert_eq!((date(i32::MIN), date(i32::MAX)), (Date::MIN, Date::MAX));
        assert_eq!((date(first - 1), date(last + 1)), (Date::MIN, Date::MAX));
    }

    #[test]
    fn ranks_and_weekdays_invert_each_other() {
        for step in -5_000..5_000 {
            let rank = weekdays_up_to(step);
            assert_eq!(rank - weekdays_up_to(step - 1), i32::from(weekday(step) < 5));
            if weekday(step) < 5 {
                assert_eq!(nth_weekday(rank), step);
            }
        }
    }
}
