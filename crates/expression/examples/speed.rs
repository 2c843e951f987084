//! Evaluations per second of a typical condition, on one core:
//! `cargo run --release -p expression --example speed`.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use expression::analysis::analyse;
use expression::{Answers, Condition, Facts, Layout, Program, Type, Value};

const ROUNDS: u32 = 10_000_000;

fn main() {
    let names: BTreeMap<Arc<str>, Type> = [
        ("营业面积", Type::number()),
        ("经营方式", Type::Choice(["堂食", "外带"].map(Arc::from).to_vec())),
        ("从业人数", Type::number()),
    ]
    .map(|(name, kind)| (Arc::from(name), kind))
    .into();
    let text = "营业面积 > 200 and 经营方式 = \"堂食\" or 从业人数 between 5 and 20";
    let condition = Condition::parse(text, &names).expect("the example is right");
    let layout = Layout::new(names.keys().cloned());
    let program = Program::compile(&condition, &layout).expect("the layout has all names");
    let cases: Vec<Answers> = (0..64)
        .map(|n| {
            let way = if n % 3 == 0 { "堂食" } else { "外带" };
            Answers::new().with("营业面积", n * 7).with("经营方式", Value::choice(way)).with("从业人数", n)
        })
        .collect();
    let slots: Vec<_> = cases.iter().map(|case| layout.facts(case)).collect();

    let start = Instant::now();
    let mut held = 0u32;
    for round in 0..ROUNDS {
        let facts = black_box(&slots[round as usize % slots.len()]);
        held += u32::from(program.evaluate(facts, None).is_true());
    }
    report("program_evaluations", ROUNDS, start);

    let rounds = ROUNDS / 10;
    let start = Instant::now();
    for round in 0..rounds {
        let facts: &dyn Facts = black_box(&cases[round as usize % cases.len()]);
        held += u32::from(condition.evaluate(facts).is_true());
    }
    report("condition_evaluations", rounds, start);
    black_box(held);

    let rounds = 100_000;
    let start = Instant::now();
    for _ in 0..rounds {
        black_box(Condition::parse(black_box(text), &names).is_ok());
    }
    report("condition_parses", rounds, start);
    let start = Instant::now();
    for _ in 0..rounds {
        black_box(analyse(black_box(&condition), &names));
    }
    report("condition_analyses", rounds, start);
}

fn report(name: &str, rounds: u32, start: Instant) {
    println!("{name} {:.3} million/s", f64::from(rounds) / start.elapsed().as_secs_f64() / 1e6);
}
