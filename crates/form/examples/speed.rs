//! How long one form takes: a thing with 12 items and 120 fields, half of them answered, with conditions on members,
//! fields, papers and steps. Prints `name value unit` lines. Run it with `--release`.

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::time::Instant;

use catalogue::*;
use expression::Value;
use form::{Answers, Form, Input, KnownFacts};
use support::*;

const ITEMS: usize = 12;
const FIELDS: usize = 120;
const ROUNDS: usize = 2_000;

fn edition() -> Edition {
    let mut zone = zone();
    for field in 0..FIELDS {
        let name = format!("字段{field}");
        let section = ["主体", "场所", "其他"][field % 3];
        zone = zone.field(match field % 4 {
            0 => choice(&name, section, &["甲", "乙", "丙"]),
            1 => yes_no(&name, section),
            2 => number(&name, section),
            _ => text_field(&name, section),
        });
    }
    for material in 0..30 {
        zone = zone.material(&format!("材料{material}"), Issuer::Applicant);
    }
    for situation in 0..6 {
        zone = zone.asks(&format!("字段{}", 4 * situation), "");
    }
    for place in 0..ITEMS {
        let when = match place % 3 {
            0 => String::new(),
            _ => format!("字段{} != \"丙\"", 4 * (place % 6)),
        };
        zone = zone.with_item(&format!("事项{place}"), &when, |zone, item| {
            for index in 0..30 {
                let field = (10 * place + index) % FIELDS;
                let when = match index % 3 {
                    0 => format!("字段{} = \"甲\" or 字段{} > 200", 4 * (field / 4), 4 * (field / 4) + 2),
                    _ => String::new(),
                };
                item.fields.push(zone.uses(&format!("字段{field}"), &when));
            }
            for index in 0..6 {
                let when = match index % 2 {
                    0 => format!("字段{} and 字段{} >= 50", 4 * place + 1, 4 * place + 2),
                    _ => String::new(),
                };
                let material = format!("材料{}", (3 * place + index) % 30);
                item.materials.push(zone.wants(&material, &when, MaterialNeed::Required));
            }
            for kind in
                [StepKind::Accept, StepKind::Review, StepKind::Inspect, StepKind::Decide, StepKind::Issue]
            {
                let mut step = step(&format!("{kind:?}"), kind, &[]);
                if kind == StepKind::Inspect {
                    step.when = zone.when(&format!("字段{} > 100", 4 * place + 2));
                }
                item.steps.insert(step.id.clone(), step);
            }
        });
    }
    zone.seal()
}

fn main() {
    let edition = edition();
    let thing = &edition.parts().things[0];
    let (known, modes) = (KnownFacts::new(), form::Modes::default());
    let mut all = Answers::new().with("名称", Value::text("某店"));
    for (id, field) in edition.parts().fields.iter().skip(1) {
        all.give(id.clone(), form::example_answer(field, TODAY).expect("every kind here has an example"));
    }
    let half: Answers = all
        .iter()
        .step_by(2)
        .filter_map(|(id, _)| Some((id.clone(), all.value(id.as_str())?.clone())))
        .collect();
    for (name, answers) in [("none", Answers::new()), ("half", half), ("all", all)] {
        let input = Input {
            edition: &edition,
            thing,
            party: PartyKind::Legal,
            known: &known,
            answers: &answers,
            modes: &modes,
            today: TODAY,
        };
        let form = Form::new(input);
        let questions = form.questions().len();
        let mut micros: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let start = Instant::now();
                black_box(Form::new(black_box(input)));
                start.elapsed().as_secs_f64() * 1e6
            })
            .collect();
        micros.sort_by(f64::total_cmp);
        println!("form_{name}_questions {questions} count");
        println!("form_{name}_p50 {:.1} us", micros[ROUNDS / 2]);
        println!("form_{name}_p99 {:.1} us", micros[ROUNDS * 99 / 100]);
    }
}
