//! Finding what somebody wants to do: by words, keywords, pinyin and its initials.

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use catalogue::{Bilingual, Edition, ItemId, ThingId};
use maud::{Markup, html};
use pinyin::ToPinyin;
use serde::Deserialize;

use super::reckon::{Shelf, Shelves};
use crate::app::App;
use crate::shell::{Page, Shell, encode};
use crate::ui;

const QUERY_CHARS_MAX: usize = 60;

/// What can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Thing(ThingId),
    Item(ItemId),
}

#[derive(Debug)]
struct Entry {
    what: Found,
    /// Titles and keywords in lower case, without spaces.
    names: Vec<String>,
    /// Whole syllables and initials of the Chinese names.
    sounds: Vec<(String, String)>,
    /// Longer text that may mention it.
    prose: String,
}

/// All names of an edition.
#[derive(Debug)]
pub struct Index(Vec<Entry>);

impl Index {
    pub fn new(edition: &Edition) -> Self {
        let things = edition.parts().things.values().map(|thing| {
            let mut names = vec![&*thing.title.zh, &*thing.title.en];
            names.extend(thing.keywords.iter().map(String::as_str));
            entry(Found::Thing(thing.id.clone()), &names, &thing.outcome)
        });
        let items = edition.parts().items.values().map(|item| {
            let prose = item.summary.as_ref().unwrap_or(&item.title);
            entry(Found::Item(item.id.clone()), &[&item.title.zh, &item.title.en], prose)
        });
        Self(things.chain(items).collect())
    }

    /// Best first.
    pub fn find(&self, query: &str) -> Vec<&Found> {
        let query = plain(&query.chars().take(QUERY_CHARS_MAX).collect::<String>());
        if query.is_empty() {
            return Vec::new();
        }
        let mut hits: Vec<(u32, usize)> =
            self.0.iter().enumerate().map(|(place, entry)| (score(entry, &query), place)).collect();
        hits.retain(|(score, _)| *score > 0);
        hits.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
        // Where something fits well, what merely shares a syllable is noise.
        let best = hits.first().map_or(0, |(score, _)| *score);
        hits.into_iter()
            .filter(|(score, _)| *score * 4 >= best)
            .map(|(_, place)| &self.0[place].what)
            .collect()
    }
}

fn entry(what: Found, names: &[&str], prose: &Bilingual) -> Entry {
    let sounds = names.iter().filter(|name| !name.is_ascii()).map(|name| {
        let syllables: Vec<&str> =
            name.chars().filter_map(|c| c.to_pinyin()).map(pinyin::Pinyin::plain).collect();
        (syllables.concat(), syllables.iter().filter_map(|syllable| syllable.chars().next()).collect())
    });
    Entry {
        what,
        sounds: sounds.collect(),
        names: names.iter().map(|name| plain(name)).collect(),
        prose: plain(&format!("{}{}", prose.zh, prose.en)),
    }
}

