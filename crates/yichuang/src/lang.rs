//! The language of this run: `--lang`, wherever it is given, or Chinese.

use std::sync::OnceLock;

use crate::command::Language;

static LANG: OnceLock<Language> = OnceLock::new();

/// The language, determined before arguments are parsed so that parse errors use it, too.
pub fn lang() -> Language {
    *LANG.get_or_init(|| {
        let given: Vec<String> = std::env::args().collect();
        let named = given.windows(2).any(|pair| pair[0] == "--lang" && pair[1] == "en");
        if named || given.iter().any(|one| one == "--lang=en") { Language::En } else { Language::Zh }
    })
}

/// Selects one of two fixed texts.
pub fn say(zh: &'static str, en: &'static str) -> &'static str {
    if lang() == Language::Zh { zh } else { en }
}

/// Selects one of two generated texts.
pub fn says(zh: String, en: String) -> String {
    if lang() == Language::Zh { zh } else { en }
}
