//! Who applies: nobody is asked for what one cannot have, and what a registry said stays with the key that it was said of.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;

use catalogue::{
    Channel, Edition, EditionParts, Field, FieldKind, PartyKind, RegistrySource, Thing, ThingId,
};
use expression::Value;
use form::{Answers, Form, Input, KnownFacts, Modes, Raw, Source, example_answers};
use identifier::{CreditCode, IdentifierKind};
use office::{Act, By, NotPossible, OfficeError, OpenDraft, Proof, StartDraft};
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
}

#[tokio::test]
async fn nothing_is_issued_on_a_number_that_only_the_applicant_stated() {
    let zone = Zone::open(95).await;
    let (mut refused, officer) = (0, By::Viewer(&zone.officers[0]));
    for service in zone.services() {
        let key = zone.guest();
        let applicant = By::Guest(&key);
        let id = zone.apply(&service, false, applicant).await.unwrap().id;
        for _ in 0..200 {
            let tasks = zone.tasks(id).await;
            let held =
                |task: &casework::Task| !matches!(task.held_by, None | Some(casework::Hold::PresenceAwaited));
            let Some(task) = tasks.into_iter().find(|task| !held(task)) else { break };
            let act = zone.act_for(&task);
            if let Act::Issue { item, result, .. } = &act {
                let loaded = zone.office.load_case(id).await.unwrap();
                let stated = zone.office.unproven(&loaded, item, result).await.unwrap();
                let hasty = Act::Issue { item: item.clone(), result: result.clone(), originals_seen: false };
                if !stated.is_empty() {
                    let told = zone.office.act(id, hasty, officer, None).await;
                    let unproven = NotPossible::IdentityUnproven;
                    assert!(matches!(told, Err(OfficeError::NotPossible(why)) if why == unproven));
                    refused += 1;
                }
                zone.office.act(id, act.clone(), officer, None).await.unwrap();
                let loaded = zone.office.load_case(id).await.unwrap();
                assert!(zone.office.unproven(&loaded, item, result).await.unwrap().is_empty());
                continue;
            }
            zone.office.act(id, act, zone.doer(&task, applicant), None).await.unwrap();
        }
    }
    assert!(refused > 0, "somebody without an account applied");
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

/// What a person holds who has no resident number; the last is another form of the same card.
const PAPERS: [(IdentifierKind, &str); 6] = [
    (IdentifierKind::Resident, "810000199001010019"),
    (IdentifierKind::ForeignResident, "91112419900101001X"),
    (IdentifierKind::ForeignResident, "CHN110000000000"),
    (IdentifierKind::HongKongMacaoPermit, "H12345678"),
    (IdentifierKind::TaiwanPermit, "12345678"),
    (IdentifierKind::Passport, "E12345678"),
];

/// The form of every thing for every kind of party in every situation, with the examples given.
fn everywhere(edition: &Edition, mut see: impl FnMut(&Thing, PartyKind, &Answers)) {
    let today = jiff::civil::date(2026, 11, 30);
    let known = KnownFacts::new();
    for thing in edition.parts().things.values() {
        for party in &thing.applicants {
            for situation in situations(edition, thing) {
                let situation = match thing.party_field() {
                    Some(field) => situation.with(field.clone(), Value::Choice(party.as_str().into())),
                    None => situation,
                };
                see(thing, *party, &example_answers(edition, thing, *party, &known, &situation, today));
            }
        }
    }
}

fn with_form<R>(
    edition: &Edition,
    thing: &Thing,
    party: PartyKind,
    answers: &Answers,
    see: impl FnOnce(&Form<'_>) -> R,
) -> R {
    let (known, modes, today) = (KnownFacts::new(), Modes::default(), jiff::civil::date(2026, 11, 30));
    see(&Form::new(Input { edition, thing, party, known: &known, answers, modes: &modes, today }))
}

#[test]
fn everybody_completes_every_form_with_whatever_identity_paper_they_hold() {
    let edition = edition();
    let mut seen = 0;
    everywhere(&edition, |thing, party, answers| {
        let asked: Vec<Field> = with_form(&edition, thing, party, answers, |form| {
            let persons = form.questions().iter().filter(|question| {
                question.required && question.field.papers().first() == Some(&IdentifierKind::Resident)
            });
            persons.map(|question| question.field.clone()).collect()
        });
        for field in asked {
            let kinds = field.papers();
            for (kind, number) in PAPERS {
                let taken = kinds.contains(&kind);
                assert!(taken || field.only.is_some(), "{}: {} takes no {kind}", thing.id, field.id);
                if !taken {
                    continue;
                }
                let mut own = answers.clone();
                let typed = Raw::One(format!("{kind}:{number}"));
                assert_eq!(
                    own.take(&field, &typed, jiff::civil::date(2026, 11, 30)),
                    Ok(true),
                    "{}",
                    field.id
                );
                // Their own day of birth goes with it. That a grown-up's number is no minor's is another matter.
                let minors = edition.parts().fields.values().any(|each| {
                    each.age_held_by().is_some_and(|(holder, _)| *holder == field.id)
                        && answers.value(each.id.as_str()) == Some(&Value::Bool(true))
                });
                if minors {
                    continue;
                }
                let held =
                    edition.parts().fields.values().filter(|each| each.birth_held_by() == Some(&field.id));
                for each in held.filter(|each| answers.value(each.id.as_str()).is_some()) {
                    let born = form::born_by(&field, own.value(field.id.as_str()).unwrap());
                    born.into_iter().for_each(|born| own.give(each.id.clone(), Value::Date(born)));
                }
                let complete = with_form(&edition, thing, party, &own, |form| {
                    form.nothing_applies() || !form.closed_to_party().is_empty() || form.complete()
                });
                assert!(complete, "{} {party:?}: {} = {kind}", thing.id, field.id);
                seen += 1;
            }
        }
    });
    assert!(seen > 500, "only {seen} papers");
}

#[test]
fn everybody_completes_every_form_without_a_telephone() {
    let edition = edition();
    let mut seen = 0;
    everywhere(&edition, |thing, party, answers| {
        let mut own = answers.clone();
        let phones: Vec<Field> = with_form(&edition, thing, party, answers, |form| {
            let asked = form.questions().iter().filter(|question| question.required);
            asked
                .filter(|question| question.field.kind == FieldKind::Phone)
                .map(|question| question.field.clone())
                .collect()
        });
        for field in &phones {
            let none = field
                .absent
                .as_ref()
                .unwrap_or_else(|| panic!("{}: {} is always needed", thing.id, field.id));
            assert_eq!(
                own.take(field, &Raw::from(none.en.as_str()), jiff::civil::date(2026, 11, 30)),
                Ok(true)
            );
        }
        with_form(&edition, thing, party, &own, |form| {
            if form.nothing_applies() || !form.closed_to_party().is_empty() {
                return;
            }
            assert!(form.complete(), "{} {party:?}", thing.id);
            let own_phone = thing.applicant(&form.facts()).and_then(|who| who.phone).cloned();
            if own_phone.is_some_and(|phone| phones.iter().any(|field| field.id == phone)) {
                let instead = &thing.without_phone;
                assert!(
                    !instead.is_empty()
                        && instead.iter().all(|field| form.question(field.as_str()).is_some())
                );
                seen += 1;
            }
        });
    });
    assert!(seen > 100, "only {seen} forms");
}

#[test]
fn nobody_sells_to_themselves_and_no_day_of_birth_contradicts_its_number() {
    let edition = edition();
    let (mut same, mut tables, mut births, mut ages) = (0, 0, 0, 0);
    everywhere(&edition, |thing, party, answers| {
        for group in &thing.apart {
            let is_table = |id: &catalogue::FieldId| {
                matches!(edition.field(id).map(|field| &field.kind), Some(catalogue::FieldKind::Rows { .. }))
            };
            let mut own = answers.clone();
            let asked = with_form(&edition, thing, party, answers, |form| {
                group[..2].iter().all(|field| form.question(field.as_str()).is_some())
            });
            let Some(number) = answers.value(group[0].as_str()).filter(|_| asked) else { continue };
            if !is_table(&group[1]) {
                own.give(group[1].clone(), number.clone());
                with_form(&edition, thing, party, &own, |form| {
                    assert!(!form.complete());
                    assert!(form.problems().any(|problem| problem.code() == "same-as"), "{}", thing.id);
                });
                same += 1;
            }
            // Whoever buys, or sells, stands in no table of the others; and in a table once.
            for id in &group[1..] {
                let Some(field) = edition.field(id) else { continue };
                let catalogue::FieldKind::Rows { columns, .. } = &field.kind else { continue };
                let Some(Value::Rows(rows)) = answers.value(id.as_str()) else { continue };
                let column = columns
                    .iter()
                    .find(|column| matches!(column.kind, catalogue::FieldKind::Identifier { .. }));
                let (Some(column), Some(row)) = (column, rows.first()) else { continue };
                let mut same_person = row.clone();
                same_person.insert(column.id.as_str().into(), number.clone());
                for (rows, code) in
                    [(vec![same_person], "same-as"), (vec![row.clone(), row.clone()], "twice-in-table")]
                {
                    let own = answers.clone().with(id.clone(), Value::Rows(rows));
                    with_form(&edition, thing, party, &own, |form| {
                        if form.question(id.as_str()).is_some() {
                            assert!(
                                form.problems().any(|problem| problem.code() == code),
                                "{} {id}",
                                thing.id
                            );
                            tables += 1;
                        }
                    });
                }
            }
        }
        for field in edition.parts().fields.values().filter(|field| field.birth_held_by().is_some()) {
            if answers.value(field.id.as_str()).is_none() {
                continue;
            }
            let own = answers.clone().with(field.id.clone(), Value::Date(jiff::civil::date(1950, 1, 1)));
            with_form(&edition, thing, party, &own, |form| {
                assert!(form.problems().any(|problem| problem.code() == "other-birth"), "{}", thing.id);
            });
            births += 1;
        }
        for field in edition.parts().fields.values().filter(|field| field.age_held_by().is_some()) {
            let Some(Value::Bool(said)) = answers.value(field.id.as_str()) else { continue };
            let own = answers.clone().with(field.id.clone(), Value::Bool(!said));
            let asked = |own: &Answers| {
                with_form(&edition, thing, party, own, |form| {
                    form.question(field.id.as_str()).is_some()
                        && form.question(field.age_held_by().unwrap().0.as_str()).is_some()
                })
            };
            if !asked(answers) || !asked(&own) {
                continue;
            }
            let (number, _) = field.age_held_by().unwrap();
            with_form(&edition, thing, party, &own, |form| {
                let told = form.problems().find(|problem| problem.code() == "other-age");
                let told = told.unwrap_or_else(|| panic!("{}: {}", thing.id, field.id));
                assert_eq!(told.field, *number, "it is told at the later question");
                assert!(!form.complete());
            });
            ages += 1;
        }
    });
    assert!(same > 10 && tables > 4 && births > 10 && ages > 4, "{same} {tables} {births} {ages}");
}

#[tokio::test]
async fn a_day_of_birth_that_the_number_holds_is_not_asked() {
    let zone = Zone::open(620).await;
    let edition = zone.office.edition();
    let field = edition
        .parts()
        .fields
        .values()
        .find(|field| field.birth_held_by().is_some())
        .expect("a day of birth");
    let number = field.held_by.clone().unwrap();
    let asks = |thing: &&Thing| thing.applicant_fields().any(|each| *each == number);
    let mut found = 0;
    for thing in edition.parts().things.values().filter(asks) {
        let guest = zone.guest();
        let by = By::Guest(&guest);
        let open = zone.start(&thing.id, Channel::Online, by).await.unwrap();
        let mut answers = support::examples(&open, &open.draft.answers).unwrap();
        answers.remove(&field.id);
        // No registry knows it.
        answers.insert(number.clone(), Raw::from("11010519491231002X"));
        let open = zone.office.save_answers(open.id, &answers, by).await.unwrap();
        let form = open.form().unwrap();
        let Some(question) = form.question(field.id.as_str()) else { continue };
        assert_eq!(question.value, Some(&Value::Date(jiff::civil::date(1949, 12, 31))));
        assert_eq!(question.state, form::State::Known);
        drop(form);
        let answers = BTreeMap::from([(number.clone(), Raw::from("360426199101010071"))]);
        let open = zone.office.save_answers(open.id, &answers, by).await.unwrap();
        let form = open.form().unwrap();
        let question = form.question(field.id.as_str()).unwrap();
        assert_eq!(
            question.value,
            Some(&Value::Date(jiff::civil::date(1991, 1, 1))),
            "it goes with its number"
        );
        found += 1;
    }
    assert!(found > 0, "no thing asks for a day of birth");
}

#[tokio::test]
async fn a_registry_is_not_asked_for_a_paper_that_it_does_not_know() {
    let zone = Zone::open(621).await;
    let asked = asked(&zone).await;
    let field = zone.office.edition().field(&asked.registry.key).unwrap().clone();
    let Some(other) = field.papers().get(1).copied() else { return };
    let guest = zone.guest();
    let by = By::Guest(&guest);
    let open = begin(&zone, &asked, &asked.keys[0], by).await;
    assert!(from_registries(&open, &asked) > 0);
    let typed = format!("{other}:{}", PAPERS.iter().find(|(kind, _)| *kind == other).unwrap().1);
    let open = give_key(&zone, &open, &asked, &typed, by).await;
    assert_eq!(from_registries(&open, &asked), 0);
    assert_eq!(open.draft.asked.get(&asked.registry.id), None, "nothing of it went to the registry");
}

#[tokio::test]
async fn who_applies_follows_the_answer_and_the_choice() {
    let zone = Zone::open(622).await;
    let edition = zone.office.edition();
    let mut seen = 0;
    for thing in edition.parts().things.values() {
        let Some(field) = thing.party_field() else { continue };
        let guest = zone.guest();
        let by = By::Guest(&guest);
        let (channel, came_from) = (Channel::Online, office::CameFrom::default());
        let start = StartDraft { thing: thing.id.clone(), party: Some(PartyKind::Legal), channel, came_from };
        let open = zone.office.start_draft(start, by).await.unwrap();
        assert_eq!(open.draft.answers.value(field.as_str()).unwrap().to_string(), "legal");
        let person = BTreeMap::from([(field.clone(), Raw::from("natural"))]);
        let open = zone.office.save_answers(open.id, &person, by).await.unwrap();
        assert_eq!(open.draft.party, PartyKind::Natural);
        let open = zone.office.set_party(open.id, PartyKind::Legal, by).await.unwrap();
        assert_eq!(open.draft.answers.value(field.as_str()).unwrap().to_string(), "legal");

        // A company hands in, without a telephone, and the case is in its name.
        let mut answers = support::examples(&open, &open.draft.answers).unwrap();
        let phone = thing.applicant_phone.clone().unwrap();
        let none = edition.field(&phone).unwrap().absent.clone().unwrap();
        answers.insert(phone, Raw::from(none.zh.as_str()));
        let mut open = zone.office.save_answers(open.id, &answers, by).await.unwrap();
        let paper = zone.paper(by).await.unwrap();
        for material in open.papers_missing().unwrap() {
            let paper = office::Attachment { material: Some(material), ..paper.clone() };
            open = zone.office.attach(open.id, paper, by).await.unwrap();
        }
        let submitted = zone.office.submit(open.id, by, None).await.unwrap();
        let party = zone.office.party(submitted.id).await.unwrap();
        assert_eq!(party.kind, Some(PartyKind::Legal));
        assert!(party.is_undertaking() && party.phone.is_empty());
        assert!(CreditCode::parse(&party.code).is_ok(), "{}", party.code);
        zone.finish(submitted.id, by).await;
        seen += 1;
    }
    assert!(seen > 1, "only {seen} things ask who buys");
}
