//! What the checker says, shown like a good compiler shows it: where, the line with its underline, how to mend it.

use diagnostic::{Diagnostic, Label, RedTape, Severity, Sources};
use maud::{Markup, html};

use crate::shell::{Shell, encode};

/// More than this nobody reads in one go; the count is told.
const SHOWN_MAX: usize = 300;

pub fn draw(shell: &Shell, diagnostics: &[Diagnostic], sources: &Sources) -> Markup {
    let w = shell.w;
    html! {
        @for diagnostic in diagnostics.iter().take(SHOWN_MAX) { (one(shell, diagnostic, sources)) }
        @if diagnostics.len() > SHOWN_MAX {
            p.quiet { (w.with("admin-more", &[("count", (diagnostics.len() - SHOWN_MAX).into())])) }
        }
    }
}

/// `3 个错误，1 个警告` and what mending would save.
pub fn summary(shell: &Shell, diagnostics: &[Diagnostic], saved: RedTape) -> Markup {
    let w = shell.w;
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let errors = count(Severity::Error);
    let class = if errors > 0 { "late" } else { "good" };
    html! {
        div class=(format!("panel {class}")) {
            p.strong { (w.with("admin-counts", &[
                ("errors", errors.into()), ("warnings", count(Severity::Warning).into()), ("advice", count(Severity::Advice).into()),
            ])) }
            @if !saved.is_zero() { p { (w.with("admin-saving-all", &[("saving", shell.say(&saved.sentence()).to_owned().into())])) } }
        }
    }
}

fn one(shell: &Shell, diagnostic: &Diagnostic, sources: &Sources) -> Markup {
    let w = shell.w;
    let (class, word) = match diagnostic.severity {
        Severity::Error => ("", "admin-error"),
        Severity::Warning => ("warning", "admin-warning"),
        Severity::Advice => ("advice", "admin-advice"),
    };
    html! {
        article class=(format!("diagnostic {class}")) {
            p { span.tag.late[class.is_empty()].soon[class == "warning"].plain[class == "advice"] { (w.t(word)) } " "
                a.mono href=(format!("/admin/rules/{}", encode(diagnostic.code.0))) { (diagnostic.code) } " "
                span.strong { (shell.say(&diagnostic.message)) } }
            (snippet(shell, &diagnostic.primary, sources))
            @for label in &diagnostic.secondary { (snippet(shell, label, sources)) }
            @if let Some(help) = &diagnostic.help { p { span.strong { (w.t("admin-help")) } " " (shell.say(help)) } }
            @if let Some(fix) = &diagnostic.fix {
                p { span.strong { (w.t("admin-fix")) } " "
                    @if fix.replacement.is_empty() { (w.t("admin-fix-delete")) } @else { code { (fix.replacement) } } }
            }
            @if let Some(cost) = diagnostic.cost.filter(|cost| !cost.is_zero()) {
                p.small { (w.with("admin-saving", &[("saving", shell.say(&cost.sentence()).to_owned().into())])) }
            }
        }
    }
}

/// `file:line:column` and the line, its part underlined.
fn snippet(shell: &Shell, label: &Label, sources: &Sources) -> Markup {
    let Some(source) = sources.get(label.span.source) else { return html! {} };
    let (from, to) = (source.place(label.span.start), source.place(label.span.end.max(label.span.start)));
    let line: Vec<char> = source.line(from.line).unwrap_or_default().chars().collect();
    let start = from.column.saturating_sub(1).min(line.len());
    let end =
        if to.line == from.line { to.column.saturating_sub(1).clamp(start, line.len()) } else { line.len() };
    let end = if end == start { (start + 1).min(line.len()) } else { end };
    let text = |part: &[char]| part.iter().collect::<String>();
    let number = from.line.to_string();
    html! {
        p.small.quiet.mono { (source.name) ":" (from.line) ":" (from.column) }
        pre tabindex="0" { code {
            span.quiet { (number) " │ " } (text(&line[..start])) mark.under { (text(&line[start..end])) } (text(&line[end..]))
            @if !label.text.get(shell.lang).is_empty() { "\n" (" ".repeat(number.len())) " │ " span.under { "↑ " (shell.say(&label.text)) } }
        } }
    }
}
