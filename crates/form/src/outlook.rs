//! What a form comes to, while part of it still hangs on answers to come.

use catalogue::{FieldKind, ItemId};
use expression::Value;
use jiff::civil::Date;

use crate::example::examples;
use crate::{Answers, Counts, Form, Input, Part, Question, State};

/// The figures of a form in the situation that its answers tell. Every page that says how much there is to answer, to
/// bring and to attend, and until when it takes, reads them here, so that no two pages disagree.
///
/// What the answers leave open is taken as it usually is ([`usual_answers`]). So the figures change only by an answer
/// that is not the usual one, never because a question came into view.
#[derive(Clone, Debug)]
pub struct Outlook<'a> {
    pub merged: Counts,
    pub separate: Counts,
    /// Of the questions, those that are answered.
    pub answered: usize,
    /// Of the others, those that may be left blank.
    pub optional: usize,
    /// No answer to come changes how much there is; else the figures are an estimate.
    pub settled: bool,
    /// Pages of the form in their order, those that have no question yet included.
    pub pages: Vec<Page<'a>>,
    /// The promised day if everything is handed in on the day of the form. Items side by side take the longest of their
    /// times, not the sum.
    pub done_on: Option<Date>,
    /// Everything is decided, and nothing of the thing applies.
    pub nothing_applies: bool,
}

/// A page of the form, and how many questions it will have asked.
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
        // Fields that nothing needs any more keep their answers, so a form without open conditions is its own outlook.
        if self.is_settled() {
            return self.outlook_as(self);
        }
        let answers = usual_answers(self.input);
        // The answers live only here; what is kept of the form are figures and parts of the edition.
        let expected = Form::new(Input { answers: &answers, ..self.input });
        let Outlook { merged, separate, answered, optional, settled, pages, done_on, nothing_applies } =
            self.outlook_as(&expected);
        let pages = pages.iter().filter_map(|page| self.own(page)).collect();
        Outlook { merged, separate, answered, optional, settled, pages, done_on, nothing_applies }
    }

    /// The same page, of this form's edition.
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

/// The answers that were given, and the zone's examples for the rest. Where an example leads to an item that is closed to
/// this kind of party, the first other option that does not is usual.
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
