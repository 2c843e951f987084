//! A condition: read, judged, compiled, analysed. What is printed reads as the same condition, and the compiled program
//! judges as the tree does.

#![no_main]

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use expression::{Answers, Condition, Facts as _, Layout, Program, Type, Value, analysis};

fn names() -> &'static BTreeMap<Arc<str>, Type> {
    static NAMES: OnceLock<BTreeMap<Arc<str>, Type>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let edition = fuzz::edition();
        let fields = edition.parts().fields.values();
        fields.map(|field| (Arc::from(field.id.as_str()), field.value_type())).collect()
    })
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(condition) = Condition::parse(text, names()) else { return };
    let printed = condition.to_string();
    assert_eq!(Condition::parse(&printed, names()).as_ref(), Ok(&condition), "{printed}");
    let answers = Answers { today: Some(jiff::civil::date(2026, 11, 26)), ..Answers::new() }
        .with("营业面积", Value::from(120));
    let truth = condition.evaluate(&answers);
    let unknowns = condition.unknowns(&answers);
    let layout = Layout::new(names().keys().cloned());
    let program = Program::compile(&condition, &layout).expect("every name has a place");
    assert_eq!(program.evaluate(&layout.facts(&answers), answers.today()), truth, "{printed}");
    assert!(unknowns.iter().all(|name| names().contains_key(name)));
    let _ = analysis::analyse(&condition, names());
});
