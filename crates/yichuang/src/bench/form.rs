//! `bench form`: the form of every thing of the built-in zone, empty and with all examples answered.

use std::hint::black_box;

use anyhow::Result;
use form::{Answers, Form, Input, KnownFacts, Modes};
use jiff::civil::date;

pub fn run() -> Result<()> {
    let edition = super::zone::edition()?;
    let (known, modes, today) = (KnownFacts::new(), Modes::default(), date(2026, 11, 23));
    for thing in edition.parts().things.values() {
        let party = thing.applicants[0];
        let input =
            |answers| Input { edition: &edition, thing, party, known: &known, answers, modes: &modes, today };
        let empty = Answers::new();
        let full = form::example_answers(&edition, thing, party, &known, &empty, today);
        for (state, answers) in [("empty", &empty), ("full", &full)] {
            let questions = Form::new(input(answers)).questions().len();
            let rate = super::per_cpu_second(|| {
                black_box(Form::new(input(black_box(answers))));
            });
            super::line(&format!("form_{}_{state}_{questions}_questions", thing.id), 1e6 / rate, "µs");
        }
    }
    Ok(())
}
