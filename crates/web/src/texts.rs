//! What pages say, in every language: Fluent files under `texts/`, read once.

use std::sync::OnceLock;

use diagnostic::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

type Bundle = FluentBundle<FluentResource>;

macro_rules! files {
    ($lang:literal) => {
        [
            include_str!(concat!("../texts/", $lang, "/shell.ftl")),
            include_str!(concat!("../texts/", $lang, "/case.ftl")),
            include_str!(concat!("../texts/", $lang, "/public.ftl")),
            include_str!(concat!("../texts/", $lang, "/window.ftl")),
            include_str!(concat!("../texts/", $lang, "/hall.ftl")),
            include_str!(concat!("../texts/", $lang, "/desk.ftl")),
            include_str!(concat!("../texts/", $lang, "/zone.ftl")),
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
        let bundle = bundle(self.0);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            debug_assert!(false, "no text under the key {key}");
            return key.to_owned();
        };
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "the text under {key} does not format: {errors:?}");
        text
    }

    /// Names in a row, set apart as the language does it.
    pub fn list<S: std::borrow::Borrow<str>>(self, names: &[S]) -> String {
        names.join(&self.t("list-comma"))
    }

    /// True when there is such a text; for keys that are put together from codes.
    pub fn has(self, key: &str) -> bool {
        bundle(self.0).has_message(key)
    }
}

fn bundle(lang: Lang) -> &'static Bundle {
    static ZH: OnceLock<Bundle> = OnceLock::new();
    static EN: OnceLock<Bundle> = OnceLock::new();
    match lang {
        Lang::Zh => ZH.get_or_init(|| read("zh-CN", &files!("zh"))),
        Lang::En => EN.get_or_init(|| read("en", &files!("en"))),
    }
}

fn read(language: &str, files: &[&'static str]) -> Bundle {
    let language = language.parse().expect("a language tag written here is well formed");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Isolation marks would end up in copied numbers and in file names; both languages run left to right.
    bundle.set_use_isolating(false);
    for text in files {
        let resource = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) => resource,
            Err((_, errors)) => panic!("a language file does not parse: {errors:?}"),
        };
        if let Err(errors) = bundle.add_resource(resource) {
            panic!("a text is defined twice: {errors:?}");
        }
    }
    bundle
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
        bundle(Lang::Zh);
        bundle(Lang::En);
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
