//! What an act has to say and to name: a reason that says something, something to correct, a file that is there, a time at which
//! people work, and a command that is one's own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::collections::BTreeMap;

use casework::Refusal;
use catalogue::{Channel, FieldId, FieldKind, StepKind, StepOf};
use form::Raw;
use office::{Act, Attachment, By, CaseId, Correction, NotPossible, OfficeError};
use support::Zone;

async fn filed(zone: &Zone) -> (CaseId, office::AccessKey) {
    let key = zone.guest();
    let filed = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    (filed.id, key)
}

#[tokio::test]
async fn a_reason_says_something_whichever_act_it_is_for() {
    let zone = Zone::open(90).await;
    let (id, key) = filed(&zone).await;
    let case = zone.office.load_case(id).await.unwrap().case;
    let item = case.matters[0].item.clone();
    for nothing in ["", "  ", "\u{200b}\u{2060}", "。", "x", "...", "\u{3164}a"] {
        let text = || nothing.to_owned();
        let acts = [
            Act::NotRequired { item: item.clone(), reason: text() },
            Act::NotOurRemit { item: item.clone(), organ: "市级部门".into(), reason: text() },
            Act::NotOurRemit { item: item.clone(), organ: text(), reason: "属于市级权限".into() },
            Act::CorrectOnTheSpot { item: item.clone(), note: text(), answers: None },
            Act::RequestExtension { item: item.clone(), reason: text() },
            Act::ExplainOverdue { item: item.clone(), text: text() },
            Act::VerifyPromise { item: item.clone(), kept: false, record: text() },
        ];
        for act in acts {
            let done = zone.office.act(id, act.clone(), By::Viewer(&zone.officers[0]), None).await;
            assert!(
                matches!(
                    done,
                    Err(OfficeError::NotPossible(
                        NotPossible::ReasonMissing
                            | NotPossible::ReasonShort
                            | NotPossible::ExtensionShort
                            | NotPossible::OverrunShort
                            | NotPossible::TextMissing
                    ))
                ),
                "{nothing:?} {act:?} {done:?}"
            );
        }
        let object = Act::Object { item: None, text: text() };
        assert!(zone.office.act(id, object, By::Guest(&key), None).await.is_err(), "{nothing:?}");
        let fields = vec![FieldId::from("企业名称")];
        assert!(zone.office.reveal(id, fields, nothing, &zone.officers[0]).await.is_err(), "{nothing:?}");
    }
    let none = zone.office.reveal(id, Vec::new(), "核对身份", &zone.officers[0]).await;
    assert!(matches!(none, Err(OfficeError::NotPossible(NotPossible::NothingNamed))), "{none:?}");
    let object = Act::Object { item: None, text: "不同".into() };
    zone.office.act(id, object, By::Guest(&key), None).await.unwrap();
}

#[tokio::test]
async fn a_correction_names_what_is_to_be_put_right() {
    let zone = Zone::open(91).await;
    let (id, _) = filed(&zone).await;
    let case = zone.office.load_case(id).await.unwrap().case;
    let matter = case.matters.iter().find(|matter| !matter.plan.materials.is_empty()).unwrap();
    let ask = |materials: Vec<catalogue::MaterialId>, note: &str| {
        Act::AskCorrection(Correction {
            item: Some(matter.item.clone()),
            materials,
            note: note.into(),
            ..Correction::default()
        })
    };
    let by = By::Viewer(&zone.officers[0]);
    let empty = zone.office.act(id, ask(Vec::new(), "请补正"), by, None).await;
    assert!(matches!(empty, Err(OfficeError::Refused(Refusal::CorrectionEmpty { .. }))), "{empty:?}");
    let paper = matter.plan.materials[0].id.clone();
    let silent = zone.office.act(id, ask(vec![paper.clone()], " 。"), by, None).await;
    assert!(matches!(silent, Err(OfficeError::NotPossible(NotPossible::ReasonMissing))), "{silent:?}");
    let none = zone.office.act(id, Act::AddMaterials { materials: Vec::new() }, by, None).await;
    assert!(matches!(none, Err(OfficeError::NotPossible(NotPossible::NothingNamed))), "{none:?}");
    zone.office.act(id, ask(vec![paper], "请补盖章的一份"), by, None).await.unwrap();
}

