//! The one form as JSON, and answers on their way in.

use std::collections::BTreeMap;

use catalogue::{Edition, FieldId, PartyKind};
use diagnostic::Bilingual;
use form::{Applies, Counts, Form, MaterialStatus, Part, Raw, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::shown::Text;
use crate::trouble::Trouble;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    Natural,
    Legal,
}

impl From<PartyKind> for Party {
    fn from(kind: PartyKind) -> Self {
        match kind {
            PartyKind::Natural => Self::Natural,
            PartyKind::Legal => Self::Legal,
        }
    }
}

impl From<Party> for PartyKind {
    fn from(party: Party) -> Self {
        match party {
            Party::Natural => Self::Natural,
            Party::Legal => Self::Legal,
        }
    }
}

/// An answer as it would be typed: a text, several choices, or rows of a table. An empty text takes the answer back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AnswerIn {
    One(String),
    Many(Vec<String>),
    Rows(Vec<BTreeMap<String, CellIn>>),
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum CellIn {
    One(String),
    Many(Vec<String>),
}

/// Answers by field.
pub type AnswersIn = BTreeMap<String, AnswerIn>;

impl From<CellIn> for Raw {
    fn from(cell: CellIn) -> Self {
        match cell {
            CellIn::One(text) => Self::One(text),
            CellIn::Many(texts) => Self::Many(texts),
        }
    }
}

impl From<AnswerIn> for Raw {
    fn from(answer: AnswerIn) -> Self {
        match answer {
            AnswerIn::One(text) => Self::One(text),
            AnswerIn::Many(texts) => Self::Many(texts),
            AnswerIn::Rows(rows) => {
                let row = |row: BTreeMap<String, CellIn>| {
                    row.into_iter().map(|(column, cell)| (FieldId::from(column), cell.into())).collect()
                };
                Self::Rows(rows.into_iter().map(row).collect())
            }
        }
    }
}

/// Answers to fields that the zone has. A field that it has not is told, not passed over.
pub fn read_answers(edition: &Edition, answers: AnswersIn) -> Result<BTreeMap<FieldId, Raw>, Trouble> {
    let unknown = || Bilingual::new("本区没有这个字段。", "The zone has no such field.");
    let mut known = BTreeMap::new();
    let mut problems = Vec::new();
    for (field, answer) in answers {
        if edition.field(&FieldId::from(field.as_str())).is_some() {
            known.insert(FieldId::from(field), answer.into());
        } else {
            problems.push((field, unknown()));
        }
    }
    if problems.is_empty() { Ok(known) } else { Err(Trouble::Answers(problems)) }
}

