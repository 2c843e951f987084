//! `bench pages`: home, guide and tracking pages with many cases stored, against a trivial page that reads one row.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::extract::State;
use axum::response::Html;
use catalogue::{Channel, FieldId, ThingId};
use form::Raw;
use office::{AccessKey, By, Office, StartDraft};
use store::Store;
use store_sqlite::{SqliteOptions, SqliteStore};
use web::{App, Settings};

use super::http;
use crate::command::serve::listen;
use crate::setting;

#[derive(Debug, clap::Args)]
pub struct Pages {
    /// Cases stored before the load.
    #[arg(long, default_value_t = 100_000)]
    cases: usize,
    #[arg(long, default_value_t = 16)]
    connections: usize,
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// The zone of one item, beside the built-in things: its cases are cheap to make.
const THING: &str = "甲事";

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

    async fn measure(&self, folder: &std::path::Path) -> Result<()> {
        let store = Arc::new(SqliteStore::open(SqliteOptions::new(folder.join("zone.db")))?);
        let edition = super::zone::six_steps()?;
        let office =
            setting::open_office(store.clone(), [7; 32], "http://localhost".into(), Some(edition)).await?;
        let key = AccessKey("0123456789abcdef0123456789abcdef0123456789abcdef".into());
        let numbers = fill(&office, &key, self.cases).await?;
        super::line("pages_cases", numbers.len() as f64, "cases");
        // The zone that people see is the built-in one; the cases stay under the edition that they began with.
        let office = setting::open_office(
            store.clone(),
            [7; 32],
            "http://localhost".into(),
            Some(super::zone::edition()?),
        )
        .await?;
        let things: Vec<String> = office
            .edition()
            .parts()
            .things
            .keys()
            .map(|id| format!("/things/{}", encode(id.as_str())))
            .collect();
        let pages = start(web::router(App { office, settings: Arc::new(Settings::default()) })).await?;
        let trivial = axum::Router::new()
            .route("/", axum::routing::get(one_row))
            .with_state((store.clone() as Arc<dyn Store>, numbers[0].0.clone()));
        let trivial = start(trivial).await?;
        let tracking: Vec<String> =
            numbers.iter().step_by(97).take(500).map(|(_, number)| format!("/cases/{number}")).collect();
        let cookie = format!("{}={}", web::ACCESS_COOKIE, key.0);
        let slice = Duration::from_secs(self.seconds);
        let kinds = [("home", vec!["/".to_owned()]), ("guide", things), ("tracking", tracking)];
        for _ in 0..self.rounds {
            let floor = http::load(trivial, &["/".to_owned()], "", self.connections, slice).await?;
            super::line("pages_trivial", floor.per_second, "pages/s");
            for (name, paths) in &kinds {
                // Home and guide as a stranger sees them; a case only its applicant.
                let cookie = if *name == "tracking" { cookie.as_str() } else { "" };
                let load = http::load(pages, paths, cookie, self.connections, slice).await?;
                super::line(&format!("pages_{name}"), load.per_second, "pages/s");
                super::line(
                    &format!("pages_{name}_ratio"),
                    load.per_second / floor.per_second,
                    "of the trivial page",
                );
                super::line(&format!("pages_{name}_p50"), load.p50.as_secs_f64() * 1e3, "ms");
                super::line(&format!("pages_{name}_p99"), load.p99.as_secs_f64() * 1e3, "ms");
                super::line(&format!("pages_{name}_size"), load.bytes as f64, "bytes");
            }
        }
        Ok(())
    }
}

async fn start(router: axum::Router) -> Result<SocketAddr> {
    let listener = listen("127.0.0.1:0".parse()?).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// What a page costs that only reads one row by its key.
async fn one_row(State((store, id)): State<(Arc<dyn Store>, String)>) -> Html<String> {
    let row = store.view_row("cases", &[id.into()]).await.ok().flatten();
    let number = row.and_then(|row| row.text(1).map(str::to_owned)).unwrap_or_default();
    Html(format!("<!DOCTYPE html><title>{number}</title><p>{number}"))
}

/// Makes cases through the real use cases, many at once.
async fn fill(office: &Office, key: &AccessKey, cases: usize) -> Result<Vec<(String, String)>> {
    const AT_ONCE: usize = 64;
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..AT_ONCE {
        let (office, key) = (office.clone(), key.clone());
        let share = cases / AT_ONCE + usize::from(worker < cases % AT_ONCE);
        tasks.spawn(async move {
            let mut made = Vec::with_capacity(share);
            for _ in 0..share {
                let by = By::Guest(&key);
                let start = StartDraft {
                    thing: ThingId::from(THING),
                    party: None,
                    channel: Channel::Online,
                    came_from: Default::default(),
                };
                let open = office.start_draft(start, by).await?;
                let raw = [(FieldId::from("名称"), Raw::One("某公司".into()))].into();
                office.save_answers(open.id, &raw, by).await?;
                let submitted = office.submit(open.id, by, None).await?;
                made.push((submitted.id.to_string(), submitted.number));
            }
            anyhow::Ok(made)
        });
    }
    let mut all = Vec::with_capacity(cases);
    while let Some(made) = tasks.join_next().await {
        all.extend(made.context("a worker stopped")??);
    }
    Ok(all)
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
