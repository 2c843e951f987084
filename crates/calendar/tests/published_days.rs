//! Due days and numbers of working days on which two independent libraries agree.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod common;

use calendar::{Calendar, CalendarProblem, Clock, ClockRules, Date, DayClass, DayKind, DayRule};
use calendar::{FestivalDay, Festivals, FixedDay, Lang, Limit, Notice, YearTable};
use common::{at, date, published, published_tables};

/// Start (not counted), number of working days, due day.
const DUE: [(&str, u32, &str); 15] = [
    ("2026-02-10", 5, "2026-02-24"),
    ("2026-02-10", 20, "2026-03-16"),
    ("2026-02-14", 5, "2026-02-28"),
    ("2026-02-15", 5, "2026-02-28"),
    ("2026-03-02", 45, "2026-05-08"),
    ("2026-03-02", 60, "2026-05-28"),
    ("2026-04-30", 1, "2026-05-06"),
    ("2026-09-18", 20, "2026-10-22"),
    ("2026-09-18", 30, "2026-11-05"),
    ("2026-10-01", 30, "2026-11-17"),
    ("2025-09-28", 5, "2025-10-11"),
    ("2025-12-29", 10, "2026-01-13"),
    ("2024-02-05", 20, "2024-03-08"),
    ("2020-01-20", 5, "2020-02-04"),
    ("2026-02-10", 0, "2026-02-10"),
];

const WORKING_DAYS: [(i16, i32); 8] =
    [(2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)];

#[test]
fn due_days_follow_the_published_tables() {
    let calendar = published();
    for (start, n, due) in DUE {
        assert_eq!(calendar.add_working_days(date(start), n), date(due), "{start} + {n}");
        let started_at = at(&format!("{start}T09:30:00+08:00"));
        let mut clock = Clock::new(started_at, Limit::working_days(n));
        let computed = clock.due(&calendar, &ClockRules::china(), started_at);
        assert_eq!((computed.due_on, computed.counted), (date(due), n), "{start} + {n}");
        assert_eq!(computed.provisional_years, Vec::<i16>::new());
        let midnight = at(&format!("{}T00:00:00+08:00", date(due).tomorrow().unwrap()));
        assert_eq!(computed.due_at, midnight, "{start} + {n}");
        // Splitting a limit into a limit and an extension changes nothing.
        if n > 1 {
            clock.limit.amount = 1;
            clock.extensions.push(calendar::Extension { amount: n - 1, reason: "甲".into() });
            assert_eq!(clock.due(&calendar, &ClockRules::china(), started_at), computed);
        }
    }
}

#[test]
fn years_have_as_many_working_days_as_published() {
    let calendar = published();
    for (year, expected) in WORKING_DAYS {
        let (before, last) = (Date::constant(year - 1, 12, 31), Date::constant(year, 12, 31));
        assert_eq!(calendar.working_days_between(before, last), expected, "{year}");
        assert_eq!(calendar.working_days_between(last, before), -expected, "{year}");
        assert!(!calendar.is_provisional(year));
    }
    assert_eq!(calendar.provisional_years(date("2018-12-31"), date("2028-01-01")), [2018, 2027, 2028]);
}

#[test]
fn a_day_says_what_it_is() {
    let calendar = published();
    let class = |day| calendar.day_kind(date(day)).class;
    assert_eq!(class("2026-02-14"), DayClass::Makeup("春节"));
    assert_eq!(class("2026-10-01"), DayClass::Holiday("国庆节"));
    assert_eq!(class("2026-11-21"), DayClass::Weekend);
    assert_eq!(class("2026-11-23"), DayClass::Workday);
    assert!(!calendar.day_kind(date("2026-11-23")).provisional);
    assert!(calendar.day_kind(date("2027-01-01")).provisional);
    assert_eq!(class("2027-01-01"), DayClass::Workday);
}

#[test]
fn a_table_without_days_leaves_its_year_provisional() {
    let mut tables = published_tables();
    tables.push(YearTable { year: 2027, notice: None, days: Vec::new() });
    let calendar = Calendar::new(tables).unwrap();
    assert!(calendar.is_provisional(2027));
    let started_at = at("2026-12-28T08:00:00Z");
    let due =
        Clock::new(started_at, Limit::working_days(10)).due(&calendar, &ClockRules::china(), started_at);
    assert_eq!((due.due_on, due.provisional_years), (date("2027-01-11"), vec![2027]));
}