fn plain(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

fn score(entry: &Entry, query: &str) -> u32 {
    let mut best = 0;
    for (place, name) in entry.names.iter().enumerate() {
        // A title says more than a keyword.
        let weight = if place < 2 { 10 } else { 8 };
        best = best.max(match () {
            () if name == query => 12 * weight,
            () if name.starts_with(query) => 10 * weight,
            () if name.contains(query) => 8 * weight,
            () if name.chars().count() > 1 && query.contains(name.as_str()) => 8 * weight,
            () => match shared_pairs(name, query) {
                // One pair out of many is a coincidence.
                0..40 => 0,
                percent => 5 * weight * percent / 100,
            },
        });
    }
    if query.is_ascii() && query.len() > 1 {
        for (whole, initials) in &entry.sounds {
            best = best.max(match () {
                () if initials == query => 90,
                () if whole.starts_with(query) || initials.starts_with(query) => 70,
                () if initials.contains(query) || whole.contains(query) => 50,
                () => 0,
            });
        }
    }
    if best < 20 && query.chars().count() > 1 && entry.prose.contains(query) {
        best = 20;
    }
    best
}

/// Percent of the query's neighbouring pairs of characters that the name has too; for Chinese without word breaks.
fn shared_pairs(name: &str, query: &str) -> u32 {
    if query.is_ascii() {
        return 0;
    }
    let characters: Vec<char> = query.chars().collect();
    let pairs: Vec<String> = characters.windows(2).map(|pair| pair.iter().collect()).collect();
    let shared = pairs.iter().filter(|pair| name.contains(pair.as_str())).count();
    u32::try_from(100 * shared / pairs.len().max(1)).unwrap_or(0)
}

#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

pub async fn page(
    State(_app): State<App>,
    shell: Shell,
    Extension(shelves): Extension<Shelves>,
    Query(asked): Query<Asked>,
) -> Response {
    let w = shell.w;
    let shelf = shelves.current(&shell);
    let query = asked.q.trim();
    let found = shelf.index.find(query);
    let things: Vec<&ThingId> =
        found.iter().filter_map(|found| if let Found::Thing(id) = found { Some(id) } else { None }).collect();
    let items: Vec<&ItemId> =
        found.iter().filter_map(|found| if let Found::Item(id) = found { Some(id) } else { None }).collect();
    let body = html! {
        h1 { (w.t("p-search-title")) }
        (form(&shell, query))
        @if query.is_empty() {
            h2 { (w.t("p-search-all-things")) }
            (thing_list(&shell, &shelf, &all_things(&shell)))
            (by_class(&shell))
        } @else if found.is_empty() {
            (ui::empty(&w.with("p-search-none", &[("query", query.into())]), &w.t("p-search-none-next"), Some(("/search", &w.t("p-search-see-all")))))
        } @else {
            p.quiet role="status" { (w.with("p-search-found", &[("count", found.len().into())])) }
            @if !things.is_empty() { h2 { (w.t("p-search-things")) } (thing_list(&shell, &shelf, &things)) }
            @if !items.is_empty() {
                h2 { (w.t("p-search-items")) }
                (item_list(&shell, &items))
            }
        }
    };
    shell.lay_out(Page::public(w.t("p-search-title"), body).crumb(w.t("nav-home"), "/")).into_response()
}

/// The search field of the home page and of the results.
pub fn form(shell: &Shell, query: &str) -> Markup {
    let w = shell.w;
    html! {
        form action="/search" method="get" role="search" {
            div.question {
                label.visually-hidden for="q" { (w.t("p-search-label")) }
                div.search {
                    input #q type="search" name="q" value=(query) maxlength=(QUERY_CHARS_MAX) placeholder=(w.t("p-search-placeholder")) autocomplete="off" data-search="";
                    button.button type="submit" { (crate::ui::icons::search()) span.visually-hidden { (w.t("p-search-go")) } }
                }
            }
        }
    }
}

fn all_things(shell: &Shell) -> Vec<&ThingId> {
    let mut things: Vec<_> = shell.edition.parts().things.values().collect();
    things.sort_by_key(|thing| thing.home_order.unwrap_or(u16::MAX));
    things.into_iter().map(|thing| &thing.id).collect()
}

pub fn thing_list(shell: &Shell, shelf: &Shelf, things: &[&ThingId]) -> Markup {
    html! {
        ul.things {
            @for thing in things.iter().filter_map(|id| shell.edition.thing(id)) {
                li.thing {
                    h3 { a href=(format!("/things/{}", encode(thing.id.as_str()))) { (shell.say(&thing.title)) } }
                    p { (shell.say(&thing.outcome)) }
                    @if let Some(reckoned) = shelf.of(&thing.id) { (super::home::reckon_line(shell, reckoned)) }
                }
            }
        }
    }
}

fn item_list(shell: &Shell, items: &[&ItemId]) -> Markup {
    html! {
        ul.plain-list {
            @for item in items.iter().filter_map(|id| shell.edition.item(id)) {
                li {
                    a href=(format!("/items/{}", encode(item.id.as_str()))) { (shell.say(&item.title)) }
                    @if let Some(department) = shell.edition.department(&item.department) { " " span.quiet.small { (shell.say(&department.name)) } }
                }
            }
        }
    }
}

fn by_class(shell: &Shell) -> Markup {
    let parts = shell.edition.parts();
    html! {
        h2 { (shell.w.t("p-search-items")) }
        @for class in parts.classes.values() {
            @let items: Vec<&ItemId> = parts.items.values().filter(|item| item.class == class.id).map(|item| &item.id).collect();
            @if !items.is_empty() {
                h3 { (shell.say(&class.name)) }
                (item_list(shell, &items))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let prose = Bilingual::new("说明", "prose");
        Index(vec![
            entry(Found::Thing("甲".into()), &["开办甲店", "Open a shop of kind A", "小卖部"], &prose),
            entry(Found::Thing("乙".into()), &["注销乙企业", "Close an enterprise"], &prose),
        ])
    }

    #[test]
    fn words_keywords_sounds_and_initials_all_find_a_thing() {
        let index = index();
        for query in
            ["开办甲店", "甲店", "我要开个小卖部", "kbjd", "kaiban", "Open a SHOP", "xiaomaibu", "xmb"]
        {
            assert_eq!(index.find(query).first(), Some(&&Found::Thing("甲".into())), "{query}");
        }
        assert_eq!(index.find("zhuxiao"), [&Found::Thing("乙".into())]);
        for query in ["", "  ", "火星", "<script>", "zzzz"] {
            assert!(index.find(query).is_empty(), "{query}");
        }
    }
}