#[tokio::test]
async fn a_refusal_names_steps_and_items_by_their_titles() {
    let zone = Zone::open(92).await;
    let (id, _) = filed(&zone).await;
    let loaded = zone.office.load_case(id).await.unwrap();
    // Steps of several items share an id: each is told by its own title.
    let items = || loaded.edition.parts().items.values();
    let mut told_apart = 0;
    for matter in &loaded.case.matters {
        for step in loaded.edition.item(&matter.item).unwrap().steps.values() {
            let error = OfficeError::from(Refusal::StepNotOpen { step: StepOf::new(&matter.item, &step.id) });
            for lang in [diagnostic::Lang::Zh, diagnostic::Lang::En] {
                let told = error.message_in(lang, &loaded.edition).unwrap();
                assert!(told.contains(step.title.get(lang)), "{told}");
            }
            let others = items().filter_map(|item| item.step(&step.id));
            told_apart += usize::from(others.into_iter().any(|other| other.title != step.title));
        }
    }
    assert!(told_apart > 0, "some steps share an id");
}

#[tokio::test]
async fn a_file_answer_names_a_file_that_came_with_it() {
    let zone = Zone::open(93).await;
    let edition = zone.office.edition();
    let field = edition.parts().fields.values().find(|field| matches!(field.kind, FieldKind::File { .. }));
    let field = field.unwrap().id.clone();
    let thing = edition.zone().feedback.clone().unwrap();
    let (key, other) = (zone.guest(), zone.guest());
    let (by, office) = (By::Guest(&key), &zone.office);
    let mine = zone.start(&thing, Channel::Online, by).await.unwrap();
    let theirs = zone.start(&thing, Channel::Online, By::Guest(&other)).await.unwrap();
    let paper = zone.paper(By::Guest(&other)).await.unwrap();
    let file = Attachment { field: Some(field.clone()), ..paper.clone() };
    office.attach(theirs.id, file.clone(), By::Guest(&other)).await.unwrap();
    for digest in [paper.digest.as_str(), "example.pdf", &"0".repeat(64)] {
        let named = BTreeMap::from([(field.clone(), Raw::One(digest.to_owned()))]);
        let saved = office.save_answers(mine.id, &named, by).await;
        assert!(matches!(saved, Err(OfficeError::NotPossible(NotPossible::FileUnknown))), "{saved:?}");
    }
    let open = office.attach(mine.id, file, by).await.unwrap();
    assert_eq!(open.draft.answers.value(field.as_str()).unwrap().to_string(), paper.digest);
    let named = BTreeMap::from([(field.clone(), Raw::One(paper.digest.clone()))]);
    office.save_answers(mine.id, &named, by).await.unwrap();

    // Nor do corrected answers of a case.
    let (id, key) = filed(&zone).await;
    let mut answers = form::Answers::new();
    answers.give(field, expression::Value::text("0".repeat(64)));
    let restated = office.act(id, Act::Restate { answers }, By::Guest(&key), None).await;
    assert!(matches!(restated, Err(OfficeError::NotPossible(NotPossible::FileUnknown))), "{restated:?}");
}

#[tokio::test]
async fn people_are_visited_while_offices_work_or_for_a_reason() {
    // On Wednesdays the hall is shut after three.
    let mut files = support::pack();
    let declared = String::from_utf8(files["zone.yaml"].to_vec()).unwrap();
    let afternoon =
        "      - {days: [mon, tue, wed, thu, fri], from: \"13:30\", to: \"17:00\", kind: regular}\n";
    assert!(declared.contains(afternoon));
    let shorter = "      - {days: [mon, tue, thu, fri], from: \"13:30\", to: \"17:00\", kind: regular}\n      \
                   - {days: [wed], from: \"13:30\", to: \"15:00\", kind: regular}\n";
    files.insert("zone.yaml".into(), declared.replace(afternoon, shorter).into_bytes().into());
    let zone = Zone::on(store::MemoryStore::new(), support::compile(&files), 94).await;
    let (mut found, officer) = (None, By::Viewer(&zone.officers[0]));
    for thing in zone.services() {
        let key = zone.guest();
        let Some(filed) = zone.apply(&thing, false, By::Guest(&key)).await else { continue };
        for _ in 0..40 {
            let tasks = zone.tasks(filed.id).await;
            if let Some(task) = tasks.iter().find(|task| task.kind == StepKind::Inspect) {
                found = Some((filed.id, task.clone()));
                break;
            }
            let Some(task) = tasks.iter().find(|task| task.held_by.is_none()) else { break };
            let by = zone.doer(task, By::Guest(&key));
            zone.office.act(filed.id, zone.act_for(task), by, None).await.unwrap();
        }
        if found.is_some() {
            break;
        }
    }
    let (id, task) = found.unwrap();
    let offset = zone.office.edition().offset();
    let set = |at: &str, why: &str| Act::SetVisit {
        item: task.item.clone(),
        step: task.step.clone(),
        at: offset.to_timestamp(at.parse().unwrap()).unwrap(),
        remote: false,
        why: why.into(),
    };
    // A night, a Wednesday after three, a Sunday, Qingming.
    for at in ["2026-03-11T03:00", "2026-03-11T15:30", "2026-03-15T10:00", "2026-04-06T10:00"] {
        for why in ["", " ", "。"] {
            let refused = zone.office.act(id, set(at, why), officer, None).await;
            assert!(
                matches!(
                    refused,
                    Err(OfficeError::NotPossible(
                        NotPossible::VisitOutsideHours | NotPossible::ReasonMissing
                    ))
                ),
                "{at} {why:?} {refused:?}"
            );
        }
    }
    zone.office.act(id, set("2026-03-15T10:00", "申请人只有周日在"), officer, None).await.unwrap();
    for at in ["2026-03-11T10:00", "2026-03-11T14:30", "2026-03-12T15:30"] {
        zone.office.act(id, set(at, ""), officer, None).await.unwrap();
    }
    let past = zone.office.act(id, set("2026-02-27T10:00", ""), officer, None).await;
    assert!(matches!(past, Err(OfficeError::Refused(Refusal::VisitOver { .. }))), "{past:?}");
}

