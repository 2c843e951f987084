//! Random logs, as XES.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part; a test that cannot go on fails"
)]

use std::fmt::Write as _;

/// SplitMix64: a seed gives the same log on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, many: u64) -> u64 {
        self.next() % many
    }
}

pub const STEPS: [&str; 6] = ["intake", "check", "visit", "judge", "issue", "deliver"];

/// A log in which most cases go through the steps in order, while some skip one, repeat one or swap two.
pub fn log(seed: u64, cases: u64, with_starts: bool) -> String {
    let mut dice = Dice(seed);
    let mut text = String::from(
        "<?xml version=\"1.0\"?>\n<log xes.version=\"1849.2016\">\n<string key=\"concept:name\" value=\"dice\"/>\n",
    );
    for case in 0..cases {
        let mut steps: Vec<&str> = STEPS.to_vec();
        match dice.below(6) {
            0 => drop(steps.remove(usize::try_from(dice.below(6)).unwrap())),
            1 => {
                let twice = usize::try_from(dice.below(6)).unwrap();
                steps.insert(twice, steps[twice]);
            }
            2 => steps.swap(2, 3),
            _ => {}
        }
        write!(text, "<trace><string key=\"concept:name\" value=\"case {case}\"/>").unwrap();
        let mut at = 1_700_000_000 + i64::try_from(dice.below(5_000_000)).unwrap();
        for step in steps {
            at += i64::try_from(dice.below(200_000)).unwrap();
            if with_starts && step != "intake" {
                event(&mut text, step, at, "start");
                at += i64::try_from(dice.below(20_000)).unwrap() + 1;
            }
            event(&mut text, step, at, "complete");
        }
        text.push_str("</trace>\n");
    }
    text.push_str("</log>\n");
    text
}

fn event(text: &mut String, step: &str, at: i64, transition: &str) {
    let at = jiff::Timestamp::from_second(at).unwrap();
    let group = if step.len() > 5 { "desk" } else { "office" };
    writeln!(
        text,
        "<event><string key=\"concept:name\" value=\"{step}\"/><date key=\"time:timestamp\" value=\"{at}\"/>\
         <string key=\"lifecycle:transition\" value=\"{transition}\"/><string key=\"org:group\" value=\"{group}\"/></event>"
    )
    .unwrap();
}

/// The declaration of the steps, one after the other; `visit` is optional.
pub fn declared() -> mining::Declared {
    let step = |(place, name): (usize, &&str)| mining::DeclaredStep {
        name: (*name).to_owned(),
        after: place.checked_sub(1).into_iter().collect(),
        optional: *name == "visit",
        again: false,
        decides: *name == "judge",
    };
    mining::Declared { steps: STEPS.iter().enumerate().map(step).collect() }
}
