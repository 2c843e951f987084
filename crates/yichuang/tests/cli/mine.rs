//! `yichuang mine`; the figures are tested in `mining`.

use std::io::Write as _;

use crate::fixture::{Folder, has_keys, refused, run};

const LOG: &str = r#"<log xes.version="1.0"><string key="concept:name" value="旧系统"/>
<trace><string key="concept:name" value="1"/>
<event><string key="concept:name" value="收件"/><date key="time:timestamp" value="2026-03-06T16:00:00+08:00"/></event>
<event><string key="concept:name" value="办结"/><date key="time:timestamp" value="2026-03-09T10:00:00+08:00"/></event>
</trace></log>"#;

#[test]
fn a_log_is_told_as_text_and_as_json() {
    let folder = Folder::new("mine");
    let log = folder.path("log.xes");
    std::fs::write(&log, LOG).unwrap();
    let json = run(&["mine", &log, "--format", "json"]).json();
    let keys = [
        "name",
        "cases",
        "events",
        "undated",
        "activities",
        "first_at",
        "last_at",
        "duration",
        "elapsed",
        "steps",
        "groups",
        "ways",
        "ways_in_all",
        "follows",
        "follows_in_all",
        "corrections",
        "fit",
    ];
    has_keys(&json, &keys);
    has_keys(&json["duration"], &["count", "sum_seconds", "median_seconds", "p90_seconds"]);
    has_keys(&json["fit"], &["judged", "fitting", "fitness", "open", "undeclared", "given_up", "strayed"]);
    assert_eq!((&json["cases"], &json["events"], &json["name"]), (&1.into(), &2.into(), &"旧系统".into()));
    assert_eq!(json["first_at"], "2026-03-06T08:00:00Z");
    assert_eq!(json["duration"]["median_seconds"], 66 * 3600);
    // From Friday afternoon to Monday morning, by the calendar and the hall hours of the shipped zone.
    let working = run(&["mine", &log, "--format", "json", "--working-hours"]).json();
    let seconds = working["duration"]["median_seconds"].as_i64().unwrap();
    assert!((1..6 * 3600).contains(&seconds), "{seconds}");
    assert_eq!(working["elapsed"]["median_seconds"], 66 * 3600);
    let zh = run(&["mine", &log]);
    let en = run(&["mine", &log, "--lang", "en"]);
    assert!(zh.out.contains("收件 → 办结") && zh.out.contains("各环节用时"), "{zh:?}");
    assert!(en.out.contains("time by step") && en.out.contains("no case was judged"), "{en:?}");
}

#[test]
fn what_is_no_log_is_refused_with_its_place() {
    let folder = Folder::new("mine-refused");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path(name);
        std::fs::File::create(&path).unwrap().write_all(bytes).unwrap();
        path
    };
    refused(&["mine", &folder.path("none.xes")], "none.xes");
    refused(&["mine", &write("empty.xes", b"")], "empty");
    refused(&["mine", &write("page.xes", b"<html></html>")], "not an XES log");
    refused(&["mine", &write("cut.xes", &LOG.as_bytes()[..300])], "line 4: the file ends before");
    refused(&["mine", &write("packed.xes.gz", b"\x1f\x8b\x08\x00garbage")], "broken or cut off");
    let whole = write("log.xes", LOG.as_bytes());
    refused(&["mine", &whole, "--item", "nothing of the kind"], "no item");
    refused(&["mine", &whole, "--pack", &folder.path("")], "zone.yaml");
}
