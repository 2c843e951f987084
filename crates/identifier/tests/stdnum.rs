//! Random numbers compared with PyPI's python-stdnum, if `YICHUANG_ORACLES` names a Python that has it.
//!
//! Two differences are intended: python-stdnum refuses credit codes that begin with a letter, and resident
//! numbers whose county it does not find in the year of birth.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use identifier::{CaseNumber, CreditCode, Date, IdentifierKind, LicenceIdentifier, ProblemCode, identify};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

const CREDIT: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const LETTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";

/// A xorshift generator: the same sequence in every run.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }

    fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }

    /// Replaces, with probability one half, one character by any letter or digit.
    fn slip(&mut self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        if self.below(2) == 0 {
            let place = self.below(characters.len());
            characters[place] = self.text(LETTERS, 1).chars().next().unwrap();
        }
        characters.into_iter().collect()
    }
}

fn ask(questions: &str) -> Option<Vec<String>> {
    let python = std::env::var("YICHUANG_ORACLES").ok()?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/numbers.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("YICHUANG_ORACLES names a Python");
    let mut stdin = child.stdin.take().unwrap();
    let asked = questions.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(asked.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let asked = writer.join().unwrap();
    assert!(output.status.success() && asked.is_ok(), "the oracle failed: {}, {asked:?}", output.status);
    let answers: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(answers.len(), questions.lines().count());
    Some(answers)
}

fn answered(questions: &str, mut compare: impl FnMut(&str, &str)) {
    let Some(answers) = ask(questions) else { return };
    for (question, answer) in questions.lines().zip(answers) {
        compare(question.split_once(' ').unwrap().1, &answer);
    }
}

#[test]
fn credit_codes_agree_with_stdnum() {
    let mut random = Sequence(0x2545_F491_4F6C_DD1D);
    let mut questions = String::new();
    for _ in 0..4_000 {
        let first = random.text("123456789ANY", 1);
        let body = format!("{first}{}{}", random.text(DIGITS, 7), random.text(CREDIT, 9));
        let code = CreditCode::compose(&body).unwrap().code;
        writeln!(questions, "credit {}", random.slip(&code)).unwrap();
    }
    let (mut accepted, mut trapped) = (0, 0);
    answered(&questions, |value, answer| {
        let ours = identify(IdentifierKind::CreditCode, value);
        if value[..2].bytes().all(|byte| byte.is_ascii_digit()) {
            assert_eq!(ours.valid, answer == "ok", "{value}: {answer}, {ours:?}");
            accepted += u32::from(ours.valid);
        } else {
            assert_eq!(answer, "InvalidFormat", "{value}");
            trapped += u32::from(ours.valid);
        }
        if let Some(ProblemCode::Check { .. }) = ours.problem.map(|problem| problem.code) {
            assert!(matches!(answer, "InvalidChecksum" | "InvalidFormat"), "{value}: {answer}");
        }
    });
    let asked = std::env::var_os("YICHUANG_ORACLES").is_some();
    assert_eq!(accepted > 1_000 && trapped > 200, asked, "{accepted} accepted, {trapped} trapped");
}

#[test]
fn check_characters_agree_with_stdnum() {
    let mut random = Sequence(0x1234_5678_9ABC_DEF1);
    let (mut questions, mut ours) = (String::new(), Vec::new());
    for _ in 0..1_000 {
        // A code with a leading letter has the same check sum, though stdnum refuses the whole code.
        let first = random.text("ANY", 1);
        let body = format!("{first}{}{}", random.text(DIGITS, 7), random.text(CREDIT, 9));
        writeln!(questions, "credit-check {body}").unwrap();
        ours.push(CreditCode::compose(&body).unwrap().check);
        let (kind, issuer) = (format!("{}001", random.text(LETTERS, 18)), random.text(LETTERS, 18));
        let length = 1 + random.below(30);
        let serial = random.text(LETTERS, length);
        writeln!(questions, "licence-check {kind}{issuer}{serial}007").unwrap();
        ours.push(LicenceIdentifier::new(&kind, &issuer, &serial, 7).unwrap().check);
        let day = Date::constant(2000, 1, 1).checked_add(jiff::Span::new().days(random.below(30_000) as i64));
        let sequence = u32::try_from(1 + random.below(999_999)).unwrap();
        let number = CaseNumber::new(day.unwrap(), sequence).unwrap().to_string();
        writeln!(questions, "digit-check {}", &number[..14]).unwrap();
        ours.push(number.chars().last().unwrap());
    }
    let mut ours = ours.into_iter();
    answered(&questions, |body, answer| {
        assert_eq!(ours.next().unwrap().to_string(), answer, "{body}");
    });
}

#[test]
fn resident_numbers_agree_with_stdnum() {
    let mut random = Sequence(0x0DDB_1A5E_5BAD_5EED);
    let regions =
        ["110105", "370211", "440524", "310101", "120110", "650102", "830000", "990426", "371199", "542101"];
    let mut questions = String::new();
    for _ in 0..6_000 {
        let region = regions[random.below(regions.len())];
        let (year, month, day) = (1850 + random.below(180), random.below(14), random.below(33));
        let body = format!("{region}{year}{month:02}{day:02}{}", random.text(DIGITS, 3));
        // Half of them get the right check character, found by trying all eleven candidates.
        let check = random.text("0123456789X", 1);
        let fitting = "0123456789X"
            .chars()
            .map(|c| format!("{body}{c}"))
            .find(|number| !matches!(problem(number), Some(ProblemCode::Check { .. })));
        let number = if random.below(2) == 0 { format!("{body}{check}") } else { fitting.unwrap() };
        writeln!(questions, "resident {}", if random.below(4) == 0 { random.slip(&number) } else { number })
            .unwrap();
    }
    let mut seen = std::collections::BTreeMap::new();
    answered(&questions, |value, answer| {
        let ours = problem(value);
        let agrees = match (&ours, answer) {
            (None, "ok" | "InvalidComponent") => true,
            // An impossible date or province is reported before the check character.
            (Some(ProblemCode::Date { .. } | ProblemCode::Province { .. }), other) => other != "ok",
            (Some(ProblemCode::Check { .. }), "InvalidChecksum") => true,
            (Some(ProblemCode::DigitExpected { .. }), "InvalidFormat" | "InvalidChecksum") => true,
            _ => false,
        };
        assert!(agrees, "{value}: {answer}, {ours:?}");
        *seen.entry((ours.is_none(), answer.to_owned())).or_insert(0) += 1;
    });
    if std::env::var_os("YICHUANG_ORACLES").is_some() {
        for outcome in [(true, "ok"), (true, "InvalidComponent"), (false, "InvalidChecksum")] {
            let outcome = (outcome.0, outcome.1.to_owned());
            assert!(seen.get(&outcome).is_some_and(|times| *times > 100), "{seen:?}");
        }
    }
}

fn problem(number: &str) -> Option<ProblemCode> {
    identify(IdentifierKind::Resident, number).problem.map(|problem| problem.code)
}
