//! The receipt of an application, to be printed at the window at any time: its number, what came, what is still owed, the days that
//! were promised. The code that opens the case goes to the person alone, after a look at the identity document.

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::{Correction, MaterialStatus, Matter, MatterState};
use catalogue::MaterialId;
use maud::{Markup, html};
use office::{By, OfficeError, OpenedCase, ResumeCode, Viewer};

use super::super::posted::Posted;
use super::super::words;
use super::Desk;
use crate::app::App;
use crate::fault::Failure;
use crate::public::{clock_lines, grouped, owed};
use crate::shell::{Page, Shell, Width, encode};
use crate::ui;

/// So many lines of what was promised are on the sheet of the signature, however long the receipt.
const WITH_SIGNATURE: usize = 2;

/// What is known of the code: the clerk who filed the case may read it, others give out a new one.
#[derive(Debug)]
enum Code {
    Filed(ResumeCode),
    New(ResumeCode),
    Hidden,
}

/// Somebody at the window, who may open the case.
async fn open<'a>(
    app: &App,
    shell: &'a Shell,
    number: &str,
) -> Result<(OpenedCase<'a>, &'a Viewer), Failure> {
    let viewer = shell.officer()?;
    if !viewer.works_at_window(&shell.edition) {
        return Err(OfficeError::Denied.into());
    }
    Ok((app.office.case_for_officer(number, viewer).await?, viewer))
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Path(number): Path<String>,
) -> Result<Markup, Failure> {
    let (opened, viewer) = open(&app, &shell, &number).await?;
    let code = match app.office.receipt_code(opened.id, By::Viewer(viewer)).await {
        Ok(code) => Code::Filed(code),
        Err(OfficeError::Denied) => Code::Hidden,
        Err(error) => return Err(error.into()),
    };
    draw(&app, &shell, &opened, &code, None).await
}

