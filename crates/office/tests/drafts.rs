//! What somebody typed is kept: on two devices, over a new edition, whatever registries do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use catalogue::{Channel, Edition, EditionParts, FieldId, RegistryId, RegistrySource, ThingId};
use form::{Answer, Raw, Source};
use office::{By, OfficeError, OpenDraft, Standing};
use store::MemoryStore;
use support::{Zone, edition, examples};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// The first two questions that are asked at once, with answers.
fn two(open: &OpenDraft) -> Vec<(FieldId, Raw)> {
    examples(open, &open.draft.answers).unwrap().into_iter().take(2).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_devices_that_save_at_once_lose_nothing() {
    let zone = Zone::open(71).await;
    let key = zone.guest();
    for service in zone.services() {
        let open = zone.start(&service, Channel::Online, By::Guest(&key)).await.unwrap();
        let answers = two(&open);
        let save = |(field, raw): (FieldId, Raw)| {
            let (office, key, id) = (zone.office.clone(), key.clone(), open.id);
            tokio::spawn(async move {
                office.save_answers(id, &BTreeMap::from([(field, raw)]), By::Guest(&key)).await.map(|_| ())
            })
        };
        let saves: Vec<_> = answers.clone().into_iter().map(save).collect();
        for save in saves {
            save.await.unwrap().unwrap();
        }
        let open = zone.office.open_draft(open.id, By::Guest(&key)).await.unwrap();
        for (field, _) in answers {
            assert!(matches!(open.draft.answers.get(field.as_str()), Some(Answer::Given(_))), "{field}");
        }
    }
}

#[tokio::test]
async fn a_code_opens_the_draft_on_another_device_and_cannot_be_guessed() {
    let zone = Zone::open(72).await;
    let (phone, desk, thief) = (zone.guest(), zone.guest(), zone.guest());
    let open = zone.start(&zone.services()[0], Channel::Online, By::Guest(&phone)).await.unwrap();
    let open = zone.fill(open, false, By::Guest(&phone)).await.unwrap();
    let code = zone.office.resume_code(open.id, By::Guest(&phone)).await.unwrap();
    assert!(matches!(zone.office.open_draft(open.id, By::Guest(&desk)).await, Err(OfficeError::NotFound)));
    // As somebody types it who was read it aloud.
    let typed = code.to_string().to_lowercase().replace('-', " ");
    assert_eq!(zone.office.resume(&typed, By::Guest(&desk), "").await.unwrap(), open.id);
    let there = zone.office.open_draft(open.id, By::Guest(&desk)).await.unwrap();
    assert_eq!(there.draft.answers, open.draft.answers);
    assert_eq!(zone.office.drafts(By::Guest(&desk)).await.unwrap().len(), 1);
    let submitted = zone.office.submit(open.id, By::Guest(&desk), None).await.unwrap();
    let again = zone.office.submit(open.id, By::Guest(&phone), None).await.unwrap();
    assert_eq!(again.number, submitted.number);

    let second = zone.office.resume(&code.0, By::Guest(&zone.guest()), "").await;
    assert!(matches!(second, Err(OfficeError::NotFound)), "a code is used once: {second:?}");
    assert!(zone.office.resume(&code.0, By::Guest(&desk), "").await.is_ok(), "by the same device again");
    // Who drops the cookie comes from the same address.
    let mut looked_at = 0;
    for guess in 0..60 {
        let new = zone.guest();
        match zone.office.resume(&format!("BBBB{guess:04}"), By::Guest(&new), "192.0.2.7").await {
            Err(OfficeError::NotFound) => looked_at += 1,
            Err(OfficeError::Wait { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(looked_at, 40);

    for guess in 0..20 {
        let wrong = zone.office.resume(&format!("AAAA{guess:04}"), By::Guest(&thief), "").await;
        assert!(matches!(wrong, Err(OfficeError::NotFound)), "{wrong:?}");
    }
    let locked = zone.office.resume(&code.0, By::Guest(&thief), "").await;
    assert!(matches!(locked, Err(OfficeError::Wait { .. })), "{locked:?}");
    zone.pass(jiff::SignedDuration::from_hours(24 * 7 + 1));
    let late = zone.office.resume(&code.0, By::Guest(&zone.guest()), "").await;
    assert!(matches!(late, Err(OfficeError::NotFound)), "a code lasts a week");
}

/// A registry of the zone that has a table, with the key of its first record and a thing that asks it.
struct Registered {
    thing: ThingId,
    registry: RegistryId,
    key: (FieldId, String),
    record: BTreeMap<String, String>,
}

/// The draft after everything was answered, with the record's own key.
async fn answered(zone: &Zone, found: &Registered) -> Result<OpenDraft, OfficeError> {
    let guest = zone.guest();
    let by = By::Guest(&guest);
    let open = zone.start(&found.thing, Channel::Online, by).await?;
    let mut answers = examples(&open, &open.draft.answers)?;
    answers.insert(found.key.0.clone(), Raw::One(found.key.1.clone()));
    zone.office.save_answers(open.id, &answers, by).await
}

fn from_registry(open: &OpenDraft, registry: &RegistryId) -> usize {
    let known = open.draft.known.iter();
    known
        .filter(|(_, known)| matches!(&known.source, Source::Registry { registry: each } if each == registry))
        .count()
}

async fn find(zone: &Zone) -> Registered {
    let edition = zone.office.edition();
    for registry in edition.parts().registries.values() {
        let RegistrySource::Csv { key_column, columns, rows, .. } = &registry.source else { continue };
        let Some(row) = rows.first() else { continue };
        let record: BTreeMap<String, String> = columns.iter().cloned().zip(row.iter().cloned()).collect();
        for thing in zone.services() {
            let key = (registry.key.clone(), record[key_column].clone());
            let found = Registered { thing, registry: registry.id.clone(), key, record: record.clone() };
            let open = answered(zone, &found).await.unwrap();
            if from_registry(&open, &found.registry) > 0 {
                return found;
            }
        }
    }
    panic!("no thing of the zone asks a registry");
}

#[tokio::test]
async fn what_a_registry_knows_is_shown_and_not_asked() {
    let zone = Zone::open(73).await;
    let found = find(&zone).await;
    let open = answered(&zone, &found).await.unwrap();
    let registry = &open.edition.parts().registries[&found.registry];
    for (field, column) in &registry.supplies {
        let Some(known) = open.draft.known.get(field.as_str()) else { continue };
        let field = open.edition.field(field).unwrap();
        let recorded = form::parse_answer(field, &Raw::One(found.record[column].clone()), open.today);
        assert_eq!(recorded.unwrap().as_ref(), Some(&known.value), "{}", field.id);
        assert!(known.as_of.is_some(), "a table has a date");
    }
}

/// The shipped zone with that registry behind HTTP.
fn over_http(found: &Registered, port: u16) -> Edition {
    let mut parts: EditionParts = edition().parts().clone();
    let registry = parts.registries.get_mut(&found.registry).unwrap();
    let url = format!("http://127.0.0.1:{port}/records/{{key}}");
    registry.source = RegistrySource::Http { url, timeout_ms: 400 };
    Edition::seal(parts).unwrap()
}

/// Answers every request with these bytes, after a while; counts them.
async fn serve(answer: String, after: Duration) -> (u16, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                tokio::time::sleep(after).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (port, asked)
}

fn http(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_is_slow_broken_or_gone_is_passed_over() {
    let shipped = Zone::open(74).await;
    let found = find(&shipped).await;
    let right = serde_json::to_string(&found.record).unwrap();
    let now = Duration::ZERO;
    // Answer, delay, whether facts come of it, whether it counts as asked.
    let cases = [
        ("right", http("200 OK", &right), now, true, true),
        ("unknown", http("404 Not Found", "{}"), now, false, true),
        ("failing", http("500 Internal Server Error", "oh"), now, false, false),
        ("broken", http("200 OK", "{\"a\": "), now, false, false),
        ("a list", http("200 OK", "[1, 2]"), now, false, false),
        ("not http", "what?\r\n\r\n".to_owned(), now, false, false),
        ("silent", String::new(), now, false, false),
        ("slow", http("200 OK", &right), Duration::from_secs(5), false, false),
    ];
    for (name, answer, after, known, settled) in cases {
        let (port, asked) = serve(answer, after).await;
        let zone = Zone::on(MemoryStore::new(), over_http(&found, port), 75).await;
        let begun = Instant::now();
        let open = answered(&zone, &found).await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(4), "{name} holds people up");
        assert!(asked.load(std::sync::atomic::Ordering::Relaxed) > 0, "{name} was not asked");
        assert_eq!(from_registry(&open, &found.registry) > 0, known, "{name}");
        assert_eq!(open.draft.asked.contains_key(&found.registry), settled, "{name}");
        assert!(open.draft.answers.value(found.key.0.as_str()).is_some(), "{name}: what was typed is kept");
    }
    // Nobody listens at all.
    let zone = Zone::on(MemoryStore::new(), over_http(&found, 9), 76).await;
    assert_eq!(from_registry(&answered(&zone, &found).await.unwrap(), &found.registry), 0);
}

#[tokio::test]
async fn a_new_edition_in_the_middle_keeps_the_answers_and_says_what_changed() {
    let zone = Zone::open(77).await;
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let key = zone.guest();
    let by = By::Guest(&key);
    let mut changed = 0;
    for service in zone.services() {
        let open = zone.start(&service, Channel::Online, by).await.unwrap();
        let before = zone.fill(open, false, by).await.unwrap();
        let applies = before.form().unwrap().items().last().map(|item| item.id.clone());
        let Some(dropped) = applies.filter(|_| before.form().unwrap().items().count() > 1) else { continue };

        let mut parts: EditionParts = zone.office.edition().parts().clone();
        let thing = parts.things.get_mut(&service).unwrap();
        thing.members.retain(|member| member.item != dropped);
        thing.joint_inspections.clear();
        let mut compiled = checker::compile(&support::pack());
        compiled.edition = Some(Edition::seal(parts).unwrap());
        let published = zone.office.publish(compiled, None, &keeper).await.unwrap();
        assert_ne!(published.hash, published.before);

        let after = zone.office.open_draft(before.id, by).await.unwrap();
        assert_eq!(after.draft.answers, before.draft.answers);
        assert_eq!(after.draft.attachments, before.draft.attachments);
        assert_eq!(after.edition.hash(), published.hash);
        let gone = before.form().unwrap().questions().len() - after.form().unwrap().questions().len();
        let told = after.draft.moved.as_ref().map_or(0, |moved| moved.questions_removed.len());
        assert_eq!(told, gone, "what is asked no more is told");
        changed += gone;
        let after = zone.fill(after, false, by).await.unwrap();
        let submitted = zone.office.submit(after.id, by, None).await.unwrap();
        let case = zone.office.load_case(submitted.id).await.unwrap().case;
        assert_eq!(case.edition, published.hash, "a case is pinned to the edition that was current");
        assert!(case.matter(&dropped).is_none());
    }
    assert!(changed > 0, "some question went");
}
