//! The guide of a thing: what one ends up with, what it takes in one's own situation, and the way to begin.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, Query, State};
use calendar::Date;
use catalogue::{Edition, FieldId, PartyKind, Thing};
use form::{
    Answers, Form, Input, KnownFacts, MaterialStatus, Modes, Part, Question, Raw, parse_answer, usual_answers,
};
use maud::{Markup, PreEscaped, html};

use super::lanes::lanes;
use super::law;
use super::reckon::{Reckoned, Shelves};
use super::visitor::{Guest, value};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, Width, encode};
use crate::ui::{self, FieldView};

/// What the situation says, as it came in the address.
struct Situation {
    party: PartyKind,
    chosen: Answers,
    raw: BTreeMap<FieldId, Raw>,
}

impl Situation {
    fn read(edition: &Edition, thing: &Thing, pairs: &[(String, String)], day: Date) -> Self {
        let party = party_kind(value(pairs, "party")).filter(|party| thing.applicants.contains(party));
        let party = party.or_else(|| thing.applicants.first().copied()).unwrap_or(PartyKind::Natural);
        let mut raw = ui::raw_answers(pairs);
        raw.retain(|id, raw| edition.field(id).is_some() && !raw.is_blank());
        let mut chosen = Answers::new();
        for (id, raw) in &raw {
            let Some(field) = edition.field(id) else { continue };
            match parse_answer(field, raw, day) {
                Ok(Some(value)) => chosen.give(id.clone(), value),
                Ok(None) => {}
                Err(_) => chosen.keep_typed(id.clone(), raw.clone()),
            }
        }
        let party = form::party_of(thing, &chosen).unwrap_or(party);
        Self { party, chosen, raw }
    }
}

impl Situation {
    /// This page for another kind of party in the same situation.
    fn address(&self, thing: &Thing, party: PartyKind) -> String {
        let mut address = format!("/things/{}?party={}", encode(thing.id.as_str()), party_value(party));
        let asked = thing.party_field();
        if let Some(field) = asked {
            address.push_str(&format!("&f.{}={}", encode(field.as_str()), party_value(party)));
        }
        for (field, raw) in self.raw.iter().filter(|(field, _)| Some(*field) != asked) {
            let texts: &[String] = match raw {
                Raw::One(text) => std::slice::from_ref(text),
                Raw::Many(texts) => texts,
                Raw::Rows(_) => &[],
            };
            for text in texts {
                address.push_str(&format!("&f.{}={}", encode(field.as_str()), encode(text)));
            }
        }
        address
    }
}

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Extension(shelves): Extension<Shelves>,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Markup, Failure> {
    let edition = shell.edition.clone();
    let thing = edition.thing(&id.as_str().into()).ok_or(Failure::NotFound)?;
    let body = if pairs.is_empty() {
        let kept = shelves.current(&shell).guide(&shell, thing, |shell| draw(shell, thing, &[]));
        PreEscaped(kept.to_string())
    } else {
        draw(&shell, thing, &pairs)
    };
    let mut own = None;
    for by in guest.ways(&shell) {
        own = own.or(app.office.drafts(by).await?.into_iter().find(|open| open.draft.thing == thing.id));
    }
    let w = shell.w;
    let body = html! {
        @if let Some(open) = &own {
            (ui::panel("", html! {
                p { span.strong { (w.t("guide-own-draft")) } " · " (w.with("p-draft-saved-at", &[("at", ui::date_time(&shell, open.draft.saved_at).into())])) }
                p { a.button href=(format!("/drafts/{}", open.id)) { (w.t("guide-own-draft-go")) } }
            }))
        }
        (body)
    };
    Ok(shell.lay_out(
        Page::public(shell.say(&thing.title), body).width(Width::Narrow).crumb(shell.w.t("nav-home"), "/"),
    ))
}

