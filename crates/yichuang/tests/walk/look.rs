//! What every page on the way must be, judged in one look.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::driver::{Browser, PHONE_WIDTH};
use crate::http;

/// Words in Latin letters that Chinese pages may have: formats, marks of products and units, the other language's name.
const LATIN: [&str; 18] = [
    "English", "PDF", "JPG", "JPEG", "PNG", "HEIC", "MB", "KB", "OFD", "SM2", "SM3", "QR", "JSON", "iCal",
    "WeChat", "Yichuang", "Word", "Excel",
];

#[derive(Debug, Deserialize)]
struct Seen {
    width: u64,
    wide: Vec<String>,
    text: String,
    lang: String,
    ways: usize,
    links: Vec<String>,
    /// Kinds of elements, by tag, class, type and role.
    shapes: BTreeSet<String>,
}

const LOOK: &str = "
    const main = document.querySelector('main') || document.body, wide = [];
    const width = document.scrollingElement.scrollWidth;
    if (width > arguments[0]) for (const each of document.body.querySelectorAll('*'))
        if (each.getBoundingClientRect().right > arguments[0] + 1 && wide.length < 3) wide.push(each.tagName + '.' + each.className);
    return {width, wide, lang: document.documentElement.lang, text: main.innerText,
        ways: main.querySelectorAll('a[href], button').length,
        shapes: [...new Set([...document.body.querySelectorAll('*')].map(each => [each.tagName, each.getAttribute('class'), each.getAttribute('type'), each.getAttribute('role')].join(' ')))],
        links: [...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href')).filter(a => a.startsWith('/'))};";

/// What was judged before.
#[derive(Debug, Default)]
pub struct Known {
    /// Kinds of pages of each thing.
    pages: Mutex<BTreeSet<String>>,
    /// Kinds of elements that the accessibility checker has seen somewhere.
    shapes: Mutex<BTreeSet<String>>,
    links: Mutex<BTreeSet<String>>,
}

impl Known {
    fn is_new(seen: &Mutex<BTreeSet<String>>, name: String) -> bool {
        seen.lock().unwrap_or_else(PoisonError::into_inner).insert(name)
    }

    /// How many kinds of pages and of elements the accessibility checker has seen.
    pub fn counts(&self) -> (usize, usize) {
        let count =
            |seen: &Mutex<BTreeSet<String>>| seen.lock().unwrap_or_else(PoisonError::into_inner).len();
        (count(&self.pages), count(&self.shapes))
    }

    /// Whether there is a kind of page or of element that was not seen before.
    fn is_fresh(&self, page: String, shapes: BTreeSet<String>) -> bool {
        let mut fresh = Self::is_new(&self.pages, page);
        let mut known = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        for shape in shapes {
            fresh |= known.insert(shape);
        }
        fresh
    }
}

/// The path with what differs from case to case left out.
pub fn kind_of(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts = path.split('/').map(|part| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        if digits >= 8 || part.len() >= 32 && !part.contains('%') { "*" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Judges the page that is shown to somebody who wrote `own` about the thing; gives what is wrong with it.
pub fn judge(
    browser: &Browser,
    host: &str,
    (thing, own): (&str, &str),
    axe: &str,
    known: &Known,
) -> Vec<String> {
    let kind = kind_of(&browser.path());
    let mut wrong: Vec<String> = browser.complaints();
    let seen = browser.run(LOOK, &json!(PHONE_WIDTH));
    let Ok(seen) = serde_json::from_value::<Seen>(seen) else {
        return vec![format!("{kind}: nothing to see")];
    };
    if browser.look.phone && seen.width > PHONE_WIDTH {
        wrong.push(format!("{} px wide: {:?}", seen.width, seen.wide));
    }
    if seen.ways == 0 {
        wrong.push("a dead end: nothing to press but the frame".into());
    }
    wrong.extend(words(&seen.text, &seen.lang, own));
    if dated(&kind) {
        wrong.extend(yearless(&seen.text));
    }
    let links = seen.links.iter().filter(|link| Known::is_new(&known.links, kind_of(link)));
    let links: Vec<&String> = links.collect();
    let cookie = if links.is_empty() { Vec::new() } else { cookies(browser) };
    for link in links {
        let path = link.split('#').next().unwrap_or_default();
        let head = http::page(host, path, &cookie.join("; ")).unwrap_or_default();
        if !head.starts_with("HTTP/1.1 2") && !head.starts_with("HTTP/1.1 3") {
            wrong.push(format!(
                "the link {} leads to {}",
                kind_of(link),
                head.lines().next().unwrap_or("nothing")
            ));
        }
    }
    if browser.look.script && known.is_fresh(format!("{thing} {kind}"), seen.shapes) {
        wrong.extend(violations(browser, axe));
    }
    wrong.into_iter().map(|what| format!("{kind}: {what}")).collect()
}

fn cookies(browser: &Browser) -> Vec<String> {
    let kept = browser.command("GET", "/cookie", None).unwrap_or_default();
    let pair = |each: &Value| Some(format!("{}={}", each["name"].as_str()?, each["value"].as_str()?));
    kept.as_array().into_iter().flatten().filter_map(pair).collect()
}

/// Papers that are kept for years, where a day without a year says nothing.
fn dated(kind: &str) -> bool {
    kind.starts_with("/v/") || kind.contains("/results/") || kind.contains("/notices/")
}

/// Keys, ids and the other language where sentences should be; not what the person wrote themselves.
pub fn words(text: &str, lang: &str, own: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let word =
        |each: char| !(each.is_ascii_alphanumeric() || matches!(each, '-' | '_' | '.' | '@' | '/' | ':'));
    for each in text.split(word).filter(|each| !each.is_empty()) {
        let letters = each.chars().filter(char::is_ascii_alphabetic).count();
        let digits = each.chars().filter(char::is_ascii_digit).count();
        let named = each.split('-').count();
        if named == 5 && each.len() == 36 {
            wrong.push("a raw id".into());
        } else if letters >= 4 && named >= 3 && digits == 0 && each.to_ascii_lowercase() == each {
            wrong.push(format!("an untranslated key: {each}"));
        } else if lang.starts_with("zh")
            && digits == 0
            && english(each)
            && !is_code(each)
            && !LATIN.contains(&each)
            && !own.contains(each)
        {
            wrong.push(format!("English on a Chinese page: {each}"));
        }
    }
    wrong
}

/// Groups of capitals, as codes of receipts have them.
fn is_code(each: &str) -> bool {
    each.contains('-')
        && each
            .split('-')
            .all(|group| group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// A word, and not an address or a digest.
fn english(each: &str) -> bool {
    let inner = each.chars().skip(1).any(|letter| letter.is_ascii_uppercase());
    each.len() >= 4 && !each.contains(['/', '@', '.']) && (!inner || each.to_ascii_uppercase() == each)
}

fn yearless(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut wrong = Vec::new();
    for (at, _) in chars.iter().enumerate().filter(|(_, each)| **each == '月') {
        let month = chars[..at].iter().rev().take_while(|each| each.is_ascii_digit()).count();
        let day = chars[at + 1..].iter().take_while(|each| each.is_ascii_digit()).count();
        let before = at.checked_sub(month + 1).map(|place| chars[place]);
        if month > 0 && day > 0 && before != Some('年') {
            wrong.push("a day without its year".to_owned());
        }
    }
    wrong
}

/// What axe finds serious or critical.
fn violations(browser: &Browser, axe: &str) -> Vec<String> {
    browser.run(axe, &Value::Null);
    let script = "
        const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}})
           .then(found => done(found.violations.filter(each => ['serious', 'critical'].includes(each.impact)).map(each => each.id + ' ' + each.help + ' ' + each.nodes[0].target.join(' '))))
           .catch(error => done(['axe: ' + error]));";
    let found = browser.run_later(script, &Value::Null);
    found
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|each| format!("axe: {each}"))
        .collect()
}
