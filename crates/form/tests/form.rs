//! Worked examples of forms in a small zone.

mod support;

use calendar::Limit;
use catalogue::*;
use expression::Value;
use form::{
    Answers, Applies, Changes, Counts, Form, Incomplete, Input, Known, KnownFacts, MaterialStatus, Raw,
    Source, State, changes, example_answers,
};
use jiff::civil::date;
use support::*;

struct Desk {
    edition: Edition,
    party: PartyKind,
    known: KnownFacts,
    modes: form::Modes,
}

impl Desk {
    fn new(zone: ZoneBuilder) -> Self {
        Desk {
            edition: zone.seal(),
            party: PartyKind::Legal,
            known: KnownFacts::new(),
            modes: form::Modes::default(),
        }
    }

    fn form<'a>(&'a self, answers: &'a Answers) -> Form<'a> {
        Form::new(Input {
            edition: &self.edition,
            thing: &self.edition.parts().things[0],
            party: self.party,
            known: &self.known,
            answers,
            modes: &self.modes,
            today: TODAY,
        })
    }
}

fn asked(form: &Form<'_>) -> Vec<String> {
    form.questions().iter().map(|question| question.field.id.to_string()).collect()
}

fn applying(form: &Form<'_>) -> Vec<String> {
    form.items().map(|item| item.id.to_string()).collect()
}

/// Eating in needs the licence; an open flame, asked only then, needs the fire inspection.
fn restaurant() -> ZoneBuilder {
    zone()
        .field(choice("方式", "场所", &["堂食", "外卖"]))
        .field(yes_no("明火", "场所"))
        .field(number("面积", "场所"))
        .field(text_field("地址", "场所"))
        .field(text_field("负责人", "主体"))
        .material("平面图", Issuer::Applicant)
        .material("执照", Issuer::Zone { item: "登记".into(), result: "执照".into() })
        .asks("方式", "")
        .asks("明火", r#"方式 = "堂食""#)
        .with_item("登记", "", |zone, item| {
            item.fields = vec![zone.uses("负责人", ""), zone.uses("地址", "")];
        })
        .with_item("许可", r#"方式 = "堂食""#, |zone, item| {
            item.fields = vec![zone.uses("地址", ""), zone.uses("面积", ""), zone.uses("负责人", "")];
            item.materials = vec![
                zone.wants("执照", "", MaterialNeed::Required),
                zone.wants("平面图", "面积 > 200", MaterialNeed::Required),
            ];
            item.requirements = vec![zone.requires("面积 >= 50", "面积太小")];
        })
        .with_item("消防", "明火", |zone, item| {
            item.fields = vec![zone.uses("面积", ""), zone.uses("明火", "")];
            item.materials = vec![
                zone.wants("平面图", "", MaterialNeed::Required),
                zone.wants("执照", "", MaterialNeed::Required),
            ];
        })
}

#[test]
fn what_decides_comes_first_and_brings_only_what_it_calls_for() {
    let desk = Desk::new(restaurant());
    let answers = Answers::new();
    let form = desk.form(&answers);
    assert_eq!(asked(&form), ["方式", "名称", "负责人", "地址"], "明火 waits for 方式");
    assert_eq!(form.next_section().unwrap().part.key(), "~situation");
    assert_eq!(form.question("方式").unwrap().label.zh, "方式？", "in the words of the thing");
    let stands: Vec<Applies> = form.members().iter().map(|state| state.applies).collect();
    assert_eq!(stands, [Applies::Yes, Applies::Unknown, Applies::Unknown]);
    assert!(!form.complete());

    let answers = answers.with("方式", Value::choice("外卖"));
    assert_eq!(asked(&desk.form(&answers)), ["方式", "名称", "负责人", "地址"]);
    assert_eq!(
        applying(&desk.form(&answers)),
        ["登记"],
        "without eating in, flames are not asked and do not count"
    );

    let answers = answers.with("方式", Value::choice("堂食"));
    assert_eq!(asked(&desk.form(&answers)), ["方式", "明火", "名称", "负责人", "面积", "地址"]);
    let answers = answers.with("明火", true);
    let form = desk.form(&answers);
    assert_eq!(asked(&form), ["方式", "明火", "名称", "负责人", "面积", "地址"], "a field has one place");
    assert_eq!(applying(&form), ["登记", "许可", "消防"]);
    let items: Vec<_> = form.question("面积").unwrap().items.iter().map(|item| item.as_str()).collect();
    assert_eq!(items, ["许可", "消防"]);
}