/// The guide in the situation that the address tells. It says the same to everybody: it is kept and shown to others.
fn draw(shell: &Shell, thing: &Thing, pairs: &[(String, String)]) -> Markup {
    let w = shell.w;
    let edition = &*shell.edition;
    let day = ui::civil(shell, shell.now).date();
    let situation = Situation::read(edition, thing, pairs, day);
    let (modes, known) = (Modes::default(), KnownFacts::new());
    let input = |answers| Input {
        edition,
        thing,
        party: situation.party,
        known: &known,
        answers,
        modes: &modes,
        today: day,
    };
    let asked = Form::new(input(&situation.chosen));
    let answers = usual_answers(input(&situation.chosen));
    let form = Form::new(input(&answers));
    let plan = form.plan(day);
    let own = !situation.chosen.is_empty();
    html! {
        h1 { (shell.say(&thing.title)) }
        p.lead { (shell.say(&thing.outcome)) }
        (figures(shell, &Reckoned::of(&asked.outlook())))
        section.card aria-labelledby="situation-title" {
            h2 #situation-title { (w.t("p-thing-situation")) }
            p.quiet { (w.t(if own { "p-thing-situation-own" } else { "p-thing-situation-usual" })) }
            (situation_form(shell, thing, &situation, &asked))
        }
        // What was not said is not held against anybody.
        (closed(shell, &asked, |party| html! { p { a.button.second href=(situation.address(thing, party)) { (as_party(shell, party)) } } }))
        @if form.nothing_applies() {
            (ui::panel("soon", html! { p { (w.t("p-nothing-applies")) } }))
        } @else {
            (obstacles(shell, &form, |question| (question.part == Part::Situation).then(|| format!("#{}", encode(&ui::anchor(question.id()))))))
            section aria-labelledby="lanes-title" {
                h2 #lanes-title { (w.t("p-lanes-title")) }
                p.quiet { (w.t("p-lanes-hint")) }
                (lanes(shell, &plan, day))
            }
            (papers(shell, &form))
            @if form.items().count() > 1 { (comparison(shell, &form)) }
            (items(shell, &form))
        }
        (begin(shell, thing, &situation))
    }
}

fn figures(shell: &Shell, reckoned: &Reckoned) -> Markup {
    let w = shell.w;
    let Reckoned { merged, settled, done_on, .. } = reckoned;
    let rows = [("questions", merged.questions), ("papers", merged.materials), ("visits", merged.visits)];
    html! {
        ul.figures.reckoned {
            @for (what, count) in rows {
                li.figure {
                    span.n { @if !settled && count > 0 { span.about { (w.t("p-about")) } " " } (count) }
                    span.what { (w.with(&format!("p-figure-{what}"), &[("count", count.into())])) @if count == 0 && !settled { (w.t("p-figure-likely")) } }
                }
            }
            @if let Some(day) = done_on { li.figure { span.n.date { (ui::date(shell, *day)) } span.what { (w.t("p-figure-done")) } } }
        }
    }
}

/// The way into the form from the end of the page, as the figures above are reckoned.
fn begin(shell: &Shell, thing: &Thing, situation: &Situation) -> Markup {
    html! {
        form.begin method="post" action="/drafts" {
            (ui::hidden("thing", thing.id.as_str()))
            (ui::hidden("party", party_value(situation.party)))
            (carried(&situation.raw))
            (ui::actions(html! { button.button.big type="submit" { (shell.w.t("p-thing-begin")) } }))
        }
    }
}

fn who(shell: &Shell, thing: &Thing, situation: &Situation) -> Markup {
    let w = shell.w;
    html! {
        @if thing.applicants.len() > 1 && thing.party_field().is_none() {
            fieldset.question aria-describedby="who-hint" {
                legend { (w.t("p-thing-who")) }
                p.hint #who-hint { (w.t("p-thing-who-hint")) }
                div.choices.inline {
                    @for party in &thing.applicants {
                        label.choice { input type="radio" name="party" value=(party_value(*party)) checked[*party == situation.party]; span { (law::party(shell, *party)) } }
                    }
                }
            }
        } @else { (ui::hidden("party", party_value(situation.party))) }
    }
}

/// `以个人身份申请`.
pub fn as_party(shell: &Shell, party: PartyKind) -> String {
    shell.w.with("p-closed-change", &[("party", law::party(shell, party).into())])
}

/// What a form's choice means.
pub fn party_kind(value: &str) -> Option<PartyKind> {
    [PartyKind::Natural, PartyKind::Legal].into_iter().find(|party| party_value(*party) == value)
}

