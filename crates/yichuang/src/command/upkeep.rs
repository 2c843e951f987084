//! `yichuang rebuild`, `audit`, `backup` and `restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use office::Office;

use crate::setting::{self, Database as Url};

#[derive(Debug, clap::Args)]
pub struct Database {
    /// sqlite:PATH, or postgres://USER@HOST/DATABASE
    #[arg(long)]
    pub database: String,
    /// The file with the zone's signing secret; beside the database with SQLite.
    #[arg(long)]
    key: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Backup {
    #[command(flatten)]
    from: Database,
    /// Where the copy goes; an earlier copy there is replaced.
    to: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The copy.
    from: PathBuf,
    #[command(flatten)]
    to: Database,
    /// Replace a database that is there.
    #[arg(long)]
    replace: bool,
}

impl Database {
    pub async fn office(&self, url: &Url) -> Result<Office> {
        let store = url.open().await?;
        let secret = setting::secret(url, self.key.as_deref(), &*store).await?;
        setting::open_office(store, secret, String::new(), office::SecondFactor::Off, None).await
    }

    pub fn rebuild(self) -> Result<ExitCode> {
        let url = Url::parse(&self.database)?;
        crate::command::serve::runtime()?.block_on(async {
            let office = self.office(&url).await?;
            let report = office.rebuild(&mut |_| {}).await?;
            // From now on people see the new rows.
            println!("{} events", report.events);
            for view in &report.views {
                println!("{view:?}");
            }
            office.sweep_views().await?;
            Ok(ExitCode::SUCCESS)
        })
    }

    /// Erases what the pack's rules say, or says what would be.
    pub fn keep(self, only_list: bool) -> Result<ExitCode> {
        let url = Url::parse(&self.database)?;
        crate::command::serve::runtime()?.block_on(async {
            let office = self.office(&url).await?;
            if only_list {
                for due in office.over_by(office.today()).await? {
                    println!(
                        "{}\t{}\t{}\t{}",
                        due.number,
                        due.due_on,
                        due.rule,
                        if due.held { "held" } else { "due" }
                    );
                }
                return Ok(ExitCode::SUCCESS);
            }
            let kept = office.keep_no_longer().await?;
            println!("{} erased, {} held, {} failed", kept.erased, kept.held, kept.failed);
            Ok(if kept.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        })
    }

    pub fn audit(self) -> Result<ExitCode> {
        let url = Url::parse(&self.database)?;
        crate::command::serve::runtime()?.block_on(async {
            let office = self.office(&url).await?;
            let report = office.audit().await?;
            println!(
                "{} events, {} streams, {} checkpoints",
                report.events, report.streams, report.checkpoints
            );
            for finding in &report.findings {
                println!("{finding:?}");
            }
            Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        })
    }
}

impl Backup {
    pub fn run(self) -> Result<ExitCode> {
        let url = Url::parse(&self.from.database)?;
        let report = store_sqlite::copy(url.path()?, &self.to)?;
        println!("{}", told(&report));
        Ok(ExitCode::SUCCESS)
    }
}

impl Restore {
    pub fn run(self) -> Result<ExitCode> {
        let url = Url::parse(&self.to.database)?;
        let path = url.path()?;
        if path.exists() && !self.replace {
            bail!("{} exists already; give --replace to put the copy in its place", path.display());
        }
        let report = store_sqlite::restore(&self.from, path, self.replace)?;
        println!("{}", told(&report));
        Ok(ExitCode::SUCCESS)
    }
}

fn told(report: &store_sqlite::CopyReport) -> String {
    let (position, bytes) = (report.position.0, report.database_bytes);
    format!("{position} events in {bytes} bytes, {} files in {} bytes", report.files, report.file_bytes)
}
