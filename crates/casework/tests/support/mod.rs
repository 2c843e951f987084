//! A small zone, and somebody who gives commands in it and checks the log after each.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use casework::Folded as _;
use std::collections::BTreeMap;
use std::sync::Arc;

use calendar::{Date, DayKind, DayRule, YearTable};
use casework::{
    Actor, Answers, Case, ClockKind, ClockView, Command, Context, DocRef, Event, Finding, MatterState,
    Refusal, Stamp, StepState, Submission, decide, decode, encode,
};
use catalogue::{
    Channel, Condition, Edition, EditionParts, ItemId, MaterialId, PartyKind, RoleId, StepId, ThingId,
};
use expression::{Names, Type};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde_json::{Value, json};

const PUBLISHED: &str = include_str!("../../../calendar/tests/data/cn-holidays.csv");

pub const 甲: &str = "甲事项";
pub const 乙: &str = "乙事项";
pub const 丙: &str = "丙事项";
pub const 丁: &str = "丁事项";
pub const 戊: &str = "戊事项";

fn text(zh: &str) -> Value {
    json!({"zh": zh, "en": zh})
}

struct Dictionary;

impl Names for Dictionary {
    fn type_of(&self, name: &str) -> Option<Type> {
        match name {
            "面积" | "人数" => Some(Type::number()),
            "要乙" | "要丙" | "要丁" | "要戊" | "危险" => Some(Type::Bool),
            _ => None,
        }
    }

    fn all(&self) -> Vec<Arc<str>> {
        ["面积", "人数", "要乙", "要丙", "要丁", "要戊", "危险"].into_iter().map(Arc::from).collect()
    }
}

fn when(condition: &str) -> Value {
    serde_json::to_value(Condition::parse(condition, &Dictionary).unwrap()).unwrap()
}

fn days(amount: u32) -> Value {
    json!({"amount": amount, "unit": "working_days"})
}

fn role(role: &str) -> Value {
    json!({"who": "role", "role": role})
}

fn steps(steps: Vec<Value>) -> Value {
    let entries = steps.into_iter().map(|mut step| {
        let id = step["id"].as_str().unwrap().to_owned();
        step["title"] = text(&id);
        (id, step)
    });
    Value::Object(entries.collect())
}

fn result(id: &str) -> Value {
    json!({id: {"id": id, "title": text(id), "kind": "licence"}})
}

fn field(id: &str, kind: Value) -> (String, Value) {
    (
        id.to_owned(),
        json!({"id": id, "label": text(id), "kind": kind, "sensitivity": "public", "section": "主体"}),
    )
}

fn material(id: &str, issuer: Value) -> (String, Value) {
    let material =
        json!({"id": id, "title": text(id), "issuer": issuer, "media": ["electronic"], "max_bytes": 1});
    (id.to_owned(), material)
}

fn item(id: &str, department: &str, more: Value) -> (String, Value) {
    let mut item = json!({
        "id": id, "title": text(id), "class": "类", "department": department, "basis": [],
        "applicants": ["natural", "legal"], "channels": ["online", "window"],
        "visits": {"claimed": 0},
        "limits": {
            "statutory": days(20), "promised": days(10),
            "intake": {"limit": days(5), "silence": "accepted-from-receipt", "correction": days(30)},
            "extension": {"limit": days(10), "approver": "甲负责人"}, "delivery": days(10)
        }
    });
    for (key, value) in more.as_object().unwrap() {
        item[key] = value.clone();
    }
    (id.to_owned(), item)
}

