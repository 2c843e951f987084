//! The guarantees of the form, checked against an oracle without three-valued logic: it tries every
//! completion of the answers.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use catalogue::*;
use expression::Value;
use form::{Answers, Applies, Form, Input, Known, KnownFacts, Source};
use proptest::prelude::*;
use support::*;

const FIELDS: usize = 5;
const NAMES: [&str; FIELDS] = ["一", "二", "三", "四", "五"];
const OPTIONS: [&str; 3] = ["甲", "乙", "丙"];

/// A condition of the oracle: printed for the edition, evaluated here.
#[derive(Clone, Debug)]
enum Test {
    Is(usize, usize),
    Among(usize, Vec<usize>),
    Not(Box<Test>),
    And(Vec<Test>),
    Or(Vec<Test>),
}

/// The option chosen for each field; `None` is blank or not arising.
type Situation = [Option<usize>; FIELDS];

impl Test {
    fn text(&self) -> String {
        let quoted = |option: &usize| format!("\"{}\"", OPTIONS[*option]);
        match self {
            Test::Is(field, option) => format!("{} = {}", NAMES[*field], quoted(option)),
            Test::Among(field, options) => {
                let list: Vec<String> = options.iter().map(quoted).collect();
                format!("{} in ({})", NAMES[*field], list.join(", "))
            }
            Test::Not(inner) => format!("not ({})", inner.text()),
            Test::And(parts) => joined(parts, " and "),
            Test::Or(parts) => joined(parts, " or "),
        }
    }

    fn holds(&self, situation: &Situation) -> bool {
        match self {
            Test::Is(field, option) => situation[*field] == Some(*option),
            Test::Among(field, options) => situation[*field].is_some_and(|chosen| options.contains(&chosen)),
            Test::Not(inner) => !inner.holds(situation),
            Test::And(parts) => parts.iter().all(|part| part.holds(situation)),
            Test::Or(parts) => parts.iter().any(|part| part.holds(situation)),
        }
    }

    fn fields(&self, found: &mut BTreeSet<usize>) {
        match self {
            Test::Is(field, _) | Test::Among(field, _) => {
                found.insert(*field);
            }
            Test::Not(inner) => inner.fields(found),
            Test::And(parts) | Test::Or(parts) => parts.iter().for_each(|part| part.fields(found)),
        }
    }
}

fn joined(parts: &[Test], with: &str) -> String {
    parts.iter().map(|part| format!("({})", part.text())).collect::<Vec<_>>().join(with)
}

#[derive(Clone, Debug, Default)]
struct ItemModel {
    when: Option<Test>,
    route: Option<bool>,
    natural_only: bool,
    fields: Vec<(usize, Option<Test>)>,
    materials: Vec<(usize, Option<Test>)>,
    requirement: Option<Test>,
    step: Option<(Option<Test>, usize)>,
    fee: Option<Test>,
}

#[derive(Clone, Debug)]
struct Model {
    items: Vec<ItemModel>,
    /// Situation questions with their conditions.
    questions: Vec<(usize, Option<Test>)>,
    optional: [bool; FIELDS],
}

/// The oracle's result for a complete situation.
#[derive(Clone, Debug)]
struct Outcome {
    items: BTreeSet<usize>,
    used: BTreeSet<usize>,
    materials: BTreeSet<usize>,
    failed: BTreeSet<usize>,
    /// Conditions whose outcome matters, by the index of their items.
    live: Vec<Test>,
}

impl Model {
    /// Evaluates a complete situation. A closed gate hides its field, unless something that applies uses the
    /// field.
    fn judge(&self, whole: &Situation) -> Outcome {
        let mut lifted: BTreeSet<usize> = BTreeSet::new();
        loop {
            let seen = self.seen(whole, &lifted);
            let outcome = self.judge_seen(&seen);
            let news: BTreeSet<usize> = outcome.used.difference(&lifted).copied().collect();
            if news.iter().all(|field| self.gate(*field).is_none()) {
                return outcome;
            }
            lifted.extend(news);
        }
    }

    fn gate(&self, field: usize) -> Option<&Test> {
        self.questions.iter().find(|(asked, _)| *asked == field).and_then(|(_, when)| when.as_ref())
    }

