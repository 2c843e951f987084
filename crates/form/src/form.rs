//! The form itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use catalogue::{Edition, Field, FieldId, FieldKind, Item, ItemId, MaterialId, PartyKind, Thing};
use expression::{Fact, Value};
use jiff::civil::Date;

use crate::facts::Ground;
use crate::material::collect_materials;
use crate::need::{Applying, Need, Needs, collect};
use crate::obstacle::collect_obstacles;
use crate::parse::parse_answer;
use crate::validate::validate;
use crate::{
    Answer, Answers, Applies, FormFacts, KnownFacts, MaterialDue, MemberState, Obstacle, Part, Problem,
    ProblemKind, Progress, Question, SectionView, State, WhyKind,
};

/// The complete input of a form.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub edition: &'a Edition,
    pub thing: &'a Thing,
    pub party: PartyKind,
    pub known: &'a KnownFacts,
    pub answers: &'a Answers,
    /// Ways of handling chosen by the applicant.
    pub modes: &'a Modes,
    /// The local day on which the form is filled in.
    pub today: Date,
}

/// Ways of handling that items offer and the applicant may choose. A choice that no item offers has no
/// effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Modes {
    /// Items with a signed promise (告知承诺).
    #[serde(default)]
    pub promised: BTreeSet<ItemId>,
    /// Materials that follow later (容缺受理).
    #[serde(default)]
    pub tolerated: BTreeSet<MaterialId>,
}

/// The one form at one moment. Borrows its input; compute a new one after each change.
#[derive(Debug)]
pub struct Form<'a> {
    pub(crate) input: Input<'a>,
    pub(crate) applying: Vec<Applying<'a>>,
    members: Vec<MemberState<'a>>,
    questions: Vec<Question<'a>>,
    materials: Vec<MaterialDue<'a>>,
    obstacles: Vec<Obstacle<'a>>,
    closed: Vec<&'a Item>,
    open: usize,
}

impl<'a> Form<'a> {
    pub fn new(input: Input<'a>) -> Self {
        let Input { edition, thing, known, answers, today, .. } = input;
        let input = Input { party: party_of(thing, answers).unwrap_or(input.party), ..input };
        let mut ground = Ground::new(edition, thing, known, answers, today);
        let Needs { members, applying, needs, open } =
            collect(edition, thing, input.party, input.modes, &mut ground);
        let mut questions = arrange(&input, &ground, needs);
        hold_fixed(&input, &applying, &mut questions);
        tell_contradictions(thing, &mut questions, today);
        let materials = collect_materials(edition, input.modes, &applying);
        let obstacles = collect_obstacles(&applying);
        let mut form =
            Self { input, applying, members, questions, materials, obstacles, closed: vec![], open };
        form.closed = form.closed_items();
        form
    }

