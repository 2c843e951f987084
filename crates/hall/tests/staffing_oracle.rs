//! Staffing against Erlang's definition, summed with fifty decimal digits in Python.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::io::Write;
use std::process::{Command, Stdio};

use hall::queueing::{Target, least_servers};

const ORACLE: &str = r#"
import sys
from decimal import Decimal, getcontext
getcontext().prec = 50
for line in sys.stdin:
    load, service, share, minutes = (Decimal(word) for word in line.split())
    servers, term, below = 0, Decimal(1), Decimal(0)
    while True:
        below += term                      # sum of load^k / k! for k < servers + 1
        servers += 1
        term = term * load / servers       # load^servers / servers!
        if servers > load:
            last = term * servers / (servers - load)
            waiting = last / (below + last)
            if waiting * (-(servers - load) * minutes / service).exp() <= 1 - share:
                break
    print(servers)
"#;

#[test]
fn staffing_equals_exact_erlang_c_on_ten_thousand_points() {
    let Ok(python) = std::env::var("YICHUANG_ORACLES") else {
        eprintln!("NOT COMPARED with exact sums: YICHUANG_ORACLES names no python (ops/test does)");
        return;
    };
    let mut questions = String::new();
    let mut ours = Vec::new();
    for index in 1..=2_500_u32 {
        // Hundredths of an Erlang, so that both sides parse the same number.
        let load = format!("{}.{:02}", index * 8 / 100, index * 8 % 100);
        let service = [4, 8, 15][index as usize % 3];
        for (share, minutes) in [("0.8", 5), ("0.9", 10), ("0.9", 15), ("0.95", 2)] {
            questions.push_str(&format!("{load} {service} {share} {minutes}\n"));
            let target = Target { share: share.parse().unwrap(), minutes: f64::from(minutes) };
            ours.push(least_servers(load.parse().unwrap(), f64::from(service), target));
        }
    }
    assert_eq!(ours.len(), 10_000);
    let mut child = Command::new(python)
        .args(["-c", ORACLE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("YICHUANG_ORACLES names a python");
    let mut input = child.stdin.take().unwrap();
    let asked = questions.clone();
    let writer = std::thread::spawn(move || input.write_all(asked.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let answers = String::from_utf8(output.stdout).unwrap();
    let differing: Vec<_> = questions
        .lines()
        .zip(&ours)
        .zip(answers.lines())
        .filter(|((_, ours), theirs)| ours.to_string() != *theirs)
        .collect();
    assert_eq!(answers.lines().count(), ours.len());
    assert!(differing.is_empty(), "{} differ, first {:?}", differing.len(), differing.first());
}