#[test]
fn a_situation_that_no_longer_arises_takes_its_answer_with_it_but_keeps_it() {
    let desk = Desk::new(restaurant());
    let answers = Answers::new().with("方式", Value::choice("堂食")).with("明火", true);
    assert_eq!(applying(&desk.form(&answers)), ["登记", "许可", "消防"]);
    let changed = answers.with("方式", Value::choice("外卖"));
    assert_eq!(applying(&desk.form(&changed)), ["登记"]);
    assert!(!desk.form(&changed).values().contains_key("明火"), "it is not submitted");
    let back = changed.with("方式", Value::choice("堂食"));
    assert_eq!(applying(&desk.form(&back)), ["登记", "许可", "消防"], "and nothing was lost");
}

#[test]
fn papers_are_asked_once_and_never_when_the_zone_has_them() {
    let desk = Desk::new(restaurant());
    let answers = Answers::new()
        .with("方式", Value::choice("堂食"))
        .with("明火", true)
        .with("面积", 320)
        .with("名称", Value::text("某店"))
        .with("负责人", Value::text("某人"))
        .with("地址", Value::text("某路1号"));
    let form = desk.form(&answers);
    assert!(form.complete());
    let report = form.report();
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "questions": [
                {"field": "方式", "items": ["许可", "消防"], "known": false},
                {"field": "明火", "items": ["消防"], "known": false},
                {"field": "名称", "items": ["登记", "许可", "消防"], "known": false},
                {"field": "负责人", "items": ["登记", "许可"], "known": false},
                {"field": "面积", "items": ["许可", "消防"], "known": false},
                {"field": "地址", "items": ["登记", "许可"], "known": false},
            ],
            "materials": [
                {"material": "执照", "items": ["许可", "消防"], "supplied_by": "登记"},
                {"material": "平面图", "items": ["许可", "消防"], "supplied_by": null},
            ],
            // 3 for 登记, 4 for 许可, 3 for 消防; each of the two inspecting items wants both papers.
            "separate": {"questions": 10, "materials": 4, "visits": 0},
            "merged": {"questions": 6, "materials": 1, "visits": 0},
            "complete": true,
        })
    );
    assert!(form.obstacles().is_empty());
}

#[test]
fn a_requirement_that_fails_is_explained_and_does_not_bar_the_way() {
    let desk = Desk::new(restaurant());
    let answers = example_answers(
        &desk.edition,
        &desk.edition.parts().things[0],
        PartyKind::Legal,
        &desk.known,
        &Answers::new().with("方式", Value::choice("堂食")).with("面积", 49),
        TODAY,
    );
    let form = desk.form(&answers);
    assert!(form.complete());
    let found: Vec<_> =
        form.obstacles().iter().map(|each| (each.item.id.as_str(), each.text.zh.as_str())).collect();
    assert_eq!(found, [("许可", "面积太小")]);
}

#[test]
fn what_is_known_is_shown_for_confirmation_and_not_counted_as_asked() {
    let mut desk = Desk::new(restaurant());
    let source = Source::Registry { registry: "库".into() };
    let known = Known { value: Value::text("某人"), source, as_of: Some(date(2026, 9, 1)), key: None };
    desk.known.insert("负责人", known);
    let state = |answers: &Answers| desk.form(answers).question("负责人").unwrap().state;
    let answers = Answers::new();
    assert_eq!(state(&answers), State::Known);
    assert_eq!(desk.form(&answers).merged().questions, 3);
    assert_eq!(state(&answers.clone().with("负责人", Value::text("某人"))), State::Confirmed);
    assert_eq!(state(&answers.clone().with("负责人", Value::text("别人"))), State::Answered);

    let mut blank = answers.clone();
    blank.leave_blank("负责人");
    assert_eq!(state(&blank), State::Problem, "it may be corrected, not removed");

    // A known fact that does not fit its field is ignored.
    let long =
        Known { value: Value::text("长".repeat(21)), source: Source::Account, as_of: None, key: None };
    desk.known.insert("负责人", long);
    assert_eq!(desk.form(&answers).question("负责人").unwrap().state, State::Unanswered);
}