fn items() -> Value {
    let first = json!({
        "fields": [{"field": "面积"}],
        "materials": [
            {"material": "申请书", "need": "required"},
            {"material": "平面图", "need": "tolerable"},
            {"material": "自有证照", "need": "required"},
            {"material": "证明", "need": "promisable"},
            {"material": "大图", "need": "required", "when": when("面积 > 500")},
            {"material": "说明", "need": "optional"}
        ],
        "steps": steps(vec![
            json!({"id": "受理", "kind": "accept", "by": role("窗口"), "limit": days(1)}),
            json!({"id": "审查", "kind": "review", "by": role("甲审查员"), "after": ["受理"], "limit": days(2)}),
            json!({"id": "核查", "kind": "inspect", "by": role("甲核查员"), "after": ["受理"], "when": when("面积 > 200"),
                   "officers": 2, "present": true, "counting": {"how": "local", "pause": "踏勘"}}),
            json!({"id": "检测", "kind": "examine", "by": role("甲核查员"), "after": ["核查"], "when": when("面积 > 300"),
                   "counting": {"how": "statutory", "pause": "testing"}}),
            json!({"id": "决定", "kind": "decide", "by": role("甲负责人"), "after": ["审查", "核查", "检测"], "limit": days(1)}),
            json!({"id": "发证", "kind": "issue", "by": role("窗口"), "after": ["决定"], "result": "甲证"}),
            json!({"id": "送达", "kind": "deliver", "by": role("窗口"), "after": ["发证"]}),
        ]),
        "results": result("甲证"),
        "modes": {
            "promise": {"text": text("承诺"), "verify_within": days(20), "skips": ["核查"], "basis": {"cite": "某规定"}},
            "tolerance": {"text": text("容缺"), "close_within": days(5), "basis": {"cite": "某规定"}}
        }
    });
    let second = json!({
        "materials": [{"material": "申请书", "need": "required"}],
        "steps": steps(vec![
            json!({"id": "受理", "kind": "accept", "by": role("窗口")}),
            json!({"id": "核查", "kind": "inspect", "by": role("乙核查员"), "after": ["受理"], "officers": 2, "present": true}),
            json!({"id": "决定", "kind": "decide", "by": role("乙负责人"), "after": ["核查"], "officers": 2}),
            json!({"id": "登簿", "kind": "record", "by": {"who": "system"}, "after": ["决定"]}),
            json!({"id": "发证", "kind": "issue", "by": role("窗口"), "after": ["登簿"], "result": "乙证"}),
            json!({"id": "送达", "kind": "deliver", "by": {"who": "system"}, "after": ["发证"]}),
        ]),
        "results": result("乙证"),
        "limits": {
            "promised": days(3), "delivery": days(10),
            "intake": {"limit": days(0), "silence": "nothing"}
        }
    });
    let third = json!({
        "materials": [],
        "requirements": [{"condition": when("人数 < 100"), "otherwise": text("人数过多")}],
        "steps": steps(vec![
            json!({"id": "受理", "kind": "accept", "by": {"who": "system"}}),
            json!({"id": "缴费", "kind": "pay", "by": {"who": "applicant"}, "after": ["受理"]}),
            json!({"id": "决定", "kind": "decide", "by": {"who": "system"}, "after": ["缴费"]}),
        ]),
    });
    let fourth = json!({
        "feedback": true,
        "steps": steps(vec![
            json!({"id": "受理", "kind": "accept", "by": role("窗口")}),
            json!({"id": "整改", "kind": "act", "by": role("甲审查员"), "after": ["受理"]}),
            json!({"id": "确认", "kind": "confirm", "by": {"who": "applicant"}, "after": ["整改"], "returns_to": "整改"}),
        ]),
    });
    let fifth = json!({
        "steps": steps(vec![
            json!({"id": "受理", "kind": "accept", "by": role("窗口")}),
            json!({"id": "初审", "kind": "review", "by": role("甲审查员"), "after": ["受理"]}),
            json!({"id": "复核", "kind": "review", "by": role("甲核查员"), "after": ["初审"], "returns_to": "初审"}),
            json!({"id": "初决", "kind": "decide", "by": role("乙负责人"), "after": ["复核"]}),
            json!({"id": "决定", "kind": "decide", "by": role("甲负责人"), "after": ["复核"]}),
        ]),
        "limits": {
            "promised": {"amount": 24, "unit": "hours"},
            "intake": {"limit": days(5), "silence": "accepted-from-receipt"}
        }
    });
    Value::Object(
        [
            item("甲事项", "甲部", first),
            item("乙事项", "乙部", second),
            item("丙事项", "甲部", third),
            item("丁事项", "甲部", fourth),
            item("戊事项", "甲部", fifth),
        ]
        .into_iter()
        .collect(),
    )
}

