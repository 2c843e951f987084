//! `bench deadline`: due days over varying starts, without and with the explanation of every day.

use std::hint::black_box;

use anyhow::Result;
use calendar::{Clock, ClockRules, Limit, LimitUnit};
use jiff::ToSpan as _;
use jiff::civil::date;

pub fn run() -> Result<()> {
    let edition = super::zone::edition()?;
    let calendar = edition.calendar();
    let rules = ClockRules::new(edition.offset());
    let first = date(2019, 1, 2);
    let starts: Vec<_> =
        (0..2800_i64).step_by(7).filter_map(|day| first.checked_add(day.days()).ok()).collect();
    let mut next = 0;
    let mut pick = || {
        next = (next + 37) % starts.len();
        starts[next]
    };
    let bare = super::per_cpu_second(|| {
        black_box(calendar.add_working_days(black_box(pick()), 20));
    });
    super::line("deadline_bare", bare, "due days/s");
    let clocks: Vec<Clock> = starts
        .iter()
        .filter_map(|day| {
            let at = edition.offset().to_timestamp(day.at(10, 0, 0, 0)).ok()?;
            Some(Clock::new(at, Limit { amount: 20, unit: LimitUnit::WorkingDays }))
        })
        .collect();
    let mut at = 0;
    let mut clock = || {
        at = (at + 37) % clocks.len();
        &clocks[at]
    };
    let due = super::per_cpu_second(|| {
        let clock = clock();
        black_box(clock.due(calendar, &rules, clock.started_at));
    });
    super::line("deadline_clock", due, "due instants/s");
    let explained = super::per_cpu_second(|| {
        let clock = clock();
        black_box(clock.explain(calendar, &rules, clock.started_at));
    });
    super::line("deadline_explained", explained, "explanations/s");
    Ok(())
}