    fn closed_items(&self) -> Vec<&'a Item> {
        let mut facts = self.facts();
        // When nothing is left to answer, blank answers stay blank on submission.
        if self.open == 0 && !self.questions.iter().any(Question::is_missing) {
            facts.close();
        }
        let called_for = |state: &&MemberState<'_>| {
            let condition = state.member.when.as_ref();
            state.applies == Applies::NotForParty
                && condition.is_none_or(|condition| condition.evaluate(&facts).is_true())
        };
        self.members.iter().filter(called_for).map(|state| state.item).collect()
    }

    pub fn thing(&self) -> &'a Thing {
        self.input.thing
    }

    pub fn party(&self) -> PartyKind {
        self.input.party
    }

    /// Items of the thing in declared order, and whether they apply.
    pub fn members(&self) -> &[MemberState<'a>] {
        &self.members
    }

    /// Items known to apply.
    pub fn items(&self) -> impl Iterator<Item = &'a catalogue::Item> {
        self.applying.iter().map(|applying| applying.item)
    }

    /// All questions needed now, in the order of asking; each field once.
    pub fn questions(&self) -> &[Question<'a>] {
        &self.questions
    }

    pub fn question(&self, field: &str) -> Option<&Question<'a>> {
        self.questions.iter().find(|question| question.field.id == *field)
    }

    /// Problems of needed answers, in the order of the questions.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.questions.iter().flat_map(|question| &question.problems)
    }

    /// Requirements that the answers do not meet. They do not prevent applying; they tell in advance what
    /// will follow.
    pub fn obstacles(&self) -> &[Obstacle<'a>] {
        &self.obstacles
    }

    /// Items that the situation calls for but that are not open to this kind of party. The form cannot be
    /// submitted until the party or the situation changes, so they are reported as soon as both are known.
    pub fn closed_to_party(&self) -> &[&'a Item] {
        &self.closed
    }

    /// Papers of the items known to apply, each once.
    pub fn materials(&self) -> &[MaterialDue<'a>] {
        &self.materials
    }

    /// Pages of the form that have questions now.
    pub fn sections(&self) -> impl Iterator<Item = SectionView<'_, 'a>> {
        self.questions
            .chunk_by(|one, next| one.part.key() == next.part.key())
            .map(|questions| SectionView { part: questions[0].part, questions })
    }

    pub fn section(&self, key: &str) -> Option<SectionView<'_, 'a>> {
        self.sections().find(|section| section.part.key() == key)
    }

    /// The first page with something missing.
    pub fn next_section(&self) -> Option<SectionView<'_, 'a>> {
        self.sections().find(|section| !section.is_done())
    }

    /// The page after this one, complete or not.
    pub fn section_after(&self, key: &str) -> Option<SectionView<'_, 'a>> {
        self.sections().skip_while(|section| section.part.key() != key).nth(1)
    }

    pub fn progress(&self) -> Progress {
        Progress::of(&self.questions)
    }

    /// Whether the form can be submitted: everything needed is answered without a problem, nothing is
    /// undecided, something applies, and no item that the situation calls for is closed to the party. Papers
    /// are not considered.
    pub fn complete(&self) -> bool {
        self.open == 0
            && !self.applying.is_empty()
            && self.closed.is_empty()
            && !self.questions.iter().any(Question::is_missing)
    }

    /// No further answer can change what is asked, due or done.
    pub fn is_settled(&self) -> bool {
        self.open == 0
    }

    /// Everything is decided, and no item of the thing applies.
    pub fn nothing_applies(&self) -> bool {
        self.applying.is_empty() && self.members.iter().all(|state| !state.applies.is_unknown())
    }

    /// The values to submit: answers and known facts of needed fields only.
    pub fn values(&self) -> BTreeMap<FieldId, Value> {
        let valued = self.questions.iter().filter(|question| question.is_answered());
        valued.filter_map(|question| Some((question.field.id.clone(), question.value?.clone()))).collect()
    }

    /// The facts for conditions evaluated after the form.
    pub fn facts(&self) -> FormFacts<'_> {
        let facts = self.questions.iter().map(|question| {
            let fact = match (question.is_answered(), question.value) {
                (true, Some(value)) => Fact::Known(value),
                (true, None) => Fact::Absent,
                (false, _) => Fact::Unknown,
            };
            (question.field.id.as_str(), fact)
        });
        FormFacts { facts: facts.collect::<HashMap<_, _>>(), today: self.input.today }
    }
}

/// The kind of applicant, if a question of the form asks for it and is answered.
pub fn party_of(thing: &Thing, answers: &Answers) -> Option<PartyKind> {
    let answer = answers.value(thing.party_field()?.as_str())?.to_string();
    thing.applicants.iter().copied().find(|party| party.as_str() == answer)
}

/// What only repeats a register is said as the register has it. Where the register says nothing it is asked as any other.
fn hold_fixed<'a>(input: &Input<'a>, applying: &[Applying<'a>], questions: &mut [Question<'a>]) {
    for question in questions {
        let id = &question.field.id;
        let Some(known) = question.known.filter(|known| known.source.registry().is_some()) else { continue };
        let uses = |item: &&'a Item| {
            question.why.iter().any(|why| *why.item == item.id && matches!(why.kind, WhyKind::Use))
        };
        let mut items = applying.iter().map(|applying| applying.item).filter(uses);
        let Some(first) = items.find_map(|item| item.fixed(id)) else { continue };
        question.fixed = Some(first);
        let other = match input.answers.get(id.as_str()) {
            None => false,
            Some(Answer::Given(value)) => *value != known.value,
            Some(Answer::Blank | Answer::Typed(_)) => true,
        };
        if other {
            question.problems = vec![Problem::fixed(question.field, &known.value, first)];
            question.state = State::Problem;
        }
    }
}