fn role_of(id: &str, department: &str, rank: &str, window: bool) -> (String, Value) {
    (
        id.to_owned(),
        json!({"id": id, "name": text(id), "department": department, "rank": rank, "window": window}),
    )
}

/// The declarations; tests change them before they seal them.
pub fn parts() -> EditionParts {
    let department = |id: &str| (id.to_owned(), json!({"id": id, "name": text(id), "code": "0"}));
    let yes_no = || json!({"type": "yes-no"});
    let number = || json!({"type": "number", "decimals": 0});
    let thing = json!({
        "id": "一件事", "title": text("一件事"), "outcome": text("办成"), "applicants": ["natural", "legal"],
        "applicant_name": "人数",
        "members": [
            {"item": "甲事项"},
            {"item": "乙事项", "when": when("要乙")},
            {"item": "丙事项", "when": when("要丙"), "after": ["甲事项"]},
            {"item": "丁事项", "when": when("要丁"), "route": "甲线"},
            {"item": "戊事项", "when": when("要戊"), "route": "甲线"}
        ],
        "joint_inspections": [{"title": text("联合核查"), "steps": [["甲事项", "核查"], ["乙事项", "核查"]]}]
    });
    let small = json!({
        "id": "投诉", "title": text("投诉"), "outcome": text("整改"), "applicants": [],
        "applicant_name": "人数", "members": [{"item": "丁事项"}]
    });
    let years: Vec<YearTable> = published();
    serde_json::from_value(json!({
        "zone": {
            "id": "某区", "name": text("某区"), "region": "000000", "utc_offset_minutes": 480, "contact": text("咨询"),
            "warnings": {"yellow_days_left": 2, "red_days_left": 0},
            "remedies": [{"cite": "某法 第一条"}, {"cite": "某法 第二条"}]
        },
        "classes": {"类": {"id": "类", "name": text("类")}},
        "departments": Value::Object([department("甲部"), department("乙部")].into_iter().collect()),
        "roles": Value::Object([
            role_of("窗口", "甲部", "officer", true),
            role_of("甲审查员", "甲部", "officer", false),
            role_of("甲核查员", "甲部", "officer", false),
            role_of("甲负责人", "甲部", "head", false),
            role_of("乙核查员", "乙部", "officer", false),
            role_of("乙负责人", "乙部", "head", false),
        ].into_iter().collect()),
        "local_pauses": {"踏勘": {"id": "踏勘", "name": text("踏勘")}},
        "halls": {}, "windows": {}, "registries": {},
        "sections": {"主体": {"id": "主体", "title": text("主体")}},
        "fields": Value::Object([
            field("面积", number()), field("人数", number()), field("要乙", yes_no()), field("要丙", yes_no()),
            field("要丁", yes_no()), field("要戊", yes_no()), field("危险", yes_no()),
        ].into_iter().collect()),
        "materials": Value::Object([
            material("申请书", json!({"by": "applicant"})),
            material("平面图", json!({"by": "applicant"})),
            material("证明", json!({"by": "applicant"})),
            material("大图", json!({"by": "applicant"})),
            material("说明", json!({"by": "applicant"})),
            material("自有证照", json!({"by": "zone", "item": "乙事项", "result": "乙证"})),
        ].into_iter().collect()),
        "items": items(),
        "things": {"一件事": thing, "投诉": small},
        "years": years,
    }))
    .unwrap()
}