#[test]
fn a_known_fact_decides_without_a_question() {
    let mut desk = Desk::new(restaurant());
    let known = Known { value: Value::choice("外卖"), source: Source::Account, as_of: None, key: None };
    desk.known.insert("方式", known);
    let answers = Answers::new();
    let form = desk.form(&answers);
    assert_eq!(applying(&form), ["登记"]);
    assert_eq!(form.question("方式").unwrap().state, State::Known, "shown, because it decided something");
}

#[test]
fn what_cannot_be_read_is_kept_and_blocks() {
    let desk = Desk::new(restaurant());
    let mut answers = Answers::new().with("方式", Value::choice("堂食"));
    answers.keep_typed("面积", Raw::from("很大"));
    let form = desk.form(&answers);
    let question = form.question("面积").unwrap();
    assert_eq!((question.state, question.typed), (State::Problem, Some(&Raw::from("很大"))));
    assert_eq!(question.problems[0].code(), "not-a-number");
    assert!(!form.complete());
    let stored = serde_json::to_string(&answers).unwrap();
    let mut loaded: Answers = serde_json::from_str(&stored).unwrap();
    loaded.retype(&desk.edition);
    assert_eq!(loaded, answers, "on another device too");
}

#[test]
fn what_was_known_is_still_the_same_value_when_it_is_read_back() {
    let kind = FieldKind::Date { min: None, max: None, past: false, future: false };
    let zone = zone().field(field("生日", "主体", kind)).item(item("办"), "");
    let desk = Desk::new(zone);
    let born = Value::Date(date(1998, 5, 12));
    let known = form::Known { value: born, source: form::Source::Account, as_of: None, key: None };
    let facts = form::KnownFacts::new().with("生日", known);
    let mut kept: form::KnownFacts = serde_json::from_str(&serde_json::to_string(&facts).unwrap()).unwrap();
    kept.retype(&desk.edition);
    assert_eq!(kept, facts);
}

#[test]
fn items_of_one_route_exclude_each_other_and_the_party_decides_too() {
    let zone = zone()
        .field(yes_no("快", "其他"))
        .item(item("快办"), "快")
        .item(item("慢办"), "")
        .with_item("个人办", "", |_, item| item.applicants = vec![PartyKind::Natural])
        .thing(|thing| {
            thing.members[0].route = Some("办".into());
            thing.members[1].route = Some("办".into());
        });
    let desk = Desk::new(zone);
    let stands =
        |answers: &Answers| desk.form(answers).members().iter().map(|each| each.applies).collect::<Vec<_>>();
    use Applies::*;
    assert_eq!(stands(&Answers::new()), [Unknown, Unknown, NotForParty]);
    assert_eq!(stands(&Answers::new().with("快", true)), [Yes, OtherRoute, NotForParty]);
    assert_eq!(stands(&Answers::new().with("快", false)), [No, Yes, NotForParty]);
}

#[test]
fn an_item_that_is_closed_to_the_party_is_told_once_the_situation_calls_for_it() {
    let zone = zone()
        .field(yes_no("小店", "其他"))
        .with_item("店照", "小店", |_, item| item.applicants = vec![PartyKind::Natural])
        .item(item("公司照"), "小店 = false");
    let desk = Desk::new(zone);
    let closed = |answers: &Answers| -> Vec<String> {
        desk.form(answers).closed_to_party().iter().map(|item| item.id.to_string()).collect()
    };
    let named = Answers::new().with("名称", Value::text("某"));
    assert!(closed(&named).is_empty(), "nobody knows yet");
    let small = named.clone().with("小店", true);
    assert_eq!(closed(&small), ["店照"]);
    assert!(!desk.form(&small).complete());
    let large = named.with("小店", false);
    assert!(closed(&large).is_empty());
    assert!(desk.form(&large).complete());
}