    fn seen(&self, whole: &Situation, lifted: &BTreeSet<usize>) -> Situation {
        let mut seen = *whole;
        // Gates depend on earlier questions only, so one pass is enough.
        for (field, when) in &self.questions {
            if when.as_ref().is_some_and(|when| !when.holds(&seen)) && !lifted.contains(field) {
                seen[*field] = None;
            }
        }
        seen
    }

    fn judge_seen(&self, seen: &Situation) -> Outcome {
        let holds = |test: &Option<Test>| test.as_ref().is_none_or(|test| test.holds(seen));
        let mut outcome = Outcome {
            items: BTreeSet::new(),
            used: BTreeSet::new(),
            materials: BTreeSet::new(),
            failed: BTreeSet::new(),
            live: Vec::new(),
        };
        for (place, item) in self.items.iter().enumerate() {
            let taken = item.route.is_some()
                && self.items[..place]
                    .iter()
                    .enumerate()
                    .any(|(earlier, other)| other.route == item.route && outcome.items.contains(&earlier));
            if item.natural_only || taken {
                continue;
            }
            outcome.live.extend(item.when.clone());
            if !holds(&item.when) {
                continue;
            }
            outcome.items.insert(place);
            for (field, when) in &item.fields {
                outcome.live.extend(when.clone());
                if holds(when) {
                    outcome.used.insert(*field);
                }
            }
            for (material, when) in &item.materials {
                outcome.live.extend(when.clone());
                if holds(when) {
                    outcome.materials.insert(*material);
                }
            }
            outcome.live.extend(item.requirement.clone());
            if !holds(&item.requirement) {
                outcome.failed.insert(place);
            }
            outcome.live.extend(item.fee.clone());
            if let Some((when, field)) = &item.step {
                outcome.live.extend(when.clone());
                if holds(when) && !item.fields.iter().any(|(listed, _)| listed == field) {
                    outcome.used.insert(*field);
                }
            }
        }
        outcome
    }

    /// The gates of the fields in these conditions, except those that are lifted.
    fn gates_of(&self, tests: &[Test], moot: &BTreeSet<usize>) -> Vec<Test> {
        let mut fields = BTreeSet::new();
        tests.iter().for_each(|test| test.fields(&mut fields));
        loop {
            let bearing = fields.iter().filter(|field| !moot.contains(field));
            let gates: Vec<Test> = bearing.filter_map(|field| self.gate(*field)).cloned().collect();
            let before = fields.len();
            gates.iter().for_each(|gate| gate.fields(&mut fields));
            if fields.len() == before {
                return gates;
            }
        }
    }

    /// Fields that are used whatever their own answer is, or without one.
    fn used_anyway(&self, whole: &Situation) -> BTreeSet<usize> {
        let used = self.judge(whole).used;
        let anyway = |field: &usize| {
            self.domain(*field).into_iter().chain([None]).all(|value| {
                let mut world = *whole;
                world[*field] = value;
                self.judge(&world).used.contains(field)
            })
        };
        used.into_iter().filter(anyway).collect()
    }

    fn domain(&self, field: usize) -> Vec<Option<usize>> {
        let blank = self.optional[field].then_some(None);
        (0..OPTIONS.len()).map(Some).chain(blank).collect()
    }

    /// Every situation consistent with the given answers.
    fn completions(&self, given: &BTreeMap<usize, Option<usize>>) -> Vec<Situation> {
        let mut all: Vec<Situation> = vec![[None; FIELDS]];
        for field in 0..FIELDS {
            let domain = given.get(&field).map_or_else(|| self.domain(field), |value| vec![*value]);
            all = all
                .into_iter()
                .flat_map(|situation| {
                    domain.iter().map(move |value| {
                        let mut next = situation;
                        next[field] = *value;
                        next
                    })
                })
                .collect();
        }
        all
    }

