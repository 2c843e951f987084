//! Pauses, as days and as instants.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A period in which a clock stands still. The engine that starts it decides whether the law allows its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    pub kind: Arc<str>,
    pub from: Timestamp,
    /// `None` while the pause is open. A `to` before `from` covers nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

impl Pause {
    pub fn new(kind: impl Into<Arc<str>>, from: Timestamp, to: Option<Timestamp>) -> Pause {
        Pause { kind: kind.into(), from, to }
    }

    pub fn is_open(&self) -> bool {
        self.to.is_none()
    }

    pub fn covers(&self, instant: Timestamp) -> bool {
        self.from <= instant && self.to.is_none_or(|to| instant < to)
    }
}

/// A half-open interval on an integer axis: day numbers or nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span<T> {
    pub from: T,
    pub to: T,
}

/// Sorts and merges, so that overlapping pauses count once. Empty intervals are dropped.
pub(crate) fn merged<T: Copy + Ord>(spans: impl Iterator<Item = Span<T>>) -> Vec<Span<T>> {
    let mut sorted: Vec<Span<T>> = spans.filter(|span| span.from < span.to).collect();
    sorted.sort_unstable_by_key(|span| span.from);
    let mut merged: Vec<Span<T>> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match merged.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_touching_and_nested_stretches_merge() {
        let span = |from, to| Span { from, to };
        let spans = [span(8, 9), span(1, 4), span(3, 6), span(6, 7), span(2, 3), span(5, 5), span(9, 2)];
        assert_eq!(merged(spans.into_iter()), [span(1, 7), span(8, 9)]);
    }
}
