//! What pages say, in every language: Fluent files under `texts/`, read once.
//!
//! A page says a hundred things and more, so each text is taken apart when it is read: most are plain or only have
//! places to fill in. Fluent itself is asked only where it has something to decide, as between singular and plural.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

use diagnostic::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

type Bundle = FluentBundle<FluentResource>;

/// The texts of one language.
struct Texts {
    ready: HashMap<String, Ready, BuildHasherDefault<KeyHasher>>,
    bundle: Bundle,
}

/// FNV-1a. Keys are written in this program, so nobody can choose them to meet.
struct KeyHasher(u64);

impl Default for KeyHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A text, taken apart as far as can be done before it is known what it will be about.
enum Ready {
    Plain(String),
    Parts(Vec<Part>),
    /// Something is to be decided.
    Undecided,
}

enum Part {
    Text(String),
    /// The name of an argument.
    Place(String),
}

macro_rules! files {
    ($lang:literal) => {
        [
            include_str!(concat!("../texts/", $lang, "/shell.ftl")),
            include_str!(concat!("../texts/", $lang, "/failing.ftl")),
            include_str!(concat!("../texts/", $lang, "/files.ftl")),
            include_str!(concat!("../texts/", $lang, "/visits.ftl")),
            include_str!(concat!("../texts/", $lang, "/case.ftl")),
            include_str!(concat!("../texts/", $lang, "/public.ftl")),
            include_str!(concat!("../texts/", $lang, "/window.ftl")),
            include_str!(concat!("../texts/", $lang, "/hall.ftl")),
            include_str!(concat!("../texts/", $lang, "/desk.ftl")),
            include_str!(concat!("../texts/", $lang, "/zone.ftl")),
            include_str!(concat!("../texts/", $lang, "/mine.ftl")),
            include_str!(concat!("../texts/", $lang, "/admin.ftl")),
        ]
    };
}

/// The sentences of one language. Copy it about: it is a name, not the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(pub Lang);

impl Words {
    /// The text under `key`.
    pub fn t(self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The text under `key` with its placeholders filled.
    pub fn with(self, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        let texts = texts(self.0);
        let filled = match texts.ready.get(key) {
            None => {
                debug_assert!(false, "no text under the key {key}");
                return key.to_owned();
            }
            Some(Ready::Plain(text)) => return text.clone(),
            Some(Ready::Parts(parts)) => fill(parts, args),
            Some(Ready::Undecided) => None,
        };
        filled.unwrap_or_else(|| texts.decide(key, args))
    }

    /// Names in a row, set apart as the language does it.
    pub fn list<S: std::borrow::Borrow<str>>(self, names: &[S]) -> String {
        names.join(&self.t("list-comma"))
    }

    /// True when there is such a text; for keys that are put together from codes.
    pub fn has(self, key: &str) -> bool {
        texts(self.0).ready.contains_key(key)
    }
}

impl Texts {
    fn decide(&self, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "the text under {key} does not format: {errors:?}");
        text
    }
}

/// `None` when an argument is missing or is neither text nor number.
fn fill(parts: &[Part], args: &[(&'static str, FluentValue<'_>)]) -> Option<String> {
    let mut text = String::with_capacity(96);
    for part in parts {
        match part {
            Part::Text(part) => text.push_str(part),
            Part::Place(wanted) => match &args.iter().find(|(name, _)| name == wanted)?.1 {
                FluentValue::String(value) => text.push_str(value),
                FluentValue::Number(value) => text.push_str(&value.as_string()),
                _ => return None,
            },
        }
    }
    Some(text)
}

fn texts(lang: Lang) -> &'static Texts {
    static ZH: OnceLock<Texts> = OnceLock::new();
    static EN: OnceLock<Texts> = OnceLock::new();
    match lang {
        Lang::Zh => ZH.get_or_init(|| read("zh-CN", &files!("zh"))),
        Lang::En => EN.get_or_init(|| read("en", &files!("en"))),
    }
}

fn read(language: &str, files: &[&'static str]) -> Texts {
    let language = language.parse().expect("a language tag written here is well formed");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Isolation marks would end up in copied numbers and in file names; both languages run left to right.
    bundle.set_use_isolating(false);
    let mut ready = HashMap::default();
    for text in files {
        let resource = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) => resource,
            Err((_, errors)) => panic!("a language file does not parse: {errors:?}"),
        };
        for entry in resource.entries() {
            if let Entry::Message(message) = entry
                && let Some(pattern) = &message.value
            {
                ready.insert(message.id.name.to_owned(), take_apart(pattern));
            }
        }
        if let Err(errors) = bundle.add_resource(resource) {
            panic!("a text is defined twice: {errors:?}");
        }
    }
    Texts { ready, bundle }
}

