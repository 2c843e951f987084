//! Cases to work on: filed by people through the office, with the examples of the zone's own fields.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;

use catalogue::{Channel, FieldId};
use form::{Answers, KnownFacts, Raw, example_answers, parse_answer};
use office::{Act, By, CameFrom, CaseId, OpenDraft, StartDraft, Viewer};

use crate::support::{PDF, Site};

/// A restaurant with seats: the licence for food and the check of fire safety, seen in one visit.
pub const RESTAURANT: [(&str, &str); 6] = [
    ("主体状况", "已有营业执照"),
    ("经营方式", "堂食"),
    ("营业面积", "320"),
    ("排水方式", "物业统一办证"),
    ("大型户外广告", "false"),
    ("统一社会信用代码", "92370271MBYC100173"),
];

/// A small take-away: one licence.
pub const TAKE_AWAY: [(&str, &str); 6] = [
    ("主体状况", "已有营业执照"),
    ("经营方式", "外卖"),
    ("营业面积", "40"),
    ("排水方式", "物业统一办证"),
    ("大型户外广告", "false"),
    ("统一社会信用代码", "92370271MBYC100173"),
];

/// Hands a thing in and gives its number.
pub async fn file(site: &Site, by: By<'_>, thing: &str, situation: &[(&str, &str)]) -> String {
    let office = &site.office;
    let start = StartDraft {
        thing: thing.into(),
        party: None,
        channel: Channel::Online,
        came_from: CameFrom::default(),
    };
    let open = office.start_draft(start, by).await.unwrap();
    let open = answered(site, open, by, situation).await;
    let open = with_papers(site, open, by).await;
    let problems: Vec<String> = {
        let form = open.form().unwrap();
        form.questions()
            .iter()
            .filter(|question| question.is_missing())
            .map(|question| question.id().to_string())
            .collect()
    };
    assert!(problems.is_empty(), "not answered: {problems:?}");
    office.submit(open.id, by, None).await.unwrap().number
}

/// The draft with these answers, and the zone's examples for the rest.
pub async fn answered(site: &Site, open: OpenDraft, by: By<'_>, situation: &[(&str, &str)]) -> OpenDraft {
    let mut chosen = Answers::new();
    for (id, text) in situation {
        let field = open.edition.field(&(*id).into()).unwrap_or_else(|| panic!("no field {id}"));
        if let Ok(Some(value)) = parse_answer(field, &Raw::One((*text).into()), open.today) {
            chosen.give(field.id.clone(), value);
        }
    }
    let thing = open.thing().unwrap();
    let answers =
        example_answers(&open.edition, thing, open.draft.party, &KnownFacts::new(), &chosen, open.today);
    let raw: BTreeMap<FieldId, Raw> = answers
        .iter()
        .filter_map(|(id, _)| Some((id.clone(), Raw::of(answers.value(id.as_str())?))))
        .collect();
    let open = site.office.save_answers(open.id, &raw, by).await.unwrap();
    let fixed = open.unlike_registered().unwrap();
    if fixed.is_empty() {
        return open;
    }
    site.office.confirm_known(open.id, &fixed, by).await.unwrap()
}

/// The draft with a file for every paper that is missing.
pub async fn with_papers(site: &Site, mut open: OpenDraft, by: By<'_>) -> OpenDraft {
    let office = &site.office;
    for material in open.papers_missing().unwrap() {
        let mut upload = office.begin_upload(1 << 20, by).await.unwrap();
        upload.write(PDF).await.unwrap();
        upload.write(material.as_str().as_bytes()).await.unwrap();
        let mut attachment = office.finish_upload(upload, &format!("{material}.pdf"), by).await.unwrap();
        attachment.material = Some(material);
        open = office.attach(open.id, attachment, by).await.unwrap();
    }
    open
}

pub async fn id(site: &Site, number: &str) -> CaseId {
    site.office.case_by_number(number).await.unwrap()
}

pub async fn act(site: &Site, number: &str, by: &Viewer, act: Act) {
    let id = id(site, number).await;
    site.office.act(id, act, By::Viewer(by), None).await.unwrap();
}
