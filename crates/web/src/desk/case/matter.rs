//! One matter of the case: where it stands, its clocks explained, its steps, what may be done.

use casework::{ClockKind, ClockView, Colour, Happening, MaterialStatus, Matter, StepState};
use maud::{Markup, html};

use super::super::words;
use super::Desk;
use super::forms::Form;
use crate::ui;

impl Desk<'_> {
    /// The clock that presses: before acceptance the window's, then the promise, then delivery.
    pub fn pressing(&self, matter: &Matter) -> Option<&ClockView> {
        let of_kind = |kind| self.clocks.iter().find(|clock| clock.item == matter.item && clock.kind == kind);
        let running =
            |kind| of_kind(kind).filter(|clock| !matches!(clock.colour, Colour::Done | Colour::DoneLate));
        [ClockKind::Intake, ClockKind::Correction, ClockKind::Promised, ClockKind::Delivery]
            .into_iter()
            .find_map(running)
            .or_else(|| of_kind(ClockKind::Promised))
    }

    pub fn matter(&self, matter: &Matter, place: usize) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        let acts = self.acts(matter);
        html! {
            section.lane id=(format!("matter-{place}")) aria-labelledby=(format!("matter-{place}-title")) {
                header {
                    h2 id=(format!("matter-{place}-title")) { (self.item_title(matter)) }
                    div.row {
                        span.quiet { (words::department_in(shell, &self.loaded.edition, &matter.department)) }
                        span.tag.plain { (w.t(&format!("desk-matter-{}", matter.state.code()))) }
                    }
                }
                @if let Some(clock) = self.pressing(matter).filter(|_| !ended_unfinished(matter)) { (self.due(matter, clock)) }
                @if matter.is_paid_for_nothing() { p.tag.late { (w.t("desk-paid-for-nothing")) } }
                (self.to_look_at(matter))
                @if acts.is_empty() {
                    @if !matter.state.is_over() { p.quiet { (self.waits_for(matter)) } }
                } @else {
                    div.acts role="group" aria-label=(w.t("desk-acts")) { @for act in &acts { (act) } }
                }
                details.more {
                    summary { (w.t("desk-steps")) }
                    (self.steps(matter))
                    (self.clock_table(matter))
                    (self.materials(matter))
                }
                (self.law(matter))
            }
        }
    }

    /// What speaks against the application by its own answers, and answers that changed under a step that was done.
    fn to_look_at(&self, matter: &Matter) -> Markup {
        let w = self.shell.w;
        if !matter.state.is_undecided() || !(self.is_officer_of(matter) || self.at_window()) {
            return html! {};
        }
        let unmet = office::unmet(self.loaded, &self.answers, &matter.item);
        let restated =
            self.loaded.case.timeline().iter().filter(|entry| entry.what == Happening::AnswersRestated);
        let changed = restated.map(|entry| entry.at).max();
        let before = matter.runs().filter_map(|(step, run)| match &run.state {
            StepState::Done { at, .. } if step.by.role().is_some() && Some(*at) < changed => Some(step),
            _ => None,
        });
        let steps: Vec<String> = before.map(|step| self.step_title(matter, step)).collect();
        html! {
            @for requirement in unmet {
                (ui::panel("soon", html! {
                    p.strong { (w.t("desk-unmet")) }
                    p { (self.shell.say(&requirement.otherwise)) @if let Some(basis) = &requirement.basis { " " span.quiet { (basis.cite) } } }
                }))
            }
            @if let Some(at) = changed.filter(|_| !steps.is_empty()) {
                (ui::panel("soon", html! { p { (w.with("desk-changed-since", &[("at", ui::date_time(self.shell, at).into()), ("steps", w.list(&steps).into())])) } }))
            }
        }
    }

    /// The limit that presses, with every day that was counted.
    pub fn due(&self, matter: &Matter, clock: &ClockView) -> Markup {
        let edition = &self.loaded.edition;
        let explained = self.loaded.case.explain(
            &matter.item,
            clock.kind,
            edition.calendar(),
            edition.offset(),
            self.shell.now,
        );
        html! {
            div.row {
                (ui::tag(self.shell, ui::colour_of(matter, clock)))
                span.quiet { (self.shell.w.t(&format!("desk-clock-{}", ui::clock_code(clock.kind)))) }
            }
            (ui::due_line(self.shell, matter, clock, explained.as_ref().map(|explained| &explained.explanation)))
        }
    }

    fn waits_for(&self, matter: &Matter) -> String {
        let w = self.shell.w;
        let edition = &self.loaded.edition;
        if matter.state == casework::MatterState::Correcting {
            return w.t("desk-held-correction");
        }
        if matter.state == casework::MatterState::Waiting {
            let items: Vec<_> =
                matter.plan.after.iter().map(|id| words::item_in(self.shell, edition, id.as_str())).collect();
            return w.with("desk-waits-items", &[("items", w.list(&items).into())]);
        }
        let waits: Vec<String> = matter
            .open_steps()
            .map(|(step, run)| {
                let whose = match (&step.by, &run.claimed_by) {
                    (_, Some(officer)) => self.actor(officer.as_str()),
                    (casework::Doer::Role { role, .. }, None) => words::role(self.shell, role.as_str()),
                    (casework::Doer::Applicant, None) => w.t("desk-by-applicant"),
                    (casework::Doer::System, None) => w.t("desk-by-system"),
                };
                w.with(
                    "desk-waits-step",
                    &[("step", self.step_title(matter, step).into()), ("who", whose.into())],
                )
            })
            .collect();
        waits.join("；")
    }

    fn steps(&self, matter: &Matter) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        html! {
            ol.timeline {
                @for (step, run) in matter.runs() {
                    @let class = match &run.state { StepState::Done { yes: true, .. } => "done", StepState::Done { .. } => "late", StepState::Open { .. } => "now", StepState::Blocked => "" };
                    li class=(class) {
                        p { span.strong { (self.step_title(matter, step)) } " "
                            span.quiet { (words::step_kind(shell, words::kind_code(step.kind))) " · " (self.doer(step)) }
                            @if step.joint.is_some() { " " span.tag.plain { (w.t("desk-joint")) } }
                        }
                        @match &run.state {
                            StepState::Done { at, by, opinion, .. } => {
                                time { (ui::date_time(shell, *at)) " · " (self.actor(by.as_str())) }
                                @if let Some(text) = opinion.as_ref().and_then(|opinion| self.record(Some(&matter.item), &step.id, opinion)) { p.prewrap { (text) } }
                            }
                            StepState::Open { since } => { time { (w.with("desk-since", &[("day", ui::day(shell, *since).into())])) @if let Some(officer) = &run.claimed_by { " · " (self.actor(officer.as_str())) } } (self.assigning(matter, step, run)) }
                            StepState::Blocked => { time { (w.t("desk-not-yet")) } }
                        }
                    }
                }
            }
        }
    }

    fn doer(&self, step: &casework::PlannedStep) -> String {
        match &step.by {
            casework::Doer::Role { role, .. } => words::role(self.shell, role.as_str()),
            casework::Doer::Applicant => self.shell.w.t("desk-by-applicant"),
            casework::Doer::System => self.shell.w.t("desk-by-system"),
        }
    }

    /// Taking a task, giving it back, or handing it to a colleague.
    fn assigning(&self, matter: &Matter, step: &casework::PlannedStep, run: &casework::StepRun) -> Markup {
        let w = self.shell.w;
        let own =
            run.claimed_by.as_ref().is_some_and(|officer| officer.as_str() == self.viewer.id.to_string());
        let heads = matches!(&step.by, casework::Doer::Role { department, .. } if self.heads(department));
        let form = |act, title| Form {
            act,
            matter: Some(matter),
            step: Some(step.id.as_str()),
            title,
            key: None,
            danger: false,
            open: false,
        };
        html! {
            div.row {
                @if run.claimed_by.is_none() && self.may_take(matter, step) { (self.button(&form("claim", w.t("desk-claim")), html! {})) }
                @if own || run.claimed_by.is_some() && heads { (self.button(&form("release", w.t("desk-release")), html! {})) }
            }
            @let options = self.able_to_do(step);
            @if heads && !options.is_empty() {
                @let assign = form("assign", w.t("desk-assign"));
                (self.folded(&assign, self.select(&assign.id(), "officer", &w.t("desk-assign-to"), &options)))
            }
        }
    }

    fn clock_table(&self, matter: &Matter) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        let clocks: Vec<_> = self
            .clocks
            .iter()
            .filter(|clock| clock.item == matter.item && !ended_unfinished(matter))
            .collect();
        html! {
            @if !clocks.is_empty() {
                div.table-wrap { table {
                    caption { (w.t("desk-clocks")) }
                    thead { tr { th scope="col" { (w.t("desk-clock")) } th scope="col" { (w.t("desk-limit")) } th scope="col" { (w.t("desk-head-since")) } th scope="col" { (w.t("desk-head-due")) } th scope="col" { (w.t("desk-head-colour")) } } }
                    tbody { @for clock in clocks {
                        tr {
                            th scope="row" { (w.t(&format!("desk-clock-{}", ui::clock_code(clock.kind)))) }
                            td { (clock.limit.text(words::calendar_lang(shell))) }
                            td { (ui::day(shell, clock.started_at)) }
                            td { @match (clock.stopped_at, clock.runs_out_at()) {
                                (Some(at), _) => (ui::done_line(shell, matter, clock, at)),
                                (None, Some(_)) => (ui::date(shell, clock.due.due_on)),
                                (None, None) => "—",
                            } }
                            td { (ui::tag(shell, ui::colour_of(matter, clock))) }
                        }
                    } }
                } }
            }
            @for pause in &matter.pauses {
                p.small { (w.with("desk-pause-line", &[
                    ("kind", words::pause(shell, &self.loaded.edition, &pause.kind).into()),
                    ("from", ui::day(shell, pause.from).into()),
                    ("to", pause.to.map_or_else(|| w.t("desk-pause-open"), |to| ui::day(shell, to)).into()),
                ])) }
            }
        }
    }

    /// Of the matter's papers, those whose original the window saw.
    pub fn originals(&self, matter: &Matter) -> Markup {
        let seen = || {
            let materials = matter.plan.materials.iter();
            materials.filter_map(|material| Some((&material.id, self.paper_seen(&material.id)?)))
        };
        html! {
            @if seen().next().is_some() {
                ul.small { @for (id, seen) in seen() {
                    li { (words::material_in(self.shell, &self.loaded.edition, id)) " " span.quiet { (seen) } }
                } }
            }
        }
    }

    fn materials(&self, matter: &Matter) -> Markup {
        let w = self.shell.w;
        html! {
            @if !matter.plan.materials.is_empty() {
                h3 { (w.t("desk-papers")) }
                ul { @for material in &matter.plan.materials {
                    @let (class, key) = match material.status {
                        MaterialStatus::Supplied => ("good", "desk-paper-supplied"),
                        MaterialStatus::Held => ("good", "desk-paper-held"),
                        MaterialStatus::Promised => ("run", "desk-paper-promised"),
                        MaterialStatus::Tolerated => ("soon", "desk-paper-tolerated"),
                        MaterialStatus::Missing => ("late", "desk-paper-missing"),
                    };
                    li { (words::material_in(self.shell, &self.loaded.edition, &material.id)) " " span class=(format!("tag {class}")) { (w.t(key)) }
                        @if let Some(seen) = self.paper_seen(&material.id) { " " span.small.quiet { (seen) } } }
                } }
            }
        }
    }

    fn law(&self, matter: &Matter) -> Markup {
        let w = self.shell.w;
        let Some(item) = self.item(matter) else { return html! {} };
        let limits = item.limits.statutory_basis.iter().chain(item.limits.intake.basis.as_ref());
        let more =
            limits.chain(item.limits.extension.as_ref().and_then(|extension| extension.basis.as_ref()));
        html! {
            details.more {
                summary { (w.t("desk-law")) }
                ul.law {
                    @for citation in item.basis.iter().chain(more) {
                        li {
                            span.strong { (citation.cite) } " "
                            span.tag.plain { (w.t(match citation.certainty {
                                catalogue::Certainty::Verified => "desk-law-verified",
                                catalogue::Certainty::Recalled => "desk-law-recalled",
                                catalogue::Certainty::Inferred => "desk-law-inferred",
                            })) }
                            @if let Some(says) = &citation.says { br; (self.shell.say(says)) }
                        }
                    }
                    @for requirement in &item.requirements {
                        li { (self.shell.say(&requirement.otherwise)) @if let Some(basis) = &requirement.basis { " " span.quiet { (basis.cite) } } }
                    }
                }
            }
        }
    }
}

/// Over without anybody having finished it: nothing was in time or late.
const fn ended_unfinished(matter: &Matter) -> bool {
    use casework::MatterState::{Dropped, Lapsed, Withdrawn};
    matches!(matter.state, Dropped(_) | Lapsed(_) | Withdrawn)
}
