//! `bench steps`: six human steps per case, two in parallel, each durable before it is acknowledged, with the
//! case loaded again each time. The baseline is one bare commit per step on the same disk in the same run.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use catalogue::{Channel, FieldId, ItemId, StepId, ThingId};
use form::Raw;
use office::{AccessKey, Act, By, CaseId, NewAccount, Office, Standing, StartDraft, Viewer};
use store::testing::{StepLoad, run_steps};
use store::{Store as _, StoreError};
use store_sqlite::{SqliteOptions, SqliteStore, commits_per_second};
use tokio::sync::Mutex;

use crate::setting;

/// Human steps of a case after its submission.
pub const STEPS: [&str; 6] = ["受理", "甲审", "乙审", "汇总", "决定", "归档"];

#[derive(Debug, clap::Args)]
pub struct Steps {
    /// Seconds for each number of users, spread over the rounds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    #[arg(long, value_delimiter = ',', default_values_t = [1, 64])]
    users: Vec<u64>,
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Fills the store with cases until it has this many events, before anything is measured.
    #[arg(long, default_value_t = 0)]
    events: u64,
    /// Where the database is made; a temporary folder when left out. Name the disk that is to be measured.
    #[arg(long)]
    folder: Option<PathBuf>,
}

impl Steps {
    pub fn run(self) -> Result<()> {
        let folder = self
            .folder
            .clone()
            .unwrap_or_else(std::env::temp_dir)
            .join(format!("yichuang-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let done = crate::command::serve::runtime()?.block_on(self.measure(&folder));
        std::fs::remove_dir_all(&folder)?;
        done
    }

    async fn measure(&self, folder: &std::path::Path) -> Result<()> {
        let store = Arc::new(SqliteStore::open(SqliteOptions::new(folder.join("zone.db")))?);
        let edition = super::zone::six_steps()?;
        let office = setting::open_office(
            store.clone(),
            [7; 32],
            "http://localhost".into(),
            office::SecondFactor::Off,
            Some(edition),
        )
        .await?;
        let clerk = clerk(&office).await?;
        if self.events > 0 {
            let begun = std::time::Instant::now();
            let lived = lived_case(&office, &clerk).await?;
            super::fill::fill(&*store, &office, lived, self.events).await?;
            super::line("steps_filled", store.head().await?.0 as f64, "events");
            super::line("steps_filled_in", begun.elapsed().as_secs_f64(), "s");
        }
        let slice = Duration::from_secs(self.seconds) / self.rounds;
        let mut ratios: Vec<Vec<f64>> = vec![Vec::new(); self.users.len()];
        for round in 0..self.rounds {
            let floor = commits_per_second(&folder.join(format!("floor-{round}.db")), slice)?;
            super::line("steps_floor", floor, "commits/s");
            for (place, users) in self.users.iter().enumerate() {
                let load = prepare(&office, &clerk, *users, slice).await?;
                let report = run_steps(*users, slice, load).await?;
                let name = format!("steps_{users}_users");
                super::line(&name, report.steps_per_second, "steps/s");
                super::line(&format!("{name}_ratio"), report.steps_per_second / floor, "of the floor");
                super::line(&format!("{name}_cpu"), report.cpu_per_step.as_secs_f64() * 1e6, "µs/step");
                super::line(&format!("{name}_p50"), report.p50.as_secs_f64() * 1e3, "ms");
                super::line(&format!("{name}_p99"), report.p99.as_secs_f64() * 1e3, "ms");
                super::line(&format!("{name}_p99_commits"), report.p99.as_secs_f64() * floor, "commits");
                ratios[place].push(report.steps_per_second / floor);
            }
        }
        for (users, mut ratios) in self.users.iter().zip(ratios) {
            ratios.sort_by(f64::total_cmp);
            super::line(
                &format!("steps_{users}_users_ratio_median"),
                ratios[ratios.len() / 2],
                "of the floor",
            );
        }
        super::line("steps_events", store.head().await?.0 as f64, "events");
        Ok(())
    }
}

pub async fn clerk(office: &Office) -> Result<Viewer> {
    let new = NewAccount {
        login: "clerk".into(),
        password: "a long password".into(),
        name: "甲".into(),
        phone: String::new(),
        standing: Standing::Officer,
        roles: vec!["办事员".into()],
    };
    let id = office.open_account(new, "system").await?;
    office.viewer(id).await?.context("the account that was just opened")
}

/// A case that was just submitted.
pub async fn new_case(office: &Office) -> Result<CaseId, StoreError> {
    let key = AccessKey("bench".into());
    let by = By::Guest(&key);
    let start = StartDraft {
        thing: ThingId::from("甲事"),
        party: None,
        channel: Channel::Online,
        came_from: Default::default(),
    };
    let open = office.start_draft(start, by).await.map_err(StoreError::fault)?;
    let raw = [(FieldId::from("名称"), Raw::One("某公司".into()))].into();
    office.save_answers(open.id, &raw, by).await.map_err(StoreError::fault)?;
    Ok(office.submit(open.id, by, None).await.map_err(StoreError::fault)?.id)
}

pub fn act_of(step: &str) -> Act {
    let item = ItemId::from("甲事项");
    match step {
        "受理" => Act::Accept { item: Some(item) },
        "决定" => Act::Grant { item, opinion: String::new(), officers: Vec::new() },
        other => Act::CompleteStep {
            item,
            step: StepId::from(other),
            yes: true,
            opinion: String::new(),
            officers: Vec::new(),
            checked: office::Checklist::default(),
            joint: false,
        },
    }
}

/// A case with all steps done.
pub async fn lived_case(office: &Office, clerk: &Viewer) -> Result<CaseId> {
    let case = new_case(office).await?;
    for step in STEPS {
        office.act(case, act_of(step), By::Viewer(clerk), Some(office.new_id())).await?;
    }
    Ok(case)
}

/// Gives each user own cases, made before the measurement, so that only the human steps are measured.
async fn prepare(office: &Office, clerk: &Viewer, users: u64, slice: Duration) -> Result<StepLoad> {
    const MAKERS: u64 = 64;
    // Enough for a fast disk; a user who runs out makes new cases.
    let a_second = (1_500 * users).min(5_000);
    let wanted = (64 * users).max(a_second * slice.as_secs().max(1)).div_ceil(MAKERS.min(users.max(16)));
    // All at once, so that their commits share a write.
    let making: Vec<_> = (0..MAKERS.min(users.max(16)))
        .map(|_| {
            let office = office.clone();
            tokio::spawn(async move {
                let mut own = Vec::new();
                for _ in 0..wanted {
                    own.push(new_case(&office).await?);
                }
                Ok::<_, StoreError>(own)
            })
        })
        .collect();
    let mut made = Vec::new();
    for own in making {
        made.extend(own.await??);
    }
    let each = made.len().div_ceil(usize::try_from(users)?.max(1)).max(1);
    let mut cases: Vec<_> = made.chunks(each).map(|own| Arc::new(Mutex::new(own.to_vec()))).collect();
    cases.resize_with(usize::try_from(users)?, Default::default);
    let (office, clerk, cases) = (office.clone(), Arc::new(clerk.clone()), Arc::new(cases));
    let current: Arc<Vec<Mutex<Option<CaseId>>>> = Arc::new((0..users).map(|_| Mutex::new(None)).collect());
    let made_late = Arc::new(AtomicU64::new(0));
    Ok(Arc::new(move |user, number| {
        let (office, clerk, cases, current, made_late) =
            (office.clone(), clerk.clone(), cases.clone(), current.clone(), made_late.clone());
        Box::pin(async move {
            let place = usize::try_from(user).unwrap_or_default();
            let step = usize::try_from(number).unwrap_or_default() % STEPS.len();
            let mut current = current[place].lock().await;
            if step == 0 {
                let ready = cases[place].lock().await.pop();
                *current = Some(match ready {
                    Some(case) => case,
                    None => {
                        made_late.fetch_add(1, Ordering::Relaxed);
                        new_case(&office).await?
                    }
                });
            }
            let Some(case) = *current else { return Ok(()) };
            let act = act_of(STEPS[step]);
            let command = office.new_id();
            office.act(case, act, By::Viewer(&clerk), Some(command)).await.map_err(StoreError::fault)?;
            Ok(())
        })
    }))
}
