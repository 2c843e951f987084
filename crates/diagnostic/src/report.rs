//! Diagnostics: code, severity, labels, fixes; sorting.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Bilingual, RedTape, Sources, Span};

/// The stable number of a rule, such as `Y001`. A code is never reused for another rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

/// Ordered from the most severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// No edition can be made from the pack while it has an error.
    Error,
    Warning,
    Advice,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: Bilingual,
}

/// An edit that fixes the finding: `replacement` in place of the text under `span`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub span: Span,
    pub replacement: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: Bilingual,
    /// The position of the finding. With an empty text it is underlined without words.
    pub primary: Label,
    pub secondary: Vec<Label>,
    pub help: Option<Bilingual>,
    pub fix: Option<Fix>,
    pub cost: Option<RedTape>,
}

impl Diagnostic {
    pub fn new(code: Code, severity: Severity, message: Bilingual, at: Span) -> Self {
        let primary = Label { span: at, text: Bilingual::default() };
        Diagnostic {
            code,
            severity,
            message,
            primary,
            secondary: Vec::new(),
            help: None,
            fix: None,
            cost: None,
        }
    }

    pub fn error(code: Code, message: Bilingual, at: Span) -> Self {
        Self::new(code, Severity::Error, message, at)
    }

    pub fn warning(code: Code, message: Bilingual, at: Span) -> Self {
        Self::new(code, Severity::Warning, message, at)
    }

    pub fn advice(code: Code, message: Bilingual, at: Span) -> Self {
        Self::new(code, Severity::Advice, message, at)
    }

    #[must_use]
    pub fn with_label(mut self, text: Bilingual) -> Self {
        self.primary.text = text;
        self
    }

    #[must_use]
    pub fn with_secondary(mut self, span: Span, text: Bilingual) -> Self {
        self.secondary.push(Label { span, text });
        self
    }

    #[must_use]
    pub fn with_help(mut self, help: Bilingual) -> Self {
        self.help = Some(help);
        self
    }

    #[must_use]
    pub fn with_fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    #[must_use]
    pub fn with_cost(mut self, cost: RedTape) -> Self {
        self.cost = Some(cost);
        self
    }
}

/// Sorts by file name, start, severity, code and end; the sort is stable.
pub fn sort(diagnostics: &mut [Diagnostic], sources: &Sources) {
    diagnostics.sort_by(|a, b| {
        let file = |span: Span| sources.get(span.source).map(|source| &*source.name);
        let key = |d: &Diagnostic| (d.primary.span.start, d.severity, d.code, d.primary.span.end);
        file(a.primary.span).cmp(&file(b.primary.span)).then_with(|| key(a).cmp(&key(b)))
    });
}

pub fn has_errors<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> bool {
    diagnostics.into_iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_goes_by_file_then_place_and_is_stable() {
        let mut sources = Sources::new();
        let later = sources.add("b.yaml", "0123456789");
        let first = sources.add("a.yaml", "0123456789");
        let at = |source, start, message: &str| {
            Diagnostic::error(Code("Y001"), Bilingual::same(message), Span::new(source, start, start + 1))
        };
        let mut all = vec![
            at(later, 0, "b0"),
            at(first, 5, "a5"),
            at(first, 2, "a2 first"),
            at(first, 2, "a2 second"),
            Diagnostic { severity: Severity::Warning, ..at(first, 2, "a2 light") },
        ];
        all.rotate_right(1);
        sort(&mut all, &sources);
        let order: Vec<_> = all.iter().map(|d| d.message.zh.as_str()).collect();
        assert_eq!(order, ["a2 first", "a2 second", "a2 light", "a5", "b0"]);
        assert!(has_errors(&all));
        assert!(!has_errors(&all[2..3]));
    }
}
