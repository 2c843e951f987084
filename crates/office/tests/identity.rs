//! Who applies: nobody is asked for what one cannot have, and what a registry said stays with the key that it was said of.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;

use catalogue::{Channel, Edition, EditionParts, FieldKind, RegistrySource, Thing, ThingId};
use expression::Value;
use form::{Answers, Form, Input, KnownFacts, Modes, Raw, Source, example_answers};
use identifier::CreditCode;
use office::{By, OpenDraft, Proof, StartDraft};
use store::MemoryStore;
use support::{Zone, edition};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Every way of answering the situation questions that have a few answers.
fn situations(edition: &Edition, thing: &Thing) -> Vec<Answers> {
    let mut all = vec![Answers::new()];
    for question in &thing.questions {
        let Some(field) = edition.field(&question.field) else { continue };
        let values: Vec<Value> = match &field.kind {
            FieldKind::Choice { options } => {
                options.iter().map(|option| Value::Choice(option.value.clone())).collect()
            }
            FieldKind::YesNo => vec![Value::Bool(true), Value::Bool(false)],
            _ => continue,
        };
        let with = |answers: &Answers, value: &Value| answers.clone().with(field.id.clone(), value.clone());
        all = all.iter().flat_map(|answers| values.iter().map(|value| with(answers, value))).collect();
    }
    all
}

fn asks_for_assigned(form: &Form<'_>) -> Option<String> {
    let steps = form.items().flat_map(|item| item.steps.values());
    let mut assigned = steps.flat_map(|step| &step.assigns).map(|each| each.field.as_str());
    assigned.find(|field| form.question(field).is_some()).map(str::to_owned)
}

#[test]
fn everybody_in_every_situation_can_complete_every_form() {
    let edition = edition();
    let today = jiff::civil::date(2026, 11, 30);
    let (known, modes) = (KnownFacts::new(), Modes::default());
    let mut complete = 0;
    for thing in edition.parts().things.values() {
        for party in &thing.applicants {
            for situation in situations(&edition, thing) {
                let answers = example_answers(&edition, thing, *party, &known, &situation, today);
                let input = Input {
                    edition: &edition,
                    thing,
                    party: *party,
                    known: &known,
                    answers: &answers,
                    modes: &modes,
                    today,
                };
                let form = Form::new(input);
                if form.nothing_applies() || !form.closed_to_party().is_empty() {
                    continue;
                }
                let missing: Vec<_> = form
                    .questions()
                    .iter()
                    .filter(|each| each.is_missing())
                    .map(|each| &each.field.id)
                    .collect();
                assert!(form.complete(), "{} {party:?} {situation:?}: {missing:?}", thing.id);
                assert_eq!(asks_for_assigned(&form), None, "{} {party:?} {situation:?}", thing.id);
                assert!(thing.applicant(&form.facts()).is_some(), "{}: nobody is named", thing.id);
                complete += 1;
            }
        }
    }
    assert!(complete > 100, "only {complete} situations");
}

/// A thing and a situation in which something that applies assigns a code.
fn assigning(edition: &Edition) -> (ThingId, Answers) {
    let today = jiff::civil::date(2026, 11, 30);
    let (known, modes) = (KnownFacts::new(), Modes::default());
    for thing in edition.parts().things.values().filter(|thing| !thing.applicant_when.is_empty()) {
        for situation in situations(edition, thing) {
            let party = thing.applicants[0];
            let answers = example_answers(edition, thing, party, &known, &situation, today);
            let form = Form::new(Input {
                edition,
                thing,
                party,
                known: &known,
                answers: &answers,
                modes: &modes,
                today,
            });
            if form.complete()
                && form.items().flat_map(|item| item.steps.values()).any(|step| !step.assigns.is_empty())
            {
                return (thing.id.clone(), answers);
            }
        }
    }
    panic!("no thing of the zone assigns a code");
}

