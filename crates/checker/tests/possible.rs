//! Checks what rules claim about all answers against forms filled in with all answers: random packs with
//! optional fields, gated questions, conditional members and routes.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use catalogue::{Condition, Edition, FieldId, PartyKind, Thing};
use checker::testing::edition_despite_findings;
use checker::{PackFiles, compile};
use expression::{Facts, Value};
use form::{Answer, Answers, Applies, Form, Input, KnownFacts, Modes};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 9, 18);
const PACKS: u64 = 200;
const ITEMS: [&str; 3] = ["一", "二", "三"];
const FIELDS: [&str; 6] = ["开", "新", "数", "备", "样", "设"];

const DICTIONARY: &str = "\
名称: {label: {zh: 名称, en: Name}, section: 主体, type: text}
开: {label: {zh: 开, en: Open}, section: 主体, type: yes-no}
新: {label: {zh: 新, en: New}, section: 主体, type: yes-no}
数: {label: {zh: 数, en: Number}, section: 主体, type: number, min: 1, max: 3}
备: {label: {zh: 备, en: Spare}, section: 主体, type: number, min: 1, max: 3, optional: true}
样: {label: {zh: 样, en: Mode}, section: 主体, type: choice, options: {甲: {zh: 甲, en: A}, 乙: {zh: 乙, en: B}}}
设: {label: {zh: 设, en: Kit}, section: 主体, type: choices, options: {子: {zh: 子, en: C}, 丑: {zh: 丑, en: D}}}
";

/// A fixed random sequence (xorshift): a failing pack can be generated again from its number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn leaf(&mut self, names: &[&str]) -> String {
        let name = names[self.roll(names.len())];
        let number = self.roll(3) + 1;
        let relation = [">", "<=", "=", "!=", ">=", "<"][self.roll(6)];
        match (name, self.roll(8)) {
            (_, 0) => format!("exists {name}"),
            ("开" | "新", _) => name.to_owned(),
            ("数" | "备", _) => format!("{name} {relation} {number}"),
            ("样", side) => format!("样 {} \"甲\"", if side < 5 { "=" } else { "!=" }),
            (_, side) => format!("设 contains \"{}\"", if side < 5 { "子" } else { "丑" }),
        }
    }

    fn condition(&mut self, names: &[&str], depth: usize) -> String {
        match self.roll(if depth == 0 { 1 } else { 5 }) {
            0 | 1 => self.leaf(names),
            2 => format!("({} and {})", self.condition(names, depth - 1), self.condition(names, depth - 1)),
            3 => format!("({} or {})", self.condition(names, depth - 1), self.condition(names, depth - 1)),
            _ => format!("not ({})", self.condition(names, depth - 1)),
        }
    }

    /// Conditions that cover everything or just fail to.
    fn split(&mut self) -> (String, String) {
        match self.roll(4) {
            0 => (self.condition(&FIELDS, 2), self.condition(&FIELDS, 2)),
            1 => {
                let one = self.condition(&FIELDS, 1);
                (one.clone(), format!("not ({one})"))
            }
            _ => {
                let name = ["数", "备"][self.roll(2)];
                let at = self.roll(3) + 1;
                (format!("{name} > {at}"), format!("{name} <= {at}"))
            }
        }
    }
}

fn base() -> PackFiles {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/base");
    ["zone.yaml", "calendars/2025.yaml", "calendars/2026.yaml"]
        .into_iter()
        .map(|name| (name.to_owned(), Arc::from(std::fs::read(root.join(name)).expect("a file of the base"))))
        .collect()
}

fn pack(dice: &mut Dice) -> PackFiles {
    let mut files = base();
    let mut add = |path: String, text: String| files.insert(path, Arc::from(text.into_bytes()));
    add("fields/题.yaml".into(), DICTIONARY.into());
    let mut thing = String::from(
        "title: {zh: 事, en: Thing}\noutcome: {zh: 成, en: Done}\napplicants: [legal]\napplicant: {name: 名称}\nquestions:\n",
    );
    thing += "  - {field: 开, ask: {zh: 开？, en: Open?}}\n";
    for (field, earlier) in [("新", &["开", "样", "备"][..]), ("数", &["开", "新", "样"])] {
        let when = match dice.roll(4) {
            0 => String::new(),
            1 => ", when: 开".to_owned(),
            _ => format!(", when: '{}'", dice.condition(earlier, 1)),
        };
        thing += &format!("  - {{field: {field}, ask: {{zh: 吗？, en: Well?}}{when}}}\n");
    }
    thing += "items:\n";
    let split = dice.split();
    let routes = dice.roll(2) == 0;
    for (place, item) in ITEMS.into_iter().enumerate() {
        let when = match (place, dice.roll(6)) {
            (_, 0) if place > 0 => "true".to_owned(),
            (0, _) => split.0.clone(),
            (1, _) => split.1.clone(),
            _ => dice.condition(&FIELDS, 2),
        };
        let route = if routes && dice.roll(3) > 0 { ", route: 路" } else { "" };
        thing += &format!("  - {{item: {item}, when: '{when}'{route}}}\n");
        add(format!("items/{item}/item.yaml"), item_text(dice));
    }
    add("things/事/thing.yaml".into(), thing);
    files
}

