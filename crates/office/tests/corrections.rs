//! Answers that are put right after they were handed in: what rests on the old ones stays true, and what rested on who people
//! were is shown again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use casework::{Happening, MatterState, StepState};
use catalogue::{Channel, FieldId, ItemId, RegistrySource, StepKind, ThingId};
use expression::Value;
use form::{Answers, Raw};
use jiff::SignedDuration;
use office::{Access, AccessKey, Act, By, CaseId, Correction, NotPossible, OfficeError, Proof, Shown};
use support::{Zone, examples};

const HOME: &str = "房屋买卖过户";
const TITLE: &str = "不动产转移登记";
const PRICE: &str = "房屋成交价格";
const PHONE: &str = "联系电话";

async fn sale(zone: &Zone, by: By<'_>) -> CaseId {
    zone.apply(&HOME.into(), false, by).await.unwrap().id
}

async fn answers(zone: &Zone, id: CaseId) -> Answers {
    let loaded = zone.office.load_case(id).await.unwrap();
    zone.office.answers(&loaded).await.unwrap()
}

/// The value of a field as a form would send another one.
async fn other(zone: &Zone, id: CaseId, field: &str, typed: &str) -> Answers {
    let loaded = zone.office.load_case(id).await.unwrap();
    let (declared, today) = (loaded.edition.field(&field.into()).unwrap(), zone.office.today());
    let mut answers = Answers::new();
    answers.take(declared, &Raw::One(typed.into()), today).unwrap();
    answers
}

fn on_the_spot(item: &str, answers: Answers) -> Act {
    let act =
        Act::CorrectOnTheSpot {
            item: item.into(), note: "申请人当面改正".into(), answers: Some(answers)
        };
    Act::ForApplicant { act: Box::new(act), proof: Shown::IdentitySeen, note: "申请人当面改正".into() }
}

async fn correct(zone: &Zone, id: CaseId, field: &str, typed: &str) -> Result<office::Done, OfficeError> {
    let act = on_the_spot(TITLE, other(zone, id, field, typed).await);
    zone.office.act(id, act, By::Viewer(&zone.officers[0]), None).await
}

/// Does what waits for one item, until `over` says that it is far enough.
async fn go_on(zone: &Zone, id: CaseId, item: &ItemId, by: By<'_>, over: impl Fn(&casework::Matter) -> bool) {
    for _ in 0..20 {
        let case = zone.office.load_case(id).await.unwrap().case;
        if over(case.matter(item).unwrap()) {
            return;
        }
        let tasks = zone.tasks(id).await;
        let task = tasks.iter().find(|task| task.item == *item).unwrap();
        zone.office.act(id, zone.act_for(task), zone.doer(task, by), None).await.unwrap();
    }
    panic!("{item} does not get there");
}

