//! Exports of a simulated history: complete, without duplicates, without personal data, and readable by other
//! programs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod played;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{Cursor, Read as _};

use diagnostic::Lang;
use ledger::{Sheet, Trace, Written, write_csv, write_ocel, write_xes, write_xlsx};
use office::TicketRef;
use played::{Counted, MARK, Played};
use roxmltree::{Document, Node};
use serde_json::Value;

async fn xes(played: &Played, trace: Trace) -> (Written, String) {
    let mut out = Vec::new();
    let mut records = played.office.records().await.unwrap();
    let written = write_xes(&mut records, &mut out, trace, Lang::Zh).await.unwrap();
    (written, String::from_utf8(out).unwrap())
}

async fn ocel(played: &Played, lang: Lang) -> (Written, String) {
    let mut out = Vec::new();
    let mut records = played.office.records().await.unwrap();
    let written = write_ocel(&mut records, &mut out, lang).await.unwrap();
    (written, String::from_utf8(out).unwrap())
}

fn children<'a>(node: Node<'a, 'a>, tag: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |child| child.has_tag_name(tag))
}

/// The value of an element's attribute by key.
fn said<'a>(node: Node<'a, 'a>, key: &str) -> Option<&'a str> {
    node.children()
        .find(|child| child.attribute("key") == Some(key))
        .and_then(|child| child.attribute("value"))
}

fn names(log: Node<'_, '_>) -> BTreeSet<String> {
    let events = log.descendants().filter(|node| node.has_tag_name("event"));
    events.map(|event| said(event, "concept:name").unwrap().to_owned()).collect()
}

fn check_xes(text: &str, written: &Written, traces: u64, events: u64) {
    let document = Document::parse(text).expect("well-formed");
    let log = document.root_element();
    assert_eq!(children(log, "trace").count() as u64, traces);
    assert_eq!((written.entries, written.events), (traces, events));
    let mut seen = HashSet::new();
    for trace in children(log, "trace") {
        let mut before = String::new();
        for event in children(trace, "event") {
            assert!(seen.insert(said(event, "event:id").unwrap()), "an event is told twice");
            let at = said(event, "time:timestamp").unwrap();
            assert!(at.ends_with("+08:00"), "{at} is not on the zone's clock");
            // The fraction is absent when zero, so whole seconds are compared.
            assert!(at[..19] >= before[..], "{at} before {before}");
            before = at[..19].to_owned();
            let transition = said(event, "lifecycle:transition").unwrap();
            assert!(["start", "ate_abort", "complete"].contains(&transition), "{transition}");
            assert!(said(event, "org:resource").is_some() && said(event, "org:role").is_some());
        }
    }
    assert_eq!(seen.len() as u64, events);
    let shown: BTreeSet<String> = written.activities.iter().map(|name| name.replace('\u{7}', "␇")).collect();
    assert!(names(log) == shown, "{:?}", names(log).symmetric_difference(&shown));
}

fn check_ocel(text: &str, written: &Written, counted: &Counted) {
    let log: Value = serde_json::from_str(text).expect("well-formed");
    let list = |key: &str| log[key].as_array().unwrap_or_else(|| panic!("{key}")).clone();
    let word =
        |value: &Value, key: &str| value[key].as_str().unwrap_or_else(|| panic!("{key}: {value}")).to_owned();
    let types = |key: &str| list(key).iter().map(|kind| word(kind, "name")).collect::<BTreeSet<_>>();
    let (events, objects) = (list("events"), list("objects"));
    assert!(counted.of_halls > 100 && counted.tickets > 20 && counted.appointments > 0, "{counted:?}");
    assert_eq!(events.len() as u64, counted.events + counted.of_halls);
    assert_eq!(written.events, counted.events + counted.of_halls);
    assert_eq!(objects.len() as u64, written.entries);
    let mut by_type: BTreeMap<String, u64> = BTreeMap::new();
    let mut ids = HashSet::new();
    for object in &objects {
        *by_type.entry(word(object, "type")).or_default() += 1;
        assert!(ids.insert(word(object, "id")), "{object} is told twice");
    }
    assert_eq!(by_type["case"], counted.cases);
    assert_eq!(by_type["matter"], counted.matters);
    assert_eq!(by_type["ticket"], counted.tickets + 1, "two cases came with a number that no day tells of");
    assert_eq!(by_type["appointment"], counted.appointments);
    assert!(by_type["step"] > counted.claims && by_type["role"] > 3, "{by_type:?}");
    let mut event_ids = HashSet::new();
    let mut used = BTreeSet::new();
    let mut of_halls = 0;
    for event in events.iter().chain(&objects) {
        for relation in event["relationships"].as_array().unwrap() {
            assert!(ids.contains(&word(relation, "objectId")), "{relation} leads nowhere");
        }
    }
    for event in &events {
        assert!(event_ids.insert(word(event, "id")), "{event} is told twice");
        used.insert(word(event, "type"));
        let about = event["relationships"].as_array().unwrap();
        let of_hall = event["attributes"].as_array().unwrap().iter().any(|each| each["name"] == "hall");
        assert!(of_hall || about.iter().any(|relation| relation["qualifier"] == "case"), "{event}");
        of_halls += u64::from(of_hall);
    }
    assert_eq!(of_halls, counted.of_halls);
    assert_eq!(used, types("eventTypes"));
    assert_eq!(used, written.activities);
    assert_eq!(types("objectTypes"), by_type.into_keys().collect());
}

