//! `bench scale`: start, worklist, memory and rebuild with a store of many events.
//!
//! The server and the rebuild run as separate processes, as an administrator would start them.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use office::By;
use store::Store as _;
use store_sqlite::{SqliteOptions, SqliteStore};

use super::http::{self, get};
use super::steps::{STEPS, act_of, clerk, lived_case, new_case};
use crate::setting::{self, Database};
use crate::zone_key::{self, Purpose};

#[derive(Debug, clap::Args)]
pub struct Scale {
    #[arg(long, default_value_t = 1_000_000)]
    events: u64,
    /// Of all cases, so many in a hundred are under way.
    #[arg(long, default_value_t = 2)]
    open_percent: u64,
    /// Seconds for which the worklist is asked for.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    #[arg(long, default_value_t = 4)]
    connections: usize,
    /// Where the database is made and left, to be measured again; a temporary folder when left out.
    #[arg(long)]
    folder: Option<PathBuf>,
}

impl Scale {
    pub fn run(self) -> Result<()> {
        let temporary = std::env::temp_dir().join(format!("yichuang-bench-{}", std::process::id()));
        let folder = self.folder.clone().unwrap_or_else(|| temporary.clone());
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let done = self.measure(&folder);
        if self.folder.is_none() {
            std::fs::remove_dir_all(&temporary)?;
        }
        done
    }

    fn measure(&self, folder: &Path) -> Result<()> {
        let path = folder.join("zone.db");
        let url = format!("sqlite:{}", path.display());
        let runtime = crate::command::serve::runtime()?;
        let cookie = runtime.block_on(self.fill(&path, &url))?;
        super::line("scale_database", std::fs::metadata(&path)?.len() as f64 / 1e9, "GB");
        let begun = Instant::now();
        let server = Running::start(&["serve", "--second-factor", "off", "--listen", "127.0.0.1:0"], &url)?;
        let address = server.address()?;
        super::line("scale_start", begun.elapsed().as_secs_f64(), "s");
        let requests = Arc::new(vec![get("/desk", Some(&cookie))]);
        let lasting = Duration::from_secs(self.seconds);
        let load = runtime.block_on(http::load(address, &requests, self.connections, lasting))?;
        super::line("scale_worklist", load.per_second, "pages/s");
        super::line("scale_worklist_p50", load.p50.as_secs_f64() * 1e3, "ms");
        super::line("scale_worklist_p99", load.p99.as_secs_f64() * 1e3, "ms");
        super::line("scale_memory", server.memory("VmRSS")?, "MB");
        super::line("scale_memory_own", server.memory("RssAnon")?, "MB");
        drop(server);
        let begun = Instant::now();
        let mut rebuild = Running::start(&["rebuild"], &url)?;
        let mut most = 0.0_f64;
        while rebuild.process.try_wait()?.is_none() {
            most = most.max(rebuild.memory("VmHWM").unwrap_or(0.0));
            std::thread::sleep(Duration::from_millis(50));
        }
        let ended = begun.elapsed().as_secs_f64();
        let (seen, _) = rebuild.says.recv().context("the rebuild did not come to its end")?;
        let lasted = (seen - begun).as_secs_f64();
        super::line("scale_rebuild", lasted, "s");
        super::line("scale_rebuild_swept", ended - lasted, "s");
        super::line("scale_rebuild_rate", self.events as f64 / lasted, "events/s");
        super::line("scale_rebuild_memory", most, "MB");
        Ok(())
    }

    /// Fills the store unless an earlier run did; returns the clerk's cookie.
    async fn fill(&self, path: &Path, url: &str) -> Result<String> {
        let begun = Instant::now();
        let store = Arc::new(SqliteStore::open(SqliteOptions::new(path.to_owned()))?);
        let purpose = Purpose::Begin { insist: true };
        let secret = zone_key::secret(&Database::parse(url)?, None, &*store, purpose).await?;
        let edition = super::zone::six_steps()?;
        let url = "http://localhost".to_owned();
        let office =
            setting::open_office(store.clone(), secret, url, office::SecondFactor::Off, Some(edition))
                .await?;
        if store.head().await?.0 < self.events {
            let clerk = clerk(&office).await?;
            let lived = lived_case(&office, &clerk).await?;
            let open = new_case(&office).await?;
            for step in &STEPS[..2] {
                office.act(open, act_of(step), By::Viewer(&clerk), Some(office.new_id())).await?;
            }
            let open_events = self.events * self.open_percent / 200;
            super::fill::fill(&*store, &office, lived, self.events - open_events).await?;
            super::fill::fill(&*store, &office, open, self.events).await?;
        }
        super::line("scale_events", store.head().await?.0 as f64, "events");
        super::line("scale_filled_in", begun.elapsed().as_secs_f64(), "s");
        let (token, _) = office.sign_in("clerk", "a long password").await?;
        Ok(format!("{}={}", web::SESSION_COOKIE, token.0))
    }
}

/// A process of this program, with the lines it prints and when.
struct Running {
    process: Child,
    says: Receiver<(Instant, String)>,
}

impl Running {
    fn start(arguments: &[&str], url: &str) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments).args(["--database", url]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().context("starting this program again")?;
        let output = process.stdout.take().context("its output is piped")?;
        let (sender, says) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Output is read even when nobody receives it, so that the process does not block.
                let _ = sender.send((Instant::now(), line));
            }
        });
        Ok(Self { process, says })
    }

    /// The address that a server prints once it listens.
    fn address(&self) -> Result<SocketAddr> {
        let (_, line) = self.says.recv().context("the server ended before it listened")?;
        Ok(line.trim().trim_start_matches("http://").parse()?)
    }

    /// A memory figure of the process from the kernel, in MB.
    fn memory(&self, name: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        match kilobytes {
            Some(kilobytes) => Ok(kilobytes * 1024.0 / 1e6),
            None => bail!("the kernel says nothing of {name}"),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
