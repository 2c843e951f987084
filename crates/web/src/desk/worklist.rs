//! The worklist: every open step that waits for one of the officer's roles, earliest due first.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use office::{TaskRow, Viewer, Worklist, WorklistFilter};
use serde::Deserialize;

use super::words;
use crate::app::App;
use crate::fault::Failure;
use crate::sheet::{Table, Value};
use crate::shell::{Page, Shell};
use crate::ui;

const SHOWN: u32 = 100;
const EXPORTED: u32 = 5_000;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    role: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    colour: String,
    #[serde(default)]
    mine: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn filter(&self) -> WorklistFilter {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (role, item, colour) = (some(&self.role), some(&self.item), some(&self.colour));
        WorklistFilter { role, item, colour, mine: !self.mine.is_empty() }
    }

    fn is_empty(&self) -> bool {
        self.filter() == WorklistFilter::default()
    }
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let viewer = shell.officer()?;
    let list =
        app.office.worklist(&asked.filter(), SHOWN, store::Cursor::parse(&asked.after), viewer).await?;
    let names = app.office.officer_names(&takers(&list)).await?;
    let taker = |task: &TaskRow| names.get(&task.claimed_by).cloned().unwrap_or_default();
    let w = shell.w;
    let (now, held): (Vec<_>, Vec<_>) = list.tasks.iter().partition(|(task, _)| task.is_free(shell.now));
    let group = |title: String, tasks: &[&(TaskRow, String)]| {
        html! {
            @if !tasks.is_empty() {
                h2 { (title) " " span.quiet { (tasks.len()) } }
                div.table-wrap { table.cards.work {
                    caption.visually-hidden { (title) }
                    thead { tr {
                        th scope="col" { (w.t("desk-col-due")) }
                        th scope="col" { (w.t("desk-col-case")) }
                        th scope="col" { (w.t("desk-col-step")) }
                        th scope="col" { (w.t("desk-col-applicant")) }
                        th scope="col" { (w.t("desk-col-who")) }
                    } }
                    tbody { @for (task, applicant) in tasks { (row(&app, &shell, viewer, task, applicant, &taker(task))) } }
                } }
            }
        }
    };
    let entrusted = app.office.entrusted_to(viewer).await?.len();
    let body = html! {
        @if entrusted > 0 { p.panel { a href="/my" { (w.with("desk-entrusted", &[("count", entrusted.into())])) } } }
        div.row.between {
            h1 { (w.t("desk-worklist")) }
            p.quiet.small.no-print.keys { kbd { "j" } " " kbd { "k" } " " (w.t("desk-keys-walk")) " · " kbd { "/" } " " (w.t("desk-keys-search")) }
        }
        (filters(&shell, viewer, &asked, &list))
        @if list.tasks.is_empty() {
            @if asked.is_empty() {
                (ui::empty(&w.t("desk-worklist-empty"), &w.t("desk-worklist-empty-next"), Some(("/desk/cases", &w.t("nav-cases")))))
            } @else {
                (ui::empty(&w.t("desk-worklist-none"), &w.t("desk-worklist-none-next"), Some(("/desk", &w.t("desk-filter-clear")))))
            }
        }
        (group(w.t("desk-now"), &now))
        (group(w.t("desk-waiting"), &held))
        (ui::pages(&shell, list.next.as_ref(), !asked.after.is_empty()))
    };
    Ok(shell.lay_out(Page::desk(w.t("desk-worklist"), body)))
}

fn takers(list: &Worklist) -> Vec<&str> {
    list.tasks.iter().map(|(task, _)| task.claimed_by.as_str()).collect()
}

fn filters(shell: &Shell, viewer: &Viewer, asked: &Asked, list: &Worklist) -> Markup {
    let w = shell.w;
    let query = shell.here.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    let mut items: Vec<&str> = list.tasks.iter().map(|(task, _)| task.item.as_str()).collect();
    items.extend((!asked.item.is_empty()).then_some(asked.item.as_str()));
    items.sort_unstable();
    items.dedup();
    html! {
        form.filter.no-print method="get" action="/desk" {
            @if viewer.roles.len() > 1 {
                div { label for="role" { (w.t("desk-filter-role")) }
                    select id="role" name="role" {
                        option value="" { (w.t("desk-filter-all")) }
                        @for role in &viewer.roles { option value=(role) selected[role.as_str() == asked.role] { (words::role(shell, role.as_str())) } }
                    }
                }
            }
            div { label for="item" { (w.t("desk-filter-item")) }
                select id="item" name="item" {
                    option value="" { (w.t("desk-filter-all")) }
                    @for item in items { option value=(item) selected[item == asked.item] { (words::item(shell, item)) } }
                }
            }
            div { label for="colour" { (w.t("desk-filter-colour")) }
                select id="colour" name="colour" {
                    option value="" { (w.t("desk-filter-all")) }
                    @for colour in ["overdue", "due-today", "red", "yellow", "green", "paused"] {
                        option value=(colour) selected[colour == asked.colour] { (w.t(&format!("colour-{colour}"))) }
                    }
                }
            }
            label.choice { input type="checkbox" name="mine" value="1" checked[!asked.mine.is_empty()]; span { (w.t("desk-filter-mine")) } }
            button.button.second type="submit" { (w.t("desk-filter-go")) }
            span.small { (w.t("desk-export")) " " a href=(format!("/desk/worklist.xlsx{query}")) { "Excel" } " · " a href=(format!("/desk/worklist.csv{query}")) { "CSV" } }
        }
    }
}