fn take_apart(pattern: &Pattern<&str>) -> Ready {
    let mut parts = Vec::with_capacity(pattern.elements.len());
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => match parts.last_mut() {
                Some(Part::Text(text)) => text.push_str(value),
                _ => parts.push(Part::Text((*value).to_owned())),
            },
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => parts.push(Part::Place(id.name.to_owned())),
            PatternElement::Placeable { .. } => return Ready::Undecided,
        }
    }
    match parts.as_slice() {
        [Part::Text(text)] => Ready::Plain(text.clone()),
        _ => Ready::Parts(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn keys(files: &[&str]) -> BTreeSet<String> {
        files
            .iter()
            .flat_map(|text| text.lines())
            .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let (zh, en) = (keys(&files!("zh")), keys(&files!("en")));
        assert_eq!(zh.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in English");
        assert_eq!(en.difference(&zh).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in Chinese");
        texts(Lang::Zh);
        texts(Lang::En);
    }

    #[test]
    fn texts_taken_apart_say_what_fluent_says() {
        let mut apart = 0;
        for lang in [Lang::Zh, Lang::En] {
            let texts = texts(lang);
            for (key, ready) in &texts.ready {
                let places: Vec<&str> = match ready {
                    Ready::Parts(parts) => parts
                        .iter()
                        .filter_map(|part| match part {
                            Part::Place(name) => Some(name.as_str()),
                            Part::Text(_) => None,
                        })
                        .collect(),
                    Ready::Plain(_) => Vec::new(),
                    Ready::Undecided => continue,
                };
                // Texts and numbers by turns; a name lives as long as the table.
                let args: Vec<(&'static str, FluentValue<'_>)> = places
                    .iter()
                    .zip(0_i32..)
                    .map(|(name, place)| {
                        let value = if place % 2 == 0 {
                            "<办> & \"甲\"".into()
                        } else {
                            (1_234_567 + place).into()
                        };
                        (*name, value)
                    })
                    .collect();
                assert_eq!(Words(lang).with(key, &args), texts.decide(key, &args), "{key}");
                apart += places.len();
            }
        }
        assert!(apart > 100, "only {apart} places were filled");
    }

    #[test]
    fn where_something_is_to_be_decided_fluent_decides() {
        let say = |lang, count: i32| Words(lang).with("form-problems", &[("count", count.into())]);
        assert_ne!(say(Lang::En, 1), say(Lang::En, 2).replace('2', "1"));
        assert!(matches!(texts(Lang::En).ready["form-problems"], Ready::Undecided));
        assert!(matches!(texts(Lang::Zh).ready["form-problems"], Ready::Parts(_)));
    }

    #[test]
    fn every_key_that_code_names_exists() {
        let known = keys(&files!("zh"));
        let mut missing = Vec::new();
        visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |path, text| {
            for marker in [".t(\"", ".with(\""] {
                for part in text.split(marker).skip(1) {
                    let key = part.split('"').next().unwrap_or_default();
                    if !key.is_empty() && !known.contains(key) && !path.ends_with("texts.rs") {
                        missing.push(format!("{}: {key}", path.display()));
                    }
                }
            }
        });
        assert_eq!(missing, Vec::<String>::new());
    }

    /// A mark of one language that stands between texts of both is wrong in the other.
    #[test]
    fn no_page_in_two_languages_has_a_chinese_colon_of_its_own() {
        // Results are on paper in Chinese, whoever reads them.
        let of_one = ["public/case/result.rs", "shell.rs", "texts.rs"];
        let mut found = Vec::new();
        visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |path, text| {
            if text.contains("\"：\"") && !of_one.iter().any(|end| path.ends_with(end)) {
                found.push(path.display().to_string());
            }
        });
        assert_eq!(found, Vec::<String>::new());
    }

    fn visit(folder: &Path, see: &mut impl FnMut(&Path, &str)) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, see);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                see(&path, &std::fs::read_to_string(&path).unwrap());
            }
        }
    }
}
