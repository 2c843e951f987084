//! Packs on their way in: an upload is held while its diagnostics are read, and what was published is kept as it was written.

use catalogue::EditionHash;
use checker::PackFiles;
use jiff::SignedDuration;
use store::{Batch, Change, ViewTally};

use crate::account::{Duty, Viewer};
use crate::edition::archive;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::views;

const HELD_HOURS: i64 = 12;
const HELD: &str = "held-pack";
const SOURCES: &str = "pack-source";

/// An edition that is kept, with the cases that run under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionUse {
    pub hash: EditionHash,
    pub current: bool,
    pub open: u64,
    pub over: u64,
}

impl Office {
    /// The files of a pack that came as an archive: somebody else's text, read within bounds.
    pub async fn read_pack(&self, archive: Vec<u8>, by: &Viewer) -> Result<PackFiles> {
        need_administrator(by)?;
        self.heavy(move || Ok(archive::read(&archive)?)).await
    }

    /// Keeps an uploaded archive for the administrator who is looking at its diagnostics.
    pub async fn hold_pack(&self, archive: Vec<u8>, by: &Viewer) -> Result<()> {
        need_administrator(by)?;
        let put = Change::KvPut {
            space: HELD.into(),
            key: by.id.to_string(),
            bytes: archive,
            expires_at: Some(self.now() + SignedDuration::from_hours(HELD_HOURS)),
        };
        self.store().commit(Batch::new(self.now()).change(put)).await?;
        Ok(())
    }

    /// The archive that this administrator uploaded last and did not publish.
    pub async fn held_pack(&self, by: &Viewer) -> Result<Option<Vec<u8>>> {
        need_administrator(by)?;
        Ok(self.store().kv_get(HELD, &by.id.to_string(), self.now()).await?)
    }

    /// Lets the held archive go; as the source of `published`, when it was published.
    pub async fn release_pack(&self, published: Option<EditionHash>, by: &Viewer) -> Result<()> {
        let held = self.held_pack(by).await?;
        let remove = Change::KvRemove { space: HELD.into(), key: by.id.to_string() };
        let mut batch = Batch::new(self.now()).change(remove);
        if let (Some(hash), Some(bytes)) = (published, held) {
            batch = batch.change(source(hash, bytes));
        }
        self.store().commit(batch).await?;
        Ok(())
    }

    /// Keeps the archive from which an edition was compiled.
    pub async fn keep_source(&self, hash: EditionHash, archive: Vec<u8>, by: &Viewer) -> Result<()> {
        need_administrator(by)?;
        self.store().commit(Batch::new(self.now()).change(source(hash, archive))).await?;
        Ok(())
    }

    /// The archive from which an edition was compiled, when it was published here.
    pub async fn pack_source(&self, hash: EditionHash, by: &Viewer) -> Result<Option<Vec<u8>>> {
        need_administrator(by)?;
        Ok(self.store().kv_get(SOURCES, &hash.to_string(), self.now()).await?)
    }

    /// The current edition and every other that a case runs under.
    pub async fn editions_in_use(&self, by: &Viewer) -> Result<Vec<EditionUse>> {
        need_administrator(by)?;
        let current = self.edition().hash();
        let mut uses = vec![EditionUse { hash: current, current: true, open: 0, over: 0 }];
        let tally = ViewTally::new(views::cases::TABLE).by("edition").by("state");
        for row in self.store().view_tally(tally).await? {
            let [edition, state] = row.group.as_slice() else { continue };
            let Some(hash) = edition.as_text().and_then(|text| text.parse().ok()) else { continue };
            let place = match uses.iter().position(|held| held.hash == hash) {
                Some(place) => place,
                None => {
                    uses.push(EditionUse { hash, current: false, open: 0, over: 0 });
                    uses.len() - 1
                }
            };
            match state.as_text() {
                Some("open") => uses[place].open += row.count,
                _ => uses[place].over += row.count,
            }
        }
        Ok(uses)
    }
}

fn source(hash: EditionHash, archive: Vec<u8>) -> Change {
    Change::KvPut { space: SOURCES.into(), key: hash.to_string(), bytes: archive, expires_at: None }
}

fn need_administrator(by: &Viewer) -> Result<()> {
    if by.has_duty(Duty::System) { Ok(()) } else { Err(OfficeError::Denied) }
}
