//! `bench condition`: a compiled condition of usual size over varying answers.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use expression::{Condition, Layout, Program, Type};

pub fn run() -> Result<()> {
    let names: BTreeMap<Arc<str>, Type> = BTreeMap::from([
        (Arc::from("面积"), Type::Number { unit: None }),
        (Arc::from("人数"), Type::Number { unit: None }),
        (Arc::from("方式"), Type::Choice(vec!["甲".into(), "乙".into(), "丙".into()])),
    ]);
    let text = "面积 > 200 and 方式 = \"甲\" or 人数 between 5 and 20";
    let condition = Condition::parse(text, &names).map_err(|problems| anyhow!("{problems:?}"))?;
    let layout = Layout::new(names.keys().cloned());
    let program = Program::compile(&condition, &layout).map_err(|problem| anyhow!("{problem:?}"))?;
    let answers: Vec<_> = (0..64)
        .map(|index| {
            expression::Answers::new()
                .with("面积", expression::Number::from(100 + index * 4))
                .with("人数", expression::Number::from(index))
                .with(
                    "方式",
                    expression::Value::Choice(if index % 3 == 0 { "甲".into() } else { "乙".into() }),
                )
        })
        .collect();
    let rows: Vec<_> = answers.iter().map(|answers| layout.facts(answers)).collect();
    let mut next = 0;
    let rate = super::per_cpu_second(|| {
        next = (next + 1) % rows.len();
        black_box(program.evaluate(black_box(&rows[next]), None));
    });
    super::line("condition_compiled", rate, "evaluations/s");
    Ok(())
}