/// A new code, for somebody whose identity was looked at.
pub async fn renew(
    State(app): State<App>,
    shell: Shell,
    Path(number): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (opened, viewer) = open(&app, &shell, &number).await?;
    let posted = Posted(pairs);
    if posted.one("identity").is_empty() {
        let problem = shell.w.t("receipt-identity-missing");
        let page = draw(&app, &shell, &opened, &Code::Hidden, Some(&problem)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let code = app.office.renew_receipt(&opened, viewer, posted.command()).await?;
    Ok(draw(&app, &shell, &opened, &Code::New(code), None).await?.into_response())
}

async fn draw(
    app: &App,
    shell: &Shell,
    opened: &OpenedCase<'_>,
    code: &Code,
    problem: Option<&str>,
) -> Result<Markup, Failure> {
    let desk = Desk::gather(app, shell, opened, None).await?;
    let lines = clock_lines(app, shell, opened, &app.office.promised_days(opened).await?);
    let w = shell.w;
    let home = format!("/desk/cases/{}", encode(desk.number()));
    let problems: Vec<_> = problem.map(|text| ("identity".to_owned(), text.to_owned())).into_iter().collect();
    let body = html! {
        (ui::error_summary(w, &problems))
        @if matches!(code, Code::New(_)) { (ui::panel("good", html! { p { (w.t("receipt-code-new")) } })) }
        p.no-print.row {
            button.button type="button" data-print="" hidden data-key="t" { (w.t("notice-print")) " " kbd { "Alt+T" } }
            a href=(home) { (w.t("notice-back")) }
        }
        (desk.sheet(app, code, &lines))
        @if !matches!(code, Code::New(_)) { (give(app, shell, &home, problem)) }
    };
    let page = Page::desk(w.t("receipt-title"), body).width(Width::Normal);
    Ok(shell.lay_out(page.crumb(desk.number().to_owned(), home)))
}

/// The form that gives out a new code.
fn give(app: &App, shell: &Shell, home: &str, problem: Option<&str>) -> Markup {
    let w = shell.w;
    html! {
        section.card.no-print aria-labelledby="give-title" {
            h2 id="give-title" { (w.t("receipt-code-give")) }
            form method="post" action=(format!("{home}/receipt")) {
                (ui::hidden("command", &app.office.new_id().to_string()))
                p.hint { (w.t("receipt-code-give-hint")) }
                div.question.wrong[problem.is_some()] {
                    @if let Some(problem) = problem { p.problem { (problem) } }
                    label.choice { input type="checkbox" id="identity" name="identity" value="1" required; span { (w.t("receipt-identity")) } }
                }
                div.actions { button.button.second type="submit" { (w.t("receipt-code-go")) } }
            }
        }
    }
}

impl Desk<'_> {
    fn sheet(&self, app: &App, code: &Code, lines: &[String]) -> Markup {
        let (shell, w) = (self.shell, self.shell.w);
        let case = &self.loaded.case;
        let edition = &self.loaded.edition;
        let address = format!("{}/track?number={}", app.office.public_url(), encode(&case.number));
        html! {
            article.sheet.receipt lang=(if shell.lang == catalogue::Lang::Zh { "zh-CN" } else { "en" }) {
                p.flush.organ { (shell.say(&edition.zone().name)) }
                h1 { (w.t("receipt-title")) }
                p.ref { (w.t("p-case-number")) " " span.mono { (grouped(&case.number)) } }
                p.flush { (if self.party.name.is_empty() { w.t("notice-applicant") } else { self.name_shown() }) (w.t("notice-colon")) }
                p { (w.with(&format!("receipt-opening-{}", super::page::channel(case.channel)), &[("thing", words::thing(shell, case.thing.as_str()).into()), ("at", ui::date_time(shell, case.received_at).into())])) }
                p.flush { @match code {
                    Code::Filed(code) | Code::New(code) => { (w.t("p-number-code")) " " strong.mono { (code) } " " (w.t("receipt-code-use")) }
                    Code::Hidden => (w.t("receipt-code-hidden")),
                } }
                section { (self.brought()) }
                section { (self.owed()) }
                // On paper the signature stays with the last of what was promised: a sheet with a signature alone says nothing.
                section {
                    @let (first, last) = lines.split_at(lines.len().saturating_sub(WITH_SIGNATURE));
                    h2 { (w.t("receipt-days")) }
                    @if lines.is_empty() { p { (w.t("receipt-days-none")) } }
                    @if !first.is_empty() { ol { @for line in first { li { (line) } } } }
                    div.sign-off {
                        @if !last.is_empty() { ol start=(first.len() + 1) { @for line in last { li { (line) } } } }
                        table { tbody {
                            tr { th scope="row" { (w.t("receipt-clerk")) } td { (self.viewer.name) } th scope="row" { (w.t("receipt-printed")) } td { (ui::date_time(shell, shell.now)) } }
                            tr { th scope="row" { (w.t("receipt-signature")) } td.blank {} th scope="row" { (w.t("notice-received-on")) } td.blank {} }
                        } }
                        div.verify {
                            (ui::qr(&address, &w.t("p-number-qr")))
                            div { p { (w.t("p-number-qr")) } p { (w.with("notice-contact", &[("contact", shell.say(&edition.zone().contact).to_owned().into())])) } }
                        }
                    }
                }
            }
        }
    }

    /// Papers that lie in the case, or whose original was seen.
    fn brought(&self) -> Markup {
        let (shell, w) = (self.shell, self.shell.w);
        let mut papers: Vec<(&MaterialId, usize)> = Vec::new();
        let filed = self.files.iter().filter_map(|file| file.material.as_ref()).map(|id| (id, 1));
        for (id, count) in filed.chain(self.loaded.papers_seen().map(|mark| (&mark.material, 0))) {
            match papers.iter_mut().find(|(known, _)| *known == id) {
                Some((_, files)) => *files += count,
                None => papers.push((id, count)),
            }
        }
        html! {
            h2 { (w.t("receipt-brought")) }
            @if papers.is_empty() { p { (w.t("receipt-brought-none")) } }
            ol { @for (id, files) in papers {
                li { (words::material_in(shell, &self.loaded.edition, id))
                    @if files > 0 { " " (w.with("receipt-files", &[("count", files.into())])) }
                    @if let Some(seen) = self.paper_seen(id) { " " (seen) }
                }
            } }
        }
    }

    /// The correction that is open, as far as it has not come.
    fn asked<'m>(&self, matter: &'m Matter) -> Option<&'m Correction> {
        let correcting = matter.state == MatterState::Correcting;
        matter.correction.as_ref().filter(|asked| correcting && asked.supplied_at.is_none())
    }

    fn is_asked(&self, matter: &Matter, material: &MaterialId) -> bool {
        let asked = self.asked(matter);
        let came = |asked: &Correction| {
            self.files.iter().any(|file| file.material.as_ref() == Some(material) && file.at > asked.asked_at)
        };
        asked.is_some_and(|asked| asked.points.materials.contains(material) && !came(asked))
    }

    /// What a correction asks for: each paper that has not come since, each answer, and the last day.
    fn to_correct(&self, matter: &Matter) -> Vec<String> {
        let (shell, w) = (self.shell, self.shell.w);
        let Some(asked) = self.asked(matter) else { return Vec::new() };
        let clock = |clock: &&casework::ClockView| {
            clock.item == matter.item && clock.kind == casework::ClockKind::Correction
        };
        let day = self.clocks.iter().find(clock).map(|clock| ui::date(shell, clock.due.due_on));
        let told = |what: &str, name: String| match &day {
            Some(day) => w.with(
                &format!("receipt-correct-{what}"),
                &[("name", name.into()), ("day", day.as_str().into())],
            ),
            None => w.with(&format!("receipt-correct-{what}-open"), &[("name", name.into())]),
        };
        let papers = asked.points.materials.iter().filter(|material| self.is_asked(matter, material));
        let papers = papers.map(|id| told("paper", words::material_in(shell, &self.loaded.edition, id)));
        let edition = &self.loaded.edition;
        let label = |id: &catalogue::FieldId| {
            edition.field(id).map_or_else(|| id.to_string(), |field| shell.say(field.fact()).to_owned())
        };
        let answers = asked.points.fields.iter().map(|id| told("answer", label(id)));
        papers.chain(answers).collect()
    }

    /// Papers that were let follow, and those that are missing.
    fn owed(&self) -> Markup {
        let (shell, w) = (self.shell, self.shell.w);
        let (mut lines, mut promised): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for matter in self.loaded.case.matters.iter().filter(|matter| !matter.state.is_over()) {
            lines.extend(self.to_correct(matter));
            for material in &matter.plan.materials {
                let title = words::material_in(shell, &self.loaded.edition, &material.id);
                match material.status {
                    MaterialStatus::Tolerated => lines.push(owed(shell, matter, &title)),
                    MaterialStatus::Promised => {
                        promised.push(w.with("receipt-promised", &[("paper", title.into())]))
                    }
                    // Asked for with the day until which it is awaited.
                    MaterialStatus::Missing if self.is_asked(matter, &material.id) => {}
                    MaterialStatus::Missing => {
                        lines.push(w.with("receipt-missing", &[("paper", title.into())]))
                    }
                    MaterialStatus::Supplied | MaterialStatus::Held => {}
                }
            }
        }
        // One paper may be wanted by several items.
        let mut told = std::collections::BTreeSet::new();
        lines.retain(|line| told.insert(line.clone()));
        promised.retain(|line| told.insert(line.clone()));
        html! {
            h2 { (w.t("receipt-owed")) }
            @if lines.is_empty() { p { (w.t("receipt-owed-none")) } }
            ol { @for line in lines { li { (line) } } }
            @for line in promised { p { (line) } }
        }
    }
}