/// Adds problems that span several answers: two parties with the same number, and a day of birth or an age that differs
/// from the one in the number. The later question gets the problem.
fn tell_contradictions(thing: &Thing, questions: &mut [Question<'_>], today: Date) {
    let given = |questions: &[Question<'_>], id: &FieldId| {
        let question = questions.iter().find(|question| question.field.id == *id)?;
        question.value.filter(|_| question.is_answered()).cloned()
    };
    let mut found: Vec<(usize, Problem)> = Vec::new();
    for (later, question) in questions.iter().enumerate() {
        let Some(value) = question.value.filter(|_| question.is_answered()) else { continue };
        let own = numbers(question.field, value);
        let grouped = thing.apart.iter().any(|group| group.contains(&question.field.id));
        if grouped && own.iter().enumerate().any(|(place, number)| own[..place].contains(number)) {
            found.push((later, Problem::new(question.field, ProblemKind::TwiceInTable)));
        }
        let same = questions[..later].iter().find(|earlier| {
            let parties = |group: &Vec<FieldId>| {
                group.contains(&question.field.id) && group.contains(&earlier.field.id)
            };
            let theirs = earlier.value.filter(|_| earlier.is_answered());
            let meets = theirs.is_some_and(|theirs| {
                theirs == value || numbers(earlier.field, theirs).iter().any(|number| own.contains(number))
            });
            meets && thing.apart.iter().any(parties)
        });
        if let Some(earlier) = same {
            found.push((later, Problem::same(question.field, earlier.field)));
        }
        let holder = question.field.birth_held_by().and_then(|id| Some((id, given(questions, id)?)));
        let holding = holder.and_then(|(id, number)| {
            let holder = questions.iter().find(|question| question.field.id == *id)?;
            born_by(holder.field, &number)
        });
        if let (Some(born), Value::Date(said)) = (holding, value)
            && born != *said
        {
            found.push((later, Problem::new(question.field, ProblemKind::OtherBirth { born })));
        }
    }
    found.extend(other_ages(questions, today));
    for (place, problem) in found {
        questions[place].problems.push(problem);
        questions[place].state = State::Problem;
    }
}

/// The identity numbers that an answer says: its own, or those of each row of a table.
fn numbers(field: &Field, value: &Value) -> Vec<String> {
    match (&field.kind, value) {
        (FieldKind::Identifier { .. }, value) => vec![crate::edit_text(field, value)],
        (FieldKind::Rows { columns, .. }, Value::Rows(rows)) => {
            let numbered = |column: &&Field| matches!(column.kind, FieldKind::Identifier { .. });
            let columns: Vec<&Field> = columns.iter().filter(numbered).collect();
            let cells = rows.iter().flat_map(|row| {
                columns
                    .iter()
                    .filter_map(|column| Some(crate::edit_text(column, row.get(column.id.as_str())?)))
            });
            cells.filter(|number| !number.trim().is_empty()).collect()
        }
        _ => Vec::new(),
    }
}

/// Where it was said that somebody is, or is not, younger than the law's age, and their number says otherwise: at the later of
/// the two questions.
fn other_ages(questions: &[Question<'_>], today: Date) -> Vec<(usize, Problem)> {
    let told = questions.iter().enumerate().filter_map(|(place, question)| {
        let (holder, age) = question.field.age_held_by()?;
        let Some(Value::Bool(said)) = question.value.filter(|_| question.is_answered()) else { return None };
        let holding = questions.iter().position(|each| each.field.id == *holder)?;
        let number = &questions[holding];
        let born = born_by(number.field, number.value.filter(|_| number.is_answered())?)?;
        let years = whole_years(born, today);
        if (years < i16::from(age)) == *said {
            return None;
        }
        let later = place.max(holding);
        Some((later, Problem::other_age(questions[later].field, question, *said, born, years)))
    });
    told.collect()
}

/// Birthdays that somebody has had.
fn whole_years(born: Date, today: Date) -> i16 {
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i16::from(before_birthday)
}

/// The day of birth contained in an identity number.
pub fn born_by(field: &catalogue::Field, number: &Value) -> Option<Date> {
    let (catalogue::FieldKind::Identifier { identifier, .. }, Value::Text(text)) = (&field.kind, number)
    else {
        return None;
    };
    let (kind, number) = identifier::split_paper(*identifier, text);
    identifier::born_on(kind, number)
}

/// Turns needs into questions, in the order of asking.
fn arrange<'a>(input: &Input<'a>, ground: &Ground<'a>, needs: Vec<Need<'a>>) -> Vec<Question<'a>> {
    let parts = input.edition.parts();
    // A registry can be queried only once its key is answered, so keys come first in their section.
    let mut keys: Vec<&FieldId> = Vec::new();
    for registry in needs.iter().filter_map(|need| need.field.registry.as_ref()) {
        if let Some(registry) = parts.registries.get(registry) {
            keys.push(&registry.key);
        }
    }
    let mut placed: Vec<(usize, usize, usize, Question<'a>)> = Vec::with_capacity(needs.len());
    for need in needs {
        let asked = input.thing.questions.iter().position(|question| question.field == need.field.id);
        // A situation question that does not arise gives the field neither its position nor its wording.
        let asked = asked.filter(|_| ground.arises(need.field.id.as_str()));
        let section = parts.sections.get_full(&need.field.section);
        let (page, place, part) = match (asked, section) {
            (Some(place), _) => (0, place, Part::Situation),
            (None, Some((index, _, section))) if !need.deciding => {
                (1 + index, usize::from(!keys.contains(&&need.field.id)), Part::Section(section))
            }
            _ => (0, usize::MAX, Part::Situation),
        };
        let index = need.index;
        placed.push((page, place, index, question(input, ground, need, part, asked)));
    }
    placed.sort_by_key(|(page, place, index, _)| (*page, *place, *index));
    placed.into_iter().map(|(.., question)| question).collect()
}

fn question<'a>(
    input: &Input<'a>,
    ground: &Ground<'a>,
    need: Need<'a>,
    part: Part<'a>,
    asked: Option<usize>,
) -> Question<'a> {
    let field = need.field;
    let id = field.id.as_str();
    let answer = input.answers.get(id);
    let known = input.known.get(id).filter(|known| {
        known.holds(input.edition, input.answers) && validate(field, &known.value, input.today).is_empty()
    });
    let problems = match answer {
        Some(Answer::Given(value)) => validate(field, value, input.today),
        Some(Answer::Typed(raw)) => parse_answer(field, raw, input.today).err().unwrap_or_default(),
        Some(Answer::Blank) if !field.may_be_blank() => vec![Problem::new(field, ProblemKind::Required)],
        Some(Answer::Blank) | None => Vec::new(),
    };
    let state = match (answer, known) {
        _ if !problems.is_empty() => State::Problem,
        (Some(Answer::Given(value)), Some(known)) if *value == known.value => State::Confirmed,
        (Some(Answer::Given(_) | Answer::Blank), _) => State::Answered,
        (None, Some(_)) => State::Known,
        (Some(Answer::Typed(_)) | None, _) => State::Unanswered,
    };
    let mut items: Vec<&'a ItemId> = Vec::with_capacity(need.whys.len());
    for why in &need.whys {
        if !items.contains(&why.item) {
            items.push(why.item);
        }
    }
    let words = asked.map(|index| &input.thing.questions[index]);
    Question {
        field,
        part,
        label: words.map_or(&field.label, |question| &question.ask),
        hint: words.and_then(|question| question.hint.as_ref()).or(field.hint.as_ref()),
        why: need.whys,
        items,
        known,
        value: ground.value(id),
        typed: match answer {
            Some(Answer::Typed(raw)) => Some(raw),
            _ => None,
        },
        state,
        problems,
        required: !field.optional,
        awaited: need.awaited,
        deciding: need.deciding,
        fixed: None,
        depends_on: if need.unconditional { Vec::new() } else { need.depends_on },
    }
}
