//! The rules of the checker, each with its page.

use axum::extract::Path;
use maud::{Markup, html};

use super::markdown;
use crate::fault::Failure;
use crate::shell::{Page, Shell, encode};

pub async fn list(shell: Shell) -> Result<Markup, Failure> {
    shell.duty(office::Duty::System)?;
    let w = shell.w;
    let rules = checker::rules();
    let mut families: Vec<&str> = rules.iter().filter_map(|rule| rule.code.get(..2)).collect();
    families.dedup();
    let body = html! {
        h1 { (w.t("admin-rules")) }
        @for family in families {
            @let key = format!("admin-family-{}", family.to_lowercase());
            h2 { @if w.has(&key) { (w.t(&key)) } @else { (family) "xx" } }
            ul.rules { @for rule in rules.iter().filter(|rule| rule.code.starts_with(family)) {
                li { a.mono href=(format!("/admin/rules/{}", encode(rule.code))) { (rule.code) } " " (shell.say(&rule.title)) }
            } }
        }
    };
    Ok(shell.lay_out(Page::desk(w.t("admin-rules"), body).crumb(w.t("nav-pack"), "/admin/pack")))
}

pub async fn show(shell: Shell, Path(code): Path<String>) -> Result<Markup, Failure> {
    shell.duty(office::Duty::System)?;
    let w = shell.w;
    let rule = checker::explain(&code).ok_or(Failure::NotFound)?;
    let body = html! {
        h1 { span.mono { (rule.code) } " " (shell.say(&rule.title)) }
        div.card.explain { (markdown::draw(shell.say(&rule.markdown))) }
    };
    let page = Page::desk(format!("{} {}", rule.code, shell.say(&rule.title)), body)
        .width(crate::shell::Width::Narrow);
    Ok(shell.lay_out(page.crumb(w.t("nav-pack"), "/admin/pack").crumb(w.t("admin-rules"), "/admin/rules")))
}
