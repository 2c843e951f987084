//! What a finding costs applicants: questions, papers, visits to the hall.

use std::iter::Sum;
use std::ops::Add;

use serde::{Deserialize, Serialize};

use crate::{Bilingual, Diagnostic};

/// What fixing a finding would save each applicant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RedTape {
    pub questions: u32,
    pub papers: u32,
    pub visits: u32,
}

impl RedTape {
    pub fn questions(questions: u32) -> Self {
        RedTape { questions, ..Self::default() }
    }

    pub fn papers(papers: u32) -> Self {
        RedTape { papers, ..Self::default() }
    }

    pub fn visits(visits: u32) -> Self {
        RedTape { visits, ..Self::default() }
    }

    pub fn is_zero(self) -> bool {
        self == Self::default()
    }

    /// The sum over all findings with a cost.
    pub fn total<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        diagnostics.into_iter().filter_map(|diagnostic| diagnostic.cost).sum()
    }

    /// `少问 2 项、少交 1 份`; empty when nothing would be saved.
    pub fn sentence(self) -> Bilingual {
        let parts = [
            (self.questions, "少问", "项", "question"),
            (self.papers, "少交", "份材料", "paper"),
            (self.visits, "少跑", "趟", "visit"),
        ];
        let mut zh = Vec::new();
        let mut en = Vec::new();
        for (count, verb, unit, noun) in parts.into_iter().filter(|part| part.0 > 0) {
            zh.push(format!("{verb} {count} {unit}"));
            en.push(format!("{count} {noun}{}", if count == 1 { "" } else { "s" }));
        }
        if zh.is_empty() {
            return Bilingual::default();
        }
        Bilingual::new(zh.join("、"), format!("saves {}", en.join(", ")))
    }
}

impl Add for RedTape {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        RedTape {
            questions: self.questions.saturating_add(other.questions),
            papers: self.papers.saturating_add(other.papers),
            visits: self.visits.saturating_add(other.visits),
        }
    }
}

impl Sum for RedTape {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        costs.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Severity, Span};

    #[test]
    fn costs_add_up_and_read_as_a_sentence() {
        let finding = |cost| {
            let text = Bilingual::same("x");
            Diagnostic::new(crate::Code("Y301"), Severity::Warning, text, Span::default()).with_cost(cost)
        };
        let all = [finding(RedTape::papers(1)), finding(RedTape::questions(2)), finding(RedTape::papers(1))];
        let total = RedTape::total(&all);
        assert_eq!(total, RedTape { questions: 2, papers: 2, visits: 0 });
        assert_eq!(
            total.sentence(),
            Bilingual::new("少问 2 项、少交 2 份材料", "saves 2 questions, 2 papers")
        );
        assert!(RedTape::default().sentence().is_empty());
    }
}
