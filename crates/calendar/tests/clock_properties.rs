//! Clocks and calendars compared with a model that walks day by day.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod common;

use calendar::{Calendar, Clock, ClockRules, Date, DayEnd, DayKind, DayRule, Extension, Limit, LimitUnit};
use calendar::{Offset, Pause, Phase, Timestamp, Verdict, YearTable};
use common::Naive;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

const DAY: i64 = 86_400;
/// 2019-01-01T00:00:00Z.
const ORIGIN: i64 = 1_546_300_800;

fn day_of_year(year: i16, day: u16) -> Date {
    Date::constant(year, 1, 1).checked_add(jiff::Span::new().days(i64::from(day))).unwrap()
}

/// Tables for some of the years 2019–2024 with arbitrary days, so that years between and around them have
/// none.
fn tables() -> impl Strategy<Value = Vec<YearTable>> {
    let days = btree_map(0..365_u16, any::<bool>(), 0..40);
    btree_map(2019..2025_i16, days, 0..5).prop_map(|years| {
        years
            .into_iter()
            .map(|(year, days)| {
                let days = days.into_iter().map(|(day, holiday)| DayRule {
                    date: day_of_year(year, day),
                    kind: if holiday { DayKind::Holiday } else { DayKind::MakeupWorkday },
                    name: "甲".into(),
                });
                YearTable { year, notice: None, days: days.collect() }
            })
            .collect()
    })
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (-400 * DAY..2_600 * DAY).prop_map(|second| Timestamp::from_second(ORIGIN + second).unwrap())
}

fn near(base: Timestamp, from: i64, to: i64) -> impl Strategy<Value = Timestamp> {
    (from..to).prop_map(move |second| Timestamp::from_second(base.as_second() + second).unwrap())
}

fn pauses(started_at: Timestamp) -> impl Strategy<Value = Vec<Pause>> {
    let pause = (near(started_at, -10 * DAY, 80 * DAY), option::weighted(0.8, -DAY..20 * DAY)).prop_map(
        |(from, length)| {
            let to = length.map(|length| Timestamp::from_second(from.as_second() + length).unwrap());
            Pause::new("甲", from, to)
        },
    );
    vec(pause, 0..5)
}

fn clock(units: &'static [LimitUnit], most: u32) -> impl Strategy<Value = Clock> {
    instant().prop_flat_map(move |started_at| {
        let limit = (0..most, prop::sample::select(units)).prop_map(|(n, unit)| Limit::new(n, unit));
        (limit, pauses(started_at), vec(0..15_u32, 0..3)).prop_map(move |(limit, pauses, extensions)| Clock {
            closes: None,
            started_at,
            limit,
            pauses,
            extensions: extensions
                .into_iter()
                .map(|amount| Extension { amount, reason: "乙".into() })
                .collect(),
        })
    })
}

fn rules() -> impl Strategy<Value = ClockRules> {
    let day_end = prop_oneof![
        Just(DayEnd::Midnight),
        (12..20_i8, 0..60_i8).prop_map(|(hour, minute)| DayEnd::At(jiff::civil::time(hour, minute, 0, 0)))
    ];
    (-11..=12_i8, day_end, any::<bool>()).prop_map(|(hours, day_end, roll_rest_day)| ClockRules {
        offset: Offset::constant(hours),
        day_end,
        roll_rest_day,
    })
}

