//! The whole way from files to an edition.

use std::collections::BTreeMap;
use std::sync::Arc;

use catalogue::{Edition, Story};
use diagnostic::{Diagnostic, RedTape, Severity, Sources};

use crate::finding::Finding;
use crate::resolve::{self, Resolved};
use crate::view::Pack;
use crate::{locate, rules, stories};

/// A pack: path inside it, with `/`, to bytes.
pub type PackFiles = BTreeMap<String, Arc<[u8]>>;

/// What a pack compiles to. All problems are there, in the order of files and places.
#[derive(Debug)]
pub struct Compiled {
    /// `None` exactly when some diagnostic is an error.
    pub edition: Option<Edition>,
    pub stories: Vec<Story>,
    pub diagnostics: Vec<Diagnostic>,
    /// The texts of the files that diagnostics point into.
    pub sources: Sources,
    /// What mending all findings would save each applicant.
    pub red_tape: RedTape,
}

/// Compiles a pack, and says all that is wrong with it in one run. Never panics, whatever the bytes.
pub fn compile(files: &PackFiles) -> Compiled {
    let Resolved { parts, mut reading, origin, soundness } = resolve::resolve(files);
    let mut findings: Vec<Finding> = Vec::new();
    rules::run(&Pack::new(&parts, &origin, &soundness, &reading.names.fields), &mut findings);
    let stories = stories::read(files, &parts, &soundness, &mut reading);
    findings.append(&mut reading.findings);
    let failed = findings.iter().any(|finding| finding.severity == Severity::Error);
    let edition = (!failed)
        .then(|| Edition::seal(parts).expect("a pack without errors has dates and numbers that serialise"));
    let (mut diagnostics, sources) = locate::locate(files, findings);
    diagnostic::sort(&mut diagnostics, &sources);
    let red_tape = RedTape::total(&diagnostics);
    Compiled { edition, stories, diagnostics, sources, red_tape }
}
