//! Sentences with figures in them, and the names of what is counted.

use maud::{Markup, html};
use office::{FigureFilter, Totals};

use crate::shell::{Shell, encode};
use crate::zone::period;

/// Stand for a figure while the sentence is put together; no text has them.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// The sentence under `key`, each placeholder a piece of markup, in the order that the language wants.
pub fn sentence(shell: &Shell, key: &str, parts: &[(&'static str, Markup)]) -> Markup {
    let args: Vec<_> = (0..)
        .zip(parts)
        .map(|(place, (name, _)): (usize, _)| (*name, format!("{OPEN}{place}{CLOSE}").into()))
        .collect();
    let text = shell.w.with(key, &args);
    html! {
        @for (number, piece) in text.split(OPEN).enumerate() {
            @match piece.split_once(CLOSE) {
                Some((place, rest)) if number > 0 => {
                    @if let Some((_, markup)) = place.parse::<usize>().ok().and_then(|place| parts.get(place)) { (markup) }
                    (rest)
                }
                _ => (piece),
            }
        }
    }
}

/// The page that lists what a figure counts.
pub fn address(filter: &FigureFilter) -> String {
    let mut address =
        format!("/zone/cases?what={}&period={}", filter.what.code(), period::code(filter.period));
    let dimensions = [
        ("department", &filter.department),
        ("item", &filter.item),
        ("thing", &filter.thing),
        ("channel", &filter.channel),
    ];
    for (name, wanted) in dimensions {
        if let Some(wanted) = wanted {
            address.push_str(&format!("&{name}={}", encode(wanted)));
        }
    }
    address
}

/// A figure that opens what it counts.
pub fn figure(totals: &Totals, filter: &FigureFilter) -> Markup {
    html! { a href=(address(filter)) { (totals.count(filter.what)) } }
}

/// `4.2`; a dash where nothing is to be averaged.
pub fn one_place(number: Option<f64>) -> String {
    number.map_or_else(|| "—".to_owned(), |number| format!("{number:.1}"))
}

pub fn department(shell: &Shell, id: &str) -> String {
    shell
        .edition
        .department(&id.into())
        .map_or_else(|| id.to_owned(), |each| shell.say(&each.name).to_owned())
}

pub fn item(shell: &Shell, id: &str) -> String {
    shell.edition.item(&id.into()).map_or_else(|| id.to_owned(), |each| shell.say(&each.title).to_owned())
}

pub fn thing(shell: &Shell, id: &str) -> String {
    shell.edition.thing(&id.into()).map_or_else(|| id.to_owned(), |each| shell.say(&each.title).to_owned())
}

pub fn channel(shell: &Shell, id: &str) -> String {
    let key = format!("zone-channel-{id}");
    if shell.w.has(&key) { shell.w.t(&key) } else { id.to_owned() }
}
