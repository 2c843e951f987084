//! `yichuang explain CODE`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use diagnostic::Lang;

use crate::command::Language;

#[derive(Debug, clap::Args)]
pub struct Explain {
    /// A code such as Y301.
    code: String,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

impl Explain {
    pub fn run(self) -> Result<ExitCode> {
        let Some(page) = checker::explain(&self.code.to_uppercase()) else {
            let known: Vec<String> = checker::rules().iter().map(|rule| rule.code.to_string()).collect();
            bail!("there is no rule {}; the rules are {}", self.code, known.join(" "));
        };
        println!("{}", page.markdown.get(Lang::from(self.lang)));
        Ok(ExitCode::SUCCESS)
    }
}