const DAYS: &[LimitUnit] = &[LimitUnit::WorkingDays, LimitUnit::CalendarDays];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn counting_and_selecting_agree_with_walking(
        tables in tables(), year in 2017..2027_i16, day in 0..365_u16, n in 0..400_u32,
    ) {
        let naive = Naive::new(&tables);
        let calendar = Calendar::new(tables).unwrap();
        let start = day_of_year(year, day);
        let due = naive.add(start, n);
        prop_assert_eq!(calendar.is_working(start), naive.works(start));
        prop_assert_eq!(calendar.day_kind(start).class.is_working(), naive.works(start));
        prop_assert_eq!(calendar.add_working_days(start, n), due);
        prop_assert_eq!(calendar.next_working(start), naive.add(start, 1));
        prop_assert_eq!(calendar.working_days_between(start, due), i32::try_from(n).unwrap());
        // Counting back from the due day returns to a start that is a working day.
        if n > 0 && naive.works(start) {
            prop_assert_eq!(calendar.subtract_working_days(due, n), start);
        }
    }

    #[test]
    fn due_days_and_explanations_agree_with_walking(
        tables in tables(), clock in clock(DAYS, 70), rules in rules(), later in 0..120 * DAY,
    ) {
        let naive = Naive::new(&tables);
        let calendar = Calendar::new(tables).unwrap();
        let now = Timestamp::from_second(clock.started_at.as_second() + later).unwrap();
        let (due_on, counted, paused) = naive.due(&clock, &rules, now);
        let due = clock.due(&calendar, &rules, now);
        let explanation = clock.explain(&calendar, &rules, now);
        prop_assert_eq!(due.due_on, due_on);
        prop_assert_eq!(&explanation.counted, &counted);
        let by_pause: Vec<Date> = explanation
            .skipped
            .iter()
            .filter(|skipped| skipped.reason.code() == "paused")
            .map(|skipped| skipped.date)
            .collect();
        prop_assert_eq!(&by_pause, &paused);
        prop_assert_eq!(due.counted as usize, counted.len());
        prop_assert_eq!(due.paused as usize, paused.len());
        prop_assert_eq!(due.skipped as usize + 1, explanation.skipped.len());
        prop_assert_eq!((explanation.due_at, explanation.due_on), (due.due_at, due.due_on));
        let lazily: Vec<Date> = clock
            .days(&calendar, &rules, now)
            .filter(|day| !matches!(day.verdict, Verdict::Skipped(_)))
            .map(|day| day.date)
            .collect();
        prop_assert_eq!(lazily, counted);
    }

    #[test]
    fn standing_agrees_with_walking(
        tables in tables(), clock in clock(DAYS, 40), rules in rules(), later in -5 * DAY..120 * DAY,
    ) {
        let naive = Naive::new(&tables);
        let calendar = Calendar::new(tables).unwrap();
        let now = Timestamp::from_second(clock.started_at.as_second() + later).unwrap();
        let status = clock.status(&calendar, &rules, now);
        prop_assert_eq!(status.used, naive.used(&clock, &rules, now));
        match status.phase {
            Phase::Overdue => {
                prop_assert!(now >= status.due.due_at && status.remaining <= 0);
            }
            Phase::Running => {
                prop_assert!(now < status.due.due_at);
                prop_assert!(status.remaining >= i64::from(status.total) - i64::from(status.used));
                let today = common::local(&rules, now);
                prop_assert_eq!(status.remaining == 0, today >= status.due.due_on);
            }
            Phase::Paused => prop_assert!(clock.pauses.iter().any(|pause| pause.covers(now))),
            Phase::NotStarted => prop_assert!(now < clock.started_at),
        }
    }

    #[test]
    fn pauses_are_a_set_and_never_hasten(
        tables in tables(), clock in clock(DAYS, 40), rules in rules(), cut in 0..20 * DAY,
    ) {
        let calendar = Calendar::new(tables).unwrap();
        let now = clock.started_at;
        let due = clock.due(&calendar, &rules, now);
        let mut changed = clock.clone();
        changed.pauses.reverse();
        changed.pauses.extend(clock.pauses.clone());
        prop_assert_eq!(&changed.due(&calendar, &rules, now), &due);
        changed.pauses.clear();
        prop_assert!(changed.due(&calendar, &rules, now).due_on <= due.due_on);
        // Splitting a pause in two at one instant changes nothing.
        if let Some((from, Some(to))) = clock.pauses.first().map(|pause| (pause.from, pause.to)) {
            let middle = Timestamp::from_second(from.as_second() + cut).unwrap().min(to.max(from));
            changed.pauses = clock.pauses.clone();
            changed.pauses[0].to = Some(middle);
            changed.pauses.push(Pause::new("甲", middle, Some(to)));
            prop_assert_eq!(&changed.due(&calendar, &rules, now), &due);
        }
    }

    #[test]
    fn hours_and_minutes_agree_with_ticking(
        clock in clock(&[LimitUnit::Hours, LimitUnit::Minutes], 60), later in 0..60 * 60_i64,
    ) {
        let minute = |instant: Timestamp| instant.as_second().div_euclid(60);
        let whole = |instant: Timestamp| Timestamp::from_second(minute(instant) * 60).unwrap();
        let mut clock = clock;
        clock.started_at = whole(clock.started_at);
        for pause in &mut clock.pauses {
            // Near enough to the start to matter within hours.
            let from = clock.started_at.as_second() + (pause.from.as_second() % (48 * 3_600));
            let length = pause.to.map(|to| to.duration_since(pause.from).as_secs() / 10);
            pause.from = whole(Timestamp::from_second(from).unwrap());
            pause.to = length.map(|length| whole(Timestamp::from_second(from + length).unwrap()));
        }
        let now = Timestamp::from_second(clock.started_at.as_second() + later * 60).unwrap();
        let per_unit = if clock.limit.unit == LimitUnit::Hours { 60 } else { 1 };
        let mut left = i64::from(clock.total().amount) * per_unit;
        let mut tick = clock.started_at;
        while left > 0 {
            let paused = clock.pauses.iter().any(|pause| {
                pause.from <= tick && tick < pause.to.unwrap_or(now)
            });
            left -= i64::from(!paused);
            tick = Timestamp::from_second(tick.as_second() + 60).unwrap();
        }
        let due = clock.due(&Calendar::without_tables(), &ClockRules::china(), now);
        prop_assert_eq!(due.due_at, tick);
    }
}
