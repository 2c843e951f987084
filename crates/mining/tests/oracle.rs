//! Compares our figures with pm4py, an independent program, on random logs and on one of ours.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use jiff::tz::Offset;
use mining::{Bounds, Chosen, Hours, Log, Report, read_xes};
use serde_json::Value;

const ORACLE: &str = r"
import sys, json, pm4py
from statistics import median
from pm4py.objects.log.util import interval_lifecycle
net, im, fm = pm4py.read_pnml(sys.argv[1])
for path in sys.argv[2:]:
    log = pm4py.read_xes(path)
    done = log[log['lifecycle:transition'] == 'complete']
    dfg, _, _ = pm4py.discover_dfg(done)
    slow, _, _ = pm4py.discover_performance_dfg(done)
    times = pm4py.convert_to_dataframe(interval_lifecycle.to_interval(pm4py.convert_to_event_log(log)))
    work = (times['time:timestamp'] - times['start_timestamp']).dt.total_seconds()
    fit = pm4py.fitness_alignments(done, net, im, fm)
    print(json.dumps({
        'cases': int(log['case:concept:name'].nunique()),
        'events': len(log),
        'activities': int(done['concept:name'].nunique()),
        'variants': len(pm4py.get_variants(done)),
        'follows': {a + '>' + b: n for (a, b), n in dfg.items()},
        'gaps': {a + '>' + b: n['median'] for (a, b), n in slow.items()},
        'duration': median(pm4py.get_all_case_durations(log)),
        'working': work.groupby(times['concept:name']).median().to_dict(),
        'fitness': fit['averageFitness'],
        'fitting': fit['percentage_of_fitting_traces'],
    }))
";

fn close(ours: f64, theirs: f64, within: f64, what: &str) {
    assert!((ours - theirs).abs() <= within, "{what}: {ours}, pm4py says {theirs}");
}

fn compare(log: &Log, theirs: &Value) {
    let report = Report::of(log, &Chosen::default(), &Hours::Clock);
    let count = |key: &str| theirs[key].as_u64().unwrap();
    let number = |key: &str| theirs[key].as_f64().unwrap();
    assert_eq!(report.cases, count("cases"));
    assert_eq!(report.events, count("events"));
    assert_eq!(report.activities, count("activities"));
    assert_eq!(report.ways_in_all, count("variants"));
    let pair = |from: &str, to: &str| format!("{from}>{to}");
    let ours: BTreeMap<String, u64> =
        report.follows.iter().map(|each| (pair(&each.from, &each.to), each.times)).collect();
    let follows: BTreeMap<String, u64> = serde_json::from_value(theirs["follows"].clone()).unwrap();
    assert_eq!(ours, follows);
    for each in &report.follows {
        let gap = theirs["gaps"][pair(&each.from, &each.to)].as_f64().unwrap();
        close(each.gap.median_seconds as f64, gap, 1.0, "a gap");
    }
    close(report.elapsed.median_seconds as f64, number("duration"), 1.0, "the median duration");
    for step in report.steps.iter().filter(|step| step.working.count > 0) {
        let working = theirs["working"][&step.name].as_f64().unwrap();
        close(step.working.median_seconds as f64, working, 1.0, &step.name);
    }
    close(report.fit.fitness.unwrap(), number("fitness"), 1e-9, "fitness");
    let fitting = 100.0 * report.fit.fitting as f64 / report.fit.judged as f64;
    close(fitting, number("fitting"), 1e-9, "fitting traces");
    assert_eq!((report.fit.judged, report.fit.given_up), (report.cases, 0));
}

#[test]
fn figures_are_those_of_pm4py() {
    let Ok(python) = std::env::var("YICHUANG_ORACLES") else {
        eprintln!("NOT COMPARED with pm4py: YICHUANG_ORACLES names no python with it (ops/test does)");
        return;
    };
    let folder = std::env::temp_dir().join(format!("yichuang-mining-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let net = folder.join("declared.pnml");
    std::fs::write(&net, support::declared().pnml()).unwrap();
    let seeds: Vec<(u64, bool)> = (1..=6).map(|seed| (seed, seed % 2 == 0)).collect();
    let mut paths: Vec<PathBuf> = Vec::new();
    for (seed, starts) in &seeds {
        let path = folder.join(format!("{seed}.xes"));
        std::fs::write(&path, support::log(*seed, 40 + 30 * seed, *starts)).unwrap();
        paths.push(path);
    }
    let ran = Command::new(python).args(["-c", ORACLE]).arg(&net).args(&paths).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let text = String::from_utf8(ran.stdout).unwrap();
    let told: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(told.len(), paths.len(), "{text}");
    for (path, theirs) in paths.iter().zip(&told) {
        let bytes = std::fs::read(path).unwrap();
        let mut log = read_xes(&bytes[..], Bounds::PAGE, Offset::UTC).unwrap();
        log.declare_all(support::declared());
        compare(&log, theirs);
    }
    let _ = std::fs::remove_dir_all(&folder);
}
