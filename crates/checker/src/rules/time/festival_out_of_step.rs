//! Y224 · 节日离上一年的日子不对 / A festival out of step with the year before
//!
//! 按农历过的节日，每年比上一年早 9 到 12 天，逢闰月则晚 18 到 20 天；按节气的（清明）前后差一天。逐年写下的日期不是这样，多半抄错了。
//!
//! ---
//!
//! A festival of the lunar calendar comes 9 to 12 days earlier than in the year before, or 18 to 20 later after a leap month;
//! one of the solar terms (Qingming) moves by a day. A date that does neither is probably miscopied.

use std::collections::BTreeMap;

use calendar::Date;

use super::FESTIVALS;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y224");

/// Days from a festival to the next year’s: of twelve or thirteen moons.
const LUNAR: [std::ops::RangeInclusive<i32>; 2] = [353..=356, 382..=386];
/// The same by the solar terms.
const SOLAR: std::ops::RangeInclusive<i32> = 364..=367;

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let Some(festivals) = &pack.parts.festivals else { return };
    if !pack.soundness.is_sound(FESTIVALS, "days") {
        return;
    }
    let mut first_days: BTreeMap<&str, BTreeMap<i16, (Date, usize)>> = BTreeMap::new();
    for (index, one) in festivals.days.iter().enumerate() {
        let years = first_days.entry(&one.name).or_default();
        let first = years.entry(one.date.year()).or_insert((one.date, index));
        if one.date < first.0 {
            *first = (one.date, index);
        }
    }
    for (name, years) in first_days {
        let years: Vec<(Date, usize)> = years.into_values().collect();
        let steps: Vec<Option<i32>> = years
            .windows(2)
            .map(|pair| (pair[1].0.year() == pair[0].0.year() + 1).then(|| days_apart(pair[0].0, pair[1].0)))
            .collect();
        let solar = steps.iter().flatten().filter(|step| SOLAR.contains(step)).count() * 2
            > steps.iter().flatten().count();
        let fits = |step: i32| if solar { SOLAR.contains(&step) } else { LUNAR.iter().any(|range| range.contains(&step)) };
        let mut told = false;
        for (place, step) in steps.iter().enumerate() {
            let wrong = step.is_some_and(|step| !fits(step));
            // One wrong date makes two wrong steps.
            if wrong && !told {
                // The first date is the wrong one where the next step is right.
                let next_fits = steps.get(place + 1).copied().flatten().is_some_and(fits);
                let (odd, other) =
                    if place == 0 && next_fits { (years[0], years[1]) } else { (years[place + 1], years[place]) };
                let at = |index: usize| Place::file(FESTIVALS).key("days").index(index).key("date");
                out.push(
                    Finding::warning(
                        CODE,
                        at(odd.1),
                        format!("“{name}”{} 和 {} 对不上", odd.0, other.0),
                        format!("“{name}” cannot be on {} and on {}", odd.0, other.0),
                    )
                    .also(at(other.1), "另一年的在这里", "the other year is here")
                    .help("查农历（GB/T 33661）核对", "look it up in the lunar calendar (GB/T 33661)"),
                );
            }
            told = wrong && !told;
        }
    }
}

fn days_apart(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}
