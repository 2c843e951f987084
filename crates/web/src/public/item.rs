//! The guide of an item (办事指南): everything that its declaration says, in the order in which people ask.

use axum::extract::Path;
use catalogue::{
    Counting, Edition, FieldKind, Item, Medium, Opening, Performer, ResultKind, Serves, Silence, Step,
    Validity, Window,
};
use diagnostic::Lang;
use expression::{Condition, Labels};
use maud::{Markup, html};

use super::law;
use crate::fault::Failure;
use crate::shell::{Page, Shell, encode};
use crate::ui;

pub async fn page(shell: Shell, Path(id): Path<String>) -> Result<Markup, Failure> {
    let w = shell.w;
    let item = shell.edition.item(&id.as_str().into()).ok_or(Failure::NotFound)?;
    let body = html! {
        h1 { (shell.say(&item.title)) }
        @if let Some(summary) = &item.summary { p.lead { (shell.say(summary)) } }
        (essentials(&shell, item))
        (used_in(&shell, item))
        (section("basis", &w.t("p-basis"), html! { ul.papers { @for citation in &item.basis { li { (law::cite(&shell, citation)) } } } }))
        // Where the law makes no condition that answers could miss, a heading without anything under it says nothing.
        @if !item.requirements.is_empty() { (section("conditions", &w.t("p-conditions"), conditions(&shell, item))) }
        (section("materials", &w.t("p-papers-title"), materials(&shell, item)))
        (section("questions", &w.t("p-item-questions"), questions(&shell, item)))
        (section("steps", &w.t("p-steps"), steps(&shell, item)))
        (section("limits", &w.t("p-limits"), limits(&shell, item)))
        (section("fees", &w.t("p-fees"), fees(&shell, item)))
        (section("results", &w.t("p-results"), results(&shell, item)))
        (section("windows", &w.t("p-windows"), windows(&shell, item)))
        (section("remedies", &w.t("p-remedies"), remedies(&shell, item)))
    };
    Ok(shell.lay_out(
        Page::public(shell.say(&item.title), body)
            .crumb(w.t("nav-home"), "/")
            .crumb(w.t("p-search-title"), "/search"),
    ))
}

fn section(id: &str, title: &str, body: Markup) -> Markup {
    html! { section aria-labelledby=(id) { h2 id=(id) { (title) } (body) } }
}

fn essentials(shell: &Shell, item: &Item) -> Markup {
    let w = shell.w;
    let parties: Vec<String> = item.applicants.iter().map(|party| law::party(shell, *party)).collect();
    let channels: Vec<String> =
        item.channels.iter().map(|channel| w.t(&format!("p-channel-{}", channel_code(*channel)))).collect();
    let class = shell.edition.parts().classes.get(&item.class);
    let mut rows = vec![
        (
            w.t("p-lane-who"),
            html! { @if let Some(department) = shell.edition.department(&item.department) { (shell.say(&department.name)) @if let Some(phone) = &department.phone { br; a href=(format!("tel:{phone}")) { (phone) } } } },
        ),
        (w.t("p-item-class"), html! { @if let Some(class) = class { (shell.say(&class.name)) } }),
        (w.t("p-item-open-to"), html! { (w.list(&parties)) }),
        (w.t("p-item-channels"), html! { (w.list(&channels)) }),
        (
            w.t("p-visits"),
            html! { (w.with("p-reckon-visits", &[("count", item.visits.claimed.into()), ("settled", "yes".into())])) },
        ),
    ];
    for (scheme, code) in &item.codes {
        rows.push((
            w.with("p-item-code", &[("scheme", scheme.as_str().into())]),
            html! { span.mono { (code) } },
        ));
    }
    html! { div.card { (ui::facts(&rows)) } }
}

const fn channel_code(channel: catalogue::Channel) -> &'static str {
    match channel {
        catalogue::Channel::Online => "online",
        catalogue::Channel::Window => "window",
        catalogue::Channel::Post => "post",
        catalogue::Channel::Kiosk => "kiosk",
    }
}