pub const fn party_value(party: PartyKind) -> &'static str {
    match party {
        PartyKind::Natural => "natural",
        PartyKind::Legal => "legal",
    }
}

/// What was said about the situation goes along into the form.
fn carried(raw: &BTreeMap<FieldId, Raw>) -> Markup {
    html! {
        @for (field, raw) in raw {
            @match raw {
                Raw::One(text) => (ui::hidden(&format!("f.{field}"), text)),
                Raw::Many(texts) => { @for text in texts { (ui::hidden(&format!("f.{field}"), text)) } }
                Raw::Rows(_) => {}
            }
        }
    }
}

fn situation_form(shell: &Shell, thing: &Thing, situation: &Situation, asked: &Form<'_>) -> Markup {
    let w = shell.w;
    let address = format!("/things/{}", encode(thing.id.as_str()));
    let questions: Vec<_> =
        asked.questions().iter().filter(|question| question.part == Part::Situation).collect();
    html! {
        @if questions.is_empty() { p { (w.t("p-thing-no-situation")) } }
        // One form for both: whoever has chosen and begins takes the choice along.
        form method="get" action=(address) {
            (ui::hidden("thing", thing.id.as_str()))
            (who(shell, thing, situation))
            @for question in &questions {
                (ui::field(shell, &FieldView {
                    field: question.field,
                    label: question.label,
                    hint: question.hint,
                    value: question.value,
                    typed: question.typed,
                    problems: question.problems.iter().map(|problem| shell.say(&problem.text).to_owned()).collect(),
                    required: true,
                    none: question.says_none(),
                    why: html! {},
                }))
            }
            (ui::actions(html! {
                @if !questions.is_empty() || thing.applicants.len() > 1 { button.button.second type="submit" { (w.t("p-thing-reckon")) } }
                button.button.big type="submit" formaction="/drafts" formmethod="post" { (w.t("p-thing-begin")) }
                @if !situation.chosen.is_empty() { a href=(address) { (w.t("p-thing-reset")) } }
            }))
            p.quiet.small { (w.t("p-thing-begin-hint")) }
        }
    }
}

/// Requirements that the answers do not meet, and the way on. `place` is where a question is answered, if from here.
pub fn obstacles(shell: &Shell, form: &Form<'_>, place: impl Fn(&Question<'_>) -> Option<String>) -> Markup {
    let w = shell.w;
    html! {
        @for obstacle in form.obstacles() {
            @let asked = form.questions().iter().filter(|question| obstacle.fields.iter().any(|field| *question.id() == **field));
            (ui::panel("late", html! {
                p.strong { (w.with("p-obstacle", &[("item", shell.say(&obstacle.item.title).into())])) }
                p { (shell.say(obstacle.text)) }
                @if let Some(basis) = obstacle.basis { p.small { (law::cite(shell, basis)) } }
                p { (w.t("p-obstacle-next")) }
                ul.plain-list { @for (place, question) in asked.filter_map(|question| Some((place(question)?, question))) { li { a href=(place) { (w.with("p-obstacle-change", &[("question", shell.say(question.label).into())])) } } } }
            }))
        }
    }
}

/// Items that the situation calls for, closed to who applies, and the way out. `change` is how the other kind of party is
/// chosen on this page.
pub fn closed(shell: &Shell, form: &Form<'_>, change: impl Fn(PartyKind) -> Markup) -> Markup {
    let w = shell.w;
    let thing = form.thing();
    let items = form.closed_to_party();
    let other = thing
        .applicants
        .iter()
        .copied()
        .find(|party| *party != form.party() && items.iter().all(|item| item.applicants.contains(party)));
    html! {
        @if !items.is_empty() {
            (ui::panel("late", html! {
                @for item in items {
                    p.strong { (w.with("p-closed", &[("item", shell.say(&item.title).into()), ("party", law::party(shell, form.party()).into())])) }
                }
                @match other {
                    Some(party) => { p { (w.with("p-closed-other", &[("party", law::party(shell, party).into())])) } (change(party)) }
                    None => { p { (w.t("p-closed-next")) } }
                }
            }))
        }
    }
}

