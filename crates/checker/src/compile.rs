//! From the files of a pack to an edition.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use catalogue::{Edition, Story};
use diagnostic::{Bilingual, Code, Diagnostic, RedTape, Severity, SourceId, Sources};

use crate::finding::Finding;
use crate::resolve::{self, Resolved};
use crate::view::Pack;
use crate::{locate, rules, stories};

/// A pack: path within it (with `/`) → bytes.
pub type PackFiles = BTreeMap<String, Arc<[u8]>>;

/// The result of compiling a pack. All problems are in it, sorted by file and position.
#[derive(Debug)]
pub struct Compiled {
    /// `None` exactly when some diagnostic is an error.
    pub edition: Option<Edition>,
    pub stories: Vec<Story>,
    pub diagnostics: Vec<Diagnostic>,
    /// The texts of the files that diagnostics point into.
    pub sources: Sources,
    /// What correcting all findings would save each applicant.
    pub red_tape: RedTape,
}

/// Most diagnostics listed of one rule in one file.
const MOST_OF_A_KIND: usize = 20;

/// Drops the diagnostics of one rule in one file beyond [`MOST_OF_A_KIND`]; the last one kept says how many
/// were dropped.
fn cap(diagnostics: &mut Vec<Diagnostic>) {
    let mut found: HashMap<(SourceId, Code), usize> = HashMap::new();
    let of = |each: &Diagnostic| (each.primary.span.source, each.code);
    diagnostics.iter().for_each(|each| *found.entry(of(each)).or_default() += 1);
    if found.values().all(|count| *count <= MOST_OF_A_KIND) {
        return;
    }
    let mut kept: HashMap<(SourceId, Code), usize> = HashMap::new();
    diagnostics.retain_mut(|each| {
        let kept = kept.entry(of(each)).or_default();
        *kept += 1;
        let all = found[&of(each)];
        if *kept == MOST_OF_A_KIND && all > MOST_OF_A_KIND {
            let more = all - MOST_OF_A_KIND;
            let help = each.help.take().unwrap_or_default();
            let joined = |help: String, gap: &str, text: String| {
                if help.is_empty() { text } else { format!("{help}{gap}{text}") }
            };
            each.help = Some(Bilingual::new(
                joined(help.zh, "；", format!("这个文件里还有 {more} 处同样的问题，没有一一列出")),
                joined(help.en, "; ", format!("{more} more of this kind in this file are not listed")),
            ));
        }
        *kept <= MOST_OF_A_KIND
    });
}

/// Compiles a pack, reporting all of its problems in one run. Never panics, whatever the bytes.
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
    cap(&mut diagnostics);
    Compiled { edition, stories, diagnostics, sources, red_tape }
}
