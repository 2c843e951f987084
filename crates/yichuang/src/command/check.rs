//! `yichuang check`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use diagnostic::Lang;

use crate::command::{Format, Language};
use crate::pack;

#[derive(Debug, clap::Args)]
pub struct Check {
    /// The pack's folder; the built-in zone when left out.
    dir: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

impl Check {
    pub fn run(self) -> Result<ExitCode> {
        let files = pack::files(self.dir.as_deref())?;
        let compiled = checker::compile(&files);
        let lang: Lang = self.lang.into();
        match self.format {
            Format::Json => {
                println!("{}", diagnostic::to_json(&compiled.diagnostics, &compiled.sources, lang))
            }
            Format::Text => {
                use std::io::IsTerminal as _;
                let colour = std::io::stdout().is_terminal();
                print!("{}", text(&compiled, lang, colour));
            }
        }
        Ok(if compiled.edition.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Every diagnostic with its source line, and what correcting the red tape would save.
pub fn text(compiled: &checker::Compiled, lang: Lang, colour: bool) -> String {
    let style = diagnostic::Style { colour, ..diagnostic::Style::plain(lang) };
    diagnostic::render_all(&compiled.diagnostics, &compiled.sources, style)
}
