//! `yichuang check`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use diagnostic::Lang;
use serde::Serialize;

use crate::command::{Format, Language, print_json, test};
use crate::pack;

#[derive(Debug, clap::Args)]
pub struct Check {
    /// The pack's folder; the built-in zone when left out.
    dir: Option<PathBuf>,
    /// Play the pack's stories too, and tell how many differ; exits 1 when one does.
    #[arg(long)]
    stories: bool,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// What `--stories` adds to the findings.
#[derive(Serialize)]
struct Both<'a> {
    findings: Vec<diagnostic::Entry>,
    stories: &'a [test::Told],
}

impl Check {
    pub fn run(self) -> Result<ExitCode> {
        let files = pack::files(self.dir.as_deref())?;
        let compiled = checker::compile(&files);
        let lang: Lang = self.lang.into();
        let told = match &compiled.edition {
            Some(edition) if self.stories => Some(test::play(edition, &compiled.stories, lang)?),
            _ => None,
        };
        match self.format {
            Format::Json if self.stories => print_json(&Both {
                findings: diagnostic::entries(&compiled.diagnostics, &compiled.sources, lang),
                stories: told.as_deref().unwrap_or_default(),
            })?,
            Format::Json => {
                println!("{}", diagnostic::to_json(&compiled.diagnostics, &compiled.sources, lang))
            }
            Format::Text => {
                use std::io::IsTerminal as _;
                let colour = std::io::stdout().is_terminal();
                print!("{}", text(&compiled, lang, colour));
                print!("{}", told.as_deref().map(|told| test::text(told, lang)).unwrap_or_default());
            }
        }
        let as_written = told.iter().flatten().all(|story| story.passed);
        Ok(if compiled.edition.is_some() && as_written { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Every diagnostic with its source line, and what correcting the red tape would save.
pub fn text(compiled: &checker::Compiled, lang: Lang, colour: bool) -> String {
    let style = diagnostic::Style { colour, ..diagnostic::Style::plain(lang) };
    diagnostic::render_all(&compiled.diagnostics, &compiled.sources, style)
}