fn row(app: &App, shell: &Shell, viewer: &Viewer, task: &TaskRow, applicant: &str, taker: &str) -> Markup {
    let w = shell.w;
    let mine = task.claimed_by == viewer.id.to_string();
    let step = words::step_kind(shell, &task.kind);
    let title = words::step_in(shell, &shell.edition, &task.item, &task.step.as_str().into());
    let button = |act: &str, label: String| {
        html! {
            form method="post" action=(format!("/desk/cases/{}/act", task.number)) {
                (ui::hidden("act", act)) (ui::hidden("item", &task.item)) (ui::hidden("step", &task.step))
                (ui::hidden("command", &app.office.new_id().to_string())) (ui::hidden("next", &shell.here))
                button.button.second.small type="submit" { (label) span.visually-hidden { " " (task.number) " " (title) } }
            }
        }
    };
    html! {
        tr {
            td data-label=(w.t("desk-col-due")) {
                div {
                    @let what = match (task.due_at, task.step_due_at) {
                        _ if task.is_explanation() => "desk-due-overrun",
                        (Some(at), Some(step)) if at == step => "desk-due-step",
                        _ => "desk-due-item",
                    };
                    (ui::due_state(shell, &task.colour, task.due_at, Some(&w.t(what))))
                    @if let Some(at) = task.matter_due_at.filter(|at| Some(*at) != task.due_at) {
                        br; span.quiet.small.nowrap { (w.t("desk-due-item")) " " (ui::due_day(shell, at)) }
                    }
                }
            }
            td data-label=(w.t("desk-col-case")) {
                div {
                    a.strong data-row="" href=(format!("/desk/cases/{}", task.number)) { (task.number) }
                    br; span.quiet { (words::thing(shell, &task.thing)) }
                }
            }
            td data-label=(w.t("desk-col-step")) {
                div {
                    (words::item(shell, &task.item)) br;
                    span.quiet { (step) @if task.is_step() { " · " (title) } }
                    @if task.to_confirm { " " span.tag.soon { (w.t("desk-to-confirm")) } }
                    @if task.joint { " " span.tag.plain { (w.t("desk-joint")) } }
                    @if let Some(until) = task.runs_until.filter(|until| shell.now < *until) {
                        br; span.tag.pause { (w.with("desk-held-running", &[("day", ui::due_day(shell, until).into())])) }
                    }
                    @if !task.held_by.is_empty() { br; span.tag.pause { (w.t(&format!("desk-held-{}", task.held_by))) } }
                }
            }
            td data-label=(w.t("desk-col-applicant")) { (applicant) }
            td data-label=(w.t("desk-col-who")) {
                div.row {
                    @if !task.is_step() { a href=(format!("/desk/cases/{}", task.number)) { (w.t("desk-open")) } }
                    @else if mine { span.strong { (w.t("desk-mine")) } (button("release", w.t("desk-release"))) }
                    @else if task.claimed_by.is_empty() { (button("claim", w.t("desk-claim"))) }
                    @else { span { (taker) } }
                }
            }
        }
    }
}

async fn table(app: &App, shell: &Shell, asked: &Asked) -> Result<Table, Failure> {
    let list = app.office.worklist(&asked.filter(), EXPORTED, None, shell.officer()?).await?;
    let names = app.office.officer_names(&takers(&list)).await?;
    let w = shell.w;
    let text = |text: String| Value::Text(text);
    let time =
        |at: Option<jiff::Timestamp>| at.map_or(Value::Nothing, |at| Value::Time(ui::civil(shell, at)));
    let day = |due_at: Option<jiff::Timestamp>| {
        due_at.map_or(Value::Nothing, |due_at| Value::Day(ui::last_day(shell, due_at)))
    };
    let head = [
        "number",
        "thing",
        "item",
        "step",
        "kind",
        "applicant",
        "who",
        "since",
        "due-day",
        "colour",
        "joint",
    ];
    let rows = list.tasks.iter().map(|(task, applicant)| {
        vec![
            text(task.number.clone()),
            text(words::thing(shell, &task.thing)),
            text(words::item(shell, &task.item)),
            text(if task.is_step() {
                words::step_in(shell, &shell.edition, &task.item, &task.step.as_str().into())
            } else {
                String::new()
            }),
            text(words::step_kind(shell, &task.kind)),
            text(applicant.clone()),
            text(names.get(&task.claimed_by).cloned().unwrap_or_default()),
            time(Some(task.since)),
            day(task.due_at),
            text(w.t(&format!("colour-{}", task.colour))),
            text(if task.joint { w.t("yes") } else { w.t("no") }),
        ]
    });
    let head = head.map(|key| w.t(&format!("desk-head-{key}"))).to_vec();
    Ok(Table { name: w.t("desk-worklist"), head, rows: rows.collect() })
}

pub async fn as_csv(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    Ok(table(&app, &shell, &asked).await?.csv())
}

pub async fn as_xlsx(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    table(&app, &shell, &asked).await?.xlsx()
}