    fn edition(&self) -> Edition {
        let mut zone = zone();
        for (index, name) in NAMES.iter().enumerate() {
            let mut field = choice(name, ["场所", "其他"][index % 2], &OPTIONS);
            field.optional = self.optional[index];
            zone = zone.field(field);
        }
        for material in 0..3 {
            zone = zone.material(&format!("材料{material}"), Issuer::Applicant);
        }
        let text = |test: &Option<Test>| test.as_ref().map_or(String::new(), Test::text);
        for (field, when) in &self.questions {
            zone = zone.asks(NAMES[*field], &text(when));
        }
        for (place, model) in self.items.iter().enumerate() {
            zone = zone.with_item(&format!("事项{place}"), &text(&model.when), |zone, item| {
                item.fields =
                    model.fields.iter().map(|(field, when)| zone.uses(NAMES[*field], &text(when))).collect();
                item.materials = model
                    .materials
                    .iter()
                    .map(|(each, when)| {
                        zone.wants(&format!("材料{each}"), &text(when), MaterialNeed::Required)
                    })
                    .collect();
                item.requirements =
                    model.requirement.iter().map(|test| zone.requires(&test.text(), "不符")).collect();
                if let Some((when, field)) = &model.step {
                    let mut review = step("审查", StepKind::Review, &[]);
                    review.when = zone.when(&text(when));
                    review.uses = vec![NAMES[*field].into()];
                    item.steps.insert("审查".into(), review);
                }
                if let Some(test) = &model.fee {
                    let when = zone.when(&test.text());
                    let fee = Fee {
                        id: "费".into(),
                        title: same("费"),
                        amount: 1.into(),
                        when,
                        how: None,
                        basis: citation("规定"),
                    };
                    item.fees.insert("费".into(), fee);
                }
                if model.natural_only {
                    item.applicants = vec![PartyKind::Natural];
                }
            });
            let route = model.route.map(|route| if route { "甲路" } else { "乙路" }.to_owned());
            zone = zone.thing(|thing| thing.members[place].route = route);
        }
        zone.seal()
    }
}

fn value(option: usize) -> Value {
    Value::choice(OPTIONS[option])
}

fn place_of(field: &str) -> Option<usize> {
    NAMES.iter().position(|name| *name == field)
}

/// A condition in which every one of `fields` occurs at most once.
fn read_once(fields: Vec<usize>) -> BoxedStrategy<Test> {
    let atom = |field: usize| {
        prop_oneof![
            (0..OPTIONS.len()).prop_map(move |option| Test::Is(field, option)),
            (0..OPTIONS.len()).prop_map(move |left_out| {
                Test::Among(field, (0..OPTIONS.len()).filter(|option| *option != left_out).collect())
            }),
        ]
    };
    let leaves: Vec<_> = fields.into_iter().map(atom).collect();
    (leaves, any::<bool>(), any::<bool>(), any::<bool>())
        .prop_map(|(mut leaves, negate, and, nest)| {
            let last = leaves.pop().expect("at least one field");
            let last = if negate { Test::Not(Box::new(last)) } else { last };
            let joined = |and: bool, parts: Vec<Test>| match (and, parts.len()) {
                (_, 1) => parts.into_iter().next().expect("one part"),
                (true, _) => Test::And(parts),
                (false, _) => Test::Or(parts),
            };
            match (leaves.is_empty(), nest) {
                (true, _) => last,
                (false, true) => joined(and, vec![joined(!and, leaves), last]),
                (false, false) => {
                    leaves.push(last);
                    joined(and, leaves)
                }
            }
        })
        .boxed()
}

fn test() -> BoxedStrategy<Test> {
    proptest::sample::subsequence((0..FIELDS).collect::<Vec<_>>(), 1..=3)
        .prop_shuffle()
        .prop_flat_map(read_once)
        .boxed()
}

fn maybe() -> impl Strategy<Value = Option<Test>> {
    proptest::option::weighted(0.6, test())
}

fn item_model() -> impl Strategy<Value = ItemModel> {
    (
        maybe(),
        proptest::option::weighted(0.3, any::<bool>()),
        proptest::bool::weighted(0.1),
        proptest::collection::vec((0..FIELDS, maybe()), 0..3),
        proptest::collection::vec((0..3_usize, maybe()), 0..3),
        proptest::option::weighted(0.3, test()),
        proptest::option::weighted(0.4, (maybe(), 0..FIELDS)),
        proptest::option::weighted(0.2, test()),
    )
        .prop_map(|(when, route, natural_only, mut fields, materials, requirement, step, fee)| {
            // One use per field: two uses with different conditions are an error of the pack.
            let mut seen = BTreeSet::new();
            fields.retain(|(field, _)| seen.insert(*field));
            ItemModel { when, route, natural_only, fields, materials, requirement, step, fee }
        })
}

