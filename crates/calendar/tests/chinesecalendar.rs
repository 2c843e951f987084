//! Random due days compared with PyPI's chinesecalendar, if `YICHUANG_ORACLES` names a Python that has it.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod common;

use calendar::{Clock, ClockRules, Date, Limit, Pause, Timestamp};
use common::{at, published};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

const ROUNDS: usize = 1_500;

/// A xorshift generator: the same sequence in every run.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }
}

fn ask(python: &str, questions: &str) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/days.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("YICHUANG_ORACLES names a Python");
    let mut stdin = child.stdin.take().unwrap();
    let questions = questions.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(questions.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let asked = writer.join().unwrap();
    assert!(output.status.success() && asked.is_ok(), "the oracle failed: {}, {asked:?}", output.status);
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn local_noon(date: Date) -> Timestamp {
    at(&format!("{date}T12:00:00+08:00"))
}

#[test]
fn due_days_agree_with_chinesecalendar() {
    let Ok(python) = std::env::var("YICHUANG_ORACLES") else {
        return;
    };
    let calendar = published();
    let rules = ClockRules::china();
    let mut random = Sequence(0x9E37_79B9_7F4A_7C15);
    let (mut questions, mut ours) = (String::new(), Vec::new());
    for _ in 0..ROUNDS {
        let later = |days: i64| rules.day_of(Timestamp::from_second(1_546_300_800 + days * 86_400).unwrap());
        let start = random.below(8 * 365);
        let n = u32::try_from(random.below(70)).unwrap();
        let mut clock = Clock::new(local_noon(later(start)), Limit::working_days(n));
        write!(questions, "{} {n}", later(start)).unwrap();
        for _ in 0..random.below(4) {
            let from = start + random.below(60) - 10;
            let to = from + random.below(25);
            clock.pauses.push(Pause::new("甲", local_noon(later(from)), Some(local_noon(later(to)))));
            write!(questions, " {}..{}", later(from), later(to)).unwrap();
        }
        questions.push('\n');
        ours.push((n, clock.due(&calendar, &rules, clock.started_at).due_on));
    }
    let answers = ask(&python, &questions);
    assert_eq!(answers.len(), ROUNDS);
    let mut compared = 0;
    for ((question, (n, due_on)), answer) in questions.lines().zip(ours).zip(answers) {
        // With n = 0 there is nothing to count, and days unknown to the library cannot be compared.
        if n > 0 && answer != "unknown" {
            assert_eq!(due_on.to_string(), answer, "{question}");
            compared += 1;
        }
    }
    assert!(compared > ROUNDS * 9 / 10, "only {compared} were comparable");
}
