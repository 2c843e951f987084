//! `yichuang migrate FROM TO`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use jiff::Timestamp;
use store::Store;

use crate::command::findings;
use crate::command::upkeep::counted;
use crate::lang::{say, says};
use crate::progress::Progress;
use crate::setting::{self, Database};
use crate::zone_key::{self, Purpose};

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
            bail!("{}", say("这个区已经在那里了", "the zone is there already"));
        }
        crate::command::serve::runtime()?.block_on(self.move_zone(&from, &to))
    }

    /// Copies the signing secret, so that the zone keeps its keys. Nothing is written before it is certain
    /// that the zone may move.
    async fn take_secret(&self, from: &Database, to: &Database, source: &dyn Store) -> Result<()> {
        let secret = zone_key::secret(from, self.from_key.as_deref(), source, Purpose::Look).await?;
        let target = to.key_file(self.key.as_deref())?;
        match zone_key::read(&target)? {
            Some(there) if there == secret => Ok(()),
            Some(_) => bail!(
                "{}",
                says(
                    format!("{} 里是另一把密钥，不会覆盖它", target.display()),
                    format!(
                        "{} holds another secret than that of the zone; it is left alone",
                        target.display()
                    ),
                )
            ),
            None => zone_key::keep(&target, &secret),
        }
    }

    async fn move_zone(&self, from: &Database, to: &Database) -> Result<ExitCode> {
        let source = from.open_alone().await?;
        let target = to.begin().await?;
        store::begin_move(&*source, &*target, Timestamp::now()).await?;
        self.take_secret(from, to, &*source).await?;
        let mut steps = Progress::new(say("搬迁", "moving"), source.head().await?.0);
        let mut progress = |position: store::Position| steps.at(position.0);
        let moved = store::move_into(&*source, &*target, Timestamp::now(), &mut progress).await?;
        steps.done();
        let (events, bytes) = (moved.there_before + moved.events, moved.file_bytes);
        let (files, editions, checkpoints) = (moved.files, moved.editions, moved.checkpoints);
        let others = moved.belongings - moved.files;
        println!(
            "{}",
            says(
                format!(
                    "{events} 个事件，{files} 个文件（{bytes} 字节），{editions} 个版本，{checkpoints} 个校验点，其他 {others} 项"
                ),
                format!(
                    "{events} events, {files} files in {bytes} bytes, {editions} editions, {checkpoints} checkpoints, {others} \
                 other things"
                ),
            )
        );
        // Opening the office fills the views from the events.
        let secret = zone_key::secret(to, self.key.as_deref(), &*target, Purpose::Work).await?;
        let office =
            setting::open_office(target, secret, String::new(), office::SecondFactor::Off, None).await?;
        let report = office.audit().await?;
        for finding in &report.findings {
            println!("{}", findings::told(finding));
        }
        if !report.is_clean() {
            return Ok(ExitCode::FAILURE);
        }
        println!("{}{}", say("已审计：", "audited: "), counted(&report));
        Ok(ExitCode::SUCCESS)
    }
}
