//! Languages, and sentences held in both.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The language a person reads. Chinese is the default everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    /// The BCP 47 tag, for the `lang` attribute of HTML.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLang(pub String);

impl fmt::Display for UnknownLang {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "不认识的语言 / unknown language: {} (zh, en)", self.0)
    }
}

impl std::error::Error for UnknownLang {}

impl FromStr for Lang {
    type Err = UnknownLang;

    /// Accepts `zh`, `en` and any regional form of them (`zh-CN`, `en_GB.UTF-8`), in any case.
    fn from_str(text: &str) -> Result<Self, UnknownLang> {
        let primary = text.split(['-', '_', '.']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") {
            Ok(Lang::Zh)
        } else if primary.eq_ignore_ascii_case("en") {
            Ok(Lang::En)
        } else {
            Err(UnknownLang(text.to_owned()))
        }
    }
}

/// One sentence in both languages, so that the caller chooses the language when it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bilingual {
    pub zh: String,
    pub en: String,
}

impl Bilingual {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Bilingual { zh: zh.into(), en: en.into() }
    }

    /// A text that is the same in both languages: a name, a number, code.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Bilingual { zh: text.clone(), en: text }
    }

    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_read_from_any_regional_form() {
        for (text, lang) in [
            ("zh", Lang::Zh),
            ("zh-CN", Lang::Zh),
            ("ZH_cn.UTF-8", Lang::Zh),
            ("en", Lang::En),
            ("en-GB", Lang::En),
        ] {
            assert_eq!(text.parse(), Ok(lang), "{text}");
        }
        for text in ["", "fr", "english", "中文"] {
            assert_eq!(text.parse::<Lang>(), Err(UnknownLang(text.into())));
        }
        assert_eq!(Lang::default(), Lang::Zh);
    }
}