/// An item is applied for through a thing.
fn used_in(shell: &Shell, item: &Item) -> Markup {
    let things = shell
        .edition
        .parts()
        .things
        .values()
        .filter(|thing| thing.members.iter().any(|member| member.item == item.id));
    html! {
        div.panel {
            p.strong { (shell.w.t("p-item-apply-through")) }
            ul { @for thing in things { li { a href=(format!("/things/{}", encode(thing.id.as_str()))) { (shell.say(&thing.title)) } } } }
        }
    }
}

fn conditions(shell: &Shell, item: &Item) -> Markup {
    html! {
        p { (shell.w.t("p-conditions-hint")) }
        ul { @for requirement in &item.requirements { li { (shell.say(&requirement.otherwise)) @if let Some(basis) = &requirement.basis { br; span.small { (law::cite(shell, basis)) } } } } }
    }
}

fn materials(shell: &Shell, item: &Item) -> Markup {
    let w = shell.w;
    html! {
        @if item.materials.is_empty() { p { (w.t("p-papers-none")) } }
        @else {
            div.table-wrap { table.cards {
                caption.visually-hidden { (w.t("p-papers-title")) }
                thead { tr { th scope="col" { (w.t("p-paper")) } th scope="col" { (w.t("p-paper-need")) } th scope="col" { (w.t("p-paper-form")) } th scope="col" { (w.t("p-paper-when")) } } }
                tbody {
                    @for wanted in &item.materials {
                        @if let Some(material) = shell.edition.material(&wanted.material) {
                            tr {
                                th scope="row" { div {
                                    (shell.say(&material.title))
                                    @if let Some(hint) = &material.hint { br; span.quiet.small { (shell.say(hint)) } }
                                    @if let Some(basis) = &wanted.basis { br; span.small { (law::cite(shell, basis)) } }
                                    @if let Some(template) = &material.template { details.more { summary { (w.t("p-paper-template")) } pre.template { (shell.say(template)) } } }
                                } }
                                td data-label=(w.t("p-paper-need")) { @if material.is_already_held() { (w.t("p-paper-held")) } @else { (law::need(shell, wanted)) } }
                                td data-label=(w.t("p-paper-form")) { (media(shell, &material.media)) @if wanted.copies > 1 { " × " (wanted.copies) } }
                                td data-label=(w.t("p-paper-when")) { @match &wanted.when { Some(when) => (in_words(shell, when)), None => (w.t("p-paper-always")) } }
                            }
                        }
                    }
                }
            } }
        }
    }
}

pub fn media(shell: &Shell, media: &[Medium]) -> String {
    let names: Vec<String> = media
        .iter()
        .map(|medium| {
            shell.w.t(match medium {
                Medium::Electronic => "p-medium-electronic",
                Medium::PaperOriginal => "p-medium-original",
                Medium::PaperCopy => "p-medium-copy",
            })
        })
        .collect();
    shell.w.list(&names)
}

fn questions(shell: &Shell, item: &Item) -> Markup {
    html! {
        details.more {
            summary { (shell.w.with("p-item-questions-count", &[("count", item.fields.len().into())])) }
            ul {
                @for wanted in &item.fields {
                    @if let Some(field) = shell.edition.field(&wanted.field) {
                        li { (shell.say(&field.label)) @if let Some(why) = &wanted.why { br; span.quiet.small { (shell.say(why)) } } @if let Some(basis) = &wanted.basis { br; span.small { (law::cite(shell, basis)) } } }
                    }
                }
            }
        }
    }
}

fn steps(shell: &Shell, item: &Item) -> Markup {
    html! { ol.steps { @for step in item.steps.values() { li { (step_line(shell, step)) } } } }
}

