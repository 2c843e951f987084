//! Which months a page speaks of: `2026-11`, `2026-10..2026-12` or `2026` in the address.

use diagnostic::Lang;
use maud::{Markup, html};
use office::{Month, Period};
use serde::Deserialize;

use crate::fault::Failure;
use crate::shell::Shell;

const MONTHS_OFFERED: i32 = 18;
const NAMES: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub period: String,
}

/// The month that it is when nothing is said.
///
/// # Errors
/// [`Failure::Query`] for what is no period, so that nobody takes another month's figures for those that were asked for.
pub fn parse(text: &str, this_month: Month) -> Result<Period, Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Period::month(this_month));
    }
    let read = || {
        if let Some((first, last)) = text.split_once("..") {
            return Period::from_to(first.parse().ok()?, last.parse().ok()?).ok();
        }
        match text.parse::<i16>() {
            Ok(year) if (1..=9999).contains(&year) => Some(Period::year(year)),
            _ => Some(Period::month(text.parse().ok()?)),
        }
    };
    read().ok_or(Failure::Query { wrong: &["period"], next: "error-period-next" })
}

pub fn code(period: Period) -> String {
    match period.as_year() {
        Some(year) => format!("{year:04}"),
        None if period.is_month() => period.first().to_string(),
        None => format!("{}..{}", period.first(), period.last()),
    }
}

pub fn month_name(shell: &Shell, month: Month) -> String {
    match shell.lang {
        Lang::Zh => format!("{}年{}月", month.year(), month.number()),
        Lang::En => format!("{} {}", NAMES[usize::from(month.number().unsigned_abs() - 1)], month.year()),
    }
}

pub fn name(shell: &Shell, period: Period) -> String {
    match (period.as_year(), shell.lang) {
        (Some(year), Lang::Zh) => format!("{year}年"),
        (Some(year), Lang::En) => year.to_string(),
        (None, _) if period.is_month() => month_name(shell, period.first()),
        (None, _) => format!("{} – {}", month_name(shell, period.first()), month_name(shell, period.last())),
    }
}

/// The period as long as this one that follows it, or comes before it.
fn moved(period: Period, steps: i32) -> Period {
    let by = steps * i32::try_from(period.months().len()).unwrap_or(1);
    Period::between(period.first().plus(by), period.last().plus(by))
}

/// Back, forward, and a list to choose from.
pub fn chooser(shell: &Shell, period: Period, this_month: Month) -> Markup {
    let w = shell.w;
    let months = (0..MONTHS_OFFERED).map(|back| Period::month(this_month.plus(-back)));
    let in_quarter = i32::from((this_month.number() - 1) % 3);
    let quarters = (0..4).map(|back| {
        let first = this_month.plus(-in_quarter - back * 3);
        Period::between(first, first.plus(2))
    });
    let years = (0..3).map(|back| Period::year(this_month.year() - back));
    let groups: [(&str, Vec<Period>); 3] = [
        ("zone-months", months.collect()),
        ("zone-quarters", quarters.collect()),
        ("zone-years", years.collect()),
    ];
    let offered = groups.iter().any(|(_, periods)| periods.contains(&period));
    html! {
        form.filter.no-print method="get" action="/zone" {
            div {
                label for="period" { (w.t("zone-period")) }
                select id="period" name="period" {
                    @if !offered { option value=(code(period)) selected { (name(shell, period)) } }
                    @for (key, periods) in &groups {
                        optgroup label=(w.t(key)) {
                            @for each in periods { option value=(code(*each)) selected[*each == period] { (name(shell, *each)) } }
                        }
                    }
                }
            }
            button.button.second type="submit" { (w.t("zone-show")) }
            span.small {
                a href=(format!("/zone?period={}", code(moved(period, -1)))) { (w.t("zone-earlier")) }
                @if period.last() < this_month {
                    " · " a href=(format!("/zone?period={}", code(moved(period, 1)))) { (w.t("zone-later")) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_is_read_back() {
        let now: Month = "2026-11".parse().unwrap();
        for text in ["2026-11", "2026", "2026-10..2026-12"] {
            assert_eq!(code(parse(text, now).unwrap()), text);
        }
        assert_eq!(parse(" ", now).unwrap(), Period::month(now));
        for text in ["x", "2026-13", "0", "..", "2026-01..", "2026-11..2026-10", "2001-01..2026-11"] {
            assert!(matches!(parse(text, now), Err(Failure::Query { .. })), "{text}");
        }
    }
}
