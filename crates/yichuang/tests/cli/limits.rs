//! `yichuang deadline`.

use serde_json::Value;

use crate::fixture::{has_keys, refused, run};

fn deadline(arguments: &[&str]) -> Value {
    let ran = run(&[&["deadline", "--format", "json"], arguments].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let json = ran.json();
    let mut wanted = vec!["due_at", "due_on", "counted", "skipped"];
    // Keys about what is unsettled appear only when something is.
    wanted.extend(["open", "provisional_years"].into_iter().filter(|key| !json[*key].is_null()));
    has_keys(&json, &wanted);
    for day in json["skipped"].as_array().unwrap() {
        has_keys(day, &["date", "reason"]);
        assert!(day["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{day}");
    }
    json
}

fn skipped<'d>(json: &'d Value, date: &str) -> &'d str {
    let days = json["skipped"].as_array().unwrap();
    let day = days.iter().find(|day| day["date"] == date);
    day.and_then(|day| day["reason"].as_str()).unwrap_or_else(|| panic!("{date} is not skipped: {json}"))
}

/// Working days after the day of acceptance; each row is confirmed by two independent libraries.
#[test]
fn limits_fall_due_where_two_independent_calendars_say() {
    for (accepted, days, due) in [
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
    ] {
        let json = deadline(&["--accepted", accepted, "--days", &days.to_string()]);
        assert_eq!(json["due_on"], due, "{accepted} + {days}");
        let counted = json["counted"].as_array().unwrap();
        assert_eq!(
            (counted.len(), counted.last().unwrap()),
            (days, &Value::from(due)),
            "{accepted} + {days}"
        );
        // Every day from acceptance to the due day is either counted or skipped, never both.
        let first: jiff::civil::Date = accepted.parse().unwrap();
        let last: jiff::civil::Date = due.parse().unwrap();
        let between = usize::try_from((last - first).get_days()).unwrap() + 1;
        assert_eq!(counted.len() + json["skipped"].as_array().unwrap().len(), between, "{accepted} + {days}");
    }
}

#[test]
fn the_due_instant_is_the_end_of_the_due_day_in_the_zone() {
    let json = deadline(&["--accepted", "2026-09-18T23:30", "--days", "20"]);
    assert_eq!(json["due_on"], "2026-10-22");
    assert_eq!(json["due_at"], "2026-10-23T00:00:00+08:00");
}

#[test]
fn a_make_up_saturday_counts_and_a_holiday_says_its_name() {
    let json = deadline(&["--accepted", "2026-09-18", "--days", "20"]);
    assert!(json["counted"].as_array().unwrap().contains(&Value::from("2026-10-10")), "{json}");
    assert!(skipped(&json, "2026-10-01").contains("国庆"), "{json}");
    assert!(skipped(&json, "2026-09-19").contains("周末"), "{json}");
    let english = deadline(&["--accepted", "2026-09-18", "--days", "20", "--lang", "en"]);
    assert_eq!(skipped(&english, "2026-09-19"), "weekend");
}

#[test]
fn pauses_and_extensions_move_the_day() {
    // 21, 22, 23, 24 September counted, then 25–27 mid-autumn.
    assert_eq!(deadline(&["--accepted", "2026-09-18", "--days", "4"])["due_on"], "2026-09-23");
    let paused =
        deadline(&["--accepted", "2026-09-18", "--days", "4", "--pause", "检验:2026-09-21..2026-09-23"]);
    assert_eq!(paused["due_on"], "2026-09-28", "{paused}");
    assert!(skipped(&paused, "2026-09-21").contains("检验"), "{paused}");
    assert_eq!(paused["counted"].as_array().unwrap().len(), 4);
    let extended = deadline(&["--accepted", "2026-09-18", "--days", "20", "--extend", "10"]);
    assert_eq!(extended["due_on"], "2026-11-05", "{extended}");
    let twice = deadline(&[
        "--accepted",
        "2026-03-02",
        "--days",
        "5",
        "--pause",
        "鉴定:2026-03-03..2026-03-04",
        "--pause",
        "听证:2026-03-05..2026-03-06",
    ]);
    assert_eq!(twice["due_on"], "2026-03-11", "{twice}");
}

#[test]
fn calendar_days_count_every_day() {
    let json = deadline(&["--accepted", "2026-09-18", "--days", "4", "--calendar-days"]);
    assert_eq!(json["due_on"], "2026-09-22", "{json}");
}

#[test]
fn a_year_without_a_notice_says_so() {
    let json = deadline(&["--accepted", "2030-01-10", "--days", "5"]);
    assert_eq!(json["provisional_years"][0], 2030, "{json}");
    let settled = deadline(&["--accepted", "2026-09-18", "--days", "5"]);
    has_keys(&settled, &["due_at", "due_on", "counted", "skipped"]);
}

#[test]
fn wrong_instants_and_pauses_are_refused_with_the_right_shape() {
    refused(&["deadline", "--accepted", "明天", "--days", "5"], "2026-09-18");
    refused(
        &["deadline", "--accepted", "2026-09-18", "--days", "5", "--pause", "检验"],
        "KIND:2026-09-20..2026-09-25",
    );
    refused(&["deadline", "--accepted", "2026-09-18"], "--days");
    refused(&["deadline", "--accepted", "2026-09-18", "--days", "5", "--pack", "/nowhere"], "zone.yaml");
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    use std::io::{BufReader, Read as _};
    use std::process::{Command, Stdio};
    for arguments in [
        &["deadline", "--accepted", "2026-11-23", "--days", "60"][..],
        &["form", "开办餐饮店"],
        &["schema"],
        &["simulate", "--days", "1", "--runs", "1"],
        &["deadline", "--accepted", "2026-11-23", "--days", "60", "--format", "json"],
    ] {
        let mut child = Command::new(crate::fixture::BINARY)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Closed before anything is written, so that the first line already finds a closed pipe.
        drop(child.stdout.take());
        let mut told = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_to_string(&mut told).unwrap();
        let status = child.wait().unwrap();
        assert!(status.success() && told.is_empty(), "{arguments:?}: {status} {told}");
    }
}

#[test]
fn errors_are_told_once_in_the_language_that_was_asked_for() {
    let zh = crate::fixture::run(&["deadline", "--accepted", "yesterday", "--days", "3"]);
    assert_eq!(zh.code, 2);
    assert!(zh.err.contains("不是日期或时刻") && !zh.err.contains("is no day"), "{zh:?}");
    refused(&["deadline", "--accepted", "yesterday", "--days", "3"], "is no day or instant");
    let turned =
        ["deadline", "--accepted", "2026-09-18", "--days", "30", "--pause", "踏勘:2026-09-20..2026-09-10"];
    refused(&turned, "ends before it begins");
    let folder = crate::fixture::Folder::new("manners");
    let log = folder.path("log.xes");
    std::fs::write(&log, "{bad").unwrap();
    refused(&["mine", &log], "neither XML nor");
    let gone = format!("sqlite:{}", folder.path("gone/zone.db"));
    let ran = crate::fixture::run(&["audit", "--database", &gone]);
    assert_eq!(ran.err.matches("不存在").count(), 1, "{ran:?}");
}