/// The one form at one moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormView {
    pub party: Party,
    /// Everything that is needed is answered and nothing stands against it. Papers are counted apart.
    pub complete: bool,
    /// With these answers nothing needs to be done.
    pub nothing_applies: bool,
    pub answered: usize,
    pub needed: usize,
    pub items: Vec<MemberState>,
    /// In the order in which they are asked: what decides comes first.
    pub questions: Vec<QuestionView>,
    pub materials: Vec<DueView>,
    pub obstacles: Vec<ObstacleView>,
    /// What asking for each item apart would take.
    pub separate: Burden,
    /// What the one form takes.
    pub merged: Burden,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MemberState {
    pub item: String,
    pub applies: AppliesView,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AppliesView {
    Yes,
    No,
    NotForParty,
    OtherRoute,
    Unknown,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionView {
    pub field: String,
    pub label: Text,
    pub hint: Option<Text>,
    /// Page of the form; none for a situation question.
    pub section: Option<String>,
    /// Type of the answer with its bounds and options: `{"type": "choice", "options": …}`.
    #[schema(value_type = Object)]
    pub kind: serde_json::Value,
    pub state: QuestionState,
    /// The value that holds now, as it would be typed.
    pub value: Option<AnswerIn>,
    /// An answer that would be accepted, to show how one is written.
    pub example: Option<AnswerIn>,
    pub required: bool,
    /// Where the value comes from that was known before it was asked.
    pub known: Option<KnownView>,
    /// It only repeats what a register says and does not change here; what to do first for whoever finds that wrong.
    pub fixed: Option<Text>,
    /// In these words one answers that one has none; where it is missing, one cannot.
    pub absent: Option<Text>,
    /// Whether some item applies hangs on it.
    pub deciding: bool,
    pub items: Vec<String>,
    pub problems: Vec<Text>,
}

/// Where a value comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnownView {
    pub registry: Option<String>,
    /// The number of the zone's own result that says so, newer than what the registry has.
    pub issued: Option<String>,
    /// Of which day it is.
    pub as_of: Option<String>,
}

impl From<&form::Known> for KnownView {
    fn from(known: &form::Known) -> Self {
        let issued = match &known.source {
            form::Source::Entry { number, .. } => Some(number.clone()),
            _ => None,
        };
        Self {
            registry: known.source.registry().map(ToString::to_string),
            issued,
            as_of: known.as_of.map(|day| day.to_string()),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum QuestionState {
    Unanswered,
    Known,
    Answered,
    Confirmed,
    Problem,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DueView {
    pub material: String,
    pub title: Text,
    pub status: DueStatus,
    pub copies: u8,
    pub items: Vec<String>,
    /// The item or registry that has it already.
    pub supplied_by: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DueStatus {
    Optional,
    Supplied,
    Promised,
    Later,
    Due,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ObstacleView {
    pub item: String,
    pub text: Text,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Burden {
    pub questions: usize,
    pub materials: usize,
    pub visits: usize,
}

impl From<Counts> for Burden {
    fn from(counts: Counts) -> Self {
        Self { questions: counts.questions, materials: counts.materials, visits: counts.visits }
    }
}

fn typed(raw: Raw) -> AnswerIn {
    match raw {
        Raw::One(text) => AnswerIn::One(text),
        Raw::Many(texts) => AnswerIn::Many(texts),
        Raw::Rows(rows) => {
            let cell = |raw| match raw {
                Raw::One(text) => CellIn::One(text),
                Raw::Many(texts) => CellIn::Many(texts),
                Raw::Rows(_) => CellIn::One(String::new()),
            };
            let row = |row: BTreeMap<FieldId, Raw>| {
                row.into_iter().map(|(column, raw)| (column.to_string(), cell(raw))).collect()
            };
            AnswerIn::Rows(rows.into_iter().map(row).collect())
        }
    }
}

impl FormView {
    pub fn of(form: &Form<'_>, today: jiff::civil::Date) -> Self {
        let progress = form.progress();
        let applies = |applies| match applies {
            Applies::Yes => AppliesView::Yes,
            Applies::No => AppliesView::No,
            Applies::NotForParty => AppliesView::NotForParty,
            Applies::OtherRoute => AppliesView::OtherRoute,
            Applies::Unknown => AppliesView::Unknown,
        };
        let members = form.members().iter();
        Self {
            party: form.party().into(),
            complete: form.complete(),
            nothing_applies: form.nothing_applies(),
            answered: progress.answered,
            needed: progress.needed,
            items: members
                .map(|each| MemberState { item: each.item.id.to_string(), applies: applies(each.applies) })
                .collect(),
            questions: form.questions().iter().map(|each| question(each, today)).collect(),
            materials: form.materials().iter().map(due).collect(),
            obstacles: form
                .obstacles()
                .iter()
                .map(|each| ObstacleView { item: each.item.id.to_string(), text: each.text.into() })
                .collect(),
            separate: form.separate().into(),
            merged: form.merged().into(),
        }
    }
}

fn question(question: &form::Question<'_>, today: jiff::civil::Date) -> QuestionView {
    let held = question.typed.cloned().or_else(|| question.value.map(Raw::of));
    QuestionView {
        field: question.field.id.to_string(),
        label: question.label.into(),
        hint: question.hint.map(Text::from),
        section: match question.part {
            Part::Situation => None,
            Part::Section(section) => Some(section.id.to_string()),
        },
        kind: serde_json::to_value(&question.field.kind).unwrap_or_default(),
        state: match question.state {
            State::Unanswered => QuestionState::Unanswered,
            State::Known => QuestionState::Known,
            State::Answered => QuestionState::Answered,
            State::Confirmed => QuestionState::Confirmed,
            State::Problem => QuestionState::Problem,
        },
        value: held.map(typed),
        example: form::example_answer(question.field, today).map(|value| typed(Raw::of(&value))),
        required: question.required,
        known: question.known.map(KnownView::from),
        fixed: question.fixed.map(Text::from),
        absent: question.field.absent.as_ref().map(Text::from),
        deciding: question.deciding,
        items: question.items.iter().map(ToString::to_string).collect(),
        problems: question.problems.iter().map(|problem| Text::from(&problem.text)).collect(),
    }
}

fn due(due: &form::MaterialDue<'_>) -> DueView {
    DueView {
        material: due.material.id.to_string(),
        title: (&due.material.title).into(),
        status: match due.status {
            MaterialStatus::Optional => DueStatus::Optional,
            MaterialStatus::Supplied => DueStatus::Supplied,
            MaterialStatus::Promised => DueStatus::Promised,
            MaterialStatus::Later => DueStatus::Later,
            MaterialStatus::Due => DueStatus::Due,
        },
        copies: due.copies,
        items: due.items().map(ToString::to_string).collect(),
        supplied_by: due.supplied_by.as_ref().map(|by| by.name().to_owned()),
    }
}
