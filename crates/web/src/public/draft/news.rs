//! What an answer changed, told on the page that comes after it: questions that came up with it, and figures that are
//! others now. It travels in the address, so that it is told without script and kept nowhere.

use catalogue::FieldId;
use form::{Counts, Form};
use maud::{Markup, html};
use office::OpenDraft;

use crate::fault::Failure;
use crate::public::visitor::{value, values};
use crate::shell::{Shell, encode};
use crate::ui;

const NEW: &str = "new";
const WAS: &str = "was";
const BACK: &str = "back";
const CHECK: &str = "check";

#[derive(Clone, Debug, Default)]
pub struct News {
    /// Questions that the last answers brought onto the page.
    new: Vec<FieldId>,
    /// The figures before the last answers.
    was: Option<Counts>,
    /// The person came from the check page and goes back to it.
    pub to_check: bool,
}

impl News {
    /// As it stands in an address, or in a form that was sent.
    pub fn read(pairs: &[(String, String)]) -> Self {
        let numbers: Vec<usize> =
            value(pairs, WAS).split('-').filter_map(|number| number.parse().ok()).collect();
        let was = match numbers[..] {
            [questions, materials, visits] => Some(Counts { questions, materials, visits }),
            _ => None,
        };
        let new = values(pairs, NEW).into_iter().map(FieldId::from).collect();
        Self { new, was, to_check: value(pairs, BACK) == CHECK }
    }

    /// What the answers that were just saved changed. `new` are the questions that came up on the same page.
    pub fn between(before: &OpenDraft, after: &OpenDraft, new: Vec<FieldId>) -> Result<Self, Failure> {
        let (was, is) = (before.form()?.outlook().merged, after.form()?.outlook().merged);
        Ok(Self { new, was: (was != is).then_some(was), to_check: false })
    }

    pub fn leading_to_check(self, to_check: bool) -> Self {
        Self { to_check, ..self }
    }

    /// Where it is told. It begins at the first question that is new.
    pub fn address(&self, page: &str) -> String {
        let mut pairs: Vec<String> =
            self.new.iter().map(|id| format!("{NEW}={}", encode(id.as_str()))).collect();
        if let Some(Counts { questions, materials, visits }) = self.was {
            pairs.push(format!("{WAS}={questions}-{materials}-{visits}"));
        }
        if self.to_check {
            pairs.push(format!("{BACK}={CHECK}"));
        }
        let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
        let at = self.new.first().map(|id| format!("#{}", encode(&ui::anchor(id)))).unwrap_or_default();
        format!("{page}{query}{at}")
    }

    pub fn is_new(&self, question: &form::Question<'_>) -> bool {
        question.is_open() && self.new.contains(question.id())
    }

    /// What a form sends along, so that the page after the next one still leads back.
    pub fn carried(&self) -> Markup {
        html! { @if self.to_check { (ui::hidden(BACK, CHECK)) } }
    }

    pub fn told(&self, shell: &Shell, form: &Form<'_>) -> Markup {
        let w = shell.w;
        let new = form.questions().iter().filter(|question| self.is_new(question)).count();
        let is = form.outlook().merged;
        let changed = |was: Counts| {
            let pairs = [
                ("news-questions", was.questions, is.questions),
                ("news-papers", was.materials, is.materials),
                ("news-visits", was.visits, is.visits),
            ];
            let changed = pairs.into_iter().filter(|(_, was, is)| was != is);
            changed.map(|(key, was, is)| w.with(key, &[("was", was.into()), ("is", is.into())])).collect()
        };
        let figures: Vec<String> = self.was.map(changed).unwrap_or_default();
        html! {
            @if new > 0 || !figures.is_empty() {
                div.panel.news role="status" {
                    @if new > 0 { p.strong { (w.with("news-new", &[("count", new.into())])) } }
                    @if !figures.is_empty() { p { (w.with("news-figures", &[("figures", w.list(&figures).into())])) } }
                }
            }
        }
    }

    /// Around a question that has come up: that it is new, and which answer asks for it.
    pub fn mark(
        &self,
        shell: &Shell,
        form: &Form<'_>,
        question: &form::Question<'_>,
        drawn: Markup,
    ) -> Markup {
        if !self.is_new(question) {
            return drawn;
        }
        let w = shell.w;
        let asked = form.thing().questions.iter().find(|asked| asked.field == *question.id());
        let gate = asked.and_then(|asked| asked.when.as_ref()).map(|when| when.names_used());
        let gate = gate.unwrap_or_default().iter().map(|name| &**name);
        let because: Vec<String> = gate
            .chain(question.depends_on.iter().copied())
            .filter_map(|id| form.question(id).filter(|asked| asked.is_answered()))
            .map(|asked| shell.say(asked.label).to_owned())
            .collect();
        html! {
            div.new-question {
                p.small { span.tag.run { (w.t("news-tag")) } @if !because.is_empty() { " " (w.with("news-because", &[("labels", w.list(&because).into())])) } }
                (drawn)
            }
        }
    }
}
