//! Forms of the case page: each folded until wanted, opened again with what was typed when it is refused.

use casework::{Doer, Matter, PlannedStep};
use maud::{Markup, html};

use super::Desk;
use crate::ui;

/// A form to be drawn.
#[derive(Debug)]
pub struct Form<'f> {
    pub act: &'static str,
    pub matter: Option<&'f Matter>,
    pub step: Option<&'f str>,
    pub title: String,
    /// Alt with this letter opens it.
    pub key: Option<char>,
    pub danger: bool,
    /// Opens by itself: the task that the officer came for.
    pub open: bool,
}

impl Form<'_> {
    pub fn id(&self) -> String {
        form_id(
            self.act,
            self.matter.map_or("", |matter| matter.item.as_str()),
            self.step.unwrap_or_default(),
        )
    }
}

/// The anchor of a form; also sent with it, so that a refusal finds its place.
pub fn form_id(act: &str, item: &str, step: &str) -> String {
    let clean = |text: &str| text.replace(char::is_whitespace, "-");
    format!("act-{act}-{}-{}", clean(item), clean(step))
}

impl Desk<'_> {
    /// What was typed under a name into the form that was refused; empty elsewhere.
    pub fn typed(&self, form: &str, name: &str) -> &str {
        match self.attempt {
            Some(attempt) if attempt.posted.one("form") == form => attempt.posted.one(name),
            _ => "",
        }
    }

    pub fn ticked(&self, form: &str, name: &str, value: &str) -> bool {
        self.attempt
            .is_some_and(|attempt| attempt.posted.one("form") == form && attempt.posted.has(name, value))
    }

    fn refused(&self, form: &str) -> Option<&str> {
        self.attempt
            .filter(|attempt| attempt.posted.one("form") == form)
            .map(|attempt| attempt.message.as_str())
    }

    fn hidden(&self, form: &Form<'_>) -> Markup {
        html! {
            (ui::hidden("form", &form.id())) (ui::hidden("act", form.act))
            (ui::hidden("command", &self.app.office.new_id().to_string()))
            // What the officer looked at: an act that rests on it is not done on something else.
            (ui::hidden("basis", &self.loaded.case.answers.key))
            @if let Some(matter) = form.matter { (ui::hidden("item", matter.item.as_str())) }
            @if let Some(step) = form.step { (ui::hidden("step", step)) }
        }
    }

    /// The key of a form, where no other on the page has it: pressed, it acts on the first.
    fn key(&self, form: &Form<'_>) -> Option<char> {
        form.key.filter(|key| self.keys.borrow_mut().insert(*key))
    }

    /// A form with something to fill in.
    pub fn folded(&self, form: &Form<'_>, body: Markup) -> Markup {
        let id = form.id();
        let refused = self.refused(&id);
        let key = self.key(form);
        let open = refused.is_some() || self.attempt.is_none() && form.open && self.first();
        html! {
            details.more.act id=(id) open[open] {
                summary data-key=[key] { (form.title) @if let Some(key) = key { " " kbd { "Alt+" (key.to_ascii_uppercase()) } } }
                form method="post" action=(format!("/desk/cases/{}/act", self.number())) {
                    (self.hidden(form))
                    @if let Some(message) = refused.filter(|message| !message.is_empty()) { p.problem { span.visually-hidden { (self.shell.w.t("form-problem-mark")) } (message) } }
                    (body)
                    div.actions { button.button.danger[form.danger] type="submit" { (form.title) } }
                }
            }
        }
    }

    /// An act that needs no words: one button.
    pub fn button(&self, form: &Form<'_>, more: Markup) -> Markup {
        let (id, key) = (form.id(), self.key(form));
        html! {
            form.one method="post" action=(format!("/desk/cases/{}/act", self.number())) id=(id) {
                (self.hidden(form)) (more)
                @if let Some(message) = self.refused(&id) { p.problem { span.visually-hidden { (self.shell.w.t("form-problem-mark")) } (message) } }
                button.button.second[!form.open] type="submit" data-key=[key] {
                    (form.title) @if let Some(key) = key { " " kbd { "Alt+" (key.to_ascii_uppercase()) } }
                }
            }
        }
    }

    pub fn text_area(&self, form: &str, name: &str, label: &str, hint: Option<&str>) -> Markup {
        let id = format!("{form}-{name}");
        let hint_id = format!("{id}-hint");
        html! {
            div.question {
                label for=(id) { (label) }
                @if let Some(hint) = hint { p.hint id=(hint_id) { (hint) } }
                textarea id=(id) name=(name) rows="3" aria-describedby=[hint.map(|_| hint_id.as_str())] { (self.typed(form, name)) }
            }
        }
    }

    pub fn line(&self, form: &str, name: &str, label: &str, class: &str) -> Markup {
        let id = format!("{form}-{name}");
        html! {
            div.question {
                label for=(id) { (label) }
                input type="text" id=(id) name=(name) value=(self.typed(form, name)) class=(class) autocomplete="off";
            }
        }
    }

    /// Check boxes under one heading.
    pub fn ticks(&self, form: &str, name: &str, legend: &str, options: &[(String, String)]) -> Markup {
        html! {
            @if !options.is_empty() {
                fieldset.question {
                    legend { (legend) }
                    div.choices {
                        @for (value, label) in options {
                            label.choice { input type="checkbox" name=(name) value=(value) checked[self.ticked(form, name, value)]; span { (label) } }
                        }
                    }
                }
            }
        }
    }

    /// Radio buttons; `chosen` until something else was sent.
    pub fn radios(
        &self,
        form: &str,
        name: &str,
        legend: &str,
        options: &[(&str, String)],
        chosen: &str,
    ) -> Markup {
        let typed = self.typed(form, name);
        let chosen = if typed.is_empty() { chosen } else { typed };
        html! {
            fieldset.question {
                legend { (legend) }
                div.choices.inline {
                    @for (value, label) in options {
                        label.choice { input type="radio" name=(name) value=(value) checked[*value == chosen] required[chosen.is_empty()]; span { (label) } }
                    }
                }
            }
        }
    }

    pub fn select(&self, form: &str, name: &str, label: &str, options: &[(String, String)]) -> Markup {
        let id = format!("{form}-{name}");
        let typed = self.typed(form, name);
        html! {
            div.question {
                label for=(id) { (label) }
                select id=(id) name=(name) {
                    @if options.len() > 1 { option value="" { (self.shell.w.t("form-choose")) } }
                    @for (value, label) in options { option value=(value) selected[value == typed] { (label) } }
                }
            }
        }
    }

    /// Sentences from the pack that the reasons of a refusal start from.
    pub fn templates(&self, form: &str, matter: &Matter) -> Markup {
        self.sentences(form, self.item(matter).map(|item| item.reasons.as_slice()).unwrap_or_default())
    }

    /// Sentences from the pack that say what is to be corrected.
    pub fn correction_templates(&self, form: &str, matter: &Matter) -> Markup {
        self.sentences(form, self.item(matter).map(|item| item.corrections.as_slice()).unwrap_or_default())
    }

    fn sentences(&self, form: &str, sentences: &[diagnostic::Bilingual]) -> Markup {
        // What is told in writing is told in the language of the administration.
        let options: Vec<_> =
            sentences.iter().map(|reason| (reason.zh.clone(), self.shell.say(reason).to_owned())).collect();
        self.ticks(form, "template", &self.shell.w.t("desk-templates"), &options)
    }

    /// Officers who can be named in a record besides oneself.
    pub fn second_officers(&self, form: &str, step: &PlannedStep) -> Markup {
        let w = self.shell.w;
        let (others, needed) = (self.colleagues_for(step), step.officers);
        html! {
            @if needed > 1 {
                p.hint { (w.with("desk-officers-hint", &[("needed", i64::from(needed).into()), ("me", self.viewer.name.as_str().into())])) }
                (self.ticks(form, "officer", &w.t("desk-officers"), &others))
                @if others.is_empty() { p.problem { (w.t("desk-officers-none")) } }
            }
        }
    }

    /// Colleagues who have the step's role: only they can do it.
    pub fn able_to_do(&self, step: &PlannedStep) -> Vec<(String, String)> {
        let Doer::Role { role, .. } = &step.by else { return Vec::new() };
        let able = self.colleagues.iter().filter(|colleague| colleague.roles.contains(role));
        able.map(|colleague| (colleague.id.to_string(), colleague.name.clone())).collect()
    }

    /// Colleagues in the department whose step it is: only they can stand in its record.
    pub fn colleagues_for(&self, step: &PlannedStep) -> Vec<(String, String)> {
        let Doer::Role { department, .. } = &step.by else { return Vec::new() };
        let there = self.colleagues.iter().filter(|colleague| colleague.departments.contains(department));
        there.map(|colleague| (colleague.id.to_string(), colleague.name.clone())).collect()
    }
}