#[tokio::test]
async fn a_command_id_is_for_one_act_of_one_person_on_one_case() {
    let zone = Zone::open(95).await;
    let (one, key) = filed(&zone).await;
    let (other, other_key) = filed(&zone).await;
    let office = &zone.office;
    let command = Some(office.new_id());
    let say = |text: &str| Act::Message { item: None, text: text.into() };
    office.act(one, say("请问到哪一步了"), By::Guest(&key), command).await.unwrap();
    let messages = async |id| office.load_case(id).await.unwrap().case.messages.len();
    office.act(one, say("请问到哪一步了"), By::Guest(&key), command).await.unwrap();
    assert_eq!(messages(one).await, 1, "sent twice, said once");
    let elsewhere = office.act(other, say("请问到哪一步了"), By::Guest(&other_key), command).await;
    let another = office.act(one, say("另外一件事"), By::Guest(&key), command).await;
    let officer = office.act(one, say("请问到哪一步了"), By::Viewer(&zone.officers[0]), command).await;
    for used in [elsewhere, another, officer] {
        assert!(matches!(used, Err(OfficeError::NotPossible(NotPossible::CommandUsed))), "{used:?}");
    }
    assert_eq!((messages(one).await, messages(other).await), (1, 0));
}

#[tokio::test]
async fn whoever_reports_something_for_a_company_is_named_as_a_person_in_lists() {
    let zone = Zone::open(96).await;
    let edition = zone.office.edition();
    let thing = edition.zone().feedback.clone().unwrap();
    let key = zone.guest();
    let by = By::Guest(&key);
    let open = zone.start(&thing, Channel::Online, by).await.unwrap();
    let open = zone.office.set_party(open.id, catalogue::PartyKind::Legal, by).await.unwrap();
    let name = edition.thing(&thing).unwrap().applicant_name.clone();
    let named = BTreeMap::from([(name, Raw::One("欧阳明日".into()))]);
    let open = zone.office.save_answers(open.id, &named, by).await.unwrap();
    let open = zone.fill(open, false, by).await.unwrap();
    let filed = zone.office.submit(open.id, by, None).await.unwrap();
    assert_eq!(zone.office.applicant_shown(filed.id).await.unwrap(), "欧***");
}

/// Whoever grants is not told to say what is wrong, and a reason for looking is asked for as one.
#[tokio::test]
async fn what_is_too_short_is_told_in_the_words_of_the_act() {
    let zone = Zone::open(94).await;
    let (id, _) = filed(&zone).await;
    let loaded = zone.office.load_case(id).await.unwrap();
    let item = loaded.case.matters[0].item.clone();
    let by = By::Viewer(&zone.officers[0]);
    let text = || "不行".to_owned();
    let told = async |act: Act| match zone.office.act(id, act, by, None).await {
        Err(OfficeError::NotPossible(why)) => why.code(),
        other => panic!("{other:?}"),
    };
    assert_eq!(told(Act::RequestExtension { item: item.clone(), reason: text() }).await, "extension-short");
    assert_eq!(told(Act::ExplainOverdue { item: item.clone(), text: text() }).await, "overrun-short");
    let grant = Act::Grant { item: item.clone(), opinion: "好".into(), officers: Vec::new() };
    assert_eq!(told(grant).await, "opinion-short");
    let refuse = Act::Refuse { item, reason: text(), officers: Vec::new() };
    assert_eq!(told(refuse).await, "reason-short");
    for weak in ["xx", "看看", "核对身份"] {
        let fields = vec![loaded.edition.parts().fields.keys().next().unwrap().clone()];
        let refused = zone.office.reveal(id, fields, weak, &zone.officers[0]).await;
        let short = matches!(refused, Err(OfficeError::NotPossible(NotPossible::LookShort)));
        assert!(short, "{weak}: {refused:?}");
    }
}