fn item_text(dice: &mut Dice) -> String {
    let mut listed = String::from("名称");
    for field in ["新", "数"] {
        match dice.roll(6) {
            0 => listed += &format!(", {field}"),
            1 => {
                listed += &format!(", {{field: {field}, when: '{}'}}", dice.condition(&["开", "样", "备"], 1))
            }
            _ => {}
        }
    }
    let (one, two) = dice.split();
    let review = dice.condition(&FIELDS, 2);
    format!(
        "title: {{zh: 项, en: Item}}\nclass: 大类一\ndepartment: 部门一\nbasis: [某法 第十条]\napplicants: [legal]\n\
         channels: [online, window]\nfields: [{listed}]\nlimits:\n  statutory: none\n  promised: 3 working days\n  \
         intake: {{limit: 1 working day, silence: nothing}}\nsteps:\n  \
         受理: {{title: {{zh: 受理, en: Accept}}, kind: accept, role: 窗口岗}}\n  \
         看: {{title: {{zh: 看, en: Look}}, kind: review, role: 审查岗, after: [受理], when: '{review}'}}\n  \
         准: {{title: {{zh: 准, en: One}}, kind: decide, role: 负责人, after: [看], when: '{one}'}}\n  \
         定: {{title: {{zh: 定, en: Two}}, kind: decide, role: 负责人, after: [看], when: '{two}'}}\nresults: {{}}\nvisits: 0\n"
    )
}

/// The generated parts of a pack, to inspect a failure.
fn written(files: &PackFiles) -> String {
    let made = files.iter().filter(|(path, _)| path.contains('事') || path.starts_with("items/"));
    made.map(|(path, bytes)| format!("--- {path}\n{}", String::from_utf8_lossy(bytes))).collect()
}

/// All answers to all fields; an optional one may be blank.
fn every_answer() -> Vec<Answers> {
    let choices: [Vec<Option<Value>>; 6] = [
        [true, false].map(|answer| Some(Value::Bool(answer))).to_vec(),
        [true, false].map(|answer| Some(Value::Bool(answer))).to_vec(),
        (1..=3).map(|number| Some(Value::from(number))).collect(),
        (1..=3).map(|number| Some(Value::from(number))).chain([None]).collect(),
        ["甲", "乙"].map(|option| Some(Value::choice(option))).to_vec(),
        [&["子"][..], &["丑"], &["子", "丑"]]
            .map(|chosen| Some(Value::Choices(chosen.iter().copied().map(Arc::from).collect())))
            .to_vec(),
    ];
    let mut all = vec![Answers::new().with("名称", Value::text("某某公司"))];
    for (field, values) in FIELDS.into_iter().zip(choices) {
        let with = |answers: &Answers, value: &Option<Value>| {
            let mut answers = answers.clone();
            match value {
                Some(value) => answers.give(field, value.clone()),
                None => answers.leave_blank(field),
            }
            answers
        };
        all = all.iter().flat_map(|answers| values.iter().map(move |value| with(answers, value))).collect();
    }
    all
}

/// The facts that conditions see when the form is filled in: answers to what was asked.
fn seen(thing: &Thing, form: &Form<'_>, answers: &Answers) -> expression::Answers {
    let mut facts = expression::Answers::new().on(TODAY);
    for (field, answer) in answers.iter() {
        let value = match answer {
            Answer::Given(value) => Some(value.clone()),
            _ => None,
        };
        facts.values.insert(field.as_str().into(), value);
    }
    for question in &thing.questions {
        let Some(when) = &question.when else { continue };
        let field = question.field.as_str();
        if !holds(when, &facts) && form.question(field).is_none() {
            facts.values.insert(field.into(), None);
        }
    }
    facts
}

fn holds(condition: &Condition, facts: &dyn Facts) -> bool {
    let truth = condition.evaluate(facts);
    assert!(!truth.is_unknown(), "everything is answered: {}", condition.text());
    truth.is_true()
}

/// One way to fill in the form, and its result.
struct Outcome {
    facts: expression::Answers,
    applies: Vec<bool>,
}

fn outcomes(edition: &Edition, thing: &Thing, answers: &[Answers]) -> Vec<Outcome> {
    let (known, modes) = (KnownFacts::new(), Modes::default());
    let one = |answers: &Answers| {
        let input = Input {
            edition,
            thing,
            party: PartyKind::Legal,
            known: &known,
            answers,
            modes: &modes,
            today: TODAY,
        };
        let form = Form::new(input);
        assert!(form.complete() || form.nothing_applies(), "every field is answered");
        let facts = seen(thing, &form, answers);
        for state in form.members() {
            let when = state.member.when.as_ref().expect("every member has a condition");
            match state.applies {
                Applies::Yes => assert!(holds(when, &facts), "{}", when.text()),
                Applies::No => assert!(!holds(when, &facts), "{}", when.text()),
                Applies::OtherRoute => {}
                other => panic!("{other:?} after every answer"),
            }
        }
        Outcome { facts, applies: form.members().iter().map(|state| state.applies.is_yes()).collect() }
    };
    answers.iter().map(one).collect()
}

