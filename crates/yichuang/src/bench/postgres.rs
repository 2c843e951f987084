//! `bench postgres`: durable commits per second of one and of two nodes on a PostgreSQL server started for
//! this, against pgbench's single-row inserts on the same server with 16 clients, in turns within one run.
//!
//! A commit is that of an act: an event on a stream with its version checked, the stream's new head, and the
//! command with its reply.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use store::testing::{LoadReport, StepLoad, run_steps};
use store::{Batch, CommandId, Expected, NewEvent, Store, StoreError, StreamId, Version};
use store_postgres::testing::Server;
use store_postgres::{PostgresOptions, PostgresStore};
use uuid::Uuid;

/// Size of an event's body and of pgbench's row, in bytes.
const BODY_BYTES: usize = 256;

#[derive(Debug, clap::Args)]
pub struct Postgres {
    /// Seconds of each turn.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Callers of each node that commit at the same time.
    #[arg(long, default_value_t = 256)]
    users: u64,
    /// Clients of pgbench.
    #[arg(long, default_value_t = 16)]
    clients: u32,
    /// Where the server's data is made; a temporary folder when left out. Name the disk that is to be measured.
    #[arg(long)]
    folder: Option<PathBuf>,
}

impl Postgres {
    pub fn run(self) -> Result<()> {
        let folder = self.folder.clone().unwrap_or_else(std::env::temp_dir);
        let server = Server::start_in(&folder, &["shared_buffers=512MB", "max_wal_size=4GB"])?;
        crate::command::serve::runtime()?.block_on(self.measure(&server))
    }

    async fn measure(&self, server: &Server) -> Result<()> {
        let script = server.host().join("insert.sql");
        std::fs::write(
            &script,
            format!("insert into floor (body) values ('{}');\n", "x".repeat(BODY_BYTES)),
        )?;
        let made = program(server, "psql").arg("-c").arg(FLOOR).output()?;
        if !made.status.success() {
            bail!("psql: {}", String::from_utf8_lossy(&made.stderr));
        }
        let url = format!("{}?schema=bench", server.url());
        let one = vec![open(&url).await?];
        let two = vec![open(&url).await?, open(&url).await?];
        let (mut of_floor, mut of_one, mut of_one_shared) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..u64::from(self.rounds) {
            let floor = self.pgbench(server, &script)?;
            super::line("postgres_floor", floor, "inserts/s");
            let alone = self.load(&one, self.users, round * 3).await?;
            told("postgres_one_node", &alone, floor);
            // Two nodes with their own callers each, then two nodes that share the callers of one.
            let both = self.load(&two, self.users * 2, round * 3 + 1).await?;
            told("postgres_two_nodes", &both, floor);
            let shared = self.load(&two, self.users, round * 3 + 2).await?;
            told("postgres_two_nodes_sharing", &shared, floor);
            of_floor.push(alone.steps_per_second / floor);
            of_one.push(both.steps_per_second / alone.steps_per_second);
            of_one_shared.push(shared.steps_per_second / alone.steps_per_second);
        }
        super::line("postgres_one_node_ratio_median", median(of_floor), "of the floor");
        super::line("postgres_two_nodes_ratio_median", median(of_one), "of one node");
        super::line("postgres_two_nodes_sharing_ratio_median", median(of_one_shared), "of one node");
        let head = one[0].head().await?;
        #[expect(clippy::cast_precision_loss, reason = "a count of a short run")]
        super::line("postgres_events", head.0 as f64, "events");
        Ok(())
    }

    fn pgbench(&self, server: &Server, script: &std::path::Path) -> Result<f64> {
        let ran = program(server, "pgbench")
            .args(["--no-vacuum", "--protocol", "prepared", "--jobs", "2"])
            .args(["--client", &self.clients.to_string(), "--time", &self.seconds.to_string()])
            .arg("--file")
            .arg(script)
            .arg("postgres")
            .output()
            .context("running pgbench")?;
        let text = String::from_utf8_lossy(&ran.stdout);
        let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        tps.with_context(|| format!("pgbench: {}", String::from_utf8_lossy(&ran.stderr)))
    }

    async fn load(&self, nodes: &[Arc<PostgresStore>], users: u64, turn: u64) -> Result<LoadReport> {
        let nodes: Vec<Arc<PostgresStore>> = nodes.to_vec();
        let step: StepLoad = Arc::new(move |user, number| {
            let node = Arc::clone(&nodes[usize::try_from(user).unwrap_or(0) % nodes.len()]);
            Box::pin(async move { commit(&node, turn, user, number).await })
        });
        Ok(run_steps(users, Duration::from_secs(self.seconds), step).await?)
    }
}

fn told(name: &str, report: &LoadReport, floor: f64) {
    super::line(name, report.steps_per_second, "commits/s");
    super::line(&format!("{name}_ratio"), report.steps_per_second / floor, "of the floor");
    super::line(&format!("{name}_cpu"), report.cpu_per_step.as_secs_f64() * 1e6, "µs/commit of the node");
    super::line(&format!("{name}_p50"), report.p50.as_secs_f64() * 1e3, "ms");
    super::line(&format!("{name}_p99"), report.p99.as_secs_f64() * 1e3, "ms");
}

const FLOOR: &str =
    "create table floor (id bigint generated always as identity primary key, body text not null)";

/// Commits one event; streams have eight events each, as cases do.
async fn commit(node: &PostgresStore, turn: u64, user: u64, number: u64) -> Result<(), StoreError> {
    let stream = StreamId::of("case", format!("{turn}-{user}-{}", number / 8))?;
    let event = NewEvent {
        id: Uuid::now_v7(),
        at: Timestamp::now(),
        kind: "StepCompleted".into(),
        schema: 1,
        actor: "account/0190f2f0".into(),
        body: vec![b'x'; BODY_BYTES],
    };
    let batch = Batch::new(event.at)
        .append(stream, Expected::Version(Version(number % 8)), vec![event])
        .command(CommandId(Uuid::now_v7()), Vec::new());
    node.commit(batch).await.map(|_| ())
}

async fn open(url: &str) -> Result<Arc<PostgresStore>> {
    Ok(Arc::new(PostgresStore::open(PostgresOptions::new(url)?).await?))
}

fn program(server: &Server, name: &str) -> Command {
    let own = server.binaries().join(name);
    let mut command = Command::new(if own.exists() { own } else { name.into() });
    command.arg("-h").arg(server.host()).args(["-U", "postgres"]);
    command
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
