//! Diagnostics as the JSON of `yichuang check --format json`.

use serde::Serialize;

use crate::{Diagnostic, Lang, Severity, Sources};

/// One finding as `yichuang check --format json` prints it. The keys and their order are a contract with
/// outside programs; `line` and `column` are 1-based, `column` counts characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub help: Option<String>,
}

pub fn entries(diagnostics: &[Diagnostic], sources: &Sources, lang: Lang) -> Vec<Entry> {
    diagnostics.iter().map(|diagnostic| entry(diagnostic, sources, lang)).collect()
}

/// The findings as indented JSON.
pub fn to_json(diagnostics: &[Diagnostic], sources: &Sources, lang: Lang) -> String {
    serde_json::to_string_pretty(&entries(diagnostics, sources, lang))
        .expect("texts and numbers always serialise")
}

fn entry(diagnostic: &Diagnostic, sources: &Sources, lang: Lang) -> Entry {
    let span = diagnostic.primary.span;
    let place = sources.place(span);
    Entry {
        code: diagnostic.code.0,
        severity: diagnostic.severity,
        message: diagnostic.message.get(lang).to_owned(),
        file: sources.get(span.source).map(|source| source.name.to_string()).unwrap_or_default(),
        line: place.map_or(1, |place| place.line),
        column: place.map_or(1, |place| place.column),
        help: diagnostic.help.as_ref().map(|help| help.get(lang).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bilingual, Code, Span};

    #[test]
    fn the_json_contract_has_these_keys() {
        let mut sources = Sources::new();
        let id = sources.add("甲.yaml", "名称: 甲\n时限: 二十\n");
        let start = "名称: 甲\n时限: ".len();
        let finding = Diagnostic::error(
            Code("Y001"),
            Bilingual::new("应为数字", "expected a number"),
            Span::new(id, start, start + 6),
        )
        .with_help(Bilingual::new("写 20", "write 20"));
        let json = to_json(std::slice::from_ref(&finding), &sources, Lang::En);
        assert_eq!(
            json,
            "[\n  {\n    \"code\": \"Y001\",\n    \"severity\": \"error\",\n    \"message\": \"expected a number\",\n    \
             \"file\": \"甲.yaml\",\n    \"line\": 2,\n    \"column\": 5,\n    \"help\": \"write 20\"\n  }\n]"
        );
        let bare = Diagnostic { help: None, ..finding };
        assert_eq!(entries(&[bare], &sources, Lang::Zh)[0].help, None);
    }
}
