//! Worked cases of clocks: pauses, extensions, status, explanations.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod common;

use calendar::{Clock, ClockRules, DayEnd, Extension, Lang, Limit, LimitUnit, Offset, Pause, Phase};
use calendar::{SkipReason, Threshold, Thresholds, Timestamp, WarningLevel};
use common::{at, date, published};

/// Start and end of each pause.
type Written<'a> = &'a [(&'a str, Option<&'a str>)];

const CHINA: ClockRules = ClockRules::china();

fn clock(started_at: &str, limit: Limit, pauses: Written<'_>) -> Clock {
    let mut clock = Clock::new(at(started_at), limit);
    clock.pauses = pauses.iter().map(|(from, to)| Pause::new("hearing", at(from), to.map(at))).collect();
    clock
}

fn due(clock: &Clock, now: Timestamp) -> String {
    clock.due(&published(), &CHINA, now).due_on.to_string()
}

#[test]
fn the_day_of_a_pause_is_out_and_the_day_of_resumption_is_in() {
    let start = "2026-03-02T10:00:00+08:00";
    let limit = Limit::working_days(5);
    let now = at("2026-03-20T10:00:00+08:00");
    let rows: [(Written<'_>, &str, u32); 8] = [
        (&[], "2026-03-09", 0),
        // Wednesday to Friday: Wednesday and Thursday are excluded.
        (&[("2026-03-04T09:00:00+08:00", Some("2026-03-06T16:00:00+08:00"))], "2026-03-11", 2),
        // Within one day.
        (&[("2026-03-04T09:00:00+08:00", Some("2026-03-04T16:00:00+08:00"))], "2026-03-09", 0),
        // Over a weekend: only Friday would have counted.
        (&[("2026-03-06T09:00:00+08:00", Some("2026-03-09T09:00:00+08:00"))], "2026-03-10", 1),
        // Two overlapping pauses, and one inside the other.
        (
            &[
                ("2026-03-04T09:00:00+08:00", Some("2026-03-06T16:00:00+08:00")),
                ("2026-03-05T09:00:00+08:00", Some("2026-03-06T10:00:00+08:00")),
            ],
            "2026-03-11",
            2,
        ),
        // The pause began before the clock.
        (&[("2026-02-20T09:00:00+08:00", Some("2026-03-04T09:00:00+08:00"))], "2026-03-10", 1),
        // A pause on the last day, and one after it.
        (&[("2026-03-09T09:00:00+08:00", Some("2026-03-10T09:00:00+08:00"))], "2026-03-10", 1),
        (&[("2026-03-10T09:00:00+08:00", Some("2026-03-12T09:00:00+08:00"))], "2026-03-09", 0),
    ];
    for (pauses, expected, paused) in rows {
        let due = clock(start, limit, pauses).due(&published(), &CHINA, now);
        assert_eq!((due.due_on, due.paused), (date(expected), paused), "{pauses:?}");
        assert!(!due.open);
    }
}

#[test]
fn an_open_pause_gives_what_would_be_due_if_it_ended_now() {
    let clock =
        clock("2026-03-02T10:00:00+08:00", Limit::working_days(5), &[("2026-03-04T09:00:00+08:00", None)]);
    for (now, expected, used) in [
        ("2026-03-04T12:00:00+08:00", "2026-03-09", 1),
        ("2026-03-06T12:00:00+08:00", "2026-03-11", 1),
        ("2026-03-16T12:00:00+08:00", "2026-03-19", 1),
    ] {
        let status = clock.status(&published(), &CHINA, at(now));
        assert_eq!(status.due.due_on, date(expected), "{now}");
        assert!(status.due.open);
        assert_eq!((status.phase, status.used, status.remaining), (Phase::Paused, used, 4), "{now}");
    }
    // A pause that begins after the limit has expired changes nothing.
    let late = self::clock(
        "2026-03-02T10:00:00+08:00",
        Limit::working_days(5),
        &[("2026-03-10T09:00:00+08:00", None)],
    );
    let status = late.status(&published(), &CHINA, at("2026-03-12T09:00:00+08:00"));
    assert_eq!((status.phase, status.due.open, status.remaining), (Phase::Overdue, false, -3));
}

#[test]
fn a_clock_runs_to_its_last_second_and_is_then_overdue() {
    let clock = clock("2026-04-28T10:00:00+08:00", Limit::working_days(3), &[]);
    for (now, phase, used, remaining) in [
        ("2026-04-28T09:59:59+08:00", Phase::NotStarted, 0, 3),
        ("2026-04-28T10:00:00+08:00", Phase::Running, 0, 3),
        ("2026-04-29T00:00:00+08:00", Phase::Running, 1, 2),
        ("2026-05-03T12:00:00+08:00", Phase::Running, 2, 1),
        ("2026-05-06T23:59:59+08:00", Phase::Running, 3, 0),
        ("2026-05-07T00:00:00+08:00", Phase::Overdue, 4, -1),
        // The make-up Saturday counts.
        ("2026-05-09T00:00:00+08:00", Phase::Overdue, 6, -3),
        ("2026-05-10T00:00:00+08:00", Phase::Overdue, 6, -3),
    ] {
        let status = clock.status(&published(), &CHINA, at(now));
        assert_eq!((status.phase, status.used, status.remaining), (phase, used, remaining), "{now}");
        assert_eq!(clock.remaining(&published(), &CHINA, at(now)), remaining);
        assert_eq!(status.seconds_left <= 0, status.phase == Phase::Overdue, "{now}");
    }
}

#[test]
fn the_zone_decides_which_day_an_instant_belongs_to() {
    let calendar = published();
    // 23:30 UTC on Sunday is Monday morning in China.
    let clock = Clock::new(at("2026-03-01T23:30:00Z"), Limit::working_days(1));
    assert_eq!(due(&clock, clock.started_at), "2026-03-03");
    let utc = ClockRules::new(Offset::UTC);
    assert_eq!(clock.due(&calendar, &utc, clock.started_at).due_on, date("2026-03-02"));
    assert_eq!(CHINA.end_of(date("2026-03-02")), at("2026-03-02T16:00:00Z"));
    // Half a second before midnight still belongs to the old day, also before 1970.
    assert_eq!(utc.day_of(at("1969-12-31T23:59:59.5Z")), date("1969-12-31"));
}

#[test]
fn close_of_business_ends_a_day_for_deadlines_and_pauses() {
    let rules = ClockRules { day_end: DayEnd::At(jiff::civil::time(17, 0, 0, 0)), ..CHINA };
    let calendar = published();
    let mut clock = Clock::new(at("2026-03-02T18:30:00+08:00"), Limit::working_days(2));
    let due = clock.due(&calendar, &rules, clock.started_at);
    assert_eq!((due.due_on, due.due_at), (date("2026-03-04"), at("2026-03-04T17:00:00+08:00")));
    // Too late on the last day to stop the clock; in time on the day before.
    clock.pauses = vec![Pause::new("hearing", at("2026-03-04T17:00:00+08:00"), None)];
    let status = clock.status(&calendar, &rules, at("2026-03-06T09:00:00+08:00"));
    assert_eq!((status.phase, status.due.due_on), (Phase::Overdue, date("2026-03-04")));
    clock.pauses = vec![Pause::new("hearing", at("2026-03-03T17:00:00+08:00"), None)];
    let status = clock.status(&calendar, &rules, at("2026-03-06T09:00:00+08:00"));
    assert_eq!((status.phase, status.due.due_on, status.remaining), (Phase::Paused, date("2026-03-06"), 1));
}

#[test]
fn calendar_days_roll_off_a_rest_day_only_when_asked() {
    let calendar = published();
    let clock = clock("2026-02-05T10:00:00+08:00", Limit::calendar_days(10), &[]);
    // The tenth day is the first day of the Spring Festival.
    let rolled = clock.explain(&calendar, &CHINA, clock.started_at);
    assert_eq!(rolled.due_on, date("2026-02-24"));
    assert_eq!((rolled.counted.len(), rolled.skipped.len()), (10, 10));
    assert_eq!(rolled.counted.last(), Some(&date("2026-02-24")));
    let strict = ClockRules { roll_rest_day: false, ..CHINA };
    assert_eq!(clock.due(&calendar, &strict, clock.started_at).due_on, date("2026-02-15"));
    let status = clock.status(&calendar, &CHINA, at("2026-02-20T10:00:00+08:00"));
    assert_eq!((status.phase, status.remaining), (Phase::Running, 1));
    // The calendar is not used, so nothing is provisional.
    let far = Clock::new(at("2031-02-05T00:00:00Z"), Limit::calendar_days(3));
    assert_eq!(far.due(&calendar, &strict, far.started_at).provisional_years, Vec::<i16>::new());
    assert_eq!(far.due(&calendar, &CHINA, far.started_at).provisional_years, [2031]);
}

#[test]
fn no_working_days_means_by_the_end_of_the_first_one() {
    for (start, expected, counted) in
        [("2026-03-02T10:00:00+08:00", "2026-03-02", 0), ("2026-02-15T10:00:00+08:00", "2026-02-24", 1)]
    {
        let clock = clock(start, Limit::working_days(0), &[]);
        let explanation = clock.explain(&published(), &CHINA, clock.started_at);
        assert_eq!((explanation.due_on, explanation.counted.len()), (date(expected), counted));
    }
}

#[test]
fn hours_run_through_nights_and_holidays_less_the_exact_pauses() {
    let start = "2026-02-14T22:00:00+08:00";
    let clock = clock(
        start,
        Limit::hours(12),
        &[
            ("2026-02-15T01:00:00+08:00", Some("2026-02-15T02:30:00+08:00")),
            ("2026-02-15T02:00:00+08:00", Some("2026-02-15T03:00:00+08:00")),
            ("2026-02-15T12:00:00+08:00", Some("2026-02-15T15:00:00+08:00")),
        ],
    );
    let due = clock.due(&published(), &CHINA, at(start));
    assert_eq!((due.due_at, due.paused, due.open), (at("2026-02-15T12:00:00+08:00"), 2, false));
    for (now, phase, used, remaining) in [
        ("2026-02-14T22:59:59+08:00", Phase::Running, 0, 12),
        ("2026-02-15T02:45:00+08:00", Phase::Paused, 3, 9),
        ("2026-02-15T04:00:00+08:00", Phase::Running, 4, 8),
        ("2026-02-15T13:30:00+08:00", Phase::Overdue, 12, -1),
    ] {
        let status = clock.status(&published(), &CHINA, at(now));
        assert_eq!((status.phase, status.used, status.remaining), (phase, used, remaining), "{now}");
    }
    let open = self::clock(start, Limit::minutes(30), &[("2026-02-14T22:10:00+08:00", None)]);
    let due = open.due(&published(), &CHINA, at("2026-02-14T23:10:00+08:00"));
    assert_eq!((due.due_at, due.open), (at("2026-02-14T23:30:00+08:00"), true));
    assert_eq!(open.days(&published(), &CHINA, at(start)).count(), 0);
}

#[test]
fn an_explanation_names_every_day() {
    let mut clock = clock(
        "2026-02-12T10:00:00+08:00",
        Limit::working_days(3),
        &[("2026-02-13T09:00:00+08:00", Some("2026-02-14T09:00:00+08:00"))],
    );
    clock.extensions.push(Extension { amount: 1, reason: "甲".into() });
    let explanation = clock.explain(&published(), &CHINA, clock.started_at);
    let json = serde_json::to_value(&explanation).unwrap();
    assert_eq!(json["due_on"], "2026-02-26");
    assert_eq!(json["due_at"], "2026-02-26T16:00:00Z");
    assert_eq!(json["counted"], serde_json::json!(["2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26"]));
    assert_eq!(json["skipped"][0]["reason"], serde_json::json!({"kind": "start_day"}));
    assert_eq!(json["skipped"][1]["reason"], serde_json::json!({"kind": "paused", "pause": "hearing"}));
    assert_eq!(json["skipped"][2]["reason"], serde_json::json!({"kind": "holiday", "name": "春节"}));
    assert_eq!(json["makeup"], serde_json::json!([{"date": "2026-02-14", "name": "春节"}]));
    assert_eq!(serde_json::from_value::<calendar::Explanation>(json).unwrap(), explanation);
}

#[test]
fn a_summary_says_how_the_day_was_found() {
    let mut clock = clock(
        "2026-02-12T10:00:00+08:00",
        Limit::working_days(3),
        &[("2026-02-13T09:00:00+08:00", Some("2026-02-14T09:00:00+08:00"))],
    );
    let said = |clock: &Clock, now| clock.explain(&published(), &CHINA, at(now)).summary(Lang::Zh);
    assert_eq!(
        said(&clock, "2026-02-12T10:00:00+08:00"),
        "2026-02-12 开始，当日不计；共计入 3 天，不计入法定节假日 9 天、暂停计时 1 天；2026-02-25 到期。"
    );
    let order = Clock::new(clock.started_at, Limit::hours(24));
    assert_eq!(
        said(&order, "2026-02-12T10:00:00+08:00"),
        "2026-02-12 开始，夜间和休息日连续计时；2026-02-13 到期。"
    );
    clock.pauses[0].to = None;
    assert!(said(&clock, "2026-02-13T10:00:00+08:00").ends_with("以上按现在恢复推算。"));
    let later = Clock::new(at("2027-03-05T10:00:00+08:00"), Limit::working_days(1));
    // Computed before the notice of 2027 is published.
    let explanation = later.explain(&published(), &CHINA, at("2026-12-20T10:00:00+08:00"));
    assert!(
        explanation.summary(Lang::Zh).ends_with("2027-03-08 到期。2027 年放假安排尚未公布，到期日为暂估。")
    );
    assert_eq!(
        explanation.summary(Lang::En),
        "Started on 2027-03-05, which is not counted; 1 day counted, days left out: 2 weekend; due on 2027-03-08. \
         Provisional: the rest days of 2027 are not published yet."
    );
}

#[test]
fn reasons_read_in_both_languages() {
    let reasons = [
        (SkipReason::StartDay, "开始当日不计算在内", "the starting day is not counted"),
        (SkipReason::Weekend, "周末", "weekend"),
        (
            SkipReason::Holiday { name: "春节".into(), notice: Some("甲〔2025〕1号".into()) },
            "法定节假日（春节，甲〔2025〕1号）",
            "public holiday (春节, 甲〔2025〕1号)",
        ),
        (
            SkipReason::Holiday { name: "春节".into(), notice: None },
            "法定节假日（春节）",
            "public holiday (春节)",
        ),
        (SkipReason::Paused { kind: "hearing".into() }, "暂停计时（hearing）", "clock paused (hearing)"),
    ];
    for (reason, zh, en) in reasons {
        assert_eq!((reason.text(Lang::Zh).as_str(), reason.text(Lang::En).as_str()), (zh, en));
    }
    let named = SkipReason::Paused { kind: "hearing".into() }.text_with(Lang::Zh, |_| "听证".to_owned());
    assert_eq!(named, "暂停计时（听证）");
    assert_eq!(Limit::working_days(20).text(Lang::Zh), "20 个工作日");
    assert_eq!(Limit::new(1, LimitUnit::Hours).text(Lang::En), "1 hour");
}

#[test]
fn warnings_turn_yellow_then_red_then_overdue() {
    let clock = clock("2026-03-02T10:00:00+08:00", Limit::working_days(10), &[]);
    let by_days = Thresholds { yellow: Some(Threshold::Left(3)), red: Some(Threshold::Left(1)) };
    let by_share =
        Thresholds { yellow: Some(Threshold::UsedPercent(70)), red: Some(Threshold::UsedPercent(90)) };
    for (now, level) in [
        ("2026-03-02T09:00:00+08:00", WarningLevel::None),
        ("2026-03-10T10:00:00+08:00", WarningLevel::None),
        ("2026-03-11T10:00:00+08:00", WarningLevel::Yellow),
        ("2026-03-13T10:00:00+08:00", WarningLevel::Red),
        ("2026-03-16T10:00:00+08:00", WarningLevel::Red),
        ("2026-03-17T10:00:00+08:00", WarningLevel::Overdue),
    ] {
        let status = clock.status(&published(), &CHINA, at(now));
        assert_eq!(by_days.level(&status), level, "{now}");
        assert_eq!(by_share.level(&status), level, "{now}");
        let none = Thresholds::default().level(&status);
        assert_eq!(none == WarningLevel::None, level != WarningLevel::Overdue, "{now}");
    }
}

#[test]
fn what_is_due_on_the_day_itself_and_begins_after_hours_is_due_on_the_next_working_day() {
    let closes = Some(jiff::civil::time(17, 0, 0, 0));
    let same_day = |started_at: &str| Clock { closes, ..clock(started_at, Limit::working_days(0), &[]) };
    let now = at("2026-03-20T10:00:00+08:00");
    for (started_at, expected) in [
        ("2026-03-05T16:59:00+08:00", "2026-03-05"),
        ("2026-03-05T17:00:00+08:00", "2026-03-06"),
        // Friday evening, Saturday, and the evening before a rest day.
        ("2026-03-06T22:00:00+08:00", "2026-03-09"),
        ("2026-03-07T09:00:00+08:00", "2026-03-09"),
    ] {
        let clock = same_day(started_at);
        assert_eq!(due(&clock, now), expected, "{started_at}");
        let explained = clock.explain(&published(), &CHINA, now);
        assert_eq!(explained.due_on, date(expected));
        assert!(explained.started_on <= explained.due_on && explained.counted.len() <= 1, "{explained:?}");
    }
    // Longer limits do not look at the hour.
    let five = Clock { closes, ..clock("2026-03-05T22:00:00+08:00", Limit::working_days(5), &[]) };
    assert_eq!(due(&five, now), "2026-03-12");
}
