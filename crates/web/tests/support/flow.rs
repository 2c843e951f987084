//! What applicants and officers do in test after test.

use catalogue::StepKind;
use form::{edit_text, example_answer};
use office::{AccessKey, Act, By, Viewer};

use super::{Actor, Answer, Form, PDF, Site};

pub const RESTAURANT: &str = "/things/开办餐饮店";
pub const COMPANY: &str = "/things/企业开办";

/// Begins a thing from its guide and comes to its list.
pub async fn begin(person: &mut Actor, guide: &str) -> String {
    let page = person.get(guide).await;
    let started = person.submit(&page.form("/drafts"), &[]).await;
    assert_eq!(started.status, 303, "{}", started.text());
    started.location().to_owned()
}

/// Answers everything that is asked, with the zone's own examples, until nothing is missing. `chosen` wins.
pub async fn answer_all(person: &mut Actor, draft: &str, chosen: &[(&str, &str)]) {
    for _ in 0..40 {
        let list = person.get(draft).await;
        // The big button leads to a section as long as one misses something.
        let button =
            list.body.split("class=\"button big\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        let Some(next) = button.filter(|href| href.contains("/s/")) else { return };
        answer_section(person, next, chosen).await;
    }
    panic!("the form never ends");
}

pub async fn answer_section(person: &mut Actor, address: &str, chosen: &[(&str, &str)]) -> Answer {
    let page = person.get(address).await;
    assert_eq!(page.status, 200, "{address}");
    let form = page.form("/s/");
    let filled = filled(person, &form, chosen);
    let sent = person.post_pairs(&form.action, &filled).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    sent
}

/// The controls of a form, each with what was chosen, what it holds, or the field's example.
fn filled(person: &Actor, form: &Form, chosen: &[(&str, &str)]) -> Vec<(String, String)> {
    let edition = person.office.edition();
    let today = edition.offset().to_datetime(person.office.now()).date();
    let mut pairs = form.untouched();
    pairs.retain(|(name, value)| !name.starts_with("f.") || !value.is_empty());
    for name in form.names().into_iter().filter(|name| name.starts_with("f.")) {
        let mut parts = name.splitn(4, '.').skip(1);
        let field = parts.next().unwrap();
        if let Some((_, value)) = chosen.iter().find(|(wanted, _)| *wanted == field) {
            pairs.retain(|(other, _)| other != name);
            pairs.push((name.to_owned(), (*value).to_owned()));
            continue;
        }
        // A list of kinds of paper stands beside the number and holds something from the beginning.
        if pairs.iter().any(|(other, value)| other == name && !value.ends_with(':')) {
            continue;
        }
        let declared = edition.field(&field.into()).unwrap();
        let column = parts.nth(1);
        let declared = match (&declared.kind, column) {
            (catalogue::FieldKind::Rows { columns, .. }, Some(column)) => {
                columns.iter().find(|each| each.id == *column).unwrap()
            }
            _ => declared,
        };
        if let Some(value) = example_answer(declared, today) {
            pairs.push((name.to_owned(), edit_text(declared, &value)));
        }
    }
    pairs.push(("go".into(), "on".into()));
    pairs
}

/// Uploads every paper that is still asked for.
pub async fn upload_all(person: &mut Actor, draft: &str) {
    for _ in 0..30 {
        let page = person.get(&format!("{draft}/papers")).await;
        let due = page
            .body
            .split("<section class=\"card paper\"")
            .skip(1)
            .find(|section| section.contains("class=\"tag\">还没有"))
            .map(str::to_owned);
        let Some(section) = due else { return };
        let control = section.split("name=\"file:").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let form = page.form("/papers");
        let sent = person.upload(&form, &[], &[(&format!("file:{control}"), "材料.pdf", PDF)]).await;
        sent.is(303);
    }
    panic!("papers never end");
}

/// From the guide to the number.
pub async fn hand_in(person: &mut Actor, guide: &str, chosen: &[(&str, &str)]) -> String {
    let draft = begin(person, guide).await;
    let draft = draft.split("/s/").next().unwrap().to_owned();
    answer_all(person, &draft, chosen).await;
    upload_all(person, &draft).await;
    let check = person.get(&format!("{draft}/check")).await;
    check.is(200);
    let done = person.submit(&check.form("/submit"), &[]).await;
    done.is(303);
    number_in(done.location())
}

pub fn number_in(address: &str) -> String {
    address.trim_start_matches("/cases/").split('/').next().unwrap().to_owned()
}

pub async fn act(site: &Site, officer: &Viewer, number: &str, act: Act) {
    let id = site.office.case_by_number(number).await.unwrap();
    site.office
        .act(id, act, By::Viewer(officer), None)
        .await
        .unwrap_or_else(|error| panic!("{error} {:?}", error.message(diagnostic::Lang::Zh)));
}

pub const EXISTING: &[(&str, &str)] = &[
    ("主体状况", "已有营业执照"),
    ("经营方式", "外卖"),
    ("营业面积", "80"),
    ("排水方式", "物业统一办证"),
    ("大型户外广告", "false"),
    ("联系电话", "13800005678"),
];

/// The key in a guest's browser.
pub fn key_of(person: &Actor) -> AccessKey {
    AccessKey(person.cookies["yc_key"].clone())
}

/// Does every step of a case until nothing is left to do; steps of the applicant through the applicant's key.
pub async fn finish(site: &Site, officer: &Viewer, second: &Viewer, person: &Actor, number: &str) {
    go_on(site, (officer, second), person, number, None).await;
}

/// As [`finish`], but stops where a step of this kind of the item comes.
pub async fn go_on(
    site: &Site,
    (officer, second): (&Viewer, &Viewer),
    person: &Actor,
    number: &str,
    until: Option<(&str, StepKind)>,
) {
    let id = site.office.case_by_number(number).await.unwrap();
    let key = key_of(person);
    for _ in 0..200 {
        let loaded = site.office.load_case(id).await.unwrap();
        let open = loaded.case.matters.iter().find_map(|matter| {
            let (step, _) = matter.open_steps().next()?;
            Some((matter.item.clone(), step.clone()))
        });
        let Some((item, step)) = open else { return };
        if until.is_some_and(|(stop, kind)| item.as_str() == stop && step.kind == kind) {
            return;
        }
        let officers = if step.officers > 1 { vec![second.id.to_string()] } else { Vec::new() };
        let act = match step.kind {
            StepKind::Accept if loaded.case.matter(&item).unwrap().awaits_presence => {
                Act::Present { item, proof: office::Shown::IdentitySeen }
            }
            StepKind::Accept => Act::Accept { item: Some(item) },
            StepKind::Decide => Act::Grant { item, opinion: "同意".into(), officers },
            StepKind::Issue => {
                Act::Issue { item, result: step.result.clone().unwrap(), originals_seen: true }
            }
            StepKind::Deliver => Act::Deliver { item, how: casework::Delivery::Online },
            _ => Act::CompleteStep {
                item,
                step: step.id.clone(),
                yes: true,
                opinion: "已核".into(),
                officers,
                checked: office::Checklist::default(),
                joint: false,
            },
        };
        let by = if step.by == casework::Doer::Applicant { By::Guest(&key) } else { By::Viewer(officer) };
        site.office
            .act(id, act, by, None)
            .await
            .unwrap_or_else(|error| panic!("{}: {error} {:?}", step.id, error.message(diagnostic::Lang::Zh)));
    }
    panic!("the case never ends");
}