#[test]
fn a_report_says_why_no_answer_would_complete_the_form() {
    let zone = zone()
        .field(yes_no("小店", "其他"))
        .field(yes_no("自营", "其他"))
        .with_item("店照", "小店", |_, item| item.applicants = vec![PartyKind::Natural])
        .item(item("公司照"), "小店 = false and 自营");
    let desk = Desk::new(zone);
    let why = |answers: &Answers| desk.form(answers).report().incomplete;
    assert_eq!(why(&Answers::new()), None, "questions are left");
    let small = Answers::new().with("小店", true);
    assert_eq!(why(&small), Some(Incomplete::ClosedToParty { items: vec!["店照".into()] }));
    let nothing = Answers::new().with("小店", false).with("自营", false);
    assert_eq!(why(&nothing), Some(Incomplete::NothingApplies));
    let fine = Answers::new().with("小店", false).with("自营", true).with("名称", Value::text("某"));
    assert_eq!((desk.form(&fine).complete(), why(&fine)), (true, None));
}

#[test]
fn answers_of_a_program_read_like_typed_ones_numbers_in_tables_and_null_included() {
    let raw = |json: serde_json::Value| Raw::of_json(&json);
    assert!(raw(serde_json::Value::Null).is_blank());
    assert_eq!(raw(serde_json::json!(12.5)), Raw::One("12.5".into()));
    let rows = raw(serde_json::json!([{"姓名": "甲", "出资额": 30, "自然人": true, "备注": null}]));
    let Raw::Rows(rows) = rows else { panic!("{rows:?}") };
    let cell = |column: &str| rows[0].get(&FieldId::from(column)).map(Raw::one);
    assert_eq!(cell("出资额"), Some("30"));
    assert_eq!(cell("自然人"), Some("true"));
    assert_eq!(cell("备注"), Some(""));
}

#[test]
fn an_optional_field_on_which_something_hangs_must_be_seen_but_may_stay_blank() {
    let mut shy = yes_no("愿意", "其他");
    shy.optional = true;
    let mut note = text_field("备注", "其他");
    note.optional = true;
    let zone = zone().field(shy).field(note).with_item("甲", "", |zone, item| {
        item.fields = vec![zone.uses("备注", "愿意")];
    });
    let desk = Desk::new(zone);
    let mut answers = Answers::new().with("名称", Value::text("某"));
    assert!(!desk.form(&answers).complete());
    answers.leave_blank("愿意");
    assert!(desk.form(&answers).complete());
    let answers = answers.with("愿意", true);
    let form = desk.form(&answers);
    assert_eq!(asked(&form), ["名称", "愿意", "备注"]);
    assert!(form.complete(), "nothing hangs on the note");
}

#[test]
fn modes_that_are_chosen_and_offered_change_papers_and_steps() {
    let promise = |skips: &str| PromiseMode {
        text: same("承诺"),
        verify_within: Limit::working_days(20),
        skips: vec![skips.into()],
        basis: citation("规定"),
    };
    let tolerance =
        ToleranceMode {
            text: same("容缺"), close_within: Limit::working_days(10), basis: citation("规定")
        };
    let zone = zone()
        .material("证明", Issuer::Applicant)
        .material("图", Issuer::Applicant)
        .with_item("甲", "", |zone, item| {
            item.materials = vec![
                zone.wants("证明", "", MaterialNeed::Promisable),
                zone.wants("图", "", MaterialNeed::Tolerable),
            ];
            item.modes = Modes { promise: Some(promise("核查")), tolerance: Some(tolerance.clone()) };
            let mut inspect = step("核查", StepKind::Inspect, &[]);
            inspect.present = true;
            item.steps.insert("核查".into(), inspect);
        })
        .with_item("乙", "", |zone, item| {
            item.materials = vec![zone.wants("图", "", MaterialNeed::Tolerable)];
        });
    let mut desk = Desk::new(zone);
    let answers = Answers::new();
    let statuses = |desk: &Desk| {
        let form = desk.form(&answers);
        form.materials().iter().map(|each| each.status).collect::<Vec<_>>()
    };
    use MaterialStatus::*;
    assert_eq!(statuses(&desk), [Due, Due]);
    assert_eq!(desk.form(&answers).visits(), 1);
    desk.modes.promised.insert("甲".into());
    desk.modes.tolerated.insert("图".into());
    assert_eq!(statuses(&desk), [Promised, Due], "the other item offers no tolerance");
    assert_eq!(desk.form(&answers).visits(), 0);
    desk.edition = {
        let mut parts = desk.edition.parts().clone();
        parts.items["乙"].modes.tolerance = Some(tolerance);
        Edition::seal(parts).unwrap()
    };
    assert_eq!(statuses(&desk), [Promised, Later]);
    assert!(desk.form(&answers).materials()[1].may_follow());
}