/// Situation questions in any order; some depend on earlier ones.
fn questions(gated: bool) -> BoxedStrategy<Vec<(usize, Option<Test>)>> {
    let order = proptest::sample::subsequence((0..FIELDS).collect::<Vec<_>>(), 0..=FIELDS).prop_shuffle();
    order
        .prop_flat_map(move |fields| {
            let gates: Vec<BoxedStrategy<Option<Test>>> = (0..fields.len())
                .map(|place| match (gated, place) {
                    (true, 1..) => {
                        let earlier = proptest::sample::select(fields[..place].to_vec());
                        proptest::option::weighted(0.6, earlier.prop_flat_map(|field| read_once(vec![field])))
                            .boxed()
                    }
                    _ => Just(None).boxed(),
                })
                .collect();
            (Just(fields), gates)
        })
        .prop_map(|(fields, gates)| fields.into_iter().zip(gates).collect())
        .boxed()
}

fn model(gated: bool) -> impl Strategy<Value = Model> {
    (
        proptest::collection::vec(item_model(), 1..4),
        questions(gated),
        proptest::array::uniform5(proptest::bool::weighted(0.2)),
    )
        .prop_map(|(items, mut questions, optional)| {
            // The gate of a field that an item uses is lifted only while the item uses it, so the outcome
            // could depend on itself; `tests/form.rs` has such a case.
            let uses = |item: &ItemModel, field: usize| {
                item.fields.iter().any(|(used, _)| *used == field)
                    || item.step.as_ref().is_some_and(|(_, used)| *used == field)
            };
            for (field, when) in &mut questions {
                if items.iter().any(|item| uses(item, *field)) {
                    *when = None;
                }
            }
            Model { items, questions, optional }
        })
}

/// A complete situation, which fields of it are known or were answered before, and numbers that choose the
/// next answer.
type Walk = (Vec<usize>, Vec<bool>, Vec<bool>, Vec<usize>);

fn walk() -> impl Strategy<Value = Walk> {
    (
        proptest::collection::vec(0..4_usize, FIELDS),
        proptest::collection::vec(proptest::bool::weighted(0.15), FIELDS),
        proptest::collection::vec(proptest::bool::weighted(0.15), FIELDS),
        proptest::collection::vec(0..1000_usize, 4 * FIELDS),
    )
}

struct Applicant {
    truth: Situation,
    known: KnownFacts,
    answers: Answers,
    given: BTreeMap<usize, Option<usize>>,
}

impl Applicant {
    fn new(model: &Model, (values, known, stray, _): &Walk) -> Self {
        let mut truth = [None; FIELDS];
        for (field, value) in values.iter().enumerate() {
            let domain = model.domain(field);
            truth[field] = domain[value % domain.len()];
        }
        let mut applicant =
            Applicant { truth, known: KnownFacts::new(), answers: Answers::new(), given: BTreeMap::new() };
        for (field, chosen) in truth.iter().enumerate() {
            match chosen {
                Some(option) if known[field] => {
                    let known =
                        Known { value: value(*option), source: Source::Account, as_of: None, key: None };
                    applicant.known.insert(NAMES[field], known);
                    applicant.given.insert(field, *chosen);
                }
                _ if stray[field] => applicant.answer(NAMES[field]),
                _ => {}
            }
        }
        applicant
    }

    fn answer(&mut self, field: &str) {
        let Some(place) = place_of(field) else {
            self.answers.give(field, Value::text("某某"));
            return;
        };
        match self.truth[place] {
            Some(option) => self.answers.give(field, value(option)),
            None => self.answers.leave_blank(field),
        }
        self.given.insert(place, self.truth[place]);
    }

    fn form<'a>(&'a self, edition: &'a Edition, modes: &'a form::Modes) -> Form<'a> {
        Form::new(Input {
            edition,
            thing: &edition.parts().things[0],
            party: PartyKind::Legal,
            known: &self.known,
            answers: &self.answers,
            modes,
            today: TODAY,
        })
    }
}

