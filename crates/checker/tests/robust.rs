//! For any bytes, compiling ends without a panic, and diagnostics point into the files.

use std::path::Path;
use std::sync::Arc;

use checker::{Compiled, PackFiles, compile};
use proptest::prelude::*;

fn load(root: &Path, folder: &Path, files: &mut PackFiles) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            load(root, &path, files);
            continue;
        }
        let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
        files.insert(name, Arc::from(std::fs::read(&path).expect("a readable file")));
    }
}

fn base() -> PackFiles {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/base");
    let mut files = PackFiles::new();
    load(&root, &root, &mut files);
    files
}

/// Compiles, checks the guarantees of the result, and renders it.
fn survives(files: &PackFiles) {
    let compiled = promised(files);
    let style = diagnostic::Style::plain(diagnostic::Lang::Zh);
    let _ = diagnostic::render_all(&compiled.diagnostics, &compiled.sources, style);
}

fn promised(files: &PackFiles) -> Compiled {
    let compiled = compile(files);
    let errors = compiled.diagnostics.iter().any(|found| found.severity == diagnostic::Severity::Error);
    assert_eq!(errors, compiled.edition.is_none());
    for found in &compiled.diagnostics {
        let fix = found.fix.iter().map(|fix| fix.span);
        let labels = found.secondary.iter().map(|label| label.span);
        for span in std::iter::once(found.primary.span).chain(labels).chain(fix) {
            assert!(
                compiled.sources.text(span).is_some(),
                "{} points outside its file: {span:?}",
                found.code
            );
        }
    }
    compiled
}

#[derive(Clone, Debug)]
enum Change {
    /// Truncates a file.
    Truncate(usize),
    Delete,
    /// Inserts random bytes into it.
    Splice(usize, Vec<u8>),
    /// Gives it the content of another.
    Swap(usize),
    /// Repeats a line.
    Repeat(usize),
    Remove(usize),
    /// Indents a line.
    Indent(usize, u8),
    /// Replaces a character by a mark.
    Mark(usize, char),
}

fn change() -> impl Strategy<Value = Change> {
    let marks = prop::sample::select(vec![
        '：', '，', '“', '”', '"', '\'', '{', '}', '[', ']', ':', ',', '#', '&', '*', '!', '|', '>', '-',
        '\t', '\n', '\r', '\0', ' ', '?', '%', '@', '\\', '\u{feff}', '（', '😀',
    ]);
    prop_oneof![
        any::<usize>().prop_map(Change::Truncate),
        Just(Change::Delete),
        (any::<usize>(), prop::collection::vec(any::<u8>(), 0..12))
            .prop_map(|(at, bytes)| Change::Splice(at, bytes)),
        any::<usize>().prop_map(Change::Swap),
        any::<usize>().prop_map(Change::Repeat),
        any::<usize>().prop_map(Change::Remove),
        (any::<usize>(), 1u8..5).prop_map(|(at, by)| Change::Indent(at, by)),
        (any::<usize>(), marks).prop_map(|(at, mark)| Change::Mark(at, mark)),
    ]
}

fn apply(files: &mut PackFiles, which: usize, change: &Change) {
    let names: Vec<String> = files.keys().cloned().collect();
    if names.is_empty() {
        return;
    }
    let name = &names[which % names.len()];
    let old = files[name].to_vec();
    let lines =
        || -> Vec<Vec<u8>> { old.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect() };
    let new = match change {
        Change::Truncate(at) => old[..at % (old.len() + 1)].to_vec(),
        Change::Delete => {
            files.remove(name);
            return;
        }
        Change::Splice(at, bytes) => {
            let at = at % (old.len() + 1);
            [&old[..at], bytes, &old[at..]].concat()
        }
        Change::Swap(other) => files[&names[other % names.len()]].to_vec(),
        Change::Repeat(at) | Change::Remove(at) | Change::Indent(at, _) => {
            let mut lines = lines();
            if lines.is_empty() {
                return;
            }
            let at = at % lines.len();
            match change {
                Change::Repeat(_) => lines.insert(at, lines[at].clone()),
                Change::Remove(_) => {
                    lines.remove(at);
                }
                Change::Indent(_, by) => {
                    let spaces = vec![b' '; usize::from(*by)];
                    lines[at].splice(0..0, spaces);
                }
                _ => {}
            }
            lines.concat()
        }
        Change::Mark(at, mark) => {
            let text = String::from_utf8_lossy(&old);
            let mut chars: Vec<char> = text.chars().collect();
            if chars.is_empty() {
                return;
            }
            let at = at % chars.len();
            chars[at] = *mark;
            chars.into_iter().collect::<String>().into_bytes()
        }
    };
    files.insert(name.clone(), Arc::from(new));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_pack_is_reported_and_never_panics(
        changes in prop::collection::vec((any::<usize>(), change()), 1..5),
    ) {
        let mut files = base();
        for (which, change) in &changes {
            apply(&mut files, *which, change);
        }
        survives(&files);
    }

    #[test]
    fn any_bytes_in_any_file_are_survived(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        which in 0usize..12,
    ) {
        let mut files = base();
        let names: Vec<String> = files.keys().cloned().collect();
        files.insert(names[which % names.len()].clone(), Arc::from(bytes));
        survives(&files);
    }

    #[test]
    fn any_soup_of_marks_is_survived(
        text in "(\\PC|[\\n\\t :,{}\\[\\]\"'#|>&*!%@`：，“”-]|title|zh|en|steps|when){0,120}",
        which in 0usize..12,
    ) {
        let mut files = base();
        let names: Vec<String> = files.keys().cloned().collect();
        files.insert(names[which % names.len()].clone(), Arc::from(text.into_bytes()));
        survives(&files);
    }
}

#[test]
fn every_prefix_of_every_file_is_survived() {
    let files = base();
    for (name, bytes) in &files {
        for cut in (0..bytes.len()).step_by(7) {
            let mut shorter = files.clone();
            shorter.insert(name.clone(), Arc::from(&bytes[..cut]));
            survives(&shorter);
        }
    }
}

#[test]
fn an_empty_pack_and_a_huge_nesting_are_survived() {
    survives(&PackFiles::new());
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        "a:\n".repeat(10_000),
        "\"".into(),
    ] {
        let mut files = base();
        files.insert("things/丙事/thing.yaml".into(), Arc::from(text.into_bytes()));
        promised(&files);
    }
    let steps: String = (0..3_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let mut files = base();
    files.insert("things/丙事/thing.yaml".into(), Arc::from(steps.into_bytes()));
    promised(&files);
}
