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

/// Every diagnostic with its source line, and what mending the red tape would save.
pub fn text(compiled: &checker::Compiled, lang: Lang, colour: bool) -> String {
    let style = diagnostic::Style { colour, ..diagnostic::Style::plain(lang) };
    let mut text = diagnostic::render_all(&compiled.diagnostics, &compiled.sources, style);
    let tape = compiled.red_tape;
    if tape != diagnostic::RedTape::default() {
        let (questions, papers, visits) = (tape.questions, tape.papers, tape.visits);
        text.push_str(&match lang {
            Lang::Zh => format!("\n改掉这些，每次可以少问 {questions} 个问题、少交 {papers} 份材料、少跑 {visits} 次。\n"),
            Lang::En => format!("\nMending these saves {questions} questions, {papers} papers and {visits} visits each time.\n"),
        });
    }
    text
}
