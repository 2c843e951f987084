//! `yichuang simulate` and `yichuang staff`.

use serde_json::Value;

use crate::fixture::{Folder, has_keys, refused, run, zone};

fn simulate(arguments: &[&str]) -> Value {
    let ran = run(&[&["simulate", "--format", "json", "--runs", "60"], arguments].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()
}

fn mean(report: &Value, path: &str) -> f64 {
    report.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {path}: {report}"))
}

#[test]
fn a_week_of_the_hall_says_waits_and_use_by_line_lane_hour_and_window() {
    let json = simulate(&["--days", "7"]);
    has_keys(&json, &["hall", "from", "days", "runs", "seed", "base", "what_if", "difference"]);
    assert_eq!((&json["days"], &json["what_if"]), (&Value::from(7), &Value::Null));
    assert_eq!(json["difference"], Value::Null);
    let base = &json["base"];
    has_keys(base, &["days", "target_minutes", "all", "lines", "lanes", "hours", "windows"]);
    assert_eq!(base["days"], 7 * 60);
    has_keys(
        &base["all"],
        &[
            "name",
            "tickets",
            "mean_wait_minutes",
            "median_wait_minutes",
            "p90_wait_minutes",
            "within_target_share",
            "abandoned_share",
            "no_show_share",
            "unserved",
            "mean_stay_minutes",
        ],
    );
    assert!(mean(base, "/all/tickets/mean") > 300.0 && mean(base, "/all/tickets/half_width") < 10.0);
    let people: f64 = base["lines"].as_array().unwrap().iter().map(|line| mean(line, "/tickets/mean")).sum();
    assert!((people - mean(base, "/all/tickets/mean")).abs() < 1e-6);
    for window in base["windows"].as_array().unwrap() {
        assert!((0.0..=1.0).contains(&mean(window, "/busy_share/mean")), "{window}");
    }
    let weekend = simulate(&["--from", "2026-01-10", "--days", "2"]);
    assert!(mean(&weekend, "/base/all/tickets/mean") < 0.6 * mean(base, "/all/tickets/mean"));
}

#[test]
fn the_pack_s_calendar_says_on_which_days_the_hall_is_open_and_how_many_come() {
    let people = |report: &Value| mean(report, "/base/all/tickets/mean");
    let workday = simulate(&["--from", "2026-10-09", "--days", "1"]);
    // A Saturday and a Sunday that are worked.
    for makeup in ["2026-10-10", "2026-09-20"] {
        let played = simulate(&["--from", makeup, "--days", "1"]);
        assert_eq!(played["base"]["windows"], workday["base"]["windows"], "{makeup}");
        assert_eq!(people(&played), people(&workday), "{makeup}");
    }
    refused(&["simulate", "--from", "2026-10-01", "--days", "7"], "closed");
    assert_eq!(simulate(&["--from", "2026-10-07", "--days", "2"])["days"], 1, "the holiday is left out");
}

#[test]
fn the_same_seed_gives_the_same_figures_and_another_does_not() {
    let with = |seed| simulate(&["--days", "1", "--seed", seed]);
    assert_eq!(with("3"), with("3"));
    assert_ne!(with("3")["base"], with("4")["base"]);
}

#[test]
fn changes_do_what_a_manager_expects() {
    let wait = |report: &Value| mean(report, "/all/mean_wait_minutes/mean");
    let changed = |change: &str| simulate(&["--days", "1", "--what-if", change]);
    let opened = changed("open-window A09 09:00-17:00");
    assert!(wait(&opened["what_if"]) < 0.85 * wait(&opened["base"]), "{opened}");
    let online = changed("online 税务 50%");
    let people = |report: &Value, line: &str| {
        let lines = report["lines"].as_array().unwrap();
        mean(lines.iter().find(|figures| figures["name"] == line).unwrap(), "/tickets/mean")
    };
    let (before, after) = (people(&online["base"], "税务"), people(&online["what_if"], "税务"));
    assert!((after / before - 0.5).abs() < 0.06, "{before} {after}");
    let extended = changed("extend 60");
    let late = |report: &Value| {
        let hours = report["hours"].as_array().unwrap();
        hours.iter().filter(|hour| hour["hour"].as_u64() >= Some(19)).count()
    };
    assert_eq!((late(&extended["base"]), late(&extended["what_if"])), (0, 1));
    let moved = changed("move-lunch A03 13:30-14:30");
    let duty = |report: &Value| {
        let windows = report["windows"].as_array().unwrap();
        mean(windows.iter().find(|window| window["name"] == "A03").unwrap(), "/duty_minutes")
    };
    assert_eq!(duty(&moved["what_if"]) - duty(&moved["base"]), 30.0, "an hour instead of an hour and a half");
}

#[test]
fn a_change_is_judged_by_the_same_people_with_and_without_it() {
    let nothing = simulate(&["--days", "2", "--what-if", "online 税务 0%"]);
    let all = &nothing["difference"]["all"];
    assert_eq!(nothing["difference"]["runs"], 2 * 60);
    for figure in ["mean_wait_minutes", "within_target_share", "unserved"] {
        assert_eq!(
            (mean(all, &format!("/{figure}/mean")), mean(all, &format!("/{figure}/half_width"))),
            (0.0, 0.0)
        );
    }
    let opened = simulate(&["--days", "1", "--what-if", "open-window A09 09:00-17:00"]);
    let half = |report: &Value| mean(report, "/all/mean_wait_minutes/half_width");
    let apart = half(&opened["base"]).hypot(half(&opened["what_if"]));
    let paired = half(&opened["difference"]);
    assert!(paired < 0.8 * apart, "{paired} {apart}");
    let change = mean(&opened["difference"], "/all/mean_wait_minutes/mean");
    let unpaired = mean(&opened["what_if"], "/all/mean_wait_minutes/mean")
        - mean(&opened["base"], "/all/mean_wait_minutes/mean");
    assert!(change < -paired && (change - unpaired).abs() < 1.5 * apart, "{change} {unpaired}");
    let ran = run(&["simulate", "--days", "1", "--runs", "5", "--lang", "en", "--what-if", "extend 60"]);
    assert!(ran.out.contains("to the same people"), "{ran:?}");
}

#[test]
fn what_cannot_be_played_is_refused_with_the_way_to_write_it() {
    refused(&["simulate", "--what-if", "move-lunch X99 12:00-13:00"], "X99");
    refused(&["simulate", "--what-if", "online 无此业务 10%"], "无此业务");
    refused(&["simulate", "--what-if", "abolish lunch"], "open-window A09 09:00-12:00");
    refused(&["simulate", "--hall", "无此大厅"], "政务服务大厅");
    refused(&["staff", "--target", "soon"], "90 % under 15 min");
    refused(&["staff", "--rates", "night=3"], "regular=1");
}

#[test]
fn text_exists_in_both_languages() {
    let zh = run(&["simulate", "--days", "1", "--runs", "5"]);
    assert!(zh.out.contains("平均等候") && zh.out.contains("在岗"), "{zh:?}");
    let en = run(&["simulate", "--days", "1", "--runs", "5", "--lang", "en"]);
    assert!(en.out.contains("mean wait") && en.out.contains("on duty"), "{en:?}");
}

#[test]
fn a_roster_is_proposed_and_proved() {
    let ran = run(&["staff", "--target", "90 % under 15 min", "--day", "weekend", "--format", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let json = ran.json();
    has_keys(
        &json,
        &[
            "hall",
            "target",
            "shifts",
            "cost",
            "desk_hours",
            "within_target_share",
            "worst_line",
            "by_formula",
            "present",
            "proof",
        ],
    );
    assert_eq!(json["target"], "90 % under 15 min");
    assert!(mean(&json, "/within_target_share/mean") >= 0.9);
    assert!(json["shifts"].as_array().unwrap().len() > 5);
    assert_eq!(json["proof"]["days"], 1_500);
    let desk_minutes: f64 =
        json["proof"]["windows"].as_array().unwrap().iter().map(|window| mean(window, "/duty_minutes")).sum();
    assert!((desk_minutes / 60.0 - mean(&json, "/desk_hours")).abs() < 1e-6);
    let hopeless = run(&["staff", "--target", "99.9 % under 1 min", "--day", "weekend"]);
    assert_eq!(hopeless.code, 1, "{hopeless:?}");
    assert!(hopeless.err.contains("--spare-desks"));
}

/// A hall, a roster and figures that are not ours.
#[test]
fn a_pack_of_somebody_else_loads_and_plays() {
    let folder = Folder::new("halls");
    let copied = folder.copy(&zone(), "pack");
    let path = copied.join("halls/arrivals.csv");
    std::fs::write(&path, "hall,line,day,quarter,expected\n政务服务大厅,税务,workday,10:00,30\n").unwrap();
    std::fs::remove_file(copied.join("halls/lanes.csv")).unwrap();
    let pack = copied.to_str().unwrap();
    let json = simulate(&["--pack", pack, "--days", "1", "--patience", "0", "--no-show", "0"]);
    assert!((mean(&json, "/base/all/tickets/mean") - 30.0).abs() < 3.0);
    // Thirty people in a quarter of an hour, and eleven windows that can serve them.
    assert!(mean(&json, "/base/all/mean_wait_minutes/mean") > 3.0);
    for (row, said) in [
        ("政务服务大厅,炼金,workday,10:00,3", "炼金"),
        ("政务服务大厅,税务,workday,10:05,3", "10:05"),
        ("政务服务大厅,税务,holiday,10:00,3", "workday"),
        ("政务服务大厅,税务,workday,10:00,many", "many"),
    ] {
        std::fs::write(&path, format!("hall,line,day,quarter,expected\n{row}\n")).unwrap();
        let checked = run(&["check", pack, "--lang", "en"]);
        if checked.code == 0 {
            refused(&["simulate", "--pack", pack], said);
        } else {
            assert!(
                checked.out.contains("halls/arrivals.csv:2") && checked.out.contains(said),
                "{checked:?}"
            );
        }
    }
}
