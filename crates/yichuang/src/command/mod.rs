//! One file per command.

pub mod appoint;
pub mod check;
pub mod deadline;
pub mod demo;
pub mod explain;
pub mod export;
pub mod findings;
pub mod form;
pub mod identify;
pub mod keys;
pub mod migrate;
pub mod mine;
pub mod schema;
pub mod serve;
pub mod simulate;
pub mod staff;
pub mod test;
pub mod token;
pub mod upkeep;
pub mod verify;

/// How a command prints what it found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

/// The language of what a command prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    #[default]
    Zh,
    En,
}

impl From<Language> for diagnostic::Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::Zh => Self::Zh,
            Language::En => Self::En,
        }
    }
}

/// Prints a value as one JSON document.
pub fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    Ok(())
}
