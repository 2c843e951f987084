//! What may be done to a matter now: each act a form or a button.

use casework::{
    Doer, ExtensionState, MaterialStatus, Matter, MatterState, PauseKind, PlannedStep, StepRun, StepState,
};
use catalogue::{StatutoryPause, StepKind};
use maud::{Markup, html};

use super::super::words;
use super::Desk;
use super::forms::Form;
use crate::public::wrong_by_field;
use crate::ui;

fn form<'f>(act: &'static str, matter: &'f Matter, title: String, key: char) -> Form<'f> {
    Form { act, matter: Some(matter), step: None, title, key: Some(key), danger: false, open: false }
}

impl Desk<'_> {
    /// All that this officer may do to the matter; nothing where it is not theirs.
    pub fn acts(&self, matter: &Matter) -> Vec<Markup> {
        let mut acts = Vec::new();
        if matter.state == MatterState::Received && self.may_take_in(matter) {
            self.intake(matter, &mut acts);
        }
        if let Some(ended) = self.loaded.case.rests_on_ended(matter) {
            self.groundless(matter, ended, &mut acts);
        } else if !matter.state.is_over() {
            for (step, run) in matter.open_steps() {
                self.step(matter, step, run, &mut acts);
            }
        }
        if matter.state == MatterState::Accepted
            && matter.is_handled_by(&self.viewer.roles, &self.loaded.edition)
        {
            self.clocks_acts(matter, &mut acts);
        }
        self.extension_verdict(matter, &mut acts);
        self.later(matter, &mut acts);
        acts
    }

    fn intake(&self, matter: &Matter, acts: &mut Vec<Markup>) {
        let w = self.shell.w;
        let accept = Form { open: true, ..form("accept", matter, w.t("desk-act-accept"), 'a') };
        let missing: Vec<String> = matter
            .plan
            .missing()
            .map(|id| words::material_in(self.shell, &self.loaded.edition, id))
            .collect();
        if matter.awaits_presence {
            let came = Form { open: true, ..form("present", matter, w.t("desk-act-present"), 'a') };
            let ways = ["ticket", "identity-seen"].map(|way| (way, w.t(&format!("desk-proof-{way}"))));
            acts.push(self.folded(
                &came,
                html! {
                    p.hint { (w.t("desk-present-hint")) }
                    (self.radios(&came.id(), "proof", &w.t("desk-present-proof"), &ways, ""))
                },
            ));
        }
        acts.push(html! {
            @if !missing.is_empty() { p.panel.soon { (w.with("desk-missing", &[("materials", w.list(&missing).into())])) } }
            @if !matter.awaits_presence { (self.button(&accept, html! {})) }
        });
        if matter.is_there() {
            let back = Form {
                danger: true,
                key: None,
                ..form("presence-back", matter, w.t("desk-act-presence-back"), 'b')
            };
            acts.push(self.folded(
                &back,
                html! {
                    p.hint { (w.t("desk-presence-back-hint")) }
                    (self.text_area(&back.id(), "text", &w.t("desk-reason"), Some(&w.t("desk-read-by-applicant"))))
                },
            ));
        }
        self.correction(matter, acts);
        let spot = form("corrected", matter, w.t("desk-act-corrected"), 's');
        let answers = super::on_the_spot::place(self.number(), &matter.item);
        acts.push(self.folded(
            &spot,
            html! {
                @if !self.corrigible(&matter.item).is_empty() {
                    p { a href=(answers) { (w.t("desk-spot-answers")) } }
                    p.hint { (w.t("desk-spot-papers")) }
                }
                (self.text_area(&spot.id(), "text", &w.t("desk-corrected-note"), None))
            },
        ));
        let not_needed = form("not-required", matter, w.t("desk-act-not-required"), 'n');
        acts.push(self.folded(&not_needed, html! {
            (self.text_area(&not_needed.id(), "text", &w.t("desk-reason"), Some(&w.t("desk-read-by-applicant"))))
        }));
        let elsewhere = Form { danger: true, ..form("not-remit", matter, w.t("desk-act-not-remit"), 'o') };
        acts.push(self.folded(&elsewhere, html! {
            (self.line(&elsewhere.id(), "organ", &w.t("desk-organ"), "w-long"))
            (self.text_area(&elsewhere.id(), "text", &w.t("desk-reason"), Some(&w.t("desk-read-by-applicant"))))
        }));
    }

    /// Asked once, with everything. Afterwards only for what the applicant's own changed answers call for.
    fn correction(&self, matter: &Matter, acts: &mut Vec<Markup>) {
        let w = self.shell.w;
        let edition = &self.loaded.edition;
        let is_first = matter.corrections == 0;
        if !is_first {
            let day = matter.correction.as_ref().map(|asked| ui::day(self.shell, asked.asked_at));
            let told = w.with("desk-correction-told", &[("day", day.unwrap_or_default().into())]);
            acts.push(html! { p.panel { (told) " " span.quiet { (w.t("desk-correction-told-law")) } } });
        }
        let materials: Vec<_> = matter
            .plan
            .materials
            .iter()
            .filter(|material| is_first || material.status == MaterialStatus::Missing)
            .map(|material| (material.id.to_string(), words::material_in(self.shell, edition, &material.id)))
            .collect();
        if !is_first && materials.is_empty() {
            return;
        }
        let fields: Vec<_> = office::asked_of(self.loaded, &self.answers, &matter.item)
            .into_iter()
            .filter(|_| is_first)
            .filter_map(|id| {
                let field = edition.field(&id)?;
                Some((field.id.to_string(), self.shell.say(field.fact()).to_owned()))
            })
            .collect();
        let title = w.t(if is_first { "desk-act-correction" } else { "desk-act-correction-new" });
        let ask = form("correction", matter, title, 'c');
        let id = ask.id();
        acts.push(self.folded(&ask, html! {
            p.hint { (w.t(if is_first { "desk-correction-hint" } else { "desk-correction-again-hint" })) }
            (self.ticks(&id, "material", &w.t("desk-correction-materials"), &materials))
            (self.ticks(&id, "field", &w.t("desk-correction-fields"), &fields))
            (self.correction_templates(&id, matter))
            (self.text_area(&id, "text", &w.t("desk-correction-note"), Some(&w.t("desk-read-by-applicant"))))
            @if !is_first { (self.text_area(&id, "again", &w.t("desk-correction-again"), None)) }
        }));
    }

    fn step(&self, matter: &Matter, step: &PlannedStep, run: &StepRun, acts: &mut Vec<Markup>) {
        if matter.state == MatterState::Correcting
            || !self.may_take(matter, step)
            || !self.may_touch(step, run)
        {
            return;
        }
        match step.kind {
            StepKind::Accept => {}
            StepKind::Decide => self.decision(matter, step, acts),
            StepKind::Issue => self.issue(matter, step, acts),
            StepKind::Deliver => self.delivery(matter, step, acts),
            _ => self.completion(matter, step, run, acts),
        }
    }

    /// When the officers come, told to the applicant beforehand.
    fn visit(&self, matter: &Matter, step: &PlannedStep, acts: &mut Vec<Markup>) {
        let w = self.shell.w;
        let declared = self.item(matter).and_then(|item| item.step(&step.id));
        let run = matter.runs().find(|(planned, _)| planned.id == step.id).and_then(|(_, run)| run.visit);
        let title = w.with("desk-act-visit", &[("step", self.step_title(matter, step).into())]);
        let form = Form { key: None, step: Some(step.id.as_str()), ..form("visit", matter, title, 'v') };
        let id = form.id();
        let ways = [("site", w.t("desk-on-site")), ("video", w.t("desk-by-video"))];
        let ways = if declared.is_some_and(|step| step.remote) { &ways[..] } else { &ways[..1] };
        let today = ui::civil(self.shell, self.shell.now).date();
        acts.push(self.folded(&form, html! {
            @if let Some(visit) = run { p { (w.with("visit-set-on", &[("at", ui::date_time(self.shell, visit.at).into())])) } (self.late_visit(matter, visit)) }
            @else { p.hint { (w.t("desk-visit-hint")) } }
            div.question { label for=(format!("{id}-day")) { (w.t("desk-visit-day")) } input.w-medium type="date" id=(format!("{id}-day")) name="day" min=(today) value=(self.typed(&id, "day")) required; }
            div.question { label for=(format!("{id}-time")) { (w.t("desk-visit-time")) } input.w-short type="time" id=(format!("{id}-time")) name="time" step="300" value=(self.typed(&id, "time")) required; }
            (self.radios(&id, "way", &w.t("desk-way"), ways, "site"))
            div.question { label for=(format!("{id}-why")) { (w.t("desk-visit-why")) } input.w-long type="text" id=(format!("{id}-why")) name="why" value=(self.typed(&id, "why")) maxlength="400"; }
        }));
    }

    /// That the time that is set lies after the day that was promised.
    fn late_visit(&self, matter: &Matter, visit: casework::VisitTime) -> Markup {
        let due = self.loaded.promised_before(&matter.item, visit.at, self.shell.now);
        html! {
            @if let Some(due) = due {
                p.panel.soon { (self.shell.w.with("visit-after-promised", &[("day", ui::date(self.shell, due).into())])) }
            }
        }
    }

    fn completion(&self, matter: &Matter, step: &PlannedStep, run: &StepRun, acts: &mut Vec<Markup>) {
        let w = self.shell.w;
        let declared = self.item(matter).and_then(|item| item.step(&step.id));
        let comes_here = declared.is_some_and(|step| step.place.is_some());
        if step.kind == StepKind::Inspect && !comes_here && declared.is_some_and(|step| step.present) {
            self.visit(matter, step, acts);
        }
        let title = w.with("desk-act-complete", &[("step", self.step_title(matter, step).into())]);
        let awaited = step.confirms.as_ref().filter(|confirmed| self.loaded.case.awaits(confirmed));
        if let Some(confirmed) = awaited {
            let item = words::item_in(self.shell, &self.loaded.edition, confirmed.item.as_str());
            let result = words::result_in(self.shell, &self.loaded.edition, confirmed);
            acts.push(html! { p.panel { (w.with("desk-held-result-hint", &[("item", item.into()), ("result", result.into())])) } });
        }
        let open = awaited.is_none();
        let form = Form { step: Some(step.id.as_str()), open, ..form("complete", matter, title, 'd') };
        let id = form.id();
        let site = step.kind == StepKind::Inspect && !comes_here;
        let remote = declared.is_some_and(|step| step.remote);
        let checklist = declared.map(|step| step.checklist.as_slice()).unwrap_or_default();
        let outcome = if step.returns_to.is_some() { "desk-outcome-back" } else { "desk-outcome-no" };
        let verdicts = [
            ("pass", w.t("desk-check-pass")),
            ("fail", w.t("desk-check-fail")),
            ("na", w.t("desk-check-na")),
        ];
        let edition = &self.loaded.edition;
        let until = matter.runs_until(&step.id, edition.calendar(), edition.offset(), self.shell.now);
        if let Some(until) = until.filter(|until| self.shell.now < *until) {
            let from = ui::day(self.shell, until);
            acts.push(html! { p.panel { (w.with("desk-still-running", &[("step", self.step_title(matter, step).into()), ("from", from.into())])) } });
            return;
        }
        if let Some(visit) = run.visit.filter(|visit| visit.at > self.shell.now) {
            let at = ui::date_time(self.shell, visit.at);
            acts.push(html! { p.panel { (w.with("desk-visit-ahead", &[("step", self.step_title(matter, step).into()), ("at", at.into())])) } });
            return;
        }
        acts.push(self.folded(&form, html! {
            @if step.by == Doer::Applicant { (self.proof(&id)) }
            @else { (self.originals(matter)) }
            @if step.joint.is_some() { (self.joint_visit(&id, matter, step, run)) }
            @if site {
                @let ways = if remote { vec![("site", w.t("desk-on-site")), ("video", w.t("desk-by-video"))] } else { vec![("site", w.t("desk-on-site"))] };
                (self.radios(&id, "way", &w.t("desk-way"), &ways, "site"))
            }
            @for (place, point) in checklist.iter().enumerate() {
                div.point {
                    (self.radios(&id, &format!("check-{place}"), self.shell.say(point), &verdicts, ""))
                    div.why { (self.line(&id, &format!("check-{place}-why"), &w.with("desk-check-why", &[("place", (place + 1).into())]), "w-long")) }
                }
            }
            (self.second_officers(&id, step))
            // What was looked at point by point is concluded by a choice of its own.
            @let usual = if checklist.is_empty() { "yes" } else { "" };
            (self.radios(&id, "yes", &w.t("desk-outcome"), &[("yes", w.t("desk-outcome-yes")), ("no", w.t(outcome))], usual))
            (self.text_area(&id, "text", &w.t("desk-opinion"), None))
        }));
    }

    /// Whether this is the conclusion of a joint visit; what another department wrote down of it is shown beside.
    fn joint_visit(&self, form: &str, matter: &Matter, step: &PlannedStep, run: &StepRun) -> Markup {
        let w = self.shell.w;
        html! {
            @if let Some((at, record)) = &run.visited {
                div.panel.soon {
                    p.strong { (w.with("desk-visited", &[("day", crate::ui::day(self.shell, *at).into())])) }
                    @if let Some(text) = record.as_ref().and_then(|record| self.record(Some(&matter.item), &step.id, record)) { p.prewrap { (text) } }
                }
            }
            label.choice { input type="checkbox" name="joint" value="1" checked[self.ticked(form, "joint", "1")]; span { (w.t("desk-joint-record")) } }
            p.hint { (w.t("desk-joint-hint")) }
        }
    }

    /// For an act of the applicant's own: why the window does it, and how it knows that the applicant wants it.
    fn proof(&self, form: &str) -> Markup {
        let w = self.shell.w;
        html! {
            (self.proof_of(form, &w.t("desk-for-applicant"), &["ticket", "identity-seen", "phone-digits", "paper-signed"]))
            (self.line(form, "digits", &w.t("desk-proof-digits"), "w-short"))
            (self.line(form, "behalf", &w.t("desk-behalf"), "w-long"))
        }
    }

    /// How the officer knows that the applicant wants an act.
    pub fn proof_of(&self, form: &str, hint: &str, ways: &[&'static str]) -> Markup {
        let w = self.shell.w;
        let ways: Vec<_> = ways.iter().map(|way| (*way, w.t(&format!("desk-proof-{way}")))).collect();
        html! {
            p.hint { (hint) }
            (self.radios(form, "proof", &w.t("desk-proof"), &ways, ""))
        }
    }

    /// Questions that the applicant was asked to answer anew. What was answered before is not shown again: it may be masked.
    fn asked_again(&self, form: &str, fields: &[catalogue::FieldId]) -> Markup {
        let typed = self.attempt.filter(|attempt| attempt.posted.one("form") == form);
        let raw = typed.map(|attempt| ui::raw_answers(&attempt.posted.0)).unwrap_or_default();
        let edition = &self.loaded.edition;
        let read = typed.map(|_| self.app.office.read_correction(self.loaded, &self.answers, fields, &raw));
        let read = read.unwrap_or_default();
        // Nothing was sent yet where a row was asked for.
        let sent = typed.is_some_and(|attempt| attempt.posted.one(crate::ui::ADD_ROW).is_empty());
        let problems =
            if sent { wrong_by_field(self.shell, edition, &read.problems) } else { Default::default() };
        html! {
            p.hint { (self.shell.w.t("desk-supply-hint")) }
            @for field in fields.iter().chain(&read.opened).filter_map(|id| edition.field(id)) {
                (ui::field(self.shell, &ui::FieldView {
                    field,
                    label: &field.label,
                    hint: field.hint.as_ref(),
                    value: None,
                    typed: raw.get(&field.id),
                    problems: problems.get(&field.id).cloned().unwrap_or_default(),
                    required: !field.optional,
                    none: false,
                    why: html! {},
                }))
            }
            (self.proof(form))
        }
    }

    /// What of the review and the inspections speaks against a grant, and what does not.
    fn reviewed(&self, matter: &Matter) -> Markup {
        let w = self.shell.w;
        let lines: Vec<(bool, String, Option<String>)> = matter
            .runs()
            .filter(|(step, _)| !matches!(step.kind, StepKind::Accept | StepKind::Decide))
            .filter_map(|(step, run)| {
                let StepState::Done { yes, ref opinion, .. } = run.state else { return None };
                let title = self.step_title(matter, step);
                let key = match (yes, run.failed) {
                    (false, _) => "desk-review-no",
                    (true, 0) => "desk-review-yes",
                    (true, _) => "desk-review-failed",
                };
                let told = w.with(key, &[("step", title.into()), ("failed", i64::from(run.failed).into())]);
                let adverse = !yes || run.failed > 0;
                let record = opinion.as_ref().filter(|_| adverse);
                Some((
                    adverse,
                    told,
                    record.and_then(|record| self.record(Some(&matter.item), &step.id, record)),
                ))
            })
            .collect();
        let adverse = lines.iter().any(|(adverse, ..)| *adverse);
        html! {
            @if !lines.is_empty() {
                div.panel.soon[adverse] {
                    ul { @for (adverse, line, record) in &lines { li { span.strong[*adverse] { (line) } @if let Some(record) = record { p.prewrap.small { (record) } } } } }
                    @if adverse { p { (w.t("desk-review-why")) } }
                }
            }
        }
    }

    fn decision(&self, matter: &Matter, step: &PlannedStep, acts: &mut Vec<Markup>) {
        let w = self.shell.w;
        let grant = Form {
            step: Some(step.id.as_str()),
            open: true,
            ..form("grant", matter, w.t("desk-act-grant"), 'g')
        };
        let declared = self.item(matter).and_then(|item| item.step(&step.id));
        let judged: Vec<&str> = self
            .item(matter)
            .into_iter()
            .filter(|_| matter.plan.needs_judgement)
            .flat_map(|item| &item.requirements)
            .map(|requirement| self.shell.say(&requirement.otherwise))
            .collect();
        acts.push(self.folded(&grant, html! {
            @if !judged.is_empty() {
                div.panel.soon { p.strong { (w.t("desk-judge")) } ul { @for sentence in judged { li { (sentence) } } } }
            }
            (self.originals(matter))
            (self.reviewed(matter))
            (self.second_officers(&grant.id(), step))
            @match declared.and_then(|step| step.tells.as_ref()) {
                Some(tells) => { (self.text_area(&grant.id(), "text", self.shell.say(tells), Some(&w.t("desk-read-by-applicant")))) }
                None => { (self.text_area(&grant.id(), "text", &w.t("desk-opinion"), None)) }
            }
        }));
        self.refusal(matter, step, acts);
    }

    /// What it rests on was ended: all that is left is to refuse it.
    fn groundless(&self, matter: &Matter, ended: &Matter, acts: &mut Vec<Markup>) {
        let about = [("other", words::item_in(self.shell, &self.loaded.edition, ended.item.as_str()).into())];
        acts.push(html! { p.panel.late { (self.shell.w.with("desk-rests-on-ended", &about)) } });
        let mut deciders = matter.plan.steps.iter().filter(|step| step.kind == StepKind::Decide);
        let step = deciders.rfind(|step| step.by.role().is_some_and(|role| self.viewer.holds(role)));
        if let Some(step) =
            step.filter(|_| matches!(matter.state, MatterState::Accepted | MatterState::Granted))
        {
            self.refusal(matter, step, acts);
        }
    }

    fn refusal(&self, matter: &Matter, step: &PlannedStep, acts: &mut Vec<Markup>) {
        let w = self.shell.w;
        let refuse = Form {
            step: Some(step.id.as_str()),
            danger: true,
            ..form("refuse", matter, w.t("desk-act-refuse"), 'r')
        };
        let remedies = &self.loaded.edition.zone().remedies;
        acts.push(self.folded(&refuse, html! {
            (self.templates(&refuse.id(), matter))
            (self.text_area(&refuse.id(), "text", &w.t("desk-reason"), Some(&w.t("desk-refuse-hint"))))
            (self.second_officers(&refuse.id(), step))
            @if !remedies.is_empty() {
                div.panel { p { (w.t("desk-remedies-told")) }
                    ul { @for remedy in remedies { li { (remedy.cite) @if let Some(says) = &remedy.says { (self.shell.colon()) (self.shell.say(says)) } } } }
                }
            }
        }));
    }

    fn issue(&self, matter: &Matter, step: &PlannedStep, acts: &mut Vec<Markup>) {
        let w = self.shell.w;
        let Some(result) = &step.result else { return };
        let title = self
            .item(matter)
            .and_then(|item| item.results.get(result))
            .map_or_else(|| result.to_string(), |result| self.shell.say(&result.title).to_owned());
        let title = w.with("desk-act-issue", &[("result", title.into())]);
        let form = Form { step: Some(step.id.as_str()), open: true, ..form("issue", matter, title, 'i') };
        let stated: Vec<String> = self
            .unproven
            .get(&(matter.item.clone(), result.clone()))
            .into_iter()
            .flatten()
            .filter_map(|field| self.loaded.edition.field(field))
            .map(|field| self.doubted(field))
            .collect();
        acts.push(html! {
            @if matter.has_open_gap() { p.panel.soon { (w.t("desk-held-gap-hint")) } }
            (self.button(&form, html! {
                (crate::ui::hidden("result", result.as_str()))
                @if !stated.is_empty() {
                    p.panel.soon { (w.with("desk-issue-stated", &[("fields", w.list(&stated).into())])) }
                    label.choice { input type="checkbox" name="originals" value="1"; span { (w.t("desk-issue-originals")) } }
                }
            }))
        });
    }

    /// What is not borne out; with both values where a register says otherwise, for whoever may read them.
    fn doubted(&self, field: &catalogue::Field) -> String {
        let label = self.shell.say(field.fact());
        let known = self.known.get(field.id.as_str()).filter(|known| {
            self.proofs.get(&field.id) == Some(&office::Proof::Differs)
                && known.source.registry().is_some()
                && !self.is_masked(field)
        });
        let Some(known) = known else { return label.to_owned() };
        let lang = self.shell.lang;
        let said = self.answers.value(field.id.as_str());
        let said = said.map_or_else(|| "—".to_owned(), |value| form::show_text(field, value, lang));
        let about = [
            ("field", label.into()),
            ("said", said.into()),
            ("registered", form::show_text(field, &known.value, lang).into()),
        ];
        self.shell.w.with("desk-issue-differs", &about)
    }

    fn delivery(&self, matter: &Matter, step: &PlannedStep, acts: &mut Vec<Markup>) {
        let w = self.shell.w;
        let form = Form {
            step: Some(step.id.as_str()),
            open: true,
            ..form("deliver", matter, w.t("desk-act-deliver"), 'l')
        };
        let ways = ["online", "window", "post"].map(|way| (way, w.t(&format!("desk-deliver-{way}"))));
        acts.push(
            self.folded(&form, self.radios(&form.id(), "how", &w.t("desk-deliver-how"), &ways, "online")),
        );
    }

    fn clocks_acts(&self, matter: &Matter, acts: &mut Vec<Markup>) {
        let w = self.shell.w;
        let edition = &self.loaded.edition;
        for pause in matter.pauses.iter().filter(|pause| pause.to.is_none()) {
            let title =
                w.with("desk-act-resume", &[("kind", words::pause(self.shell, edition, &pause.kind).into())]);
            let code = pause_code(&pause.kind);
            let form = Form { step: Some(&code), ..form("resume", matter, title, 'u') };
            acts.push(self.button(&form, crate::ui::hidden("kind", &code)));
        }
        let pause = form("pause", matter, w.t("desk-act-pause"), 'p');
        let kinds: Vec<_> = StatutoryPause::ALL
            .into_iter()
            .map(|kind| (format!("statutory:{}", kind.zh()), kind.name().get(self.shell.lang).to_owned()))
            .collect();
        acts.push(self.folded(&pause, html! {
            p.hint { (w.t("desk-pause-hint")) }
            (self.select(&pause.id(), "kind", &w.t("desk-pause-kind"), &kinds))
            (self.line(&pause.id(), "needed", &w.t("desk-pause-needed"), "w-short"))
            (self.text_area(&pause.id(), "text", &w.t("desk-pause-notice"), Some(&w.t("desk-read-by-applicant"))))
        }));
        let locals = &edition.parts().local_pauses;
        if !locals.is_empty() {
            let local = Form { key: None, ..form("pause-local", matter, w.t("desk-act-pause-local"), 'p') };
            let kinds: Vec<_> = locals
                .values()
                .map(|pause| (format!("local:{}", pause.id), self.shell.say(&pause.name).to_owned()))
                .collect();
            acts.push(self.folded(
                &local,
                html! {
                    p.hint { (w.t("desk-pause-local-hint")) }
                    (self.select(&local.id(), "kind", &w.t("desk-pause-kind"), &kinds))
                    (self.line(&local.id(), "needed", &w.t("desk-pause-needed"), "w-short"))
                    (self.text_area(&local.id(), "text", &w.t("desk-pause-notice"), None))
                },
            ));
        }
        let asked = matches!(&matter.extension, Some(run) if run.state != ExtensionState::Denied);
        if let Some(extension) = matter.plan.limits.extension.as_ref().filter(|_| !asked) {
            let form = form("extend", matter, w.t("desk-act-extend"), 'e');
            acts.push(self.folded(&form, html! {
                p.hint { (w.with("desk-extend-hint", &[
                    ("more", extension.limit.text(words::calendar_lang(self.shell)).into()),
                    ("role", words::role(self.shell, extension.approver.as_str()).into()),
                ])) }
                (self.text_area(&form.id(), "text", &w.t("desk-reason"), Some(&w.t("desk-read-by-applicant"))))
            }));
        }
    }

    fn extension_verdict(&self, matter: &Matter, acts: &mut Vec<Markup>) {
        let w = self.shell.w;
        let Some(extension) = &matter.plan.limits.extension else { return };
        let Some(asked) = matter.extension.as_ref().filter(|run| run.state == ExtensionState::Requested)
        else {
            return;
        };
        if !self.viewer.holds(&extension.approver) || matter.state != MatterState::Accepted {
            return;
        }
        let reason = self.texts.get(&*asked.reason.key).cloned().unwrap_or_default();
        let approve = form("extend-approve", matter, w.t("desk-act-extend-approve"), 'e');
        let deny =
            Form { key: None, danger: true, ..form("extend-deny", matter, w.t("desk-act-extend-deny"), 'e') };
        acts.push(html! {
            div.panel { p.strong { (w.with("desk-extension-asked-by", &[("who", self.actor(asked.requested_by.as_str()).into())])) } p { (reason) } }
            @if asked.requested_by.as_str() == self.viewer.id.to_string() { p.panel { (w.t("desk-extension-own")) } }
            @else { (self.button(&approve, html! {})) }
            (self.folded(&deny, self.text_area(&deny.id(), "text", &w.t("desk-reason"), None)))
        });
    }

    /// What follows a decision, and what may happen at any time.
    fn later(&self, matter: &Matter, acts: &mut Vec<Markup>) {
        let w = self.shell.w;
        let edition = &self.loaded.edition;
        if matter.has_open_gap()
            && !matter.state.is_over()
            && (self.at_window() || self.is_officer_of(matter))
        {
            let missing: Vec<String> =
                matter.plan.gaps().map(|id| words::material_in(self.shell, edition, id)).collect();
            acts.push(html! {
                p.panel { (w.with("desk-gap-how", &[("papers", w.list(&missing).into())])) " " a href="#files" { (w.t("desk-files")) } }
            });
        }
        let granted = matches!(matter.state, MatterState::Granted | MatterState::Completed);
        if granted
            && matter.plan.promise_check.is_some()
            && matter.promise_kept.is_none()
            && self.is_officer_of(matter)
        {
            let check = form("promise", matter, w.t("desk-act-promise"), 'v');
            acts.push(self.folded(&check, html! {
                @if self.decides(matter) {
                    (self.radios(&check.id(), "kept", &w.t("desk-promise-kept"), &[("yes", w.t("yes")), ("no", w.t("no"))], "yes"))
                    p.hint { (w.t("desk-promise-false")) }
                } @else {
                    (self.radios(&check.id(), "kept", &w.t("desk-promise-kept"), &[("yes", w.t("yes"))], "yes"))
                    p.hint { (w.t("desk-promise-decider")) }
                }
                (self.text_area(&check.id(), "text", &w.t("desk-promise-record"), None))
            }));
        }
        let in_force: Vec<_> = matter.results.iter().filter(|result| result.is_in_force()).collect();
        if !in_force.is_empty() && self.decides(matter) {
            let change = Form {
                key: None,
                danger: true,
                ..form("change-result", matter, w.t("desk-act-change"), 'x')
            };
            let results: Vec<_> = in_force
                .iter()
                .map(|issued| {
                    let title =
                        self.item(matter).and_then(|item| item.results.get(&issued.result)).map_or_else(
                            || issued.result.to_string(),
                            |result| self.shell.say(&result.title).to_owned(),
                        );
                    (issued.result.to_string(), format!("{title} {}", issued.number))
                })
                .collect();
            let handed_out = matter.state == MatterState::Completed;
            let changes: Vec<_> = ["taken-back", "altered", "annulled", "revoked", "cancelled"]
                .into_iter()
                .filter(|code| *code != "altered" || handed_out)
                .map(|code| (code.to_owned(), w.t(&format!("desk-change-{code}-why"))))
                .collect();
            let resting = self.loaded.case.resting_on(&matter.item);
            let resting: Vec<String> =
                resting.iter().map(|item| words::item_in(self.shell, edition, item.as_str())).collect();
            acts.push(self.folded(&change, html! {
                @if !resting.is_empty() { p.panel.soon { (w.with("desk-change-resting", &[("items", w.list(&resting).into())])) } }
                (self.select(&change.id(), "result", &w.t("desk-change-which"), &results))
                (self.select(&change.id(), "change", &w.t("desk-change-what"), &changes))
                (self.text_area(&change.id(), "text", &w.t("desk-reason"), Some(&w.t("desk-read-by-applicant"))))
            }));
        }
        if matter.has_overrun() && !matter.overdue_explained && self.is_officer_of(matter) {
            let explain = Form { key: None, ..form("explain-overdue", matter, w.t("desk-act-explain"), 'x') };
            acts.push(self.folded(
                &explain,
                self.text_area(
                    &explain.id(),
                    "text",
                    &w.t("desk-explain-text"),
                    Some(&w.t("desk-explain-hint")),
                ),
            ));
        }
        if let Some(correction) = &matter.correction
            && matter.state == MatterState::Correcting
            && self.at_window()
            && !correction.points.fields.is_empty()
        {
            let supply = Form { key: None, ..form("supply", matter, w.t("desk-act-supply"), 'x') };
            acts.push(self.folded(&supply, self.asked_again(&supply.id(), &correction.points.fields)));
        }
        if matter.may_be_withdrawn() && self.at_window() {
            let withdraw =
                Form { key: None, danger: true, ..form("withdraw", matter, w.t("desk-act-withdraw"), 'x') };
            acts.push(self.folded(
                &withdraw,
                html! {
                    p.hint { (w.t("desk-withdraw-hint")) }
                    (self.proof(&withdraw.id()))
                    (self.text_area(&withdraw.id(), "text", &w.t("desk-reason"), None))
                },
            ));
        }
    }

    /// Acts on the case as a whole.
    pub fn case_acts(&self) -> Vec<Markup> {
        let w = self.shell.w;
        let mut acts = Vec::new();
        let whole =
            |act, title, key| Form { act, matter: None, step: None, title, key, danger: false, open: false };
        if self.is_involved() {
            let edition = &self.loaded.edition;
            let theirs = |objection: &casework::Objection| {
                let about = objection.item.as_ref().and_then(|item| self.loaded.case.matter(item));
                objection.is_open()
                    && about.is_none_or(|matter| matter.is_handled_by(&self.viewer.roles, edition))
            };
            for (place, objection) in
                self.loaded.case.objections.iter().enumerate().filter(|(_, objection)| theirs(objection))
            {
                let number = place.to_string();
                let form = Form {
                    step: Some(&number),
                    open: true,
                    ..whole("answer-objection", w.t("desk-act-answer-objection"), Some('y'))
                };
                let text = self.texts.get(&*objection.text.key).cloned().unwrap_or_default();
                let about = objection.item.as_ref().and_then(|item| self.loaded.case.matter(item));
                acts.push(html! {
                    div.panel.soon { p.strong { (w.t("desk-did-objection")) @if let Some(matter) = about { " · " (self.item_title(matter)) } " · " (crate::ui::day(self.shell, objection.at)) } p { (text) } }
                    (self.folded(&form, self.text_area(&form.id(), "text", &w.t("desk-answer"), Some(&w.t("desk-read-by-applicant")))))
                });
            }
            let form = whole("message", w.t("desk-act-message"), Some('m'));
            acts.push(self.folded(
                &form,
                self.text_area(
                    &form.id(),
                    "text",
                    &w.t("desk-message"),
                    Some(&w.t("desk-read-by-applicant")),
                ),
            ));
        }
        let open = self.loaded.case.matters.iter().any(|matter| !matter.state.is_over());
        if open && self.loaded.edition.hash() != self.app.office.edition().hash() && self.is_involved() {
            let form = Form { key: None, ..whole("move-edition", w.t("desk-act-move"), None) };
            acts.push(html! { p.hint { (w.t("desk-move-hint")) } (self.button(&form, html! {})) });
        }
        acts
    }
}

/// How a pause is named in forms.
pub fn pause_code(kind: &PauseKind) -> String {
    match kind {
        PauseKind::Statutory(kind) => format!("statutory:{}", kind.zh()),
        PauseKind::Local(id) => format!("local:{id}"),
    }
}

pub fn pause_of(code: &str) -> Option<PauseKind> {
    match code.split_once(':')? {
        ("statutory", name) => StatutoryPause::parse(name).map(PauseKind::Statutory),
        ("local", id) => Some(PauseKind::Local(id.into())),
        _ => None,
    }
}
