//! `yichuang keys`: lists the zone's public keys, and replaces its keys.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use jiff::Timestamp;
use office::{DerivedKeys, KeyChange, Keys};
use store::Batch;

use crate::command::upkeep::Database as At;
use crate::lang::{say, says};
use crate::setting::Database;
use crate::zone_key::{self, Purpose};

#[derive(Debug, clap::Args)]
pub struct KeysCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Print the public keys of the zone, those of before included: the file that `verify --keys` takes.
    List(At),
    /// Sign with new keys from now on. What the old ones signed stays good, unless they were stolen. Nobody may serve the
    /// zone meanwhile.
    Change(Change),
}

#[derive(Debug, clap::Args)]
struct Change {
    #[command(flatten)]
    at: At,
    /// The old keys came into other hands: nothing that they ever signed counts any more.
    #[arg(long)]
    stolen: bool,
    /// The file with the old secret is lost.
    #[arg(long)]
    lost: bool,
}

impl KeysCommand {
    pub fn run(self) -> Result<ExitCode> {
        match self.what {
            What::List(at) => list(&at),
            What::Change(change) => change.run(),
        }
    }
}

fn list(at: &At) -> Result<ExitCode> {
    let url = Database::parse(&at.database)?;
    crate::command::serve::runtime()?.block_on(async {
        let store = url.look().await?;
        let ring = office::kept_ring(&*store, Timestamp::now()).await?;
        if ring.keys().next().is_none() {
            bail!(
                "{}",
                say(
                    "这个区还没有留存公钥：请先启动一次 yichuang serve",
                    "this zone has kept no public keys yet: start yichuang serve once",
                )
            );
        }
        print!("{}", office::public_ring(&ring).to_json());
        Ok(ExitCode::SUCCESS)
    })
}

impl Change {
    fn run(self) -> Result<ExitCode> {
        let url = Database::parse(&self.at.database)?;
        let path = url.key_file(self.at.key.as_deref())?;
        crate::command::serve::runtime()?.block_on(async {
            let store = url.open_alone().await?;
            let old = self.old_secret(&url, &path, &*store).await?;
            let (next, secret) = (zone_key::next_file(&path), fresh(&path)?);
            let (old, new) = (old.map(DerivedKeys::new), DerivedKeys::new(secret));
            let why = if self.stolen { KeyChange::Stolen } else { KeyChange::Ordinary };
            // Documents are dated to the second.
            let now = Timestamp::from_second(Timestamp::now().as_second())?;
            let old: Option<&dyn Keys> = old.as_ref().map(|old| old as &dyn Keys);
            let ring = office::change_keys(&*store, old, &new, why, now).await?;
            let batch = Batch::new(now).change(zone_key::put_print(&secret)).change(ring);
            if let Err(error) = store.commit(batch).await {
                let _ = std::fs::remove_file(&next);
                return Err(error.into());
            }
            zone_key::put_in_place(&path)?;
            let path = path.display();
            println!("{}", says(
                format!(
                    "已换用新密钥：{path}。请立即另存一份，并复制到每个节点。旧密钥留在旁边（.retired-N），只有恢复换钥之前的备份时\
                     才用得上；旧证照凭公钥照常核验。"
                ),
                format!(
                    "New keys sign from now on: {path}. Keep a copy of the file apart and give it to every node. The old \
                     secret lies beside it (.retired-N); only copies from before the change need it. What it signed \
                     verifies by the public keys{}.",
                    if self.stolen { ", but counts no more" } else { "" }
                ),
            ));
            Ok(ExitCode::SUCCESS)
        })
    }

    async fn old_secret(
        &self,
        url: &Database,
        path: &Path,
        store: &dyn store::Store,
    ) -> Result<Option<zone_key::Secret>> {
        if !self.lost {
            return Ok(Some(zone_key::secret(url, self.at.key.as_deref(), store, Purpose::Work).await?));
        }
        if let Some(secret) = zone_key::read(path)?
            && zone_key::fits(&secret, store).await? != Some(false)
        {
            bail!(
                "{}",
                says(
                    format!("{} 就是这个区的密钥，没有丢：请去掉 --lost", path.display()),
                    format!("{} is the key of this zone and is not lost: leave --lost out", path.display()),
                )
            );
        }
        Ok(None)
    }
}

/// Makes a new secret in its waiting file; removes that of an earlier change that was broken off.
fn fresh(path: &std::path::Path) -> Result<zone_key::Secret> {
    let next = zone_key::next_file(path);
    if next.exists() {
        std::fs::remove_file(&next)?;
    }
    zone_key::make(&next)
}
