//! A pack of which one file is anybody's bytes: compiling ends, has an edition exactly when it has no error, and points only
//! into the files.

#![no_main]

use std::sync::Arc;

use diagnostic::{Lang, Severity, Style};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((place, content)) = data.split_first() else { return };
    let mut files = fuzz::small_pack().clone();
    let names: Vec<_> = files.keys().cloned().collect();
    files.insert(names[usize::from(*place) % names.len()].clone(), Arc::from(content));
    let compiled = checker::compile(&files);
    let errors = compiled.diagnostics.iter().any(|found| found.severity == Severity::Error);
    assert_eq!(errors, compiled.edition.is_none());
    for found in &compiled.diagnostics {
        let labels =
            found.secondary.iter().map(|label| label.span).chain(found.fix.iter().map(|fix| fix.span));
        for span in std::iter::once(found.primary.span).chain(labels) {
            assert!(compiled.sources.text(span).is_some(), "{} points outside its file", found.code);
        }
    }
    for lang in [Lang::Zh, Lang::En] {
        let _ = diagnostic::render_all(&compiled.diagnostics, &compiled.sources, Style::plain(lang));
    }
});
