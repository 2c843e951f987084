//! The page itself: head, what to do, facts and papers beside it, then what happened.

use axum::extract::{Path, Query, State};
use identifier::IdentifierKind;
use maud::{Markup, html};
use office::OpenedCase;
use serde::Deserialize;

use super::super::{notice, words};
use super::Desk;
use super::gather::Attempt;
use crate::app::App;
use crate::fault::Failure;
use crate::public::{Names, basis, lanes};
use crate::shell::{Page, Shell, encode};
use crate::ui;

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
    #[serde(default)]
    item: String,
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Path(number): Path<String>,
    Query(done): Query<Done>,
) -> Result<Markup, Failure> {
    let loaded = app.office.case_for_officer(&number, shell.officer()?).await?;
    let desk = Desk::gather(&app, &shell, &loaded, None).await?;
    app.office.trace_at_work(loaded.id, desk.shown_about_a_person(), desk.viewer).await?;
    Ok(desk.page(&done))
}

/// The page after a refusal.
pub async fn draw(
    app: &App,
    shell: &Shell,
    opened: &OpenedCase<'_>,
    attempt: Option<&Attempt>,
) -> Result<Markup, Failure> {
    Ok(Desk::gather(app, shell, opened, attempt).await?.page(&Done::default()))
}

impl Desk<'_> {
    fn page(&self, done: &Done) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        let case = &self.loaded.case;
        let summary: Vec<(String, String)> = self
            .attempt
            .iter()
            .filter(|attempt| !attempt.message.is_empty())
            .map(|attempt| (attempt.posted.one("form").to_owned(), attempt.message.clone()))
            .collect();
        let whole = self.case_acts();
        let body = html! {
            (ui::error_summary(w, &summary))
            (self.did(done))
            (self.head())
            @if self.may_be_own() { (ui::panel("soon", html! { p { (w.t("desk-own-name")) } })) }
            div.split {
                div {
                    @for (place, matter) in case.matters.iter().enumerate() { (self.matter(matter, place)) }
                    @if !whole.is_empty() {
                        section.card aria-labelledby="whole-title" {
                            h2 id="whole-title" { (w.t("desk-messages")) }
                            @for act in &whole { (act) }
                        }
                    }
                    (self.about())
                    (self.history())
                }
                div { (self.facts()) (self.papers()) (self.notices()) }
            }
        };
        let page = Page::desk(format!("{} {}", case.number, words::thing(shell, case.thing.as_str())), body);
        shell.lay_out(page.crumb(w.t("nav-worklist"), "/desk").crumb(w.t("nav-cases"), "/desk/cases"))
    }

    /// How the case went that this one is about, without what its applicant wrote.
    fn about(&self) -> Markup {
        let Some(about) = &self.about else { return html! {} };
        let shell = self.shell;
        let names = Names { shell, edition: &about.edition };
        html! {
            section.card {
                (ui::panel("", html! { p { (shell.w.with("desk-about-case", &[("number", about.case.number.to_string().into()), ("thing", words::thing(shell, about.case.thing.as_str()).into())])) } }))
                (lanes(&names, about, &basis(shell, about)))
            }
        }
    }

    /// The applicant's name: whole for whoever has something to do in the case, masked for others.
    pub fn name_shown(&self) -> String {
        if self.has_task() || self.party.is_undertaking() {
            self.party.name.clone()
        } else {
            self.party.shown()
        }
    }

    /// The applicant has the officer's own name: the same person, or another of that name.
    fn may_be_own(&self) -> bool {
        !self.party.is_undertaking() && !self.party.name.is_empty() && self.party.name == self.viewer.name
    }

    fn head(&self) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        let case = &self.loaded.case;
        let visits = case.visits();
        let name = self.name_shown();
        html! {
            div.case-head {
                h1 { span.mono { (case.number) } " " (words::thing(shell, case.thing.as_str())) }
                span.tag.plain { (w.t(&format!("desk-case-{}", case.state().code()))) }
            }
            p.quiet {
                span.strong { @if name.is_empty() { (w.t("desk-forgotten")) } @else { (name) } }
                @if !self.party.code.is_empty() { " · " span.mono { (code(self.shell, &self.party.code)) } }
                @for consent in self.loaded.consents().iter().filter(|consent| consent.holds(shell.now)) {
                    " · " (w.with("desk-agent-line", &[
                        ("agent", self.agents.get(&consent.actor()).cloned().unwrap_or_default().into()),
                        ("until", ui::due_day(shell, consent.until).into()),
                    ]))
                }
                " · " (w.with("desk-received-line", &[("day", ui::date_time(shell, case.received_at).into())]))
                " · " (w.t(&format!("desk-channel-{}", channel(case.channel))))
                " · " (w.with("desk-visits-line", &[("made", i64::from(visits.made).into()), ("coming", i64::from(visits.to_come).into())]))
            }
            (crate::hall::tickets_line(shell, self.loaded))
        }
    }

    /// What was just done, with the notice to print.
    fn did(&self, done: &Done) -> Markup {
        let w = self.shell.w;
        let key = format!("desk-done-{}", done.done);
        if done.done.is_empty() || !w.has(&key) {
            return html! {};
        }
        let writes = matches!(
            done.done.as_str(),
            "accept"
                | "correction"
                | "not-required"
                | "not-remit"
                | "grant"
                | "refuse"
                | "pause"
                | "pause-local"
                | "extend-approve"
                | "deliver"
                | "change-result"
        );
        let notice = if writes { notice::latest(self.loaded, &done.item) } else { None };
        html! {
            div.panel.good role="status" {
                p { (w.t(&key)) }
                @if done.done == "visit" { (self.visits_told(&done.item)) }
                @if let Some((key, title)) = notice {
                    p { a.button.second.small data-key="t" href=(format!("/cases/{}/notices/{}", self.number(), encode(&key))) { (w.with("desk-print", &[("notice", title.get(self.shell.lang).to_owned().into())])) " " kbd { "Alt+T" } } }
                }
            }
        }
    }

    /// The times that hold now, and who has been told of them and how.
    fn visits_told(&self, item: &str) -> Markup {
        let (shell, w) = (self.shell, self.shell.w);
        let edition = &self.loaded.edition;
        let set: Vec<_> = self
            .loaded
            .case
            .matters
            .iter()
            .flat_map(|matter| matter.open_steps().map(move |(step, run)| (matter, step, run)))
            .filter_map(|(matter, step, run)| Some((matter, step, run.visit?)))
            .collect();
        let Some(at) =
            set.iter().find(|(matter, ..)| matter.item.as_str() == item).map(|(.., visit)| visit.at)
        else {
            return html! {};
        };
        let together: Vec<_> = set.iter().filter(|(.., visit)| visit.at == at).collect();
        let mut departments: Vec<String> = together
            .iter()
            .map(|(matter, ..)| words::department_in(shell, edition, &matter.department))
            .collect();
        departments.sort_unstable();
        departments.dedup();
        html! {
            ul { @for (matter, step, visit) in &together {
                li { (w.with("desk-visit-told-line", &[
                    ("step", self.step_title(matter, step).into()),
                    ("at", ui::date_time(shell, visit.at).into()),
                    ("way", w.t(if visit.remote { "desk-by-video" } else { "desk-on-site" }).into()),
                ])) }
            } }
            p { (w.t(if self.party.phone.is_empty() { "desk-visit-told-page" } else { "desk-visit-told" })) }
            @if departments.len() > 1 { p { (w.with("desk-visit-told-departments", &[("departments", w.list(&departments).into())])) } }
        }
    }

    fn result_title(&self, document: &office::DocumentRow) -> String {
        let item = self.loaded.edition.item(&document.item.as_str().into());
        let result =
            item.and_then(|item| item.results.get(&catalogue::ResultId::from(document.result.as_str())));
        result.map_or_else(|| document.identifier.clone(), |result| self.shell.say(&result.title).to_owned())
    }

    /// What became of a result since it was issued.
    fn became(&self, document: &office::DocumentRow) -> Markup {
        let matter = self.loaded.case.matter(&document.item.as_str().into());
        let mut results = matter.into_iter().flat_map(|matter| &matter.results);
        let issued = results.find(|issued| issued.result.as_str() == document.result);
        html! {
            @if let Some(change) = issued.and_then(|issued| issued.change) { " " span.tag.late { (self.shell.w.t(&format!("desk-change-{}", words::change_code(change)))) } }
        }
    }

    fn notices(&self) -> Markup {
        let w = self.shell.w;
        let notices = notice::notices_for(self.loaded, self.viewer);
        html! {
            section.card aria-labelledby="notices-title" {
                h2 id="notices-title" { (w.t("desk-notices")) }
                @if self.at_window() { p { a.button.second.small href=(format!("/desk/cases/{}/receipt", encode(self.number()))) { (w.t("receipt-print")) } } }
                @if notices.is_empty() && self.documents.is_empty() { p.quiet { (w.t("desk-notices-none")) } }
                ul {
                    @for (key, title) in &notices { li { a href=(format!("/cases/{}/notices/{}", self.number(), encode(key))) { (title.get(self.shell.lang)) } } }
                    @for document in &self.documents {
                        li { a href=(format!("/v/{}", encode(&document.identifier))) { (self.result_title(document)) } " " span.quiet.mono { (document.identifier) } " " span.quiet { (ui::day(self.shell, document.signed_at)) } (self.became(document)) }
                    }
                }
            }
        }
    }
}

pub(super) const fn channel(channel: catalogue::Channel) -> &'static str {
    match channel {
        catalogue::Channel::Online => "online",
        catalogue::Channel::Window => "window",
        catalogue::Channel::Post => "post",
        catalogue::Channel::Kiosk => "kiosk",
    }
}

/// The masked number, with the name of its paper where that is not the usual one.
fn code(shell: &Shell, code: &str) -> String {
    let usual = IdentifierKind::Other;
    let (kind, number) = identifier::split_paper(usual, code);
    let lang = match shell.lang {
        catalogue::Lang::Zh => identifier::Lang::Zh,
        catalogue::Lang::En => identifier::Lang::En,
    };
    let number = identifier::mask_number(number);
    if kind == usual { number } else { format!("{} {number}", kind.document(lang)) }
}