#[test]
fn joint_inspections_one_counter_and_one_delivery_save_visits() {
    let present = |id: &str, kind| {
        let mut step = step(id, kind, &[]);
        step.present = true;
        step
    };
    let counter = |_: &ZoneBuilder, item: &mut Item| {
        item.channels = vec![Channel::Window];
        item.steps.insert("核查".into(), present("核查", StepKind::Inspect));
        item.steps.insert("送达".into(), present("送达", StepKind::Deliver));
    };
    let zone = zone()
        .with_item("甲", "", counter)
        .with_item("乙", "", counter)
        .with_item("丙", "", |_, item| {
            item.steps.insert("听证".into(), present("听证", StepKind::Hear));
            let mut video = present("视频", StepKind::Inspect);
            video.remote = true;
            item.steps.insert("视频".into(), video);
        })
        .thing(|thing| {
            let steps = vec![("甲".into(), "核查".into()), ("乙".into(), "核查".into())];
            thing.joint_inspections.push(JointInspection { title: same("联合"), steps });
        });
    let desk = Desk::new(zone);
    let answers = Answers::new();
    let form = desk.form(&answers);
    let claimed: usize = form.items().map(|item| usize::from(item.visits_needed())).sum();
    assert_eq!(form.separate(), Counts { questions: 3, materials: 0, visits: 7 });
    assert_eq!(claimed, 7, "the same as the guide of each item says");
    assert_eq!(form.merged(), Counts { questions: 1, materials: 0, visits: 4 });
}

#[test]
fn a_new_edition_in_the_middle_says_what_changed_and_keeps_the_answers() {
    let old = Desk::new(restaurant());
    let mut zone = restaurant().field(text_field("厨师", "其他"));
    let whys = zone.uses("厨师", "");
    zone.parts.items["许可"].fields.push(whys);
    zone.parts.items["许可"].fields.retain(|each| each.field != "面积");
    zone.parts.items["许可"].materials.truncate(1);
    zone.parts.items["许可"].requirements.clear();
    zone.parts.fields["负责人"].kind = FieldKind::Text { multiline: false, min_length: 3, max_length: 20 };
    let new = Desk::new(zone);
    let answers = Answers::new()
        .with("方式", Value::choice("堂食"))
        .with("明火", false)
        .with("负责人", Value::text("某人"))
        .with("面积", 320);
    let found = changes(&old.form(&answers), &new.form(&answers));
    let codes: Vec<_> =
        found.problems.iter().map(|problem| (problem.field.as_str(), problem.code())).collect();
    assert_eq!(codes, [("负责人", "too-short")]);
    let expected = Changes {
        questions_added: vec!["厨师".into()],
        questions_removed: vec!["面积".into()],
        materials_removed: vec!["平面图".into()],
        problems: found.problems.clone(),
        ..Changes::default()
    };
    assert_eq!(found, expected);
    assert!(changes(&old.form(&answers), &old.form(&answers)).is_empty());
}