fn step_line(shell: &Shell, step: &Step) -> Markup {
    let w = shell.w;
    let who = match &step.by {
        Performer::Role { role } => shell
            .edition
            .department_of(role)
            .map(|department| shell.say(&department.name).to_owned())
            .unwrap_or_default(),
        Performer::Applicant => w.t("p-you"),
        Performer::System => w.t("p-system"),
    };
    html! {
        span.strong { (shell.say(&step.title)) } " " span.quiet { (who) }
        @if let Some(limit) = step.limit { " · " (law::limit(shell, limit)) }
        @if step.present && !step.remote { " " span.tag.plain { (w.t("p-step-present")) } }
        @if step.present && step.remote { " " span.tag.plain { (w.t("p-step-remote")) } }
        @if let Some(place) = &step.place { p.quiet.small { (w.with("p-step-place", &[("place", shell.say(place).to_owned().into())])) } }
        @if let Some(lasts) = step.lasts { p.quiet.small { (w.with("p-step-lasts", &[("time", law::limit(shell, lasts).into())])) } }
        @match &step.counting {
            Counting::Counted => {}
            Counting::Statutory { pause } => { p.quiet.small { (w.with("p-step-not-counted", &[("pause", shell.say(&pause.name()).to_owned().into())])) } }
            Counting::Local { pause } => { @if let Some(pause) = shell.edition.parts().local_pauses.get(pause) { p.quiet.small { (w.with("p-step-local-pause", &[("pause", shell.say(&pause.name).into())])) } } }
        }
        @if let Some(when) = &step.when { p.quiet.small { (w.with("p-step-when", &[("when", in_words(shell, when).into())])) } }
        @if !step.checklist.is_empty() {
            details.more { summary { (w.t("p-step-checklist")) } ul { @for line in &step.checklist { li { (shell.say(line)) } } } }
        }
    }
}

fn limits(shell: &Shell, item: &Item) -> Markup {
    let w = shell.w;
    let limits = &item.limits;
    let rows = [
        (w.t("p-limit-promised"), html! { span.strong { (law::limit(shell, limits.promised)) } }),
        (
            w.t("p-limit-statutory"),
            html! { (law::statutory(shell, item)) @if let Some(basis) = &limits.statutory_basis { br; span.small { (law::cite(shell, basis)) } } },
        ),
        (
            w.t("p-limit-intake"),
            html! {
                (law::limit(shell, limits.intake.limit))
                @if limits.intake.silence == Silence::AcceptedFromReceipt { br; span.quiet.small { (w.t("p-limit-silence")) } }
                @if let Some(basis) = &limits.intake.basis { br; span.small { (law::cite(shell, basis)) } }
            },
        ),
        (
            w.t("p-limit-extension"),
            html! { @match &limits.extension { Some(extension) => { (law::limit(shell, extension.limit)) @if let Some(basis) = &extension.basis { br; span.small { (law::cite(shell, basis)) } } }, None => (w.t("p-limit-extension-none")) } },
        ),
        (
            w.t("p-limit-delivery"),
            html! { @match limits.delivery { Some(limit) => (law::limit(shell, limit)), None => (w.t("p-limit-none")) } },
        ),
    ];
    ui::facts(&rows)
}

fn fees(shell: &Shell, item: &Item) -> Markup {
    html! {
        @if item.fees.is_empty() { p { (shell.w.t("p-fees-none")) } }
        @else { ul.papers { @for fee in item.fees.values() { li { (shell.say(&fee.title)) (shell.colon()) span.strong { (fee.amount) } " " (shell.w.t("unit-yuan")) @if let Some(how) = &fee.how { br; (shell.say(how)) } br; span.small { (law::cite(shell, &fee.basis)) } } } } }
    }
}

fn results(shell: &Shell, item: &Item) -> Markup {
    let w = shell.w;
    html! {
        @if item.results.is_empty() { p { (w.t("p-results-none")) } }
        @else {
            ul.papers {
                @for result in item.results.values() {
                    li {
                        span.strong { (shell.say(&result.title)) } " " span.quiet { (w.t(result_kind(result.kind))) }
                        @if let Some(valid) = result.valid { br; span.small {
                            (match valid {
                                Validity::Years(count) => w.with("p-valid-years", &[("count", count.into())]),
                                Validity::Months(count) => w.with("p-valid-months", &[("count", count.into())]),
                                Validity::Days(count) => w.with("p-valid-days", &[("count", count.into())]),
                            })
                        } }
                    }
                }
            }
        }
    }
}