fn published() -> Vec<YearTable> {
    let mut years: BTreeMap<i16, Vec<DayRule>> = BTreeMap::new();
    for line in PUBLISHED.lines().skip(1) {
        let [day, kind, name] = line.split(',').collect::<Vec<_>>()[..] else { panic!("row {line}") };
        let kind = if kind == "holiday" { DayKind::Holiday } else { DayKind::MakeupWorkday };
        let rule = DayRule { date: day.parse().unwrap(), kind, name: name.into() };
        years.entry(rule.date.year()).or_default().push(rule);
    }
    years.into_iter().map(|(year, days)| YearTable { year, notice: None, days }).collect()
}

pub fn edition() -> Edition {
    Edition::seal(parts()).unwrap()
}

pub fn doc(key: &str) -> DocRef {
    DocRef::new(key, "0000")
}

/// Local time of the zone.
pub fn at(text: &str) -> Timestamp {
    let local: DateTime = text.replace(' ', "T").parse().unwrap();
    Offset::constant(8).to_timestamp(local).unwrap()
}

pub fn officer(id: &str, roles: &[&str]) -> Actor {
    Actor::officer(id, roles.iter().map(|role| RoleId::from(*role)))
}

pub fn window() -> Actor {
    officer("窗口一", &["窗口"])
}

pub fn applicant() -> Actor {
    Actor::applicant("申请人")
}

pub fn reviewer() -> Actor {
    officer("审查一", &["甲审查员"])
}

pub fn inspector() -> Actor {
    officer("核查一", &["甲核查员"])
}

pub fn head() -> Actor {
    officer("负责人", &["甲负责人"])
}

pub fn other_inspector() -> Actor {
    officer("乙核查一", &["乙核查员"])
}

pub fn other_head() -> Actor {
    officer("乙负责人甲", &["乙负责人"])
}

pub fn facts(area: i32) -> expression::Answers {
    expression::Answers::new().with("面积", area)
}

pub fn item_id(item: &str) -> ItemId {
    ItemId::from(item)
}

pub fn materials(names: &[&str]) -> Vec<MaterialId> {
    names.iter().map(|name| MaterialId::from(*name)).collect()
}

/// Plays commands, and after each one checks what must hold for every log.
#[derive(Debug)]
pub struct Player {
    pub edition: Edition,
    pub case: Option<Case>,
    pub log: Vec<(Event, Stamp)>,
    pub now: Timestamp,
}

/// What is handed in, changed by the test before it is.
pub struct Entry {
    pub thing: &'static str,
    pub facts: expression::Answers,
    pub materials: Vec<MaterialId>,
    pub promise: Vec<ItemId>,
    pub tolerate: Vec<MaterialId>,
    pub channel: Channel,
}

impl Entry {
    pub fn new(facts: expression::Answers) -> Self {
        Self {
            thing: "一件事",
            facts,
            materials: materials(&["申请书", "平面图", "证明"]),
            promise: Vec::new(),
            tolerate: Vec::new(),
            channel: Channel::Online,
        }
    }
}

impl Player {
    pub fn new() -> Self {
        Self::with(edition())
    }

    pub fn with(edition: Edition) -> Self {
        Self { edition, case: None, log: Vec::new(), now: at("2026-09-18 10:00") }
    }

    pub fn submitted(facts: expression::Answers) -> Self {
        let mut player = Self::new();
        player.submit(&Entry::new(facts)).unwrap();
        player
    }

    pub fn accepted(facts: expression::Answers) -> Self {
        let mut player = Self::submitted(facts);
        player.does(&window(), &Command::Accept { item: None });
        player
    }

    pub fn submit(&mut self, entry: &Entry) -> Result<Vec<Event>, Refusal> {
        let answers = doc("answers/1");
        let submission = Submission {
            number: "0001".into(),
            thing: ThingId::from(entry.thing),
            answers: Answers { facts: &entry.facts, document: &answers, same_people: false },
            party: PartyKind::Legal,
            channel: entry.channel,
            materials: entry.materials.clone(),
            promise: entry.promise.clone(),
            tolerate: entry.tolerate.clone(),
            received_at: self.now,
        };
        self.act(&applicant(), &Command::Submit(submission))
    }

