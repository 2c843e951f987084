//! `yichuang demo`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, bail};
use checker::Compiled;
use jiff::Timestamp;
use office::{Clock as _, DerivedKeys, Office, Surroundings};
use sim::history::{self, Spec};
use sim::{Cast, PlayClock, Seat};
use web::{DemoAccount, Settings};

use crate::command::serve::{listen, runtime, serve};
use crate::pack;
use crate::setting::{self, Database, SystemClock, SystemEntropy};

/// Everybody's password in the demonstration; printed, and useless elsewhere.
const PASSWORD: &str = "yichuang-demo";
/// How many people of the history act at once, so that their commits share a write.
const AT_ONCE: usize = 48;

#[derive(Debug, clap::Args)]
pub struct Demo {
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the demonstration's data is kept; a new temporary folder when left out.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Another pack than the built-in zone.
    #[arg(long)]
    pack: Option<PathBuf>,
    /// Serve an empty zone.
    #[arg(long)]
    no_history: bool,
    /// The history's seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many applications the history has.
    #[arg(long, default_value_t = 400)]
    cases: u32,
}

impl Demo {
    pub fn run(self) -> Result<ExitCode> {
        log_to_stderr();
        let files = match &self.pack {
            Some(dir) => pack::read(dir)?,
            None => pack::built_in(),
        };
        let compiled = checker::compile(&files);
        if compiled.edition.is_none() {
            bail!("the pack has errors; see `yichuang check`");
        }
        let named = || std::env::temp_dir().join(format!("yichuang-demo-{}", std::process::id()));
        let folder = self.data.clone().unwrap_or_else(named);
        std::fs::create_dir_all(&folder)?;
        runtime()?.block_on(async {
            // An address that is taken is told before weeks are played.
            let listener = listen(self.listen).await?;
            let (office, seats) = self.open(compiled, &folder).await?;
            println!("\n  http://{}\n", listener.local_addr()?);
            println!("  password of every account: {PASSWORD}");
            for seat in &seats {
                println!("  {:<12} {}", seat.login, seat.title);
            }
            println!("\n  data in {}", folder.display());
            let account = |seat: Seat| DemoAccount {
                login: seat.login,
                password: PASSWORD.to_owned(),
                role: seat.title,
            };
            let demo_accounts = seats.into_iter().map(account).collect();
            serve(office, Settings { demo_accounts, ..Settings::default() }, listener).await?;
            Ok(ExitCode::SUCCESS)
        })
    }

    /// The zone with its people, and with its history unless that was played before.
    async fn open(&self, compiled: Compiled, folder: &Path) -> Result<(Office, Vec<Seat>)> {
        let database = Database::Sqlite(folder.join("zone.db"));
        let surroundings = Surroundings {
            store: database.open()?,
            clock: Arc::new(PlayClock::over(Arc::new(SystemClock))),
            entropy: Arc::new(SystemEntropy),
            keys: Arc::new(DerivedKeys::new(setting::secret_beside(&database)?)),
            public_url: format!("http://{}", self.listen),
        };
        let now = SystemClock.now();
        let begin = now - jiff::SignedDuration::from_hours(24 * 7 * 8);
        let edition = compiled.edition.clone();
        let former = edition.as_ref().filter(|_| !self.no_history).and_then(history::former_edition);
        let lived_in = surroundings.store.head().await? != store::Position::START;
        if self.no_history || lived_in {
            let office = Office::start(surroundings, edition).await?;
            let (_, seats) = sim::seat(&office, PASSWORD).await?;
            return Ok((office, seats));
        }
        let mended = former.is_some();
        let opening = async {
            let office = Office::start(surroundings, former.or(edition)).await?;
            let (cast, seats) = sim::seat(&office, PASSWORD).await?;
            anyhow::Ok((office, cast, seats))
        };
        let (office, cast, seats) = PlayClock::at(begin, opening).await?;
        self.live(&office, &cast, mended.then_some(compiled), now).await?;
        Ok((office, seats))
    }

    async fn live(
        &self,
        office: &Office,
        cast: &Cast,
        mended: Option<Compiled>,
        until: Timestamp,
    ) -> Result<()> {
        let started = Instant::now();
        let spec = Spec { cases: self.cases, weeks: 8, until, seed: self.seed, at_once: AT_ONCE, mended };
        let report = history::play(office, cast, spec).await?;
        tracing::info!(
            cases = report.cases,
            acts = report.acts,
            seconds = started.elapsed().as_secs_f64(),
            refused = ?report.refused,
            "eight weeks were played"
        );
        Ok(())
    }
}

/// As a server logs, but registers that only a real zone can reach are not told of hundreds of times.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("YICHUANG_LOG")
        .unwrap_or_else(|_| "info,office::draft::prefill=error".into());
    // A second call, in tests, changes nothing.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
