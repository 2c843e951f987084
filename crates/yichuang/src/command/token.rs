//! `yichuang token`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use office::{NewToken, OfficeError, Scope, SecondFactor};

use crate::command::serve::runtime;
use crate::setting::{self, Database};
use crate::zone_key::{self, Purpose};

#[derive(Debug, clap::Args)]
pub struct Token {
    /// sqlite:PATH (while no server uses it), or postgres://USER@HOST/DATABASE
    #[arg(long, default_value = "sqlite:zone.db")]
    database: String,
    /// The file with the zone's signing secret; beside the database with SQLite.
    #[arg(long)]
    key: Option<PathBuf>,
    /// The account that the token acts for.
    #[arg(long)]
    login: String,
    /// What it is for, in words.
    #[arg(long, default_value = "yichuang token")]
    name: String,
    /// What it may be used for: cases:read, cases:act, drafts, halls, figures:read, accounts, webhooks.
    #[arg(long = "scope", required_unless_present_any = ["list", "revoke"])]
    scopes: Vec<String>,
    /// Days until it ends.
    #[arg(long, default_value_t = 90)]
    days: i64,
    /// Show the tokens that the account has.
    #[arg(long)]
    list: bool,
    /// Take back the token with this id.
    #[arg(long)]
    revoke: Option<String>,
}

impl Token {
    pub fn run(self) -> Result<ExitCode> {
        let scopes = self
            .scopes
            .iter()
            .map(|code| Scope::parse(code).with_context(|| format!("there is no right {code:?}")));
        let scopes = scopes.collect::<Result<Vec<Scope>>>()?;
        let database = Database::parse(&self.database)?;
        runtime()?.block_on(async {
            let store = database.open().await?;
            let secret = zone_key::secret(&database, self.key.as_deref(), &*store, Purpose::Work).await?;
            let office =
                setting::open_office(store, secret, String::new(), SecondFactor::Officers, None).await?;
            let viewer = match office.viewer_with_login(&self.login).await {
                Err(OfficeError::NotFound) => bail!("there is no open account {:?}", self.login),
                found => found?,
            };
            if let Some(id) = &self.revoke {
                match office.revoke_token(id, &viewer).await {
                    Err(OfficeError::NotFound) => bail!("{} has no token {id}; see --list", self.login),
                    done => done?,
                }
            } else if self.list {
                for token in office.tokens(&viewer).await? {
                    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.code()).collect();
                    println!("{}  {}  {}  {}", token.id, token.expires_at, scopes.join(","), token.name);
                }
            } else {
                let new = NewToken { name: self.name.clone(), scopes, days: self.days };
                match office.make_token(new, &viewer).await {
                    Err(error @ OfficeError::NotPossible(_)) => {
                        bail!("{}", error.message(diagnostic::Lang::En).unwrap_or_default())
                    }
                    made => println!("{}", made?.0.0),
                }
            }
            Ok(ExitCode::SUCCESS)
        })
    }
}
