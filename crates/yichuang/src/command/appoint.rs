//! `yichuang appoint`: for a zone's first day, and for when no administrator can sign in any more.

use std::process::ExitCode;

use anyhow::{Result, bail};
use office::{Duty, OfficeError};

use crate::command::Language;
use crate::command::upkeep::Database;
use crate::setting;

#[derive(Debug, clap::Args)]
pub struct Appoint {
    /// The duty: accounts and packs; roles and duties; the audit trail.
    #[arg(value_enum)]
    duty: Which,
    /// The login: a new one, or one that has no roles.
    login: String,
    #[command(flatten)]
    at: Database,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Which {
    System,
    Security,
    Audit,
}

impl Appoint {
    pub fn run(self) -> Result<ExitCode> {
        let url = setting::Database::parse(&self.at.database)?;
        let duty = match self.duty {
            Which::System => Duty::System,
            Which::Security => Duty::Security,
            Which::Audit => Duty::Audit,
        };
        crate::command::serve::runtime()?.block_on(async {
            let office = self.at.office(&url).await?;
            match office.appoint(duty, &self.login).await {
                Ok(appointed) => {
                    println!("{}", appointed.first_password);
                    eprintln!("{}", told(self.lang));
                    Ok(ExitCode::SUCCESS)
                }
                Err(OfficeError::NotPossible(reason)) => {
                    bail!("{}", reason.message().get(self.lang.into()))
                }
                Err(error) => Err(error.into()),
            }
        })
    }
}

const fn told(lang: Language) -> &'static str {
    match lang {
        Language::Zh => "上面是初始密码，只显示这一次，请当面交给本人；第一次登录时必须另设密码。",
        Language::En => {
            "The line above is the first password, shown this once: hand it over in person. Another has to be chosen at the first sign-in."
        }
    }
}
