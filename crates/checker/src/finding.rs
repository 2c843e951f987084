//! A diagnostic before it is located: it holds its position by name, and the bytes are looked up only when it
//! is shown.
//!
//! Rules refer to `items/甲/item.yaml → steps → 审查 → limit`. The spans of a whole pack would need more memory
//! than its declarations, so the few files with findings are parsed a second time instead.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::{Bilingual, Code, RedTape, Severity};

/// A position in the pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<str>,
    pub spot: Spot,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    Bytes(Range<usize>),
    Path { steps: Vec<Step>, part: Part },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Key(String),
    Index(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The value; or its key when the value spans several lines.
    Value,
    Key,
    /// A byte range of the text of a scalar.
    Within(Range<usize>),
}

impl Place {
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), spot: Spot::Path { steps: Vec::new(), part: Part::Value } }
    }

    pub fn bytes(file: Arc<str>, range: Range<usize>) -> Self {
        Self { file, spot: Spot::Bytes(range) }
    }

    #[must_use]
    pub fn key(mut self, key: impl AsRef<str>) -> Self {
        if let Spot::Path { steps, .. } = &mut self.spot {
            steps.push(Step::Key(key.as_ref().to_owned()));
        }
        self
    }

    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        if let Spot::Path { steps, .. } = &mut self.spot {
            steps.push(Step::Index(index));
        }
        self
    }

    /// Points at the key instead of its value.
    #[must_use]
    pub fn name(mut self) -> Self {
        if let Spot::Path { part, .. } = &mut self.spot {
            *part = Part::Key;
        }
        self
    }

    #[must_use]
    pub fn within(mut self, range: Range<usize>) -> Self {
        if let Spot::Path { part, .. } = &mut self.spot {
            *part = Part::Within(range);
        }
        self
    }
}

#[derive(Clone, Debug)]
pub struct Finding {
    pub code: Code,
    pub severity: Severity,
    pub message: Bilingual,
    pub at: Place,
    pub label: Bilingual,
    pub secondary: Vec<(Place, Bilingual)>,
    pub help: Option<Bilingual>,
    pub fix: Option<(Place, String)>,
    pub cost: Option<RedTape>,
}

impl Finding {
    pub fn new(
        code: Code,
        severity: Severity,
        at: Place,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity,
            message: Bilingual::new(zh, en),
            at,
            label: Bilingual::default(),
            secondary: Vec::new(),
            help: None,
            fix: None,
            cost: None,
        }
    }

    pub fn error(code: Code, at: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, at, zh, en)
    }

    pub fn warning(code: Code, at: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, at, zh, en)
    }

    pub fn advice(code: Code, at: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(code, Severity::Advice, at, zh, en)
    }

    #[must_use]
    pub fn help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Some(Bilingual::new(zh, en));
        self
    }

    #[must_use]
    pub fn fix(mut self, replacement: impl Into<String>) -> Self {
        self.fix = Some((self.at.clone(), replacement.into()));
        self
    }

    #[must_use]
    pub fn also(mut self, at: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.secondary.push((at, Bilingual::new(zh, en)));
        self
    }

    #[must_use]
    pub fn cost(mut self, cost: RedTape) -> Self {
        self.cost = Some(cost);
        self
    }
}