/// How often each rule reports, by file.
type Told = BTreeMap<(String, String), usize>;

fn told(files: &PackFiles) -> Told {
    let compiled = compile(files);
    let mut told = Told::new();
    for found in &compiled.diagnostics {
        assert!(!found.code.0.starts_with("Y0"), "the pack is well written: {:?}", found.message);
        let file = compiled.sources.get(found.primary.span.source).expect("a source").name.to_string();
        *told.entry((found.code.0.to_owned(), file)).or_default() += 1;
    }
    told
}

fn judge_members(thing: &Thing, outcomes: &[Outcome], count: &dyn Fn(&str, &str) -> usize, about: &str) {
    let whens: Vec<&Condition> = thing.members.iter().filter_map(|member| member.when.as_ref()).collect();
    let of_thing = |code: &str| count(code, "things/事/thing.yaml");
    let ever = |when: &&&Condition| outcomes.iter().any(|outcome| holds(when, &outcome.facts));
    let dead = whens.iter().filter(|when| !ever(when)).count();
    assert_eq!(of_thing("Y506"), dead, "{about}: members that never apply");
    let nothing = outcomes.iter().any(|outcome| whens.iter().all(|when| !holds(when, &outcome.facts)));
    assert_eq!(of_thing("Y503") > 0, dead == 0 && nothing, "{about}: nothing applies");
    let both = |outcome: &Outcome| {
        let routed = thing.members.iter().filter(|member| member.route.is_some());
        routed.filter(|member| member.when.as_ref().is_some_and(|when| holds(when, &outcome.facts))).count()
            > 1
    };
    assert_eq!(of_thing("Y504") > 0, outcomes.iter().any(both), "{about}: two of one route");
}

fn judge_items(
    edition: &Edition,
    thing: &Thing,
    outcomes: &[Outcome],
    count: &dyn Fn(&str, &str) -> usize,
    about: &str,
) {
    for (place, member) in thing.members.iter().enumerate() {
        let item = &edition.parts().items[&member.item];
        let file = format!("items/{}/item.yaml", item.id);
        let reached: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.applies[place]).collect();
        let decisions: Vec<&Condition> = item
            .steps
            .values()
            .filter(|step| step.kind == catalogue::StepKind::Decide)
            .filter_map(|step| step.when.as_ref())
            .collect();
        let undecided =
            reached.iter().any(|outcome| decisions.iter().all(|when| !holds(when, &outcome.facts)));
        let claimed = count("Y103", &file) > 0;
        assert!(!claimed || undecided, "{about} {file}: every case is decided");
        // With a decision that never applies, that is reported instead.
        let alive = |when: &&Condition| outcomes.iter().any(|outcome| holds(when, &outcome.facts));
        assert!(
            claimed || !undecided || !decisions.iter().all(alive),
            "{about} {file}: some case is never decided"
        );
        let conditions = (item.fields.iter().filter_map(|each| each.when.as_ref()))
            .chain(item.steps.values().filter_map(|step| step.when.as_ref()));
        let (mut always, mut never) = (0, 0);
        for when in conditions {
            always += usize::from(reached.iter().all(|outcome| holds(when, &outcome.facts)));
            never += usize::from(reached.iter().all(|outcome| !holds(when, &outcome.facts)));
        }
        assert!(count("Y501", &file) <= always, "{about} {file}: a condition that sometimes fails");
        assert!(count("Y502", &file) <= never, "{about} {file}: a condition that sometimes holds");
    }
}

#[test]
fn what_is_claimed_of_every_answer_is_so_for_every_answer() {
    let answers = every_answer();
    let mut spoken: BTreeMap<String, usize> = BTreeMap::new();
    for number in 1..=PACKS {
        let mut dice = Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let files = pack(&mut dice);
        let edition = edition_despite_findings(&files);
        let thing = edition.thing(&"事".into()).expect("the thing");
        let outcomes = outcomes(&edition, thing, &answers);
        let told = told(&files);
        let count =
            |code: &str, file: &str| told.get(&(code.to_owned(), file.to_owned())).copied().unwrap_or(0);
        let about = format!("pack {number}\n{}", written(&files));
        judge_members(thing, &outcomes, &count, &about);
        judge_items(&edition, thing, &outcomes, &count, &about);
        told.keys().for_each(|(code, _)| *spoken.entry(code.clone()).or_default() += 1);
        assert!(edition.field(&FieldId::from("备")).is_some_and(|field| field.optional));
    }
    for code in ["Y103", "Y501", "Y502", "Y503", "Y504", "Y506"] {
        assert!(spoken.get(code).is_some_and(|times| *times >= 10), "{code} is hardly tried: {spoken:?}");
    }
}
