//! Rules, limits, fees and hours in words: shared by the guides and the form.

use calendar::{Limit, LimitUnit};
use catalogue::{Certainty, Citation, Item, MaterialUse, Opening, OpeningKind, PartyKind, Weekday};
use diagnostic::Lang;
use maud::{Markup, html};

use crate::shell::Shell;

pub const fn calendar_lang(lang: Lang) -> calendar::Lang {
    match lang {
        Lang::Zh => calendar::Lang::Zh,
        Lang::En => calendar::Lang::En,
    }
}

/// `5 个工作日`; nothing at all is 当场办结.
pub fn limit(shell: &Shell, limit: Limit) -> String {
    match limit {
        Limit { amount: 0, .. } => shell.w.t("p-limit-on-the-spot"),
        limit => limit.text(calendar_lang(shell.lang)),
    }
}

/// The statutory limit and its article, if the statute sets one.
pub fn statutory(shell: &Shell, item: &Item) -> Markup {
    match item.limits.statutory {
        Some(limit) if limit.amount == 0 && limit.unit == LimitUnit::WorkingDays => {
            html! { (shell.w.t("p-limit-same-day")) }
        }
        Some(limit) => html! { (limit.text(calendar_lang(shell.lang))) },
        None => html! { (shell.w.t("p-limit-none")) },
    }
}

/// The article, how sure the zone is of it, and what it says.
pub fn cite(shell: &Shell, citation: &Citation) -> Markup {
    html! {
        span.cite { (citation.cite) }
        @if citation.certainty != Certainty::Verified { " " span.quiet.small { (certainty(shell, citation.certainty)) } }
        @if let Some(says) = &citation.says { br; span.quiet { (shell.say(says)) } }
    }
}

fn certainty(shell: &Shell, certainty: Certainty) -> String {
    match certainty {
        Certainty::Verified => shell.w.t("p-certainty-verified"),
        Certainty::Recalled => shell.w.t("p-certainty-recalled"),
        Certainty::Inferred => shell.w.t("p-certainty-inferred"),
    }
}

pub fn party(shell: &Shell, party: PartyKind) -> String {
    match party {
        PartyKind::Natural => shell.w.t("p-party-natural"),
        PartyKind::Legal => shell.w.t("p-party-legal"),
    }
}

pub fn need(shell: &Shell, wanted: &MaterialUse) -> String {
    use catalogue::MaterialNeed as Need;
    shell.w.t(match wanted.need {
        Need::Required => "p-need-required",
        Need::Tolerable => "p-need-tolerable",
        Need::Optional => "p-need-optional",
        Need::Promisable => "p-need-promisable",
    })
}

/// `周一至周五 09:00–17:00`, one line an opening.
pub fn hours(shell: &Shell, openings: &[Opening]) -> Markup {
    html! {
        ul.plain-list.small {
            @for opening in openings {
                li {
                    (days(shell, &opening.days)) " "
                    (format!("{:02}:{:02}–{:02}:{:02}", opening.from.hour(), opening.from.minute(), opening.to.hour(), opening.to.minute()))
                    @match opening.kind {
                        OpeningKind::Regular => {}
                        OpeningKind::Noon => { " " span.quiet { (shell.w.t("p-hours-noon")) } }
                        OpeningKind::Evening => { " " span.quiet { (shell.w.t("p-hours-evening")) } }
                        OpeningKind::Weekend => { " " span.quiet { (shell.w.t("p-hours-weekend")) } }
                    }
                }
            }
        }
    }
}

/// Neighbouring days are told as a span.
fn days(shell: &Shell, days: &[Weekday]) -> String {
    let places: Vec<usize> = Weekday::ALL
        .iter()
        .enumerate()
        .filter(|(_, day)| days.contains(day))
        .map(|(place, _)| place)
        .collect();
    let name = |place: usize| shell.w.t(&format!("weekday-{}", place + 1));
    let (join, to) = if shell.lang == Lang::Zh { ("、", "至") } else { (", ", "–") };
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for place in places {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == place => *last = place,
            _ => spans.push((place, place)),
        }
    }
    let spans: Vec<String> = spans
        .into_iter()
        .map(
            |(first, last)| {
                if first == last { name(first) } else { format!("{}{to}{}", name(first), name(last)) }
            },
        )
        .chain(days.contains(&Weekday::Holiday).then(|| shell.w.t("weekday-holiday")))
        .collect();
    spans.join(join)
}