#[tokio::test]
async fn a_new_business_gets_its_code_from_the_registration_and_never_from_what_was_typed() {
    let zone = Zone::open(611).await;
    let (thing, answers) = assigning(&zone.office.edition());
    let key = zone.guest();
    let by = By::Guest(&key);
    let start =
        StartDraft { thing, party: None, channel: Channel::Online, came_from: office::CameFrom::default() };
    let open = zone.office.start_draft(start, by).await.unwrap();
    let raw: BTreeMap<_, _> = answers
        .iter()
        .filter_map(|(field, _)| Some((field.clone(), Raw::of(answers.value(field.as_str())?))))
        .collect();
    let mut open = zone.office.save_answers(open.id, &raw, by).await.unwrap();
    let paper = zone.paper(by).await.unwrap();
    for material in open.papers_missing().unwrap() {
        let paper = office::Attachment { material: Some(material), ..paper.clone() };
        open = zone.office.attach(open.id, paper, by).await.unwrap();
    }
    let submitted = zone.office.submit(open.id, by, None).await.unwrap();
    let loaded = zone.office.load_case(submitted.id).await.unwrap();
    let edition = loaded.edition.clone();
    let assigned = |loaded: &office::LoadedCase| {
        let steps = loaded.case.matters.iter().filter_map(|matter| edition.item(&matter.item));
        let steps = steps.flat_map(|item| item.steps.values().flat_map(|step| step.assigns.clone()));
        steps.collect::<Vec<_>>()
    };
    let wanted = assigned(&loaded);
    assert!(!wanted.is_empty());
    let before = zone.office.answers(&loaded).await.unwrap();
    assert!(wanted.iter().all(|each| before.value(each.field.as_str()).is_none()), "nobody was asked for it");

    zone.finish(submitted.id, by).await;
    let loaded = zone.office.load_case(submitted.id).await.unwrap();
    let after = zone.office.answers(&loaded).await.unwrap();
    let proofs: BTreeMap<_, _> = zone.office.proofs(&loaded, &after).await.unwrap().into_iter().collect();
    for each in wanted {
        let field = edition.field(&each.field).unwrap();
        let code =
            form::edit_text(field, after.value(each.field.as_str()).expect("the code of the registration"));
        let parsed = CreditCode::parse(&code).unwrap();
        assert!(parsed.code.starts_with(&each.prefix) && parsed.warnings().is_empty(), "{code}");
        assert_eq!(proofs[&each.field], Proof::Assigned);
    }
    assert!(proofs.values().any(|proof| *proof == Proof::Stated), "{proofs:?}");
}

/// What the draft knows from this registry.
fn facts<'d>(open: &'d OpenDraft, asked: &Asked) -> Vec<(&'d catalogue::FieldId, &'d form::Known)> {
    let from = Source::Registry { registry: asked.registry.id.clone() };
    open.draft.known.iter().filter(|(_, known)| known.source == from).collect()
}

fn from_registries(open: &OpenDraft, asked: &Asked) -> usize {
    facts(open, asked).len()
}

/// A registry with a table of two records whose first supplies facts to a thing, and a key that it does not know.
struct Asked {
    thing: ThingId,
    registry: catalogue::Registry,
    keys: [String; 2],
}

async fn asked(zone: &Zone) -> Asked {
    for registry in zone.office.edition().parts().registries.values() {
        let RegistrySource::Csv { key_column, columns, rows, .. } = &registry.source else { continue };
        let place = columns.iter().position(|column| column == key_column).unwrap();
        let keys = [rows[0][place].clone(), rows[1][place].clone()];
        for thing in zone.services() {
            let found = Asked { thing, registry: registry.clone(), keys: keys.clone() };
            let guest = zone.guest();
            let open = begin(zone, &found, &keys[0], By::Guest(&guest)).await;
            if from_registries(&open, &found) > 1 {
                return found;
            }
        }
    }
    panic!("no thing of the zone asks a registry");
}

async fn begin(zone: &Zone, asked: &Asked, key: &str, by: By<'_>) -> OpenDraft {
    let open = zone.start(&asked.thing, Channel::Online, by).await.unwrap();
    let mut answers = support::examples(&open, &open.draft.answers).unwrap();
    answers.insert(asked.registry.key.clone(), Raw::from(key));
    for field in asked.registry.supplies.keys() {
        answers.remove(field.as_str());
    }
    zone.office.save_answers(open.id, &answers, by).await.unwrap()
}

async fn give_key(zone: &Zone, open: &OpenDraft, asked: &Asked, key: &str, by: By<'_>) -> OpenDraft {
    let answers = BTreeMap::from([(asked.registry.key.clone(), Raw::from(key))]);
    zone.office.save_answers(open.id, &answers, by).await.unwrap()
}

/// The shipped zone with only the first record of that registry, and one of its columns empty where that is wanted.
fn first_alone(asked: &Asked, second_without: Option<&str>) -> Edition {
    let mut parts: EditionParts = edition().parts().clone();
    let registry = parts.registries.get_mut(&asked.registry.id).unwrap();
    let RegistrySource::Csv { columns, rows, .. } = &mut registry.source else { panic!("a table") };
    rows.truncate(if second_without.is_some() { 2 } else { 1 });
    if let Some(column) = second_without {
        let place = columns.iter().position(|each| each == column).unwrap();
        rows[1][place].clear();
    }
    Edition::seal(parts).unwrap()
}