/// Checks one form against all completions of its answers.
fn check(model: &Model, applicant: &Applicant, form: &Form<'_>) -> Result<(), TestCaseError> {
    let worlds: Vec<(Situation, Outcome)> =
        model.completions(&applicant.given).into_iter().map(|world| (world, model.judge(&world))).collect();

    let mut asked = BTreeSet::new();
    for question in form.questions() {
        prop_assert!(asked.insert(question.field.id.clone()), "{:?} is asked twice", question.field.id);
    }
    for (place, state) in form.members().iter().enumerate() {
        let (some, all) = applies_in(&worlds, place);
        match state.applies {
            Applies::Yes => prop_assert!(all, "item {place} may not apply"),
            Applies::Unknown => {}
            _ => prop_assert!(!some, "item {place} may apply"),
        }
    }
    for due in form.materials() {
        let place: usize = due.material.id.as_str().trim_start_matches("材料").parse().unwrap();
        let surely = worlds.iter().all(|(_, outcome)| outcome.materials.contains(&place));
        prop_assert!(surely, "{place} may not be due");
    }
    for question in form.questions() {
        let Some(field) = place_of(question.field.id.as_str()) else { continue };
        prop_assert!(!question.items.is_empty());
        if applicant.given.contains_key(&field) {
            let mentioned = |world: &Situation, outcome: &Outcome| {
                let mut fields = outcome.used.clone();
                let gates = model.gates_of(&outcome.live, &model.used_anyway(world));
                outcome.live.iter().chain(&gates).for_each(|test| test.fields(&mut fields));
                fields.contains(&field)
            };
            prop_assert!(
                worlds.iter().any(|(world, outcome)| mentioned(world, outcome)),
                "nothing mentions {field}"
            );
        } else {
            let used = worlds.iter().all(|(_, outcome)| outcome.used.contains(&field));
            prop_assert!(
                used || matters(model, &applicant.given, &worlds, field),
                "nothing needs {field} yet"
            );
        }
    }
    // The situation comes first, and in it the declared questions before other deciding fields.
    let pages: Vec<usize> = form
        .questions()
        .iter()
        .map(|question| {
            match (
                question.part.section(),
                model.questions.iter().position(|(asked, _)| question.field.id == NAMES[*asked]),
            ) {
                (None, Some(place)) => place,
                (None, None) => FIELDS,
                (Some(section), _) => {
                    FIELDS + 1 + ["主体", "场所", "其他"].iter().position(|each| section == each).unwrap()
                }
            }
        })
        .collect();
    prop_assert!(
        pages.is_sorted() || model.questions.iter().any(|(_, gate)| gate.is_some()),
        "out of order: {:?}",
        pages
    );
    if form.complete() {
        let first = &worlds[0].1;
        for (_, outcome) in &worlds {
            prop_assert_eq!(&outcome.items, &first.items);
            prop_assert_eq!(&outcome.materials, &first.materials);
            prop_assert_eq!(&outcome.failed, &first.failed);
            prop_assert_eq!(&outcome.used, &first.used);
        }
    }
    Ok(())
}

fn applies_in(worlds: &[(Situation, Outcome)], place: usize) -> (bool, bool) {
    let applies = |(_, outcome): &(Situation, Outcome)| outcome.items.contains(&place);
    (worlds.iter().any(applies), worlds.iter().all(applies))
}

