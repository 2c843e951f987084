//! From positions by name to byte ranges: parses the files with findings again.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use diagnostic::{Diagnostic, Fix, Label, SourceId, Sources, Span};

use crate::PackFiles;
use crate::finding::{Finding, Part, Place, Spot, Step};
use crate::syntax::{self, Entry, Node, Value};

/// Converts findings to diagnostics, with the texts that they point into.
pub fn locate(files: &PackFiles, findings: Vec<Finding>) -> (Vec<Diagnostic>, Sources) {
    let mut wanted: BTreeMap<Arc<str>, Vec<(usize, usize, Place)>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        let places = std::iter::once(&finding.at)
            .chain(finding.secondary.iter().map(|(place, _)| place))
            .chain(finding.fix.iter().map(|(place, _)| place));
        for (slot, place) in places.enumerate() {
            wanted.entry(place.file.clone()).or_default().push((index, slot, place.clone()));
        }
    }
    let mut sources = Sources::new();
    let mut spans: Vec<Vec<(usize, Span)>> = vec![Vec::new(); findings.len()];
    for (file, places) in wanted {
        let text = files.get(&*file).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        let source = sources.add(file.clone(), &*text);
        let needs_tree = places.iter().any(|(_, _, place)| matches!(place.spot, Spot::Path { .. }));
        let parsed =
            (needs_tree && file.ends_with(".yaml")).then(|| syntax::parse(&text, &crate::shape::is_key));
        for (index, slot, place) in places {
            let range = match &place.spot {
                Spot::Bytes(range) => range.clone(),
                Spot::Path { steps, part } => match &parsed {
                    Some(parsed) => find(&parsed.root, steps, part),
                    None => 0..0,
                },
            };
            spans[index].push((slot, span(source, range, &text)));
        }
    }
    let diagnostics =
        findings.into_iter().zip(spans).map(|(finding, spans)| assemble(finding, spans)).collect();
    (diagnostics, sources)
}

fn span(source: SourceId, range: Range<usize>, text: &str) -> Span {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(range.start);
    Span::new(source, start, floor(range.end).max(start))
}

fn assemble(finding: Finding, mut spans: Vec<(usize, Span)>) -> Diagnostic {
    spans.sort_by_key(|(slot, _)| *slot);
    let mut spans = spans.into_iter().map(|(_, span)| span);
    let primary = Label { span: spans.next().unwrap_or_default(), text: finding.label };
    let secondary = finding
        .secondary
        .into_iter()
        .map(|(_, text)| Label { span: spans.next().unwrap_or_default(), text })
        .collect();
    let fix = finding.fix.map(|(_, replacement)| Fix { span: spans.next().unwrap_or_default(), replacement });
    Diagnostic {
        code: finding.code,
        severity: finding.severity,
        message: finding.message,
        primary,
        secondary,
        help: finding.help,
        fix,
        cost: finding.cost,
    }
}

/// The range of the node at `steps`, or of the deepest one that exists on the way.
fn find(root: &Node<'_>, steps: &[Step], part: &Part) -> Range<usize> {
    let mut node = root;
    let mut entry: Option<&Entry<'_>> = None;
    let mut reached = true;
    for step in steps {
        let next = match (step, &node.value) {
            (Step::Key(key), Value::Map(map)) => map.entry(key).map(|found| (Some(found), &found.value)),
            // A list of names counts as a mapping with these keys, and a single value as a list of one.
            (Step::Key(_), Value::Scalar(_)) => Some((entry, node)),
            (Step::Index(index), Value::List(list)) => list.get(*index).map(|found| (None, found)),
            (Step::Index(0), Value::Scalar(_)) => Some((entry, node)),
            _ => None,
        };
        match next {
            Some((found, value)) => {
                entry = found;
                node = value;
            }
            None => {
                reached = false;
                break;
            }
        }
    }
    let first_line = |node: &Node<'_>| match &node.value {
        Value::Map(map) => map.entries.first().map_or(node.at.clone(), |entry| entry.key_at.clone()),
        _ => node.at.clone(),
    };
    match (part, entry) {
        (Part::Within(range), _) if reached => match node.scalar() {
            Some(scalar) => scalar.range(range.clone()),
            None => first_line(node),
        },
        (Part::Value, Some(entry)) if reached && entry.value.scalar().is_none() => entry.key_at.clone(),
        (Part::Value, _) if reached => first_line(node),
        (_, Some(entry)) => entry.key_at.clone(),
        (_, None) => first_line(node),
    }
}
