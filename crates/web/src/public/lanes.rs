//! Who decides in parallel, and when: a plan as a picture, and as the table that says the same.

use calendar::Date;
use form::{ItemPlan, Plan};
use maud::{Markup, html};

use crate::shell::Shell;
use crate::ui;

const WIDTH: i32 = 380;
const LEFT: i32 = 8;
const RIGHT: i32 = WIDTH - 8;
const ROW: i32 = 66;
const HEAD: i32 = 30;
/// Below this, a bar would be too small to be seen.
const BAR_MIN: i32 = 10;

pub fn lanes(shell: &Shell, plan: &Plan<'_>, start: Date) -> Markup {
    let w = shell.w;
    if plan.items.is_empty() {
        return html! { p.quiet { (w.t("p-lanes-none")) } };
    }
    html! {
        div.lanes-picture tabindex="0" role="group" aria-label=(w.t("p-lanes-title")) { (picture(shell, plan, start)) }
        details.more {
            summary { (w.t("p-lanes-as-table")) }
            (table(shell, plan))
        }
    }
}

fn picture(shell: &Shell, plan: &Plan<'_>, start: Date) -> Markup {
    let end = plan.items.iter().map(|item| item.promised_on).max().unwrap_or(start);
    let days = days_between(start, end).max(1);
    let x = |day: Date| LEFT + (RIGHT - LEFT) * days_between(start, day) / days;
    let rows = i32::try_from(plan.items.len()).unwrap_or(i32::MAX / ROW);
    let height = HEAD + ROW * rows + 6;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(summary(shell, plan)) {
            text.q x=(LEFT) y="16" { (shell.w.t("p-lanes-today")) }
            text.q x=(RIGHT) y="16" text-anchor="end" { (ui::date(shell, end)) }
            line.rule x1=(LEFT) y1="24" x2=(LEFT) y2=(height) {}
            line.end x1=(RIGHT) y1="24" x2=(RIGHT) y2=(height) {}
            @for (row, item) in (0..).zip(&plan.items) {
                @let top = HEAD + ROW * row;
                @let from = x(item.starts_on).min(RIGHT - BAR_MIN);
                @let to = x(item.promised_on).max(from + BAR_MIN);
                @let title = shell.say(&item.item.title);
                @let department = item.department.map(|department| shell.say(&department.name)).unwrap_or_default();
                @let below = format!("{department} · {}", ui::date(shell, item.promised_on));
                (line(title, "", from, top + 14))
                (line(&below, "q", from, top + 32))
                rect.box x=(from) y=(top + 39) width=(to - from) height="14" rx="3" {}
            }
        }
    }
}

/// A line of text that begins with its bar, or ends at the edge where it would run out of the picture.
fn line(text: &str, class: &str, from: i32, y: i32) -> Markup {
    let width: i32 = text.chars().map(|c| if c.is_ascii() { 8 } else { 13 }).sum();
    let runs_out = from + width > RIGHT;
    let (x, anchor) = if runs_out { (RIGHT, "end") } else { (from, "start") };
    html! { text class=(class) x=(x) y=(y) text-anchor=(anchor) { (text) } }
}

/// The picture in one sentence.
fn summary(shell: &Shell, plan: &Plan<'_>) -> String {
    let day = plan.done_on.map(|day| ui::date(shell, day)).unwrap_or_default();
    shell.w.with("p-lanes-summary", &[("count", plan.items.len().into()), ("day", day.into())])
}

fn table(shell: &Shell, plan: &Plan<'_>) -> Markup {
    let w = shell.w;
    html! {
        div.table-wrap {
            table.cards {
                caption { (w.t("p-lanes-title")) }
                thead { tr { th scope="col" { (w.t("p-lane-item")) } th scope="col" { (w.t("p-lane-who")) } th scope="col" { (w.t("p-lane-begins")) } th scope="col" { (w.t("p-lane-promised")) } th scope="col" { (w.t("p-lane-statute")) } } }
                tbody {
                    @for item in &plan.items {
                        tr {
                            th scope="row" { (shell.say(&item.item.title)) }
                            td data-label=(w.t("p-lane-who")) { @if let Some(department) = item.department { (shell.say(&department.name)) } }
                            td data-label=(w.t("p-lane-begins")) { (begins(shell, item)) }
                            td data-label=(w.t("p-lane-promised")) { (ui::date(shell, item.promised_on)) }
                            td data-label=(w.t("p-lane-statute")) { @match item.statute_on { Some(day) => (ui::date(shell, day)), None => "—" } }
                        }
                    }
                }
            }
        }
    }
}

fn begins(shell: &Shell, item: &ItemPlan<'_>) -> Markup {
    html! {
        (ui::date(shell, item.starts_on))
        @if !item.after.is_empty() {
            @let names: Vec<&str> = item.after.iter().filter_map(|id| shell.edition.item(id)).map(|item| shell.say(&item.title)).collect();
            @if !names.is_empty() { " " span.quiet.small { (shell.w.with("p-lane-after", &[("items", shell.w.list(&names).into())])) } }
        }
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
