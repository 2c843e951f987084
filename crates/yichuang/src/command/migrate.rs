//! `yichuang migrate FROM TO`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;

use crate::setting::{self, Database};

#[derive(Debug, clap::Args)]
pub struct Migrate {
    /// The database that the zone is in, such as sqlite:zone.db. Nobody may serve it meanwhile.
    from: String,
    /// The empty database that it moves into, such as postgres://USER@HOST/DATABASE.
    to: String,
    /// Where the signing secret goes; beside the database with SQLite.
    #[arg(long)]
    key: Option<PathBuf>,
    /// Where the signing secret is; beside the database with SQLite.
    #[arg(long)]
    from_key: Option<PathBuf>,
}

impl Migrate {
    pub fn run(self) -> Result<ExitCode> {
        crate::command::serve::log_to_stderr();
        let (from, to) = (Database::parse(&self.from)?, Database::parse(&self.to)?);
        if from == to {
            bail!("the zone is there already");
        }
        if let Ok(path) = from.path()
            && !path.exists()
        {
            bail!("{} does not exist", path.display());
        }
        self.take_secret(&from, &to)?;
        crate::command::serve::runtime()?.block_on(self.move_zone(&from, &to))
    }

    /// Documents go on being signed with the same keys.
    fn take_secret(&self, from: &Database, to: &Database) -> Result<()> {
        let (source, target) = (from.key_file(self.from_key.as_deref())?, to.key_file(self.key.as_deref())?);
        let secret = std::fs::read(&source).with_context(|| format!("reading {}", source.display()))?;
        if target.exists() {
            if std::fs::read(&target)? != secret {
                bail!("{} holds another secret than {}", target.display(), source.display());
            }
            return Ok(());
        }
        let secret = secret.try_into();
        let secret = secret.map_err(|_| anyhow::anyhow!("{} is not a key of 32 bytes", source.display()))?;
        setting::keep_secret(&target, &secret)
    }

    async fn move_zone(&self, from: &Database, to: &Database) -> Result<ExitCode> {
        let source = from.open().await?;
        let target = to.open().await?;
        let mut told = Instant::now();
        let mut progress = move |position: store::Position| {
            if told.elapsed() > Duration::from_secs(2) {
                told = Instant::now();
                eprintln!("{position} events");
            }
        };
        let moved = store::move_into(&*source, &*target, Timestamp::now(), &mut progress).await?;
        println!(
            "{} events, {} files in {} bytes, {} editions, {} checkpoints, {} other things",
            moved.there_before + moved.events,
            moved.files,
            moved.file_bytes,
            moved.editions,
            moved.checkpoints,
            moved.belongings - moved.files,
        );
        // Opening the office fills the lists that people see; they follow from the events.
        let secret = setting::secret(to, self.key.as_deref(), &*target).await?;
        let office =
            setting::open_office(target, secret, String::new(), office::SecondFactor::Off, None).await?;
        let report = office.audit().await?;
        for finding in &report.findings {
            println!("{finding:?}");
        }
        if !report.is_clean() {
            return Ok(ExitCode::FAILURE);
        }
        println!(
            "audited: {} events, {} streams, {} checkpoints",
            report.events, report.streams, report.checkpoints
        );
        Ok(ExitCode::SUCCESS)
    }
}