/// Whether a condition whose outcome matters under all other answers can still go either way by this field
/// alone.
fn matters(
    model: &Model,
    given: &BTreeMap<usize, Option<usize>>,
    worlds: &[(Situation, Outcome)],
    field: usize,
) -> bool {
    let printed = |test: &Test| test.text();
    let mut certain: BTreeMap<String, Test> =
        worlds[0].1.live.iter().map(|test| (printed(test), test.clone())).collect();
    for (_, outcome) in worlds {
        let live: BTreeSet<String> = outcome.live.iter().map(printed).collect();
        certain.retain(|text, _| live.contains(text));
    }
    // The gate of a field in such a condition matters too, unless something surely uses the field anyway.
    let mut surely_used = worlds[0].1.used.clone();
    worlds.iter().for_each(|(_, outcome)| surely_used.retain(|field| outcome.used.contains(field)));
    let tests: Vec<Test> = certain.values().cloned().collect();
    certain.extend(model.gates_of(&tests, &surely_used).into_iter().map(|gate| (printed(&gate), gate)));
    // Gates that are surely closed leave their field without a value, whatever was answered before. A field that was left
    // blank has none either, and its gate may be open all the same.
    let shut: BTreeSet<usize> = (0..FIELDS)
        .filter(|gated| {
            model.gate(*gated).is_some_and(|gate| {
                worlds.iter().all(|(world, outcome)| {
                    !gate.holds(&model.seen(world, &outcome.used)) && !outcome.used.contains(gated)
                })
            })
        })
        .collect();
    // A field behind a gate that is still open counts as unanswered.
    let open: BTreeSet<usize> =
        (0..FIELDS).filter(|gated| model.gate(*gated).is_some() && !shut.contains(gated)).collect();
    certain.values().any(|test| {
        let free: BTreeMap<usize, Option<usize>> = given
            .iter()
            .filter(|(place, _)| !open.contains(place))
            .map(|(place, value)| (*place, *value))
            .chain(shut.iter().map(|place| (*place, None)))
            .collect();
        model.completions(&free).into_iter().any(|world| {
            let outcomes: BTreeSet<bool> = model
                .domain(field)
                .into_iter()
                .chain([None])
                .map(|value| {
                    let mut world = world;
                    world[field] = value;
                    test.holds(&world)
                })
                .collect();
            outcomes.len() == 2
        })
    })
}

/// Answers the questions, in an order chosen by the numbers, and checks every form on the way.
fn fill(
    model: &Model,
    edition: &Edition,
    walk: &Walk,
    skip: usize,
    checked: bool,
) -> Result<Applicant, TestCaseError> {
    let modes = form::Modes::default();
    let mut applicant = Applicant::new(model, walk);
    let mut numbers = walk.3.iter().skip(skip).cycle();
    for _ in 0..4 * FIELDS {
        let form = applicant.form(edition, &modes);
        if checked {
            check(model, &applicant, &form)?;
        }
        let missing: Vec<FieldId> = form
            .questions()
            .iter()
            .filter(|question| question.is_missing())
            .map(|question| question.field.id.clone())
            .collect();
        if missing.is_empty() {
            let ended = form.complete() || form.nothing_applies() || !form.closed_to_party().is_empty();
            prop_assert!(ended, "stuck: {:?}", form.report());
            return Ok(applicant);
        }
        let chosen = &missing[numbers.next().expect("cycles") % missing.len()];
        let before: Vec<FieldId> = form
            .questions()
            .iter()
            .filter(|question| question.is_answered())
            .map(|question| question.field.id.clone())
            .collect();
        drop(form);
        applicant.answer(chosen.as_str());
        if checked {
            check_kept(&mut applicant, edition, &before)?;
        }
    }
    Err(TestCaseError::fail("the form never ends"))
}

/// 一 was left blank while it is open whether its question arises (五): it counts as unanswered, so 四 may decide.
#[test]
fn a_blank_answer_behind_an_open_gate_counts_as_unanswered() {
    let when = Test::And(vec![Test::Is(0, 0), Test::Is(3, 0)]);
    let item = ItemModel { fields: vec![(1, Some(when))], ..ItemModel::default() };
    let model = Model {
        items: vec![item],
        questions: vec![(4, None), (3, None), (0, Some(Test::Is(4, 0)))],
        optional: [true, false, false, false, false],
    };
    let stray = [true, false, false, false, false];
    let walk = (vec![3, 0, 0, 0, 0], vec![false; FIELDS], stray.to_vec(), vec![0; 4 * FIELDS]);
    fill(&model, &model.edition(), &walk, 0, true).unwrap();
}

/// A question that was answered stays, unless it would not be asked now even without its answer.
fn check_kept(applicant: &mut Applicant, edition: &Edition, before: &[FieldId]) -> Result<(), TestCaseError> {
    let modes = form::Modes::default();
    let gone: Vec<&FieldId> = {
        let form = applicant.form(edition, &modes);
        before.iter().filter(|field| form.question(field.as_str()).is_none()).collect()
    };
    for field in gone {
        let Some(answer) = applicant.answers.remove(field.as_str()) else { continue };
        let asked_again = applicant.form(edition, &modes).question(field.as_str()).is_some();
        prop_assert!(!asked_again, "{field} was dropped for no reason");
        match answer {
            form::Answer::Given(value) => applicant.answers.give(field.clone(), value),
            _ => applicant.answers.leave_blank(field.clone()),
        }
    }
    Ok(())
}

