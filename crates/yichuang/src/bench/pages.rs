//! `bench pages`: home, guide and tracking pages with many cases stored, against a trivial page that reads
//! one row.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use axum::extract::{Path as InPath, State};
use axum::response::Html;
use store::Store as _;
use store_sqlite::{OneRow, SqliteOptions, SqliteStore};
use web::{App, Settings};

use super::applicants::{self, Applicant};
use super::http::{self, Load, get};
use crate::command::serve::listen;
use crate::setting;

#[derive(Debug, clap::Args)]
pub struct Pages {
    /// Cases stored before the load.
    #[arg(long, default_value_t = 100_000)]
    cases: usize,
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Seconds for each page in each round.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Only these pages: home, guide, tracking, tracking_cold; all when left out.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Another server's page of one row, measured in the same rounds: `express=127.0.0.1:3111`. See bench/express.
    #[arg(long, value_parser = beside)]
    beside: Vec<Beside>,
}

#[derive(Clone, Debug)]
struct Beside {
    name: String,
    address: SocketAddr,
}

fn beside(text: &str) -> Result<Beside> {
    let (name, address) = text.split_once('=').ok_or_else(|| anyhow!("give NAME=ADDRESS"))?;
    Ok(Beside { name: name.to_owned(), address: address.parse()? })
}

/// Cases opened again and again during the load: they stay in the cache.
const WARM: usize = 2_000;
/// Cases opened rarely: more than the cache holds.
const COLD: usize = 20_000;
/// Rows of the trivial page's table.
const ROWS: u32 = 100_000;

/// One page under load.
struct Asked {
    name: String,
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    loads: Vec<Load>,
}

impl Asked {
    fn new(name: &str, address: SocketAddr, requests: Vec<Vec<u8>>) -> Self {
        Self { name: name.to_owned(), address, requests: Arc::new(requests), loads: Vec::new() }
    }

    fn median(&self, of: impl Fn(&Load) -> f64) -> f64 {
        let mut values: Vec<f64> = self.loads.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    }
}

impl Pages {
    pub fn run(self) -> Result<()> {
        let folder = self
            .folder
            .clone()
            .unwrap_or_else(std::env::temp_dir)
            .join(format!("yichuang-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let done = crate::command::serve::runtime()?.block_on(self.measure(&folder));
        std::fs::remove_dir_all(&folder)?;
        done
    }

    async fn measure(&self, folder: &Path) -> Result<()> {
        let mut asked = self.prepare(folder).await?;
        let slice = Duration::from_secs(self.seconds);
        for _ in 0..self.rounds {
            for each in &mut asked {
                let load = http::load(each.address, &each.requests, self.connections, slice).await?;
                super::line(&format!("pages_{}", each.name), load.per_second, "pages/s");
                each.loads.push(load);
            }
        }
        let floor: Vec<f64> = asked[0].loads.iter().map(|load| load.per_second).collect();
        for each in &asked {
            let mut ratios: Vec<f64> =
                each.loads.iter().zip(&floor).map(|(load, floor)| load.per_second / floor).collect();
            ratios.sort_by(f64::total_cmp);
            let name = format!("pages_{}", each.name);
            super::line(&format!("{name}_median"), each.median(|load| load.per_second), "pages/s");
            super::line(&format!("{name}_ratio"), ratios[ratios.len() / 2], "of the trivial page");
            super::line(&format!("{name}_p50"), each.median(|load| load.p50.as_secs_f64() * 1e3), "ms");
            super::line(&format!("{name}_p99"), each.median(|load| load.p99.as_secs_f64() * 1e3), "ms");
            super::line(&format!("{name}_cpu"), each.median(|load| load.cpu.as_secs_f64() * 1e6), "µs/page");
            super::line(&format!("{name}_size"), each.median(|load| load.bytes).round(), "bytes");
        }
        Ok(())
    }

    /// Fills the store, starts the servers, and returns the pages to request, the trivial one first.
    async fn prepare(&self, folder: &Path) -> Result<Vec<Asked>> {
        let begun = Instant::now();
        let store = Arc::new(SqliteStore::open(SqliteOptions::new(folder.join("zone.db")))?);
        let edition = super::zone::six_steps()?;
        let url = || "http://localhost".to_owned();
        let office =
            setting::open_office(store.clone(), [7; 32], url(), office::SecondFactor::Off, Some(edition))
                .await?;
        let clerk = super::steps::clerk(&office).await?;
        let people = applicants::apply(&office, &clerk, self.cases.min(WARM + COLD)).await?;
        applicants::fill(&*store, &office, &clerk, self.cases.saturating_sub(people.len())).await?;
        super::line("pages_events", store.head().await?.0 as f64, "events");
        super::line("pages_filled_in", begun.elapsed().as_secs_f64(), "s");
        // The pages show the built-in zone; the cases keep the edition that they began with.
        let office = setting::open_office(
            store.clone(),
            [7; 32],
            url(),
            office::SecondFactor::Off,
            Some(super::zone::edition()?),
        )
        .await?;
        let parts = office.edition();
        let things = parts.parts().things.keys().map(|id| format!("/things/{}", encode(id.as_str())));
        let guides = things.map(|path| get(&path, None)).collect();
        let pages = serve(web::router(App { office, settings: Arc::new(Settings::default()) })).await?;
        let rows = Arc::new(OneRow::make(&folder.join("rows.db"), ROWS, 4)?);
        let trivial = axum::Router::new().route("/{number}", axum::routing::get(one_row)).with_state(rows);
        let one_row = || (1..=ROWS).step_by(7).map(|number| get(&format!("/{number}"), None)).collect();
        let (warm, cold) = people.split_at(people.len().min(WARM));
        let mut asked = vec![
            Asked::new("trivial", start(trivial).await?, one_row()),
            Asked::new("home", pages, vec![get("/", None)]),
            Asked::new("guide", pages, guides),
            Asked::new("tracking", pages, warm.iter().map(track).collect()),
        ];
        if !cold.is_empty() {
            asked.push(Asked::new("tracking_cold", pages, cold.iter().map(track).collect()));
        }
        let wanted = |name: &str| self.only.is_empty() || self.only.iter().any(|only| only == name);
        asked.retain(|each| each.name == "trivial" || wanted(&each.name));
        asked.extend(self.beside.iter().map(|each| Asked::new(&each.name, each.address, one_row())));
        Ok(asked)
    }
}

/// The request for a case with its applicant's key; nobody else may open it.
fn track(applicant: &Applicant) -> Vec<u8> {
    let cookie = format!("{}={}", web::ACCESS_COOKIE, applicant.key.0);
    get(&format!("/cases/{}", applicant.number), Some(&cookie))
}

async fn start(router: axum::Router) -> Result<SocketAddr> {
    let listener = listen("127.0.0.1:0".parse()?).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// As [`start`], but with the production server.
async fn serve(router: axum::Router) -> Result<SocketAddr> {
    let listener = listen("127.0.0.1:0".parse()?).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let metrics = web::Metrics::default();
        web::serve(listener, router, web::Limits::default(), &metrics, std::future::pending()).await
    });
    Ok(address)
}

/// The cheapest page: reads one row by its key.
async fn one_row(State(rows): State<Arc<OneRow>>, InPath(number): InPath<i64>) -> Html<String> {
    let text = rows.read(number).ok().flatten().unwrap_or_default();
    Html(format!("<!DOCTYPE html><title>{text}</title><p>{text}"))
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
