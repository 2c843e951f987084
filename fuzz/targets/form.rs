//! What a browser sent: decoded, read into answers, and the form computed from them for the first thing that they fit.

#![no_main]

use catalogue::PartyKind;
use form::{Answers, Form, Input, KnownFacts, Modes, parse_answer};

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    let edition = fuzz::edition();
    let Some((place, body)) = body.split_first() else { return };
    let Ok(pairs) = serde_urlencoded::from_bytes::<Vec<(String, String)>>(body) else { return };
    let today = jiff::civil::date(2026, 11, 26);
    let mut answers = Answers::new();
    for (id, raw) in form::raw_answers(&pairs) {
        let Some(field) = edition.field(&id) else { continue };
        match parse_answer(field, &raw, today) {
            Ok(Some(value)) => {
                // What is shown to be edited is read back as the same.
                let shown = form::edit_text(field, &value);
                let _ = form::show_text(field, &value, diagnostic::Lang::Zh);
                if let form::Raw::One(_) = raw {
                    let again = parse_answer(field, &form::Raw::One(shown.clone()), today);
                    assert_eq!(again, Ok(Some(value.clone())), "{id} is shown as {shown:?}");
                }
                answers.give(id, value);
            }
            Ok(None) => answers.leave_blank(id),
            Err(problems) => assert!(!problems.is_empty()),
        }
    }
    let things = &edition.parts().things;
    let thing = things.values().nth(usize::from(*place) % things.len()).expect("the zone has things");
    let (known, modes) = (KnownFacts::new(), Modes::default());
    for party in [PartyKind::Natural, PartyKind::Legal] {
        let form = Form::new(Input {
            edition,
            thing,
            party,
            known: &known,
            answers: &answers,
            modes: &modes,
            today,
        });
        let mut asked: Vec<_> = form
            .sections()
            .flat_map(|section| section.questions.iter().map(|question| question.field.id.clone()))
            .collect();
        let count = asked.len();
        asked.sort();
        asked.dedup();
        assert_eq!(asked.len(), count, "a question is asked twice");
    }
});
