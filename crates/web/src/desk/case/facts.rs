//! What the applicant said and what was known already, each with its source; what is about a person stays masked until
//! there is a task or a reason.

use catalogue::{Field, FieldId, FieldKind, Sensitivity};
use expression::Value;
use maud::{Markup, html};
use office::Proof;

use super::super::traces::looked;
use super::super::words;
use super::Desk;
use crate::shell::encode;
use crate::ui;

impl Desk<'_> {
    pub fn is_masked(&self, field: &Field) -> bool {
        if self.revealed.contains(&field.id) {
            return false;
        }
        office::is_masked(
            field,
            self.viewer.has_task_with(&self.loaded.case, &self.loaded.edition, &field.id),
        )
    }

    /// Facts about a person that stand on the page because the case waits for this officer.
    pub fn shown_about_a_person(&self) -> Vec<FieldId> {
        let given = self.answers.iter().filter_map(|(id, _)| self.loaded.edition.field(id));
        let personal = given.filter(|field| field.sensitivity != Sensitivity::Public);
        let shown = personal.filter(|field| !self.is_masked(field) && !self.revealed.contains(&field.id));
        shown.map(|field| field.id.clone()).collect()
    }

    pub fn facts(&self) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        let edition = &self.loaded.edition;
        let given: Vec<(&Field, &Value)> = self
            .answers
            .iter()
            .filter_map(|(id, _)| Some((edition.field(id)?, self.answers.value(id.as_str())?)))
            .collect();
        // Said to be lacking, which is another thing than not asked.
        let said_none = self.answers.iter().filter(|(_, answer)| **answer == form::Answer::Blank);
        let none: Vec<&Field> = said_none
            .filter_map(|(id, _)| edition.field(id).filter(|field| field.absent.is_some()))
            .collect();
        let masked: Vec<&Field> =
            given.iter().map(|(field, _)| *field).filter(|field| self.is_masked(field)).collect();
        let opens =
            |field: &&Field| self.viewer.opens_fact(&self.loaded.case, &self.loaded.edition, &field.id);
        let masked: Vec<&Field> = masked.into_iter().filter(opens).collect();
        html! {
            section.card #facts aria-labelledby="facts-title" {
                h2 id="facts-title" { (w.t("desk-facts")) }
                @if given.is_empty() { p.quiet { (w.t("desk-facts-none")) } }
                @for field in &none { p { (shell.say(&field.label)) (shell.colon()) (field.absent.as_ref().map_or("", |absent| shell.say(absent))) } }
                @for section in edition.parts().sections.values() {
                    @let here: Vec<_> = given.iter().filter(|(field, _)| field.section == section.id).collect();
                    @if !here.is_empty() {
                        h3 { (shell.say(&section.title)) }
                        dl.facts {
                            @for (field, value) in here {
                                div {
                                    dt { (shell.say(field.fact())) }
                                    dd { (self.fact(field, value)) }
                                    dd.small.quiet { (self.source(field, value)) (self.original(field)) }
                                }
                            }
                        }
                    }
                }
                @if !masked.is_empty() { (self.revealing(&masked)) }
            }
        }
    }

    fn fact(&self, field: &Field, value: &Value) -> Markup {
        let text = form::show_text(field, value, self.shell.lang);
        html! {
            @if self.is_masked(field) {
                span.mono { (office::masked(field, value, self.shell.lang)) } " " span.tag.plain { (self.shell.w.t("desk-masked")) }
            } @else if matches!(field.kind, FieldKind::File { .. }) {
                a href=(format!("/desk/cases/{}/files/{}", self.number(), encode(&form::edit_text(field, value)))) { (self.shell.w.t("desk-open-file")) }
            } @else { span.prewrap { (text) } }
        }
    }

    /// Whoever sees an identifier in full can say that the original has the same.
    fn original(&self, field: &Field) -> Markup {
        let stated = self.proofs.get(&field.id).is_some_and(|proof| !proof.bears_out());
        html! {
            @if stated && self.has_task() && !self.is_masked(field) {
                form method="post" action=(format!("/desk/cases/{}/original", self.number())) {
                    (ui::hidden("field", field.id.as_str()))
                    (ui::hidden("basis", &self.loaded.case.answers.key))
                    button.button.second type="submit" { (self.shell.w.t("desk-original-seen")) }
                }
            }
        }
    }

    fn original_seen(&self, field: &FieldId) -> Option<String> {
        let (_, by, at) = self.loaded.answers_seen().filter(|(of, ..)| *of == field).last()?;
        let w = self.shell.w;
        let about = [("officer", self.actor(by).into()), ("at", ui::date_time(self.shell, at).into())];
        Some(w.with("desk-from-original-by", &about))
    }

    /// `原件已核对：王芳，11月30日 11:35`, for a paper that the window saw.
    pub fn paper_seen(&self, material: &catalogue::MaterialId) -> Option<String> {
        let mark = self.loaded.papers_seen().find(|mark| mark.material == *material)?;
        let (officer, at) = (self.actor(&mark.by), ui::date_time(self.shell, mark.at));
        Some(self.shell.w.with("desk-paper-seen", &[("officer", officer.into()), ("at", at.into())]))
    }

    /// Who said it.
    fn source(&self, field: &Field, value: &Value) -> String {
        let w = self.shell.w;
        match self.proofs.get(&field.id) {
            Some(Proof::Assigned) => return w.t("desk-from-registration"),
            Some(Proof::Original) => {
                return self.original_seen(&field.id).unwrap_or_else(|| w.t("desk-from-original"));
            }
            Some(Proof::Registry) => return w.t("desk-from-key"),
            Some(Proof::OtherName) => return w.t("desk-from-other-name"),
            Some(Proof::Stated) => return w.t("desk-from-unproven"),
            // Below, with what the register says.
            Some(Proof::Differs) | None => {}
        }
        match self.known.get(field.id.as_str()) {
            Some(known) if known.value == *value => {
                let source = match &known.source {
                    form::Source::Registry { registry } => {
                        let registry = self.loaded.edition.parts().registries.get(registry);
                        registry.map_or_else(
                            || w.t("desk-from-registry"),
                            |registry| self.shell.say(&registry.title).to_owned(),
                        )
                    }
                    form::Source::Entry { number, .. } => {
                        w.with("desk-from-entry", &[("number", number.as_str().into())])
                    }
                    form::Source::Case { number } => {
                        w.with("desk-from-case", &[("number", number.as_str().into())])
                    }
                    form::Source::Number { .. } => w.t("desk-from-number"),
                    form::Source::Account => w.t("desk-from-account"),
                    form::Source::Context => w.t("desk-from-context"),
                };
                match known.as_of {
                    Some(day) => format!("{source} · {}", ui::date(self.shell, day)),
                    None => source,
                }
            }
            // What the source says stands beside it, for whoever may read the answer itself.
            Some(known) if !self.is_masked(field) => {
                let was = form::show_text(field, &known.value, self.shell.lang);
                let differs = self.proofs.get(&field.id) == Some(&Proof::Differs);
                let key = if differs { "desk-from-differs" } else { "desk-from-corrected-from" };
                w.with(key, &[("was", was.into())])
            }
            Some(_) => w.t("desk-from-corrected"),
            None => w.t("desk-from-applicant"),
        }
    }

    fn revealing(&self, masked: &[&Field]) -> Markup {
        let w = self.shell.w;
        let refused = self.attempt.filter(|attempt| attempt.posted.one("form") == "reveal");
        html! {
            details.more #reveal open[refused.is_some()] {
                summary data-key="h" { (w.t("desk-reveal")) " " kbd { "Alt+H" } }
                form method="post" action=(format!("/desk/cases/{}/reveal", self.number())) {
                    (ui::hidden("form", "reveal"))
                    @if let Some(attempt) = refused { p.problem { (attempt.message) } }
                    p.hint { (w.t("desk-reveal-hint")) }
                    fieldset.question {
                        legend { (w.t("desk-reveal-which")) }
                        div.choices.inline { @for field in masked {
                            label.choice { input type="checkbox" name="field" value=(field.id) checked; span { (self.shell.say(field.fact())) } }
                        } }
                    }
                    (self.line("reveal", "text", &w.t("desk-reveal-reason"), "w-long"))
                    div.actions { button.button.second type="submit" { (w.t("desk-reveal-go")) } }
                }
            }
        }
    }

    pub fn traces(&self) -> Markup {
        let w = self.shell.w;
        html! {
            @if !self.traces.is_empty() {
                details.more {
                    summary { (w.with("desk-traces", &[("count", self.traces.len().into())])) }
                    ul.small { @for trace in &self.traces { li { (ui::date_time(self.shell, trace.at)) " · " (self.actor(&trace.by)) " · " (looked(self.shell, &self.loaded.edition, &trace.what)) } } }
                }
            }
        }
    }

    pub fn papers(&self) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        let edition = &self.loaded.edition;
        let mut wanted: Vec<_> = self
            .loaded
            .case
            .matters
            .iter()
            .flat_map(|matter| &matter.plan.materials)
            .map(|material| &material.id)
            .collect();
        wanted.sort();
        wanted.dedup();
        let options: Vec<_> =
            wanted.iter().map(|id| (id.to_string(), words::material_in(shell, edition, id))).collect();
        let open = self.loaded.case.matters.iter().any(|matter| !matter.state.is_over());
        html! {
            section.card #files aria-labelledby="files-title" {
                h2 id="files-title" { (w.t("desk-files")) }
                @for papers in office::papers_alike(&self.files) {
                    (ui::panel("soon", html! { p { (w.with("desk-papers-alike", &[("papers", papers.iter().map(|id| words::material_in(shell, edition, id)).collect::<Vec<_>>().join(" / ").into())])) } }))
                }
                @if self.files.is_empty() { p.quiet { (w.t("desk-files-none")) } }
                @if self.loaded.papers_seen().next().is_some() {
                    ul.small { @for mark in self.loaded.papers_seen() {
                        li { (words::material_in(shell, edition, &mark.material)) " " span.quiet { (self.paper_seen(&mark.material).unwrap_or_default()) } }
                    } }
                }
                @for file in &self.files {
                    @let address = format!("/desk/cases/{}/files/{}", self.number(), file.digest);
                    @let paper = file.material.as_ref().map(|id| words::material_in(shell, edition, id));
                    details.more.file {
                        summary { (paper.as_deref().unwrap_or(&file.name)) " " span.quiet.small { (file.name) " · " (size(file.bytes)) " · " (ui::day(shell, file.at)) @if let Some(officer) = self.names.get(&file.by) { " · " (w.with("desk-file-by", &[("officer", officer.as_str().into())])) } } }
                        @match file.media_type.as_str() {
                            "image/png" | "image/jpeg" | "image/webp" => { img.doc-image loading="lazy" src=(address) alt=(w.with("desk-file-alt", &[("name", file.name.as_str().into())])); }
                            "application/pdf" => { iframe.doc loading="lazy" src=(address) title=(file.name) {} }
                            "text/plain" => { iframe.doc loading="lazy" sandbox="" src=(address) title=(file.name) {} }
                            _ => { p.quiet { (w.t("desk-file-download")) } }
                        }
                        p { a href=(address) target="_blank" rel="noopener" { (w.t("desk-open-file")) } }
                    }
                }
                @if open && !options.is_empty() && (self.at_window() || self.is_involved()) {
                    details.more {
                        summary { (w.t("desk-add-paper")) }
                        form method="post" enctype="multipart/form-data" action=(format!("/desk/cases/{}/papers", self.number())) {
                            (ui::hidden("command", &self.app.office.new_id().to_string()))
                            (self.select("paper", "material", &w.t("desk-add-paper-which"), &options))
                            div.question { label for="paper-file" { (w.t("desk-add-paper-file")) } input type="file" id="paper-file" name="file" required; }
                            div.actions { button.button.second type="submit" { (w.t("desk-add-paper")) } }
                        }
                    }
                }
            }
        }
    }
}

fn size(bytes: u64) -> String {
    if bytes < 1024 * 1024 {
        format!("{} KB", bytes.div_ceil(1024))
    } else {
        format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576)
    }
}