/// The situation as the receiver of the form sees it.
fn handed_in(form: &Form<'_>) -> Situation {
    let values = form.values();
    NAMES.map(|name| {
        let given = values.get(name)?;
        (0..OPTIONS.len()).find(|option| value(*option) == *given)
    })
}

/// Checks the final form against the oracle's result for the complete situation.
fn check_final(model: &Model, applicant: &Applicant, form: &Form<'_>) -> Result<(), TestCaseError> {
    let outcome = model.judge(&applicant.truth);
    let items: BTreeSet<usize> =
        form.items().map(|item| item.id.as_str().trim_start_matches("事项").parse().unwrap()).collect();
    prop_assert_eq!(&items, &outcome.items);
    let materials: BTreeSet<usize> = form
        .materials()
        .iter()
        .map(|due| due.material.id.as_str().trim_start_matches("材料").parse().unwrap())
        .collect();
    prop_assert_eq!(&materials, &outcome.materials);
    let failed: BTreeSet<usize> = form
        .obstacles()
        .iter()
        .map(|each| each.item.id.as_str().trim_start_matches("事项").parse().unwrap())
        .collect();
    prop_assert_eq!(&failed, &outcome.failed);
    for field in &outcome.used {
        let question = form.question(NAMES[*field]);
        prop_assert!(
            question.is_some_and(|question| question.is_answered() || !question.required),
            "{field} is missing"
        );
    }
    let handed_in = handed_in(form);
    let called_for =
        |item: &ItemModel| item.natural_only && item.when.as_ref().is_none_or(|when| when.holds(&handed_in));
    let closed: Vec<String> = (0..model.items.len())
        .filter(|place| called_for(&model.items[*place]))
        .map(|place| format!("事项{place}"))
        .collect();
    let told: Vec<&str> = form.closed_to_party().iter().map(|item| item.id.as_str()).collect();
    prop_assert_eq!(&told, &closed);
    prop_assert_eq!(form.complete(), !outcome.items.is_empty() && closed.is_empty());
    // The submitted values suffice to reach the same conclusions without the form.
    let facts = form.facts();
    for (state, model) in form.members().iter().zip(&model.items) {
        if model.route.is_none() && !model.natural_only {
            let holds = state.member.when.as_ref().is_none_or(|when| when.evaluate(&facts).is_true());
            prop_assert_eq!(holds, state.applies.is_yes());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_form_on_the_way_asks_what_is_needed_and_nothing_else(model in model(false), walk in walk()) {
        let edition = model.edition();
        fill(&model, &edition, &walk, 0, true)?;
    }

    #[test]
    fn every_form_on_the_way_holds_with_situations_that_may_not_arise(model in model(true), walk in walk()) {
        let edition = model.edition();
        fill(&model, &edition, &walk, 0, true)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_answers_ends_with_what_the_whole_situation_calls_for(
        model in prop_oneof![model(false), model(true)],
        walk in walk(),
    ) {
        let edition = model.edition();
        let modes = form::Modes::default();
        for skip in [0, 3, 7] {
            let applicant = fill(&model, &edition, &walk, skip, false)?;
            check_final(&model, &applicant, &applicant.form(&edition, &modes))?;
        }
    }

    #[test]
    fn the_one_form_never_asks_more_than_its_items_would(model in model(false), walk in walk()) {
        let edition = model.edition();
        let modes = form::Modes::default();
        let applicant = fill(&model, &edition, &walk, 0, false)?;
        let form = applicant.form(&edition, &modes);
        let (separate, merged) = (form.separate(), form.merged());
        prop_assert!(merged.materials <= separate.materials);
        prop_assert!(merged.visits <= separate.visits);
        // Fields that only decide what applies are asked at no counter, so they are allowed for.
        let situation = form.questions().iter().filter(|question| question.deciding).count();
        prop_assert!(merged.questions <= separate.questions + situation);
    }
}
