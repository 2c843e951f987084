//! Questions as pages show them.

use catalogue::{
    Bilingual, Citation, FeeId, Field, FieldId, ItemId, Lang, MaterialId, ResultId, Section, SectionId,
    StepId,
};
use expression::Value;
use serde::Serialize;

use crate::{Known, Problem, Raw};

/// One question of the form.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    pub field: &'a Field,
    /// The page that it is on.
    pub part: Part<'a>,
    /// The thing's wording for a situation question, else the field's.
    pub label: &'a Bilingual,
    pub hint: Option<&'a Bilingual>,
    /// What the answer is for.
    pub why: Vec<Why<'a>>,
    /// Items that use it, each once.
    pub items: Vec<&'a ItemId>,
    pub known: Option<&'a Known>,
    /// It only repeats what a register says and does not change here; what to do first for whoever finds that wrong.
    pub fixed: Option<&'a Bilingual>,
    /// The current value: the answer, or a known fact.
    pub value: Option<&'a Value>,
    /// Input that is not a valid value.
    pub typed: Option<&'a Raw>,
    pub state: State,
    pub problems: Vec<Problem>,
    /// May not be left blank.
    pub required: bool,
    /// Something depends on it: even if optional it must be looked at (and may then be left blank).
    pub awaited: bool,
    /// Decides whether an item applies.
    pub deciding: bool,
    /// Fields whose answers made it needed; empty when it is asked in any case.
    pub depends_on: Vec<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Unanswered,
    /// Known from a source, shown for confirmation. It holds unless the applicant changes it.
    Known,
    /// Answered, or left blank where allowed.
    Answered,
    /// Known from a source, and answered the same.
    Confirmed,
    Problem,
}

/// The page of a question. The situation comes first, then the sections in the zone's order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part<'a> {
    Situation,
    Section(&'a Section),
}

/// A page of the form.
#[derive(Clone, Debug)]
pub struct SectionView<'f, 'a> {
    pub part: Part<'a>,
    pub questions: &'f [Question<'a>],
}

/// Progress of the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Needed questions that are answered or known.
    pub answered: usize,
    /// Needed questions; unanswered optional ones are not counted.
    pub needed: usize,
}

/// A reason why a question is asked.
#[derive(Clone, Copy, Debug)]
pub struct Why<'a> {
    pub item: &'a ItemId,
    pub kind: WhyKind<'a>,
    /// The zone's own wording, if any.
    pub text: Option<&'a Bilingual>,
    pub basis: Option<&'a Citation>,
}

/// What uses the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyKind<'a> {
    /// It decides whether the item applies.
    Applies,
    /// The item lists it among what it needs.
    Use,
    /// It decides what else the item asks.
    Asks,
    /// It decides whether a requirement is met.
    Requirement,
    /// It decides whether a paper is due.
    Material(&'a MaterialId),
    Fee(&'a FeeId),
    /// A step reads it, or happens only under some answers.
    Step(&'a StepId),
    /// It is printed on the result.
    Result(&'a ResultId),
    /// It says who applies.
    Applicant,
}

impl Why<'_> {
    /// The zone's wording, else a generated sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        if let Some(text) = self.text {
            return text.get(lang).to_owned();
        }
        let item = self.item;
        match (lang, self.kind) {
            (Lang::Zh, WhyKind::Applies) => format!("用来判断是否需要办理“{item}”。"),
            (Lang::En, WhyKind::Applies) => format!("It decides whether you need “{item}”."),
            (Lang::Zh, WhyKind::Use) => format!("办理“{item}”要用。"),
            (Lang::En, WhyKind::Use) => format!("“{item}” needs it."),
            (Lang::Zh, WhyKind::Asks) => format!("用来判断“{item}”还要问什么，免得多问。"),
            (Lang::En, WhyKind::Asks) => format!("It decides what else “{item}” has to ask."),
            (Lang::Zh, WhyKind::Requirement) => format!("用来判断是否符合“{item}”的条件。"),
            (Lang::En, WhyKind::Requirement) => {
                format!("It decides whether the requirements of “{item}” are met.")
            }
            (Lang::Zh, WhyKind::Material(material)) => format!("用来判断“{item}”是否要交“{material}”。"),
            (Lang::En, WhyKind::Material(material)) => {
                format!("It decides whether “{item}” needs the paper “{material}”.")
            }
            (Lang::Zh, WhyKind::Fee(fee)) => format!("用来计算“{item}”的“{fee}”。"),
            (Lang::En, WhyKind::Fee(fee)) => format!("It decides the fee “{fee}” of “{item}”."),
            (Lang::Zh, WhyKind::Step(step)) => format!("“{item}”的“{step}”环节要用。"),
            (Lang::En, WhyKind::Step(step)) => format!("The step “{step}” of “{item}” uses it."),
            (Lang::Zh, WhyKind::Result(result)) => format!("印在“{result}”上。"),
            (Lang::En, WhyKind::Result(result)) => format!("It is printed on “{result}”."),
            (Lang::Zh, WhyKind::Applicant) => "用来确认谁在申请，并与您联系。".to_owned(),
            (Lang::En, WhyKind::Applicant) => "It says who applies and how to reach you.".to_owned(),
        }
    }
}

impl<'a> Part<'a> {
    pub fn title(&self, lang: Lang) -> &'a str {
        match (self, lang) {
            (Part::Situation, Lang::Zh) => "您的情况",
            (Part::Situation, Lang::En) => "Your situation",
            (Part::Section(section), lang) => section.title.get(lang),
        }
    }

    /// `None` for the situation.
    pub fn section(&self) -> Option<&'a SectionId> {
        match self {
            Part::Situation => None,
            Part::Section(section) => Some(&section.id),
        }
    }

    /// The key in addresses and forms. It cannot collide with a section, since names never begin with `~`.
    pub fn key(&self) -> &'a str {
        self.section().map_or("~situation", SectionId::as_str)
    }
}

impl Question<'_> {
    pub fn id(&self) -> &FieldId {
        &self.field.id
    }

    /// Whether the form is incomplete without it.
    pub fn is_missing(&self) -> bool {
        match self.state {
            State::Problem => true,
            State::Unanswered => self.required || self.awaited,
            State::Known | State::Answered | State::Confirmed => false,
        }
    }

    /// Nobody has answered it yet, or not so that it can be taken.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Unanswered | State::Problem)
    }

    /// The applicant declared that there is none.
    pub fn says_none(&self) -> bool {
        self.field.absent.is_some() && self.state == State::Answered && self.value.is_none()
    }

    pub fn is_answered(&self) -> bool {
        matches!(self.state, State::Known | State::Answered | State::Confirmed)
    }
}

impl SectionView<'_, '_> {
    pub fn progress(&self) -> Progress {
        Progress::of(self.questions)
    }

    pub fn is_done(&self) -> bool {
        !self.questions.iter().any(Question::is_missing)
    }
}

impl Progress {
    pub(crate) fn of(questions: &[Question<'_>]) -> Self {
        // Unanswered optional questions do not hold the progress bar back.
        let needed =
            questions.iter().filter(|question| question.is_missing() || question.is_answered()).count();
        let answered = questions.iter().filter(|question| question.is_answered()).count();
        Self { answered, needed }
    }
}