#[test]
fn every_fault_of_the_tables_is_reported_at_once() {
    let rule = |day, name: &str| DayRule { date: date(day), kind: DayKind::Holiday, name: name.into() };
    let table = |year, days| YearTable { year, notice: None, days };
    let error = Calendar::new(vec![
        table(2026, vec![rule("2026-01-01", "甲"), rule("2026-01-01", "乙"), rule("2025-12-31", "甲")]),
        table(2026, Vec::new()),
        table(3026, Vec::new()),
    ])
    .unwrap_err();
    assert_eq!(
        error.problems,
        [
            CalendarProblem::DuplicateDate { date: date("2026-01-01") },
            CalendarProblem::DateOutsideYear { year: 2026, date: date("2025-12-31") },
            CalendarProblem::DuplicateYear { year: 2026 },
            CalendarProblem::YearOutOfRange { year: 3026 },
        ]
    );
    assert_eq!(error.to_string().lines().count(), 4);
}

#[test]
fn a_table_reads_as_it_is_written() {
    let json = r#"{"year":2026,"notice":{"number":"通知〔2025〕1号","issued_on":"2025-11-04"},
        "days":[{"date":"2026-01-01","kind":"holiday","name":"元旦"},
                {"date":"2026-01-04","kind":"makeup_workday","name":"元旦"}]}"#;
    let table: YearTable = serde_json::from_str(json).unwrap();
    let notice =
        Notice { number: "通知〔2025〕1号".into(), issued_on: Some(date("2025-11-04")), url: None };
    assert_eq!(table.notice, Some(notice.clone()));
    assert_eq!(table.days[1].kind, DayKind::MakeupWorkday);
    let again: YearTable = serde_json::from_str(&serde_json::to_string(&table).unwrap()).unwrap();
    assert_eq!(again, table);
    let calendar = Calendar::new(vec![table]).unwrap();
    assert_eq!(calendar.day_kind(date("2026-01-01")).notice, Some(&notice));
    assert!(serde_json::from_str::<YearTable>(r#"{"year":2026,"days":[],"day":[]}"#).is_err());
}

#[test]
fn neighbouring_working_days_skip_the_break() {
    let calendar = published();
    assert_eq!(calendar.next_working(date("2026-02-14")), date("2026-02-24"));
    assert_eq!(calendar.roll_forward(date("2026-02-14")), date("2026-02-14"));
    assert_eq!(calendar.roll_forward(date("2026-02-15")), date("2026-02-24"));
    assert_eq!(calendar.subtract_working_days(date("2026-02-24"), 1), date("2026-02-14"));
    assert_eq!(calendar.subtract_working_days(date("2026-02-20"), 7), date("2026-02-06"));
    assert_eq!(calendar.subtract_working_days(date("2026-02-20"), 0), date("2026-02-20"));
}

#[test]
fn spans_beyond_every_date_stop_at_the_last_one() {
    let calendar = published();
    assert_eq!(calendar.add_working_days(date("2026-02-20"), u32::MAX), Date::MAX);
    assert_eq!(calendar.subtract_working_days(date("2026-02-20"), u32::MAX), Date::MIN);
    assert_eq!(calendar.add_working_days(Date::MAX, 1), Date::MAX);
    let started_at = at("2026-02-20T00:00:00Z");
    for limit in [Limit::working_days(u32::MAX), Limit::calendar_days(u32::MAX), Limit::minutes(u32::MAX)] {
        let due = Clock::new(started_at, limit).due(&calendar, &ClockRules::china(), started_at);
        assert!(due.due_on > date("2026-02-20"), "{limit:?}");
    }
}

/// 全国年节及纪念日放假办法, article 2: the days with fixed dates, and the lunar ones of 2027.
fn festivals() -> Festivals {
    let fixed = [(1, 1, "元旦"), (5, 1, "劳动节"), (5, 2, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节")];
    Festivals {
        notice: Notice { number: "全国年节及纪念日放假办法".into(), issued_on: None, url: None },
        from_year: 2025,
        fixed: fixed.map(|(month, day, name)| FixedDay { month, day, name: name.into() }).to_vec(),
        days: vec![FestivalDay { date: date("2027-02-08"), name: "春节".into() }],
    }
}

#[test]
fn festivals_of_the_law_are_no_working_days_before_the_notice_of_their_year() {
    let calendar = Calendar::with_festivals(published_tables(), Some(&festivals())).unwrap();
    // 1 January 2027 is a Friday.
    assert_eq!(calendar.add_working_days(date("2026-12-31"), 1), date("2027-01-04"));
    assert_eq!(calendar.add_working_days(date("2026-11-23"), 30), date("2027-01-05"));
    assert_eq!(calendar.next_working(date("2027-02-05")), date("2027-02-09"));
    let kind = calendar.day_kind(date("2027-01-01"));
    assert_eq!(kind.class, DayClass::Holiday("元旦"));
    assert_eq!(kind.notice.map(|notice| &*notice.number), Some("全国年节及纪念日放假办法"));
    assert!(kind.provisional && calendar.is_provisional(2027), "which days are made up for is still unknown");
    // Years far ahead are counted without a table too, in both directions.
    assert!(!calendar.is_working(date("2045-05-01")));
    assert_eq!(calendar.working_days_between(date("2026-12-31"), date("2027-01-05")), 2);
    assert_eq!(
        calendar.subtract_working_days(date("2027-01-05"), 2),
        date("2027-01-01").yesterday().unwrap()
    );
}

#[test]
fn festivals_change_nothing_in_years_that_have_their_notice() {
    let plain = published();
    let calendar = Calendar::with_festivals(published_tables(), Some(&festivals())).unwrap();
    for (year, expected) in WORKING_DAYS {
        let (before, last) = (Date::constant(year - 1, 12, 31), Date::constant(year, 12, 31));
        assert_eq!(calendar.working_days_between(before, last), expected, "{year}");
    }
    for (start, n, _) in DUE {
        assert_eq!(
            calendar.add_working_days(date(start), n),
            plain.add_working_days(date(start), n),
            "{start}"
        );
    }
}

#[test]
fn festivals_stand_without_any_table_and_only_on_days_that_exist() {
    let calendar = Calendar::with_festivals(Vec::new(), Some(&festivals())).unwrap();
    assert!(!calendar.is_working(date("2026-10-01")) && calendar.is_working(date("2024-10-01")));
    let mut odd = festivals();
    odd.fixed.push(FixedDay { month: 2, day: 30, name: "甲".into() });
    let error = Calendar::with_festivals(Vec::new(), Some(&odd)).unwrap_err();
    assert_eq!(error.problems, [CalendarProblem::NoSuchDay { month: 2, day: 30 }]);
}

#[test]
fn only_years_to_come_are_said_not_to_be_published() {
    let calendar = published();
    let told = |start: &str, now: &str| {
        let clock = Clock::new(at(start), Limit::working_days(10));
        clock.explain(&calendar, &ClockRules::china(), at(now)).summary(Lang::Zh)
    };
    let to_come = told("2026-12-28T08:00:00Z", "2026-12-28T08:00:00Z");
    assert!(to_come.contains("2027 年放假安排尚未公布"), "{to_come}");
    for (start, now) in
        [("2018-03-05T08:00:00Z", "2026-11-30T08:00:00Z"), ("2027-03-01T08:00:00Z", "2028-01-10T08:00:00Z")]
    {
        let past = told(start, now);
        assert!(past.contains("没有收录") && !past.contains("尚未公布"), "{past}");
    }
}

#[test]
fn the_last_day_in_time_is_the_day_before_the_midnight_that_ends_it() {
    let offset = calendar::Offset::constant(8);
    assert_eq!(calendar::last_day(at("2026-11-26T00:00:00+08:00"), offset), date("2026-11-25"));
    assert_eq!(calendar::last_day(at("2026-11-25T17:00:00+08:00"), offset), date("2026-11-25"));
}
