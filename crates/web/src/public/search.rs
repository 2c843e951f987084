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

/// One way of calling something.
#[derive(Debug)]
struct Name {
    /// In lower case, without spaces.
    written: String,
    /// The words of it, where it has spaces between them.
    words: Vec<String>,
    /// Whole syllables and initials, where it is Chinese.
    sounds: Option<(String, String)>,
    weight: u32,
}

/// A title says more than a keyword, and its own keyword more than that of all business of the kind.
const TITLE: u32 = 10;
const KEYWORD: u32 = 8;
const CLASS_KEYWORD: u32 = 5;
/// What a part of a thing is called finds the thing too, after the part.
const PART: u32 = 4;
/// From so many letters on a slip of the keyboard is forgiven.
const SLIP_FROM: usize = 5;

#[derive(Debug)]
struct Entry {
    what: Found,
    names: Vec<Name>,
    /// Longer text that may mention it.
    prose: String,
}

/// All names of an edition.
#[derive(Debug)]
pub struct Index(Vec<Entry>);

impl Index {
    pub fn new(edition: &Edition) -> Self {
        let parts = edition.parts();
        let things = parts.things.values().map(|thing| {
            let items = thing.members.iter().filter_map(|member| parts.items.get(&member.item));
            let called = items.flat_map(|item| {
                let words = item.keywords.iter().map(String::as_str);
                [&*item.title.zh, &*item.title.en].into_iter().chain(words).map(|name| (name, PART))
            });
            let names = titles(&thing.title).chain(keywords(&thing.keywords, KEYWORD)).chain(called);
            entry(Found::Thing(thing.id.clone()), names, &thing.outcome)
        });
        let items = parts.items.values().map(|item| {
            let class = parts.classes.get(&item.class).map(|class| class.keywords.as_slice());
            let names = titles(&item.title)
                .chain(keywords(&item.keywords, KEYWORD))
                .chain(keywords(class.unwrap_or_default(), CLASS_KEYWORD));
            entry(Found::Item(item.id.clone()), names, item.summary.as_ref().unwrap_or(&item.title))
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

fn titles(title: &Bilingual) -> impl Iterator<Item = (&str, u32)> {
    [(&*title.zh, TITLE), (&*title.en, TITLE)].into_iter()
}

fn keywords(words: &[String], weight: u32) -> impl Iterator<Item = (&str, u32)> {
    words.iter().map(move |word| (word.as_str(), weight))
}

fn entry<'a>(what: Found, names: impl Iterator<Item = (&'a str, u32)>, prose: &Bilingual) -> Entry {
    let name = |(name, weight): (&str, u32)| {
        let syllables: Vec<&str> =
            name.chars().filter_map(|c| c.to_pinyin()).map(pinyin::Pinyin::plain).collect();
        let initials = || syllables.iter().filter_map(|syllable| syllable.chars().next()).collect();
        let sounds = (!name.is_ascii()).then(|| (syllables.concat(), initials()));
        let words = name.split_whitespace().map(plain).collect();
        Name { written: plain(name), words, sounds, weight }
    };
    Entry { what, names: names.map(name).collect(), prose: plain(&format!("{}{}", prose.zh, prose.en)) }
}

fn plain(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

fn score(entry: &Entry, query: &str) -> u32 {
    let best = entry.names.iter().map(|name| name.score(query)).max().unwrap_or(0);
    if best < 20 && query.chars().count() > 1 && entry.prose.contains(query) {
        return 20;
    }
    best
}

impl Name {
    fn score(&self, query: &str) -> u32 {
        let (name, weight) = (self.written.as_str(), self.weight);
        let written = match () {
            () if name == query => 12 * weight,
            () if name.starts_with(query) => 10 * weight,
            () if name.contains(query) => 8 * weight,
            () if name.chars().count() > 1 && query.contains(name) => 8 * weight,
            () => match shared_pairs(name, query) {
                // One pair out of many is a coincidence.
                0..40 => 0,
                percent => 5 * weight * percent / 100,
            },
        };
        let written = written.max(self.slip(query));
        let Some((whole, initials)) = &self.sounds else { return written };
        if !query.is_ascii() || query.len() < 2 {
            return written;
        }
        let heard = match () {
            () if initials == query || whole == query => 9 * weight,
            () if whole.starts_with(query) || initials.starts_with(query) => 7 * weight,
            () if initials.contains(query) || whole.contains(query) => 5 * weight,
            // A whole sentence in pinyin that has it somewhere.
            () if whole.len() >= SLIP_FROM && query.contains(whole.as_str()) => 5 * weight,
            () => 0,
        };
        written.max(heard)
    }
}

impl Name {
    /// A word that is off by a letter or two, as it comes from a keyboard.
    fn slip(&self, query: &str) -> u32 {
        if !query.is_ascii() || query.len() < SLIP_FROM {
            return 0;
        }
        let sounds = self.sounds.iter().map(|(whole, _)| whole.as_str());
        let near = |word: &str| {
            word.is_ascii()
                && word.len() >= SLIP_FROM
                && strsim::damerau_levenshtein(word, query) <= query.len() / SLIP_FROM
        };
        let words = self.words.iter().map(String::as_str);
        if words.chain(sounds).any(near) { 4 * self.weight } else { 0 }
    }
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
            div role="status" { (ui::empty(&w.with("p-search-none", &[("query", query.into())]), &w.t("p-search-none-next"), None)) }
            p { (w.t("search-none-elsewhere")) " " (shell.say(&shell.edition.zone().contact)) }
            h2 { (w.t("search-none-here")) }
            (thing_list(&shell, &shelf, &all_things(&shell)))
            p { a href="/search" { (w.t("p-search-see-all")) } }
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
                    input #q type="search" name="q" value=(query) maxlength=(QUERY_CHARS_MAX) placeholder=(w.t("p-search-placeholder")) autocomplete="off" list="named" data-search="";
                    button.button type="submit" { (crate::ui::icons::search()) span.visually-hidden { (w.t("p-search-go")) } }
                }
                // What there is, offered by the browser while one types.
                datalist #named {
                    @for thing in shell.edition.parts().things.values() { option value=(shell.say(&thing.title)) {} }
                    @for item in shell.edition.parts().items.values() { option value=(shell.say(&item.title)) {} }
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

    fn found(what: Found, titles: [&str; 2], own: &[&str], class: &[&str]) -> Entry {
        let prose = Bilingual::new("说明", "prose");
        let names = titles.into_iter().map(|name| (name, TITLE));
        let own = own.iter().map(|name| (*name, KEYWORD));
        entry(what, names.chain(own).chain(class.iter().map(|name| (*name, CLASS_KEYWORD))), &prose)
    }

    fn index() -> Index {
        Index(vec![
            found(Found::Thing("甲".into()), ["开办甲店", "Open a shop of kind A"], &["小卖部"], &[]),
            found(Found::Thing("乙".into()), ["注销乙企业", "Close an enterprise"], &[], &[]),
            found(Found::Item("丙".into()), ["丙登记", "Register C"], &[], &["交钱"]),
            found(Found::Item("丁".into()), ["丁登记", "Register D"], &["交钱"], &["交钱"]),
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
        // A sentence in pinyin, and a slip of the keyboard.
        for query in ["woyaokaixiaomaibu", "kaibnajiadian"] {
            assert_eq!(index.find(query).first(), Some(&&Found::Thing("甲".into())), "{query}");
        }
        assert_eq!(index.find("enterprse"), [&Found::Thing("乙".into())]);
        for query in ["", "  ", "火星", "<script>", "zzzz"] {
            assert!(index.find(query).is_empty(), "{query}");
        }
    }

    #[test]
    fn what_is_said_of_a_whole_class_finds_all_of_it_after_what_says_it_of_itself() {
        for query in ["交钱", "我要交钱", "jiaoqian", "jq"] {
            let both = [&Found::Item("丁".into()), &Found::Item("丙".into())];
            assert_eq!(index().find(query), both, "{query}");
        }
    }
}