/// The cells of a CSV file, parsed by RFC 4180.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.strip_prefix('\u{feff}').expect("a mark").chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    assert!(cell.is_empty() && row.is_empty() && !quoted, "the last line is whole");
    rows
}

async fn csv(played: &Played, sheet: Sheet, lang: Lang) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let mut records = played.office.records().await.unwrap();
    write_csv(&mut records, &mut out, sheet, lang).await.unwrap();
    rows(&String::from_utf8(out).unwrap())
}

/// The number of rows of each sheet of a workbook, headings included.
fn sheets(bytes: Vec<u8>) -> Vec<usize> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut counts = Vec::new();
    for number in 1.. {
        let Ok(mut file) = archive.by_name(&format!("xl/worksheets/sheet{number}.xml")) else { break };
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        let sheet = Document::parse(&text).expect("well-formed");
        counts.push(sheet.descendants().filter(|node| node.has_tag_name("row")).count());
    }
    counts
}

/// Every limit is exported as its last day, whatever the instant of its end.
async fn due_days_are_days(played: &Played, ledger: &[Vec<String>]) {
    let place = |heading: &str| ledger[0].iter().position(|cell| cell == heading).expect(heading);
    let (promised, by_law) = (place("承诺到期日（含当日）"), place("法定到期日（含当日）"));
    let mut expected = BTreeSet::new();
    let mut records = played.office.records().await.unwrap();
    while let Some(case) = records.next().await.unwrap() {
        for matter in &case.matters {
            // The midnight that ends a day is the first instant of the next one.
            let day = |due_at: Option<jiff::Timestamp>| {
                due_at.map_or(String::new(), |at| {
                    let before = at - jiff::SignedDuration::from_secs(1);
                    case.edition.offset().to_datetime(before).date().to_string()
                })
            };
            expected.insert((
                case.number.to_string(),
                day(matter.row.promised_due_at),
                day(matter.row.statutory_due_at),
            ));
        }
    }
    let told = ledger[1..].iter();
    let told = told.map(|row| (row[0].clone(), row[promised].clone(), row[by_law].clone())).collect();
    assert_eq!(expected, told);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_happened_is_in_every_file_once() {
    let played = Played::history(40).await;
    let counted = played.count().await;
    assert!(counted.cases >= 40 && counted.matters > counted.cases, "{counted:?}");
    assert!(counted.of_matters < counted.events, "some events are about cases as a whole: {counted:?}");

    let (by_matter, matters) = xes(&played, Trace::Matter).await;
    check_xes(&matters, &by_matter, counted.matters, counted.of_matters);
    let (by_case, cases) = xes(&played, Trace::Case).await;
    check_xes(&cases, &by_case, counted.cases, counted.events);
    let (written, objects) = ocel(&played, Lang::Zh).await;
    check_ocel(&objects, &written, &counted);

    let ledger = csv(&played, Sheet::Cases, Lang::Zh).await;
    assert_eq!(ledger.len() as u64, counted.matters + 1);
    let events = csv(&played, Sheet::Events, Lang::Zh).await;
    assert_eq!(events.len() as u64, counted.events + 1);
    for table in [&ledger, &events] {
        assert!(table.iter().all(|row| row.len() == table[0].len()), "every row has every column");
    }
    let mut book = Cursor::new(Vec::new());
    let mut records = played.office.records().await.unwrap();
    let counts = write_xlsx(&mut records, &mut book, Lang::Zh).await.unwrap();
    assert_eq!((counts.entries, counts.events), (counted.matters, counted.events));
    assert_eq!(sheets(book.into_inner()), [ledger.len(), events.len()]);

    due_days_are_days(&played, &ledger).await;

    // A title with all characters that formats have to escape is read back unchanged.
    let shown = MARK.replace('\u{7}', "␇");
    let document = Document::parse(&matters).unwrap();
    let titles = document.descendants().filter(|node| node.attribute("key") == Some("matter:title"));
    assert!(titles.into_iter().all(|node| node.attribute("value").unwrap().ends_with(&shown)));
    let log: Value = serde_json::from_str(&objects).unwrap();
    let marked = log["eventTypes"]
        .as_array()
        .unwrap()
        .iter()
        .any(|kind| kind["name"].as_str().unwrap().ends_with(MARK));
    assert!(marked, "JSON keeps even what XML cannot say");
    assert!(ledger.iter().skip(1).all(|row| row[2].ends_with(MARK)), "so does CSV");

    for text in [&matters, &cases, &objects, &format!("{ledger:?}{events:?}")] {
        played.names_nobody_in(text).await;
    }
    read_by_pm4py(&played, &[&matters, &cases, &objects], [&by_matter, &by_case, &written], &counted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_leads_from_the_hall_to_the_cases_that_came_with_it() {
    let played = Played::history(6).await;
    let mut records = played.office.records().await.unwrap();
    let mut served = None;
    while let Some(hall) = records.next_hall().await.unwrap() {
        let done = hall.tickets.iter().find(|ticket| ticket.state == "done");
        served = served.or(done.map(|ticket| TicketRef {
            hall: hall.hall.clone(),
            date: hall.date,
            number: ticket.number,
        }));
    }
    let ticket = served.expect("somebody was served");
    played.link(&ticket).await;
    let (_, text) = ocel(&played, Lang::En).await;
    let log: Value = serde_json::from_str(&text).unwrap();
    let id = format!("ticket:{}/{}/{}", ticket.hall, ticket.date, ticket.number);
    let objects = log["objects"].as_array().unwrap();
    let told: Vec<&Value> = objects.iter().filter(|object| object["id"] == id.as_str()).collect();
    assert_eq!(told.len(), 1, "one object for the hall and the cases");
    assert!(
        told[0]["attributes"].as_array().unwrap().iter().any(|each| each["name"] == "source"),
        "{told:?}"
    );
    let with_it = |value: &&Value| {
        value["relationships"].as_array().unwrap().iter().any(|each| each["objectId"] == id.as_str())
    };
    assert_eq!(objects.iter().filter(with_it).count(), 2, "two cases came with it");
    let events = log["events"].as_array().unwrap();
    let kinds: BTreeSet<&str> =
        events.iter().filter(with_it).map(|event| event["type"].as_str().unwrap()).collect();
    for kind in ["Number taken", "Number called", "Service begun", "Served", "Ticket linked"] {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_the_same_each_time_and_holds_what_there_was_when_it_began() {
    let played = Played::history(6).await;
    let mut records = played.office.records().await.unwrap();
    let mut first = Vec::new();
    let before = write_ocel(&mut records, &mut first, Lang::En).await.unwrap();
    played.link_tickets().await;
    let mut again = Vec::new();
    write_ocel(&mut records, &mut again, Lang::En).await.unwrap();
    assert!(first == again, "what is appended meanwhile is not in it");
    let (after, text) = ocel(&played, Lang::En).await;
    assert_eq!(after.events, before.events + 2);
    assert!(
        text.contains("Ticket linked") && !text.contains("关联叫号"),
        "in the language that was asked for"
    );
}

/// Counts, with other programs: traces, events, activities; then events, objects, event types, relations.
const ORACLE: &str = "
import sys, pm4py
for path in sys.argv[1:3]:
    log = pm4py.read_xes(path)
    starts = (log['lifecycle:transition'] == 'start').sum()
    print(log['case:concept:name'].nunique(), len(log), log['concept:name'].nunique(), starts)
log = pm4py.read_ocel2_json(sys.argv[3])
print(len(log.events), len(log.objects), log.events['ocel:activity'].nunique(), len(log.relations))
";

fn read_by_pm4py(played: &Played, texts: &[&str; 3], written: [&Written; 3], counted: &Counted) {
    let Ok(python) = std::env::var("YICHUANG_ORACLES") else {
        eprintln!("NOT READ by pm4py: YICHUANG_ORACLES names no python with it (ops/test does)");
        return;
    };
    let paths = ["matters.xes", "cases.xes", "log.jsonocel"].map(|name| played.folder.join(name));
    for (path, text) in paths.iter().zip(texts) {
        std::fs::write(path, text).unwrap();
    }
    let ran = std::process::Command::new(python).args(["-c", ORACLE]).args(&paths).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let text = String::from_utf8(ran.stdout).unwrap();
    let lines: Vec<Vec<u64>> =
        text.lines().filter_map(|line| line.split(' ').map(|number| number.parse().ok()).collect()).collect();
    let related = texts[2].matches("\"objectId\"").count() as u64;
    let log: Value = serde_json::from_str(texts[2]).unwrap();
    let among_objects: usize = log["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|object| object["relationships"].as_array().unwrap().len())
        .sum();
    let activities = written.map(|written| written.activities.len() as u64);
    let expected = [
        vec![counted.matters, counted.of_matters, activities[0], counted.claims],
        vec![counted.cases, counted.events, activities[1], counted.claims],
        vec![
            counted.events + counted.of_halls,
            written[2].entries,
            activities[2],
            related - among_objects as u64,
        ],
    ];
    assert_eq!(lines, expected, "{text}");
}
