//! Small pieces: empty lists, panels, lists of facts, error summaries.

use maud::{Markup, PreEscaped, html};

use crate::texts::Words;
use crate::ui::icons;

/// What stands where nothing is yet: what will be here, and how to begin.
pub fn empty(title: &str, next: &str, link: Option<(&str, &str)>) -> Markup {
    html! {
        div.empty {
            (icons::tray())
            p.strong { (title) }
            p { (next) }
            @if let Some((href, label)) = link { p { a.button.second href=(href) { (label) } } }
        }
    }
}

/// A sentence that stands out; `kind` is empty, `good`, `soon` or `late`.
pub fn panel(kind: &str, body: Markup) -> Markup {
    html! { div class=(format!("panel {kind}")) role=[(kind == "late").then_some("alert")] { (body) } }
}

/// Label and value in rows.
pub fn facts(rows: &[(String, Markup)]) -> Markup {
    html! { dl.facts { @for (label, value) in rows { div { dt { (label) } dd { (value) } } } } }
}

/// All problems of a page in one place, each leading to its field. Takes the focus when the page opens.
pub fn error_summary(w: Words, problems: &[(String, String)]) -> Markup {
    html! {
        @if !problems.is_empty() {
            div.error-summary #problems tabindex="-1" role="alert" data-focus="" {
                h2 { (w.with("form-problems", &[("count", problems.len().into())])) }
                ul { @for (anchor, text) in problems { li { a href=(format!("#{anchor}")) { (text) } } } }
            }
        }
    }
}

pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// A row of buttons under a form.
pub fn actions(body: Markup) -> Markup {
    html! { div.actions { (body) } }
}

/// A QR code as SVG, with the words that say what it leads to.
pub fn qr(text: &str, label: &str) -> Markup {
    html! {
        div.qr role="img" aria-label=(label) {
            @if let Ok(svg) = credential::qr_svg(text) { (PreEscaped(svg)) }
        }
    }
}
