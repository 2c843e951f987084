//! Expected figures of a form while some of it still depends on answers.

use catalogue::{FieldKind, ItemId};
use expression::Value;
use jiff::civil::Date;

use crate::example::examples;
use crate::{Answers, Counts, Form, Input, Part, Question, State};

/// The expected figures of a form in the situation of its answers. Every page that states how much there is
/// to answer, to bring and to attend, and by when it is done, reads them here, so that all pages agree.
///
/// Open answers are assumed as usual ([`usual_answers`]). So the figures change only with an answer that is
/// not the usual one, never because a question appears.
#[derive(Clone, Debug)]
pub struct Outlook<'a> {
    pub merged: Counts,
    pub separate: Counts,
    /// Number of these questions that are answered.
    pub answered: usize,
    /// Number of unanswered questions that may be left blank.
    pub optional: usize,
    /// No further answer can change the figures; otherwise they are an estimate.
    pub settled: bool,
    /// Pages of the form in order, including those without a question yet.
    pub pages: Vec<Page<'a>>,
    /// The promised day if everything is submitted on the day of the form. Items in parallel count by the
    /// longest, not the sum.
    pub done_on: Option<Date>,
    /// Everything is decided, and no item of the thing applies.
    pub nothing_applies: bool,
}

/// A page of the form, and its expected number of questions.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    pub part: Part<'a>,
    pub questions: usize,
}

impl Outlook<'_> {
    /// Questions that still have to be answered.
    pub fn left(&self) -> usize {
        self.merged.questions.saturating_sub(self.answered + self.optional)
    }
}

impl<'a> Form<'a> {
    pub fn outlook(&self) -> Outlook<'a> {
        // A settled form is its own outlook: superfluous answers may remain, but no condition is open.
        if self.is_settled() {
            return self.outlook_as(self);
        }
        let answers = usual_answers(self.input);
        // `answers` lives only here; the result holds figures and references into the edition.
        let expected = Form::new(Input { answers: &answers, ..self.input });
        let Outlook { merged, separate, answered, optional, settled, pages, done_on, nothing_applies } =
            self.outlook_as(&expected);
        let pages = pages.iter().filter_map(|page| self.own(page)).collect();
        Outlook { merged, separate, answered, optional, settled, pages, done_on, nothing_applies }
    }

    /// The same page, borrowed from this form's edition.
    fn own(&self, page: &Page<'_>) -> Option<Page<'a>> {
        let part = match page.part.section() {
            None => Part::Situation,
            Some(id) => Part::Section(self.input.edition.parts().sections.get(id)?),
        };
        Some(Page { part, questions: page.questions })
    }

    fn outlook_as<'e>(&self, expected: &Form<'e>) -> Outlook<'e> {
        let asked = |question: &&Question<'_>| !matches!(question.state, State::Known | State::Confirmed);
        let here = |question: &Question<'_>| self.question(question.id().as_str());
        let answered =
            |question: &Question<'_>| here(question).is_some_and(|own| own.state == State::Answered);
        let may_stay_blank = |question: &Question<'_>| match here(question) {
            Some(own) => !own.is_missing(),
            None => !question.required,
        };
        let questions = || expected.questions().iter().filter(asked);
        let pages = expected.sections().map(|section| Page {
            part: section.part,
            questions: section.questions.iter().filter(asked).count(),
        });
        Outlook {
            merged: expected.merged(),
            separate: expected.separate(),
            answered: questions().filter(|question| answered(question)).count(),
            optional: questions().filter(|question| !answered(question) && may_stay_blank(question)).count(),
            settled: self.is_settled(),
            pages: pages.collect(),
            done_on: expected.plan(self.input.today).done_on,
            nothing_applies: expected.nothing_applies(),
        }
    }
}

/// The given answers, and the zone's examples for the rest. Where an example leads to an item closed to this
/// kind of party, the first other option that does not is taken, if there is one.
pub fn usual_answers(input: Input<'_>) -> Answers {
    let closed = |answers: &Answers| -> Vec<ItemId> {
        let form = Form::new(Input { answers, ..input });
        form.closed_to_party().iter().map(|item| item.id.clone()).collect()
    };
    let answers = examples(input);
    let barred = closed(&answers);
    if barred.is_empty() {
        return answers;
    }
    let deciding = input.thing.members.iter().filter(|member| barred.contains(&member.item));
    let names = deciding.filter_map(|member| member.when.as_ref()).flat_map(|when| when.names_used());
    let fields = names
        .filter(|name| input.answers.get(name).is_none())
        .filter_map(|name| input.edition.field(&(&**name).into()));
    let others = fields.flat_map(|field| match &field.kind {
        FieldKind::Choice { options } => options
            .iter()
            .map(|option| input.answers.clone().with(field.id.clone(), Value::choice(option.value.clone())))
            .collect(),
        _ => Vec::new(),
    });
    others
        .map(|other| examples(Input { answers: &other, ..input }))
        .find(|answers| closed(answers).is_empty())
        .unwrap_or(answers)
}
