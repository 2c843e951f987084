//! `yichuang identify KIND VALUE`.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use identifier::{IdentifierKind, Parts};

use crate::command::{Format, Language, print_json};

#[derive(Debug, clap::Args)]
pub struct Identify {
    /// credit-code, resident, region, mobile, phone, licence, case-number, …
    kind: String,
    value: String,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// The JSON output; its keys are a contract.
#[derive(Debug, serde::Serialize)]
struct Answer<'i> {
    valid: bool,
    problem: Option<String>,
    parts: Option<&'i Parts>,
    /// Absent when there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

impl Identify {
    pub fn run(self) -> Result<ExitCode> {
        let kind: IdentifierKind = self.kind.parse().map_err(|_| {
            let known: Vec<String> = IdentifierKind::ALL.iter().map(ToString::to_string).collect();
            anyhow!("there is no kind {:?}; the kinds are {}", self.kind, known.join(", "))
        })?;
        let mut identified = identifier::identify(kind, &self.value);
        // A number of somebody who is not born yet is nobody's, however right its digits are.
        let today = calendar::ClockRules::china().day_of(jiff::Timestamp::now());
        if identified.valid
            && let Some(problem) = identifier::not_born_by(kind, &self.value, today)
        {
            identified.valid = false;
            identified.problem = Some(problem);
        }
        let lang = match self.lang {
            Language::Zh => identifier::Lang::Zh,
            Language::En => identifier::Lang::En,
        };
        match self.format {
            Format::Json => print_json(&Answer {
                valid: identified.valid,
                problem: identified.problem.as_ref().map(|problem| problem.text(lang)),
                parts: identified.parts.as_ref(),
                warnings: identified.warnings.iter().map(|warning| warning.text(lang)).collect(),
            })?,
            Format::Text => {
                match &identified.problem {
                    Some(problem) => println!("{}", problem.text(lang)),
                    None => println!("{}", if self.lang == Language::Zh { "有效" } else { "valid" }),
                }
                for warning in &identified.warnings {
                    println!("{}", warning.text(lang));
                }
                if let Some(parts) = &identified.parts {
                    println!("{}", serde_json::to_string_pretty(parts)?);
                }
            }
        }
        Ok(if identified.valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
