//! Logs of other systems, kept to be looked at. What is kept is what is looked at: nobody is named in it.

use std::sync::Arc;

use jiff::Timestamp;
use mining::Log;
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Digest};

use crate::account::Viewer;
use crate::error::{OfficeError, Result};
use crate::figures::scope;
use crate::office::Office;

/// As many logs as are kept.
pub const LOGS_MAX: usize = 20;
const SPACE: &str = "process-logs";
/// A log of a million events takes some 60 megabytes.
const BYTES_MAX: u64 = 1 << 30;
const CHUNK: usize = 1 << 20;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptLog {
    pub id: String,
    /// As its file was called.
    pub file: String,
    pub cases: u64,
    pub events: u64,
    pub added_at: Timestamp,
    digest: String,
}

impl Office {
    /// Leaders and administrators only: a log of another system belongs to no department.
    pub fn may_look_at_logs(&self, by: &Viewer) -> Result<()> {
        match scope(by, &self.edition())? {
            None => Ok(()),
            Some(_) => Err(OfficeError::Denied),
        }
    }

    pub fn sees_other_logs(&self, by: &Viewer) -> bool {
        self.may_look_at_logs(by).is_ok()
    }

    /// Keeps a log; the oldest has to go by hand when there are [`LOGS_MAX`], which is told by `None`.
    pub async fn keep_log(&self, file: &str, log: Log, by: &Viewer) -> Result<Option<KeptLog>> {
        self.may_look_at_logs(by)?;
        if self.kept_logs(by).await?.len() >= LOGS_MAX {
            return Ok(None);
        }
        let bytes = serde_json::to_vec(&log)?;
        let mut sink = self.store().blob_create(BYTES_MAX, self.now()).await?;
        for chunk in bytes.chunks(CHUNK) {
            sink.write(chunk).await?;
        }
        let stored = sink.finish().await?;
        let id = self.new_id().to_string();
        let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
        let kept = KeptLog {
            id: id.clone(),
            file: identifier::line(file).chars().take(120).collect(),
            cases: log.traces().len() as u64,
            events: log.events(),
            added_at: self.now(),
            digest: stored.digest.to_string(),
        };
        let bytes = serde_json::to_vec(&kept)?;
        let owner = owner(&id);
        let batch = Batch::new(self.now())
            .change(Change::BlobLink { digest: stored.digest, owner })
            .change(Change::KvPut { space: SPACE.into(), key: id.clone(), bytes, expires_at: None });
        self.store().commit(batch).await?;
        self.inner.process.put_kept(&id, Some(Arc::new(log)));
        Ok(Some(kept))
    }

    /// All of them, newest first.
    pub async fn kept_logs(&self, by: &Viewer) -> Result<Vec<KeptLog>> {
        self.may_look_at_logs(by)?;
        let kept = self.store().kv_list(SPACE, "", self.now()).await?;
        let mut logs: Vec<KeptLog> =
            kept.iter().map(|(_, bytes)| serde_json::from_slice(bytes)).collect::<Result<_, _>>()?;
        logs.sort_by_key(|log| std::cmp::Reverse(log.added_at));
        Ok(logs)
    }

    pub async fn kept_log(&self, id: &str, by: &Viewer) -> Result<(KeptLog, Arc<Log>)> {
        self.may_look_at_logs(by)?;
        let bytes = self.store().kv_get(SPACE, id, self.now()).await?.ok_or(OfficeError::NotFound)?;
        let kept: KeptLog = serde_json::from_slice(&bytes)?;
        if let Some(log) = self.inner.process.kept(id) {
            return Ok((kept, log));
        }
        let digest = Digest::parse(&kept.digest).ok_or(OfficeError::NotFound)?;
        let mut source = self.store().blob_open(digest).await?.ok_or(OfficeError::NotFound)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = source.next().await? {
            bytes.extend_from_slice(&chunk);
        }
        let log: Arc<Log> = Arc::new(serde_json::from_slice(&bytes)?);
        self.inner.process.put_kept(id, Some(log.clone()));
        Ok((kept, log))
    }

    /// Forgets a log. Doing it twice does it once.
    pub async fn drop_log(&self, id: &str, by: &Viewer) -> Result<()> {
        self.may_look_at_logs(by)?;
        let Some(bytes) = self.store().kv_get(SPACE, id, self.now()).await? else { return Ok(()) };
        let kept: KeptLog = serde_json::from_slice(&bytes)?;
        let mut batch =
            Batch::new(self.now()).change(Change::KvRemove { space: SPACE.into(), key: id.to_owned() });
        if let Some(digest) = Digest::parse(&kept.digest) {
            batch = batch.change(Change::BlobUnlink { digest, owner: owner(id) });
        }
        self.store().commit(batch).await?;
        self.inner.process.put_kept(id, None);
        Ok(())
    }
}

fn owner(id: &str) -> String {
    format!("process-log/{id}")
}