#[test]
fn the_plan_runs_departments_in_parallel_and_waits_where_it_must() {
    let zone = zone()
        .with_item("登记", "", |_, item| {
            item.limits.promised = Limit::working_days(1);
            item.limits.intake.limit = Limit::working_days(1);
        })
        .with_item("许可", "", |_, item| {
            let mut accept = step("受理", StepKind::Accept, &[]);
            accept.limit = Some(Limit::working_days(1));
            let mut review = step("审查", StepKind::Review, &["受理"]);
            review.limit = Some(Limit::working_days(2));
            let mut test = step("检测", StepKind::Examine, &["受理"]);
            test.limit = Some(Limit::working_days(3));
            test.counting = Counting::Statutory { pause: StatutoryPause::Testing };
            let mut look = step("踏勘", StepKind::Inspect, &["检测"]);
            look.limit = Some(Limit::working_days(1));
            look.counting = Counting::Local { pause: "踏勘".into() };
            let decide = step("决定", StepKind::Decide, &["审查", "踏勘"]);
            item.steps = [accept, review, test, look, decide]
                .into_iter()
                .map(|each| (each.id.clone(), each))
                .collect();
            item.limits.intake.limit = Limit::working_days(1);
            item.limits.promised = Limit::working_days(5);
            item.limits.delivery = Some(Limit::working_days(2));
        })
        .with_item("备案", "", |_, _| {})
        .thing(|thing| thing.members[1].after = vec!["登记".into()]);
    let desk = Desk::new(zone);
    let answers = Answers::new();
    let form = desk.form(&answers);
    // A Monday, with no holidays in the calendar.
    let plan = form.plan(date(2026, 3, 2));
    let lane = |id: &str| plan.items.iter().find(|each| each.item.id == id).unwrap();
    // Accepted on the last day of intake, and promised for a day later.
    assert_eq!(lane("登记").promised_on, date(2026, 3, 4));
    assert_eq!(lane("备案").promised_on, date(2026, 3, 16), "does not wait for anything");
    let licence = lane("许可");
    assert_eq!(licence.starts_on, date(2026, 3, 4));
    assert_eq!(licence.accepted_on, date(2026, 3, 5));
    let steps: Vec<_> =
        licence.steps.iter().map(|each| (each.step.id.as_str(), each.starts_on, each.ends_on)).collect();
    assert_eq!(
        steps,
        [
            ("受理", date(2026, 3, 4), date(2026, 3, 5)),
            ("审查", date(2026, 3, 5), date(2026, 3, 9)),
            ("检测", date(2026, 3, 5), date(2026, 3, 10)),
            ("踏勘", date(2026, 3, 10), date(2026, 3, 11)),
            ("决定", date(2026, 3, 11), date(2026, 3, 11)),
        ]
    );
    // Of the days after 5 March, testing pauses 6, 9 and 10 and the site visit 11: the promise starts to run
    // on 12.
    assert_eq!(licence.promised_on, date(2026, 3, 18));
    // The statute counts the site visit: 20 days from 11 March on.
    assert_eq!(licence.statute_on, Some(date(2026, 4, 7)));
    assert_eq!(licence.delivered_on, date(2026, 3, 20));
    assert_eq!((plan.done_on, plan.statute_on), (Some(date(2026, 3, 18)), Some(date(2026, 4, 7))));
}

#[test]
fn nothing_is_promised_for_a_day_on_which_it_may_not_be_accepted_yet() {
    let zone = zone()
        .with_item("登记", "", |_, item| {
            item.limits.promised = Limit::working_days(0);
            item.limits.intake.limit = Limit::working_days(1);
        })
        .with_item("备案", "", |_, item| {
            item.limits.promised = Limit::working_days(0);
            item.limits.intake.limit = Limit::working_days(0);
        });
    let desk = Desk::new(zone);
    let answers = Answers::new();
    let form = desk.form(&answers);
    let plan = form.plan(date(2026, 3, 2));
    let promised: Vec<_> = plan.items.iter().map(|lane| lane.promised_on).collect();
    assert_eq!(promised, [date(2026, 3, 3), date(2026, 3, 2)]);
    assert_eq!(form.outlook().done_on, form.plan(TODAY).done_on);
}

#[test]
fn a_text_with_a_pattern_is_read_in_capitals_and_refused_in_another_form() {
    let mut plate =
        field("号牌", "主体", FieldKind::Text { multiline: false, min_length: 1, max_length: 20 });
    plate.pattern = Some(catalogue::TextPattern {
        matches: catalogue::Pattern::read("[一-龥][A-Z][A-HJ-NP-Z0-9]{5}").unwrap(),
        capitals: true,
        says: diagnostic::Bilingual::new("没有字母 I 和 O。", "There is no letter I or O."),
    });
    // As an edition is kept.
    let plate: catalogue::Field = serde_json::from_str(&serde_json::to_string(&plate).unwrap()).unwrap();
    let read = |typed: &str| form::parse_answer(&plate, &Raw::from(typed), date(2026, 10, 12));
    assert_eq!(read("鲁b12 a34").unwrap_err()[0].code(), "pattern");
    assert_eq!(read("鲁b12a34"), Ok(Some(Value::text("鲁B12A34"))));
    for other in ["鲁B12O34", "鲁B12A345", "x鲁B12A34"] {
        let problems = read(other).unwrap_err();
        assert_eq!(problems[0].code(), "pattern", "{other}");
        assert_eq!(problems[0].text.zh, "“号牌”的写法不对：没有字母 I 和 O。");
    }
}