fn papers(shell: &Shell, form: &Form<'_>) -> Markup {
    let w = shell.w;
    let (held, brought): (Vec<_>, Vec<_>) =
        form.materials().iter().partition(|due| due.status == MaterialStatus::Supplied);
    html! {
        section aria-labelledby="papers-title" {
            h2 #papers-title { (w.t("p-papers-title")) }
            @if brought.is_empty() { p { (w.t("p-papers-none")) } }
            @else {
                ul.papers {
                    @for due in &brought {
                        li {
                            span.strong { (shell.say(&due.material.title)) }
                            @if due.status == MaterialStatus::Optional { " " span.tag.plain { (w.t("p-need-optional")) } }
                            @if let Some(key) = leniency(due) { " " span.tag.plain { (w.t(key)) } }
                            @if let Some(hint) = &due.material.hint { p.quiet.small { (shell.say(hint)) } }
                        }
                    }
                }
            }
            @if !held.is_empty() {
                h3 { (w.t("p-papers-held")) }
                ul.papers.held { @for due in &held { li { (shell.say(&due.material.title)) @if let Some(from) = due.supplied_by { " " span.quiet.small { (supplier(shell, &from)) } } } } }
            }
        }
    }
}

/// Where the strictest item still lets it come later, or lets a promise stand in for it.
fn leniency(due: &form::MaterialDue<'_>) -> Option<&'static str> {
    if !due.may_follow() {
        return None;
    }
    let tolerable = due.uses.iter().any(|each| each.need == catalogue::MaterialNeed::Tolerable);
    Some(if tolerable { "p-paper-may-follow" } else { "p-need-promisable" })
}

/// Who has the paper already.
pub fn supplier(shell: &Shell, from: &form::Supplier<'_>) -> String {
    let name = match from {
        form::Supplier::Zone { item, .. } => shell.edition.item(item).map(|item| shell.say(&item.title)),
        form::Supplier::Registry(id) => {
            shell.edition.parts().registries.get(*id).map(|registry| shell.say(&registry.title))
        }
    };
    shell.w.with("p-paper-from", &[("source", name.unwrap_or(from.name()).into())])
}

fn comparison(shell: &Shell, form: &Form<'_>) -> Markup {
    let w = shell.w;
    let column = |title: &str, counts: form::Counts| {
        html! {
            div {
                h3 { (w.t(title)) }
                ul {
                    @for (what, count) in [("questions", counts.questions), ("papers", counts.materials), ("visits", counts.visits)] {
                        li { b { (count) } " " (w.with(&format!("p-figure-{what}"), &[("count", count.into())])) }
                    }
                }
            }
        }
    };
    html! {
        section aria-labelledby="compare-title" {
            h2 #compare-title { (w.t("p-compare-title")) }
            div.compare { (column("p-compare-separate", form.separate())) (column("p-compare-here", form.merged())) }
        }
    }
}

fn items(shell: &Shell, form: &Form<'_>) -> Markup {
    let w = shell.w;
    html! {
        section aria-labelledby="items-title" {
            h2 #items-title { (w.t("p-thing-items")) }
            @for item in form.items() {
                details.card.more {
                    summary { (shell.say(&item.title)) }
                    @let rows = [
                        (w.t("p-lane-who"), html! { @if let Some(department) = shell.edition.department(&item.department) { (shell.say(&department.name)) } }),
                        (w.t("p-limit-promised"), html! { (law::limit(shell, item.limits.promised)) }),
                        (w.t("p-limit-statutory"), law::statutory(shell, item)),
                        (w.t("p-fees"), html! {
                            @if item.fees.is_empty() { (w.t("p-fees-none")) }
                            @for fee in item.fees.values() { (shell.say(&fee.title)) " " (fee.amount) " " (w.t("unit-yuan")) br; }
                        }),
                        (w.t("p-visits"), html! { (w.with("p-reckon-visits", &[("count", item.visits.claimed.into()), ("settled", "yes".into())])) }),
                        (w.t("p-basis"), html! { @for citation in &item.basis { p { (law::cite(shell, citation)) } } }),
                    ];
                    (ui::facts(&rows))
                    p { a href=(format!("/items/{}", encode(item.id.as_str()))) { (w.t("p-thing-item-guide")) } }
                }
            }
        }
    }
}
