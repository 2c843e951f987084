//! How far a case is, for whoever only proved to know its number and the telephone: what moves and when, nothing that
//! anybody wrote or handed in.

use casework::{Doer, Matter, MatterState};
use maud::{Markup, html};
use office::OpenedCase;

use super::page::{basis, head, lanes, title};
use super::words::Names;
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;

pub async fn page(app: &App, shell: &Shell, opened: &OpenedCase<'_>) -> Result<Markup, Failure> {
    let basis = basis(shell, opened);
    let told = &Shell { edition: opened.edition.clone(), ..shell.for_nobody(basis.day) };
    let names = Names { shell: told, edition: &opened.edition };
    let w = shell.w;
    let body = html! {
        (head(app, told, opened).await?)
        section.panel aria-labelledby="more" {
            h2 #more { (w.t("p-progress-only")) }
            p { (w.t("p-progress-only-why")) }
            @if opened.case.matters.iter().any(waits_for_applicant) { p.strong { (w.t("p-progress-yours")) } }
            form method="post" action="/track" {
                (ui::hidden("number", &opened.case.number))
                div.question {
                    label for="phone" { (w.t("p-progress-code")) }
                    p.hint #phone-hint { (w.t("p-progress-code-hint")) }
                    input.w-short.mono #phone type="text" name="phone" maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="phone-hint" required;
                }
                (ui::actions(html! { button.button.second type="submit" { (w.t("p-progress-go")) } }))
            }
        }
        (lanes(&names, opened, &basis))
    };
    let page = Page::public(title(told, opened), body).crumb(w.t("nav-home"), "/");
    Ok(shell.lay_out(page.crumb(w.t("p-my-title"), "/my")))
}

/// Something is asked of the applicant now; what it is, only the code opens.
fn waits_for_applicant(matter: &Matter) -> bool {
    !matter.state.is_over()
        && (matter.state == MatterState::Correcting
            || matter.plan.gaps().next().is_some()
            || matter.open_steps().any(|(step, _)| step.by == Doer::Applicant))
}
