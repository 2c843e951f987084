//! Day numbers in the proleptic Gregorian calendar, so that dates are compared and counted as integers. Both
//! conversions follow Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms” (2013).

use jiff::civil::Date;

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i64 {
    let (month, day) = (i64::from(date.month()), i64::from(date.day()));
    let year = i64::from(date.year()) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day number; `None` outside the years that [`Date`] holds.
pub(crate) fn date_of(number: i64) -> Option<Date> {
    let shifted = number.checked_add(719_468)?;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Full years from one date to another; negative when `to` is earlier. A year is full on the same month
/// and day; after 29 February it is full on 1 March of a common year.
pub(crate) fn full_years(from: Date, to: Date) -> i64 {
    if to < from {
        return -full_years(to, from);
    }
    let early = (to.month(), to.day()) < (from.month(), from.day());
    i64::from(to.year()) - i64::from(from.year()) - i64::from(early)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn years_are_full_on_the_anniversary() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        for (from, to, years) in [
            ("2000-02-29", "2018-02-28", 17),
            ("2000-02-29", "2018-03-01", 18),
            ("2008-11-23", "2026-11-22", 17),
            ("2008-11-23", "2026-11-23", 18),
            ("2026-11-23", "2008-11-23", -18),
            ("2026-01-01", "2026-01-01", 0),
        ] {
            assert_eq!(full_years(date(from), date(to)), years, "{from} {to}");
        }
    }

    proptest! {
        #[test]
        fn day_numbers_agree_with_jiff(number in -4_371_587i64..=2_932_896) {
            let date = date_of(number).unwrap();
            prop_assert_eq!(day_number(date), number);
            let epoch = Date::constant(1970, 1, 1);
            prop_assert_eq!(i64::from((date - epoch).get_days()), number);
        }
    }

    #[test]
    fn dates_end_where_the_calendar_ends() {
        assert_eq!(date_of(day_number(Date::MAX)), Some(Date::MAX));
        assert_eq!(date_of(day_number(Date::MIN)), Some(Date::MIN));
        assert_eq!(date_of(day_number(Date::MAX) + 1), None);
        assert_eq!(date_of(i64::MAX), None);
    }
}
