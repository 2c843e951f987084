//! Realistic cases for benchmarks: each of its own applicant, at every stage, through the real use cases.

use anyhow::{Context, Result};
use catalogue::{Channel, FieldId, ThingId};
use form::Raw;
use office::{AccessKey, By, CaseId, Office, StartDraft, Viewer};
use store::Store;

use super::steps::{STEPS, act_of, lived_case};

/// How many are made concurrently, so that their commits share a write.
const AT_ONCE: usize = 64;

/// An applicant: the access key in the browser's cookie, and the case number.
#[derive(Clone, Debug)]
pub struct Applicant {
    pub key: AccessKey,
    pub number: String,
}

/// Submits `count` cases and lets officers do the first n steps of each, n cycling from none to all.
pub async fn apply(office: &Office, clerk: &Viewer, count: usize) -> Result<Vec<Applicant>> {
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..AT_ONCE {
        let (office, clerk) = (office.clone(), clerk.clone());
        let share = count / AT_ONCE + usize::from(worker < count % AT_ONCE);
        tasks.spawn(async move {
            let mut made = Vec::with_capacity(share);
            for turn in 0..share {
                made.push(one(&office, &clerk, turn % (STEPS.len() + 1)).await?);
            }
            anyhow::Ok(made)
        });
    }
    let mut all = Vec::with_capacity(count);
    while let Some(made) = tasks.join_next().await {
        all.extend(made.context("a worker stopped")??);
    }
    Ok(all)
}

async fn one(office: &Office, clerk: &Viewer, steps: usize) -> Result<Applicant> {
    let key = office.new_access_key();
    let by = By::Guest(&key);
    let start = StartDraft {
        thing: ThingId::from("甲事"),
        party: None,
        channel: Channel::Online,
        came_from: Default::default(),
    };
    let open = office.start_draft(start, by).await?;
    let raw = [(FieldId::from("名称"), Raw::One("某公司".into()))].into();
    office.save_answers(open.id, &raw, by).await?;
    let submitted = office.submit(open.id, by, None).await?;
    let case: CaseId = submitted.id;
    for step in &STEPS[..steps] {
        office.act(case, act_of(step), By::Viewer(clerk), Some(office.new_id())).await?;
    }
    Ok(Applicant { key, number: submitted.number })
}

/// Adds copies of one completed case until `count` cases were added: as full a store in less time.
pub async fn fill(store: &dyn Store, office: &Office, clerk: &Viewer, count: usize) -> Result<()> {
    let like = lived_case(office, clerk).await?;
    let stream = store::StreamId::of("case", like)?;
    let each = store.stream_head(&stream).await?.map_or(1, |head| head.version.0);
    let events = store.head().await?.0 + each * count as u64;
    super::fill::fill(store, office, like, events).await
}
