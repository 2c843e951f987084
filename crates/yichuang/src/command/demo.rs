//! `yichuang demo`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use checker::Compiled;
use jiff::SignedDuration;
use jiff::ToSpan as _;
use office::{Clock as _, DerivedKeys, Office, Surroundings};
use sim::halls::{self, HallSpec};
use sim::history::{self, Spec};
use sim::{Cast, PlayClock, Seat};
use tokio::sync::watch;
use web::{DemoAccount, Settings};

use crate::command::serve::{bounds, listen, runtime, serve_with_timers_after, told_to_stop};
use crate::forgotten;
use crate::pack;
use crate::setting::{Database, SystemClock, SystemEntropy};
use crate::zone_key::{self, Purpose};

/// The password of every demonstration account; printed, and of no use elsewhere.
const PASSWORD: &str = "yichuang-demo";
/// How many people of the history act concurrently, so that their commits share a write.
const AT_ONCE: usize = 48;
const WEEKS: u32 = 8;
/// The last of these weeks, which are simulated in the halls, too.
const HALL_WEEKS: u32 = 4;
/// Visitors per hall on a working day.
const HALL_VISITORS: u32 = 180;
const HALL_RUNS_AT_ONCE: usize = 7;
/// How long pages wait for the history before they are served while it continues.
const PATIENCE: Duration = Duration::from_secs(4);

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
    /// As in `serve`; for those who try the interface hard.
    #[arg(long, default_value_t = 600)]
    api_requests_per_minute: u32,
    /// As in `serve`.
    #[arg(long = "strangers", value_name = "NAME=AMOUNT")]
    strangers: Vec<String>,
    /// As in `serve`.
    #[arg(long = "shared", value_name = "ADDRESS")]
    shared: Vec<std::net::IpAddr>,
    /// How many applications the history has.
    #[arg(long, default_value_t = 400)]
    cases: u32,
}

impl Demo {
    pub fn run(self) -> Result<ExitCode> {
        log_to_stderr();
        let files = pack::files(self.pack.as_deref())?;
        let compiled = checker::compile(&files);
        if compiled.edition.is_none() {
            bail!("the pack has errors; see `yichuang check`");
        }
        let named = || std::env::temp_dir().join(format!("yichuang-demo-{}", std::process::id()));
        let folder = self.data.clone().unwrap_or_else(named);
        std::fs::create_dir_all(&folder)?;
        runtime()?.block_on(async {
            // Bind first, so that a taken address is reported before the history is simulated.
            let listener = listen(self.listen).await?;
            let Opened { office, seats, mut played } = self.open(compiled, &folder).await?;
            let mut bounds = bounds(&self.strangers, &self.shared)?;
            // Kiosk, phone and wall of a demonstration are windows of one browser: this machine is the hall's.
            for here in [
                std::net::IpAddr::from([127, 0, 0, 1]),
                std::net::IpAddr::from(std::net::Ipv6Addr::LOCALHOST),
            ] {
                bounds.share(here);
            }
            office.set_bounds(bounds);
            office.keep_keys().await?;
            sim::stories::rehearse_for(&office);
            // Usually the history is complete before anybody looks; otherwise it continues while pages are
            // served.
            let _ = tokio::time::timeout(PATIENCE, played.wait_for(|played| *played)).await;
            if !*played.borrow() {
                println!("\n  the history is still being played; pages fill while you look");
            }
            let told = told_to_stop();
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
            let settings = Settings { demo_accounts, pack: Some(files), ..Settings::default() };
            // Timers must not run in cases whose history is not complete.
            let ready = async move {
                let _ = played.wait_for(|played| *played).await;
            };
            let requests_per_minute = self.api_requests_per_minute;
            let programs = api::Settings { requests_per_minute, ..api::Settings::default() };
            serve_with_timers_after(ready, office, settings, programs, listener, told).await?;
            Ok(ExitCode::SUCCESS)
        })
    }