#[tokio::test]
async fn what_a_table_said_goes_with_its_key() {
    let asked = asked(&Zone::open(612).await).await;
    let zone = Zone::on(MemoryStore::new(), first_alone(&asked, None), 613).await;
    let guest = zone.guest();
    let by = By::Guest(&guest);
    let open = begin(&zone, &asked, &asked.keys[0], by).await;
    let known: Vec<_> = facts(&open, &asked).into_iter().map(|(field, _)| field.clone()).collect();
    assert!(known.len() > 1);
    let open = zone.office.confirm_known(open.id, &known, by).await.unwrap();
    assert!(known.iter().all(|field| open.draft.answers.value(field.as_str()).is_some()));

    let unknown = give_key(&zone, &open, &asked, &asked.keys[1], by).await;
    assert_eq!(from_registries(&unknown, &asked), 0, "a key that the registry does not know");
    assert!(
        known.iter().all(|field| unknown.draft.answers.value(field.as_str()).is_none()),
        "was only confirmed"
    );

    let again = give_key(&zone, &open, &asked, &asked.keys[0], by).await;
    assert_eq!(from_registries(&again, &asked), known.len(), "the first key again");
    let cleared = give_key(&zone, &open, &asked, "", by).await;
    assert_eq!(from_registries(&cleared, &asked), 0, "the key was cleared");
}

#[tokio::test]
async fn an_empty_column_keeps_nothing_of_an_earlier_record() {
    let asked = asked(&Zone::open(614).await).await;
    let zone = Zone::open(615).await;
    let guest = zone.guest();
    let open = begin(&zone, &asked, &asked.keys[0], By::Guest(&guest)).await;
    let (field, column) = asked
        .registry
        .supplies
        .iter()
        .find(|(field, _)| facts(&open, &asked).iter().any(|(known, _)| known == field))
        .unwrap();

    let zone = Zone::on(MemoryStore::new(), first_alone(&asked, Some(column)), 616).await;
    let guest = zone.guest();
    let by = By::Guest(&guest);
    let open = begin(&zone, &asked, &asked.keys[0], by).await;
    assert!(open.draft.known.get(field.as_str()).is_some());
    let open = give_key(&zone, &open, &asked, &asked.keys[1], by).await;
    assert!(from_registries(&open, &asked) > 0, "the second record is known");
    assert!(open.draft.known.get(field.as_str()).is_none(), "but says nothing about {field}");
}

/// Answers the first key with its record, and every other with `otherwise`; empty: not at all.
async fn serve(first: String, record: String, otherwise: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let read = stream.read(&mut request).await.unwrap_or(0);
            let asked = String::from_utf8_lossy(&request[..read]).into_owned();
            let answer = if asked.contains(&first) { record.as_str() } else { otherwise };
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_service_said_goes_with_its_key_whatever_comes_of_the_next() {
    let asked = asked(&Zone::open(617).await).await;
    let RegistrySource::Csv { columns, rows, .. } = &asked.registry.source else { panic!("a table") };
    let record: BTreeMap<&String, &String> = columns.iter().zip(&rows[0]).collect();
    let body = serde_json::to_string(&record).unwrap();
    let right =
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    let encoded: String = asked.keys[0]
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    let ways = [
        ("silent", ""),
        ("unknown", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"),
        ("gone", "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"),
        ("failing", "HTTP/1.1 500 Oh\r\ncontent-length: 2\r\nconnection: close\r\n\r\noh"),
    ];
    for (name, otherwise) in ways {
        let port = serve(encoded.clone(), right.clone(), otherwise).await;
        let mut parts: EditionParts = edition().parts().clone();
        let registry = parts.registries.get_mut(&asked.registry.id).unwrap();
        let url = format!("http://127.0.0.1:{port}/records/{{key}}");
        registry.source = RegistrySource::Http { url, timeout_ms: 400 };
        let zone = Zone::on(MemoryStore::new(), Edition::seal(parts).unwrap(), 618).await;
        let guest = zone.guest();
        let by = By::Guest(&guest);
        let open = begin(&zone, &asked, &asked.keys[0], by).await;
        assert!(from_registries(&open, &asked) > 0, "{name}");
        assert!(
            facts(&open, &asked).iter().all(|(_, known)| known.as_of == Some(open.today)),
            "{name}: the day of asking"
        );
        let open = give_key(&zone, &open, &asked, &asked.keys[1], by).await;
        assert_eq!(from_registries(&open, &asked), 0, "{name}");
    }
}