    pub fn at(&mut self, text: &str) -> &mut Self {
        self.now = at(text);
        self
    }

    /// The act must succeed.
    #[track_caller]
    pub fn does(&mut self, actor: &Actor, command: &Command<'_>) -> Vec<Event> {
        match self.act(actor, command) {
            Ok(events) => events,
            Err(refusal) => panic!("{command:?} was refused: {} {refusal}", refusal.code()),
        }
    }

    /// The act must be refused; its code.
    #[track_caller]
    pub fn refused(&mut self, actor: &Actor, command: &Command<'_>) -> &'static str {
        let before = self.case.clone();
        match self.act(actor, command) {
            Ok(events) => panic!("{command:?} went through: {events:?}"),
            Err(refusal) => {
                assert_eq!(self.case, before, "a refusal changes nothing");
                refusal.code()
            }
        }
    }

    pub fn act(&mut self, actor: &Actor, command: &Command<'_>) -> Result<Vec<Event>, Refusal> {
        let context = Context { now: self.now, actor, edition: &self.edition };
        let events = decide(self.case.as_ref(), command, &context)?;
        assert_eq!(decide(self.case.as_ref(), command, &context).as_ref(), Ok(&events), "same in, same out");
        let stamp = Stamp { at: self.now, actor: actor.id.clone() };
        for event in &events {
            let wire = encode(event);
            assert_eq!(decode::<Event>(wire.kind, wire.schema, &wire.bytes).unwrap(), *event);
            match &mut self.case {
                Some(case) => case.apply(event, &stamp),
                none => *none = Case::begin(event, &stamp),
            }
            self.log.push((event.clone(), stamp.clone()));
        }
        let replayed = Case::replay(self.log.iter().map(|(event, stamp)| (event, stamp)));
        assert_eq!(replayed, self.case, "a log folds to the live state");
        Ok(events)
    }

    pub fn tick(&mut self) -> Vec<Event> {
        let events = self.does(&Actor::system(), &Command::Tick);
        assert_eq!(self.act(&Actor::system(), &Command::Tick), Ok(Vec::new()), "a second tick finds nothing");
        events
    }

    pub fn done(&mut self, actor: &Actor, item: &str, step: &str) -> Vec<Event> {
        self.does(actor, &step_command(item, step, true))
    }

    pub fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }

    pub fn state(&self, item: &str) -> &'static str {
        self.matter_state(item).code()
    }

    pub fn matter_state(&self, item: &str) -> &MatterState {
        &self.case().matter(&item_id(item)).unwrap().state
    }

    pub fn open(&self, item: &str) -> Vec<String> {
        let matter = self.case().matter(&item_id(item)).unwrap();
        matter.open_steps().map(|(step, _)| step.id.to_string()).collect()
    }

    pub fn step(&self, item: &str, step: &str) -> StepState {
        let matter = self.case().matter(&item_id(item)).unwrap();
        matter.runs().find(|(planned, _)| planned.id == *step).unwrap().1.state.clone()
    }

    pub fn clock(&self, item: &str, kind: ClockKind) -> ClockView {
        let clocks = self.case().clocks(self.edition.calendar(), self.edition.offset(), self.now);
        clocks.into_iter().find(|clock| clock.item == *item && clock.kind == kind).unwrap()
    }

    pub fn due_on(&self, item: &str, kind: ClockKind) -> String {
        self.clock(item, kind).due.due_on.to_string()
    }

    pub fn today(&self) -> Date {
        self.edition.offset().to_datetime(self.now).date()
    }
}

pub fn step_command(item: &str, step: &str, yes: bool) -> Command<'static> {
    Command::CompleteStep {
        item: item_id(item),
        step: StepId::from(step),
        yes,
        opinion: None,
        finding: Finding { failed: 0, explained: true },
        officers: vec!["同事".into()],
        joint: false,
    }
}

pub fn kinds(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(Event::kind).collect()
}