fn not_possible<T: std::fmt::Debug>(done: Result<T, OfficeError>) -> NotPossible {
    match done {
        Err(OfficeError::NotPossible(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// The item of the sale that is decided on what the transfer reads too.
fn tax(zone: &Zone) -> ItemId {
    let edition = zone.office.edition();
    let thing = edition.thing(&HOME.into()).unwrap();
    let reads =
        |id: &&ItemId| id.as_str() != TITLE && edition.item(id).is_some_and(|item| item.reads(&PRICE.into()));
    thing.members.iter().map(|member| &member.item).find(reads).unwrap().clone()
}

#[tokio::test]
async fn what_one_item_was_decided_on_is_not_changed_through_another() {
    let zone = Zone::open(81).await;
    let key = zone.guest();
    let id = sale(&zone, By::Guest(&key)).await;
    correct(&zone, id, PRICE, "860000").await.unwrap();
    let tax = tax(&zone);
    go_on(&zone, id, &tax, By::Guest(&key), |matter| matter.state == MatterState::Granted).await;
    assert_eq!(not_possible(correct(&zone, id, PRICE, "9000000").await), NotPossible::AnswerDecidedOn);
    // Nor is it asked for again, and a telephone is no ground of a decision.
    let ask = Correction {
        item: Some(TITLE.into()),
        fields: vec![PRICE.into()],
        note: "价格与合同不符".into(),
        ..Correction::default()
    };
    let asked = zone.office.act(id, Act::AskCorrection(ask), By::Viewer(&zone.officers[0]), None).await;
    assert_eq!(not_possible(asked), NotPossible::AnswerDecidedOn);
    correct(&zone, id, PHONE, "13900002222").await.unwrap();
    let kept = answers(&zone, id).await;
    assert_eq!(kept.value(PRICE).unwrap().to_string().replace(".00", ""), "860000");
}

#[tokio::test]
async fn two_people_with_one_number_are_refused_in_a_correction_as_in_the_form() {
    let zone = Zone::open(82).await;
    let key = zone.guest();
    let id = sale(&zone, By::Guest(&key)).await;
    let before = answers(&zone, id).await;
    let Some(Value::Text(buyer)) = before.value("居民身份证号").cloned() else {
        panic!("the example buyer has a number: {:?}", before.value("居民身份证号"))
    };
    let refused = correct(&zone, id, "卖方证件号码", &buyer).await;
    let Err(OfficeError::Unfit(problems)) = refused else { panic!("{refused:?}") };
    assert!(problems.iter().any(|problem| problem.text.zh.contains("不能")), "{problems:?}");
    assert_eq!(answers(&zone, id).await, before, "nothing was changed");
}

#[tokio::test]
async fn whoever_came_with_other_answers_comes_again() {
    let zone = Zone::open(83).await;
    let key = zone.guest();
    let id = sale(&zone, By::Guest(&key)).await;
    let came = Act::Present { item: TITLE.into(), proof: Shown::IdentitySeen };
    zone.office.act(id, came.clone(), By::Viewer(&zone.officers[0]), None).await.unwrap();
    let there = async || {
        let case = zone.office.load_case(id).await.unwrap().case;
        !case.matter(&TITLE.into()).unwrap().awaits_presence
    };
    assert!(there().await);
    correct(&zone, id, PRICE, "870000").await.unwrap();
    assert!(there().await, "the same people, and another price");
    correct(&zone, id, "卖方姓名", "骆可欣").await.unwrap();
    assert!(!there().await, "somebody else sells now");
    let accept = Act::Accept { item: Some(TITLE.into()) };
    let accepted = zone.office.act(id, accept.clone(), By::Viewer(&zone.officers[0]), None).await;
    assert!(accepted.is_err(), "{accepted:?}");
    zone.office.act(id, came, By::Viewer(&zone.officers[0]), None).await.unwrap();
    zone.office.act(id, accept, By::Viewer(&zone.officers[0]), None).await.unwrap();
}

#[tokio::test]
async fn what_rests_on_answers_is_not_done_on_others_than_were_looked_at() {
    let zone = Zone::open(84).await;
    let (key, officer) = (zone.guest(), By::Viewer(&zone.officers[0]));
    let id = sale(&zone, By::Guest(&key)).await;
    let tax = tax(&zone);
    let seen = zone.office.load_case(id).await.unwrap().case.answers.key.to_string();
    correct(&zone, id, PRICE, "870000").await.unwrap();
    let accept = || Act::Accept { item: Some(tax.clone()) };
    let late = zone.office.act_upon(id, accept(), Some(&seen), officer, None).await;
    assert_eq!(not_possible(late), NotPossible::AnswersMoved);
    // Of two who put the same answer right at once, the second looks again.
    let at_once = on_the_spot(TITLE, other(&zone, id, PRICE, "880000").await);
    let late = zone.office.act_upon(id, at_once, Some(&seen), officer, None).await;
    assert_eq!(not_possible(late), NotPossible::AnswersMoved);
    // What does not rest on answers goes on, and so does whoever looked at what stands there now.
    let message = Act::Message { item: None, text: "请带上原件".into() };
    zone.office.act_upon(id, message, Some(&seen), officer, None).await.unwrap();
    let now = zone.office.load_case(id).await.unwrap().case.answers.key.to_string();
    let (command, done) = (zone.office.new_id(), Some(&*now));
    zone.office.act_upon(id, accept(), done, officer, Some(command)).await.unwrap();
    correct(&zone, id, PHONE, "13900003333").await.unwrap();
    // Sent a second time, as after a lost answer, it is told what came of the first.
    zone.office.act_upon(id, accept(), done, officer, Some(command)).await.unwrap();
}

#[tokio::test]
async fn digits_of_a_telephone_that_was_corrected_open_nothing_any_more() {
    let zone = Zone::open(85).await;
    let (key, stranger) = (zone.guest(), zone.guest());
    let id = sale(&zone, By::Guest(&key)).await;
    let number = zone.office.load_case(id).await.unwrap().case.number.to_string();
    let phone = answers(&zone, id).await.value(PHONE).unwrap().to_string();
    let digits = phone[phone.len() - 4..].to_owned();
    let opens = async |key: &AccessKey, digits: &str| {
        zone.office.open_case_with(&number, digits, "192.0.2.7", key, Vec::new()).await
    };
    assert_eq!(opens(&stranger, &digits).await.unwrap(), (id, Access::Progress));
    zone.office.open_case(id, vec![By::Guest(&stranger)]).await.unwrap();
    zone.pass(SignedDuration::from_mins(5));
    correct(&zone, id, PHONE, "13900004444").await.unwrap();
    let kept = zone.office.open_case(id, vec![By::Guest(&stranger)]).await;
    assert!(matches!(kept, Err(OfficeError::NotFound)), "the former telephone's session: {kept:?}");
    zone.office.open_case(id, vec![By::Guest(&key)]).await.unwrap();
    assert_eq!(opens(&stranger, "4444").await.unwrap(), (id, Access::Progress));
    zone.office.open_case(id, vec![By::Guest(&stranger)]).await.unwrap();
}

#[tokio::test]
async fn three_corrections_are_taken_back_from_the_last_to_the_first() {
    let zone = Zone::open(86).await;
    let key = zone.guest();
    let by = By::Guest(&key);
    let id = sale(&zone, by).await;
    let before = answers(&zone, id).await;
    for (field, typed) in [(PHONE, "13900001111"), (PHONE, "13900002222"), ("卖方姓名", "骆可欣")] {
        correct(&zone, id, field, typed).await.unwrap();
    }
    let undo = async |acted| zone.office.act(id, Act::UndoActedFor { acted }, by, None).await;
    for early in [0, 1] {
        let undone = undo(early).await;
        assert!(matches!(undone, Err(OfficeError::Refused(_))), "{early}: {undone:?}");
    }
    undo(2).await.unwrap();
    assert!(matches!(undo(0).await, Err(OfficeError::Refused(_))), "the second stands");
    undo(1).await.unwrap();
    undo(0).await.unwrap();
    assert_eq!(answers(&zone, id).await, before);
}

#[tokio::test]
async fn a_notice_names_whoever_applied_when_it_was_given() {
    let zone = Zone::open(87).await;
    let key = zone.guest();
    let id = sale(&zone, By::Guest(&key)).await;
    let was = zone.office.party(id).await.unwrap().name;
    let tax = tax(&zone);
    let officer = By::Viewer(&zone.officers[0]);
    zone.office.act(id, Act::Accept { item: Some(tax) }, officer, None).await.unwrap();
    let accepted = zone.office.now();
    zone.pass(SignedDuration::from_mins(5));
    correct(&zone, id, "姓名", "骆可欣").await.unwrap();
    let loaded = zone.office.load_case(id).await.unwrap();
    assert_eq!(zone.office.party(id).await.unwrap().name, "骆可欣");
    assert_eq!(zone.office.party_at(&loaded, accepted).await.unwrap().name, was);
    assert_eq!(zone.office.party_at(&loaded, zone.office.now()).await.unwrap().name, "骆可欣");
    let told = loaded.case.timeline().iter().filter(|entry| entry.what == Happening::AnswersRestated);
    assert_eq!(told.count(), 1);
}

/// A thing whose applicant a register knows, and that register's keys with the names beside them.
fn registered(zone: &Zone) -> (ThingId, FieldId, FieldId, Vec<(String, String)>) {
    let edition = zone.office.edition();
    for id in zone.services() {
        let who = edition.thing(&id).unwrap().goes_by(None);
        let Some(code) = who.code else { continue };
        for registry in edition.parts().registries.values() {
            let RegistrySource::Csv { key_column, columns, rows, .. } = &registry.source else { continue };
            if registry.key == *code && registry.supplies.contains_key(who.name) {
                let place = |name: &String| columns.iter().position(|column| column == name).unwrap();
                let (key, name) = (place(key_column), place(&registry.supplies[who.name]));
                let rows = rows.iter().map(|row| (row[key].clone(), row[name].clone()));
                return (id, who.name.clone(), code.clone(), rows.collect());
            }
        }
    }
    panic!("no applicant of the zone stands in a register");
}

#[tokio::test]
async fn a_number_that_a_register_has_under_another_name_bears_out_nobody() {
    let zone = Zone::open(88).await;
    let (thing, name, code, rows) = registered(&zone);
    let number = &rows[0].0;
    let account = zone.applicant("owner").await;
    let by = By::Viewer(&account);
    for (own_name, proof) in [(true, Proof::Registry), (false, Proof::OtherName)] {
        let open = zone.start(&thing, Channel::Online, by).await.unwrap();
        let first = [(code.clone(), Raw::One(number.clone()))].into_iter().collect();
        let open = zone.office.save_answers(open.id, &first, by).await.unwrap();
        let mut rest = examples(&open, &open.draft.answers).unwrap();
        rest.remove(&code);
        if own_name {
            rest.remove(&name);
        } else {
            rest.insert(name.clone(), Raw::One("张冒名".into()));
        }
        let open = zone.office.save_answers(open.id, &rest, by).await.unwrap();
        let open = zone.fill(open, false, by).await.unwrap();
        let submitted = zone.office.submit(open.id, by, None).await.unwrap();
        let loaded = zone.office.load_case(submitted.id).await.unwrap();
        let answers = zone.office.answers(&loaded).await.unwrap();
        let proofs = zone.office.proofs(&loaded, &answers).await.unwrap();
        let found = proofs.iter().find(|(field, _)| *field == code).unwrap().1;
        assert_eq!(found, proof, "{:?}", answers.value(name.as_str()));
        assert_eq!(found.bears_out(), own_name);
    }
}

#[tokio::test]
async fn clocks_are_stopped_by_whoever_has_a_step_or_heads_the_department() {
    let zone = Zone::open(89).await;
    let key = zone.guest();
    let id = sale(&zone, By::Guest(&key)).await;
    let tax = tax(&zone);
    go_on(&zone, id, &tax, By::Guest(&key), |matter| matter.state == MatterState::Accepted).await;
    let loaded = zone.office.load_case(id).await.unwrap();
    let matter = loaded.case.matter(&tax).unwrap();
    let edition = zone.office.edition();
    let (mut handle, mut beside) = (0, 0);
    for role in edition.parts().roles.values().filter(|role| role.department == matter.department) {
        let has_step = matter.plan.steps.iter().any(|step| step.by.role() == Some(&role.id));
        let heads = role.rank == catalogue::RoleRank::Head;
        let allowed = matter.is_handled_by([&role.id], &edition);
        assert_eq!(allowed, (has_step && !role.window) || heads, "{}", role.id);
        if allowed { handle += 1 } else { beside += 1 }
    }
    assert!(handle > 0, "{beside}");
    let review = matter.runs().find(|(step, _)| step.kind == StepKind::Review).unwrap();
    assert!(matches!(review.1.state, StepState::Open { .. }));
}

#[tokio::test]
async fn a_register_is_asked_again_about_a_number_that_was_put_right() {
    let zone = Zone::open(90).await;
    let (thing, name, code, rows) = registered(&zone);
    let account = zone.applicant("owner").await;
    let by = By::Viewer(&account);
    let open = zone.start(&thing, Channel::Online, by).await.unwrap();
    let first = [(code.clone(), Raw::One(rows[0].0.clone()))].into_iter().collect();
    let open = zone.office.save_answers(open.id, &first, by).await.unwrap();
    let mut rest = examples(&open, &open.draft.answers).unwrap();
    rest.remove(&code);
    rest.remove(&name);
    let open = zone.office.save_answers(open.id, &rest, by).await.unwrap();
    let open = zone.fill(open, false, by).await.unwrap();
    let id = zone.office.submit(open.id, by, None).await.unwrap().id;
    let loaded = zone.office.load_case(id).await.unwrap();
    let item = loaded.case.matters.iter().map(|matter| matter.item.clone());
    let asks = |item: &ItemId| {
        let answers = |field: &FieldId| {
            loaded.edition.item(item).unwrap().fields.iter().any(|used| used.field == *field)
        };
        answers(&code) && answers(&name)
    };
    let item = item.into_iter().find(asks).unwrap();
    // What somebody stated otherwise stays theirs.
    let first = answers(&zone, id).await;
    for (at, bears_out) in [(1, true), (0, true)] {
        let mut answers = other(&zone, id, code.as_str(), &rows[at].0).await;
        for (field, answer) in other(&zone, id, name.as_str(), &rows[at].1).await.iter() {
            let form::Answer::Given(value) = answer else { panic!("{answer:?}") };
            answers.give(field.clone(), value.clone());
        }
        let act = on_the_spot(item.as_str(), answers);
        zone.office.act(id, act, By::Viewer(&zone.officers[0]), None).await.unwrap();
        let loaded = zone.office.load_case(id).await.unwrap();
        let answers = zone.office.answers(&loaded).await.unwrap();
        let proofs = zone.office.proofs(&loaded, &answers).await.unwrap();
        let found = proofs.iter().find(|(field, _)| *field == code).unwrap().1;
        assert_eq!((found, found.bears_out()), (Proof::Registry, bears_out), "{}", rows[at].1);
        // What the register says of the other number does not stand beside this one.
        for registry in loaded.edition.parts().registries.values().filter(|registry| registry.key == code) {
            let RegistrySource::Csv { key_column, columns, rows: table, .. } = &registry.source else {
                continue;
            };
            let place = |name: &String| columns.iter().position(|column| column == name).unwrap();
            let of = |key: &String| table.iter().find(|row| row[place(key_column)] == *key).unwrap();
            let (row, old) = (of(&rows[at].0), of(&rows[0].0));
            for (field, column) in &registry.supplies {
                let declared = loaded.edition.field(field).unwrap();
                let Some(value) = answers.value(field.as_str()) else { continue };
                let was = first.value(field.as_str()).map(|value| form::edit_text(declared, value));
                if was.as_ref() != Some(&old[place(column)]) {
                    continue;
                }
                assert_eq!(form::edit_text(declared, value), row[place(column)], "{field}");
            }
        }
    }
}

#[tokio::test]
async fn a_number_that_is_asked_no_more_says_nothing_about_who_applies_now() {
    let zone = Zone::open(91).await;
    let key = zone.guest();
    let by = By::Guest(&key);
    let code = zone.office.edition().parts().registries["企业登记库"].key.clone();
    let RegistrySource::Csv { key_column, columns, rows, .. } =
        zone.office.edition().parts().registries["企业登记库"].source.clone()
    else {
        panic!("the zone ships its register")
    };
    let place = columns.iter().position(|column| *column == key_column).unwrap();
    let open = zone.start(&"开办餐饮店".into(), Channel::Online, by).await.unwrap();
    let existing: std::collections::BTreeMap<FieldId, Raw> =
        [("主体状况".into(), Raw::One("已有营业执照".into())), (code, Raw::One(rows[0][place].clone()))]
            .into();
    let open = zone.office.save_answers(open.id, &existing, by).await.unwrap();
    let from_register = |open: &office::OpenDraft| {
        let known = open.draft.known.iter();
        known.filter(|(_, known)| matches!(known.source, form::Source::Registry { .. })).count()
    };
    assert!(from_register(&open) > 0);
    let begins = [("主体状况".into(), Raw::One("新办个体户".into()))].into();
    let open = zone.office.save_answers(open.id, &begins, by).await.unwrap();
    assert_eq!(from_register(&open), 0, "{:?}", open.draft.known);
}
