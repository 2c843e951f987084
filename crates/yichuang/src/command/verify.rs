//! `yichuang verify FILE`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use credential::TrustStore;
use jiff::Timestamp;

use crate::command::{Format, Language, print_json};

#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The signed document.
    file: PathBuf,
    /// The zone's public keys; `/v/keys` of its server gives the file.
    #[arg(long)]
    keys: PathBuf,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

impl Verify {
    pub fn run(self) -> Result<ExitCode> {
        let keys = std::fs::read(&self.keys).with_context(|| format!("reading {}", self.keys.display()))?;
        let trust =
            TrustStore::from_json(&keys).map_err(|fault| anyhow!("{}: {fault}", self.keys.display()))?;
        let bytes = std::fs::read(&self.file).with_context(|| format!("reading {}", self.file.display()))?;
        let verified = credential::verify(&bytes, &trust, Timestamp::now());
        match self.format {
            Format::Json => print_json(&verified)?,
            Format::Text => {
                let reason =
                    if self.lang == Language::Zh { verified.reason.zh() } else { verified.reason.en() };
                println!("{reason}");
            }
        }
        Ok(if verified.valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