const fn result_kind(kind: ResultKind) -> &'static str {
    match kind {
        ResultKind::Licence => "p-result-licence",
        ResultKind::Approval => "p-result-approval",
        ResultKind::Record => "p-result-record",
        ResultKind::Certificate => "p-result-certificate",
        ResultKind::Reply => "p-result-reply",
    }
}

fn windows(shell: &Shell, item: &Item) -> Markup {
    let parts = shell.edition.parts();
    let serving = parts.windows.values().filter(|window| match &window.serves {
        Serves::All => true,
        Serves::Classes { classes } => classes.contains(&item.class),
        Serves::Items { items } => items.contains(&item.id),
    });
    let serving: Vec<_> = serving.collect();
    html! {
        @if serving.is_empty() { p { (shell.w.t("p-windows-none")) } }
        @for hall in parts.halls.values() {
            @let here: Vec<_> = serving.iter().copied().filter(|window| window.hall == hall.id).collect();
            @if !here.is_empty() {
                div.card {
                    h3 { (shell.say(&hall.name)) }
                    p { (shell.say(&hall.address)) }
                    @for (names, roster) in by_roster(shell, &here) { p.strong { (names) } (law::hours(shell, roster)) }
                }
            }
        }
    }
}

/// Windows that are open at the same hours are told together.
fn by_roster<'w>(shell: &Shell, windows: &[&'w Window]) -> Vec<(String, &'w [Opening])> {
    let mut groups: Vec<(Vec<&str>, &[Opening])> = Vec::new();
    for window in windows {
        let name = shell.say(&window.name);
        match groups.iter_mut().find(|(_, roster)| *roster == window.roster) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], &window.roster)),
        }
    }
    groups.into_iter().map(|(names, roster)| (shell.w.list(&names), roster)).collect()
}

pub fn remedies(shell: &Shell, item: &Item) -> Markup {
    let w = shell.w;
    let department = shell.edition.department(&item.department);
    html! {
        ul.papers { @for remedy in &shell.edition.zone().remedies { li { (law::cite(shell, remedy)) } } }
        @if let Some(department) = department {
            dl.facts {
                @if let Some(place) = &department.reconsideration { div { dt { (w.t("p-reconsideration")) } dd { (shell.say(place)) } } }
                @if let Some(court) = &department.court { div { dt { (w.t("p-court")) } dd { (shell.say(court)) } } }
            }
        }
    }
}

/// A condition as people read it: the labels of questions and options instead of their names.
fn in_words(shell: &Shell, condition: &Condition) -> String {
    condition.told(&FieldLabels(&shell.edition), shell.lang)
}

struct FieldLabels<'e>(&'e Edition);

impl Labels for FieldLabels<'_> {
    fn label(&self, name: &str, lang: Lang) -> String {
        self.0.field(&name.into()).map_or_else(|| name.to_owned(), |field| field.label.get(lang).to_owned())
    }

    fn option(&self, name: &str, value: &str, lang: Lang) -> String {
        let field = self.0.field(&name.into());
        let options = match field.map(|field| &field.kind) {
            Some(FieldKind::Choice { options } | FieldKind::Choices { options }) => options.as_slice(),
            _ => &[],
        };
        if let Some(option) = options.iter().find(|option| *option.value == *value) {
            return option.label.get(lang).to_owned();
        }
        // An identity document is kept with its kind before the number: `passport:E12345678`.
        let kind = value.strip_suffix(':').and_then(|kind| kind.parse::<identifier::IdentifierKind>().ok());
        let told = if lang == Lang::Zh { identifier::Lang::Zh } else { identifier::Lang::En };
        kind.map_or_else(|| format!("“{value}”"), |kind| kind.document(told).to_owned())
    }

    fn unit(&self, name: &str, lang: Lang) -> String {
        match self.0.field(&name.into()).map(|field| &field.kind) {
            Some(FieldKind::Number { unit: Some(unit), .. }) => unit.get(lang).to_owned(),
            Some(FieldKind::Money { .. }) => if lang == Lang::Zh { "元" } else { "yuan" }.to_owned(),
            _ => String::new(),
        }
    }
}