    /// The zone with its accounts, and with its history unless it has one already.
    async fn open(&self, compiled: Compiled, folder: &Path) -> Result<Opened> {
        let path = folder.join("zone.db");
        let list = forgotten::list_of(&path);
        let database = Database::Sqlite(path);
        zone_key::may_begin(&database, None, false)?;
        let store = database.begin().await?;
        let purpose = Purpose::Begin { insist: false };
        let secret = zone_key::secret(&database, None, &*store, purpose).await?;
        let surroundings = Surroundings {
            store,
            clock: Arc::new(PlayClock::over(Arc::new(SystemClock))),
            entropy: Arc::new(SystemEntropy),
            keys: Arc::new(DerivedKeys::new(secret)),
            public_url: format!("http://{}", self.listen),
            second_factor: office::SecondFactor::Off,
        };
        let edition = compiled.edition.clone();
        let lived_in = surroundings.store.head().await? != store::Position::START;
        let (done, played) = watch::channel(false);
        if self.no_history || lived_in {
            let office = Office::start(surroundings, edition).await?;
            let (_, seats) = sim::seat(&office, PASSWORD).await?;
            forgotten::keep_for(&office, list).await?;
            done.send_replace(true);
            return Ok(Opened { office, seats, played });
        }
        let now = SystemClock.now();
        let former = edition.as_ref().and_then(history::former_edition);
        let mended = former.is_some().then_some(compiled);
        let opening = async {
            let office = Office::start(surroundings, former.or(edition)).await?;
            let (cast, seats) = sim::seat(&office, PASSWORD).await?;
            anyhow::Ok((office, cast, seats))
        };
        let begin = now - SignedDuration::from_hours(24 * 7 * i64::from(WEEKS));
        let (office, cast, seats) = PlayClock::at(begin, opening).await?;
        forgotten::keep_for(&office, list).await?;
        let spec =
            Spec { cases: self.cases, weeks: WEEKS, until: now, seed: self.seed, at_once: AT_ONCE, mended };
        let stage = office.clone();
        let today = office.edition().offset().to_datetime(now).date();
        let halls = HallSpec {
            from: today.checked_sub(i64::from(HALL_WEEKS).weeks()).unwrap_or(today),
            until: today,
            now,
            visitors: HALL_VISITORS,
            seed: self.seed,
            at_once: HALL_RUNS_AT_ONCE,
        };
        tokio::spawn(async move {
            tokio::join!(live(&stage, &cast, spec), live_halls(&stage, &cast, halls));
            done.send_replace(true);
        });
        Ok(Opened { office, seats, played })
    }
}

/// A zone ready to be served.
struct Opened {
    office: Office,
    seats: Vec<Seat>,
    played: watch::Receiver<bool>,
}

async fn live(office: &Office, cast: &Cast, spec: Spec) {
    let started = Instant::now();
    match history::play(office, cast, spec).await {
        Ok(report) => tracing::info!(
            cases = report.cases,
            acts = report.acts,
            seconds = started.elapsed().as_secs_f64(),
            refused = ?report.refused,
            "the history was played"
        ),
        Err(error) => tracing::error!(%error, "the history broke off; the zone goes on from there"),
    }
}

async fn live_halls(office: &Office, cast: &Cast, spec: HallSpec) {
    let started = Instant::now();
    match halls::play(office, cast, spec).await {
        Ok(report) => tracing::info!(
            days = report.days,
            tickets = report.tickets,
            served = report.served,
            left = report.left,
            seconds = started.elapsed().as_secs_f64(),
            "the days of the halls were played"
        ),
        Err(error) => tracing::error!(%error, "the days of the halls broke off; the halls go on from there"),
    }
}

/// Logs as a server does, but without the warnings about unreachable registries, which a history repeats
/// hundreds of times.
fn log_to_stderr() {
    super::serve::log_from("info,office::draft::prefill=error");
}
