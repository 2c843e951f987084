//! The file with the secret that a zone's signing keys are derived from. It is made once, when a zone begins;
//! the database stores its fingerprint, and never accepts another secret unnoticed.

use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use office::{DerivedKeys, Entropy as _};
use store::{Batch, Change, Digest, Store};
use store_sqlite::SqliteStore;

use crate::lang::{say, says};
use crate::setting::{Database, SystemEntropy};

pub type Secret = [u8; 32];

/// Where the database stores the fingerprint of its secret.
const SPACE: &str = "zone";
const PRINT: &str = "signing-secret";

/// What the command that needs the key does with the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Creates a zone if there is none; `insist` even if something of an earlier one remains.
    Begin { insist: bool },
    /// Works on an existing zone.
    Work,
    /// Reads only.
    Look,
}

/// Before an embedded database is opened or created: checks that no earlier zone was lost here.
///
/// # Errors
/// When there is no zone, but a key or files of an earlier one, unless `insist`.
pub fn may_begin(database: &Database, key: Option<&Path>, insist: bool) -> Result<()> {
    let Database::Sqlite(path) = database else { return Ok(()) };
    if insist || SqliteStore::is_begun(path)? {
        return Ok(());
    }
    let key = database.key_file(key)?;
    let (files, log) = (beside(path, ".blobs"), beside(path, "-wal"));
    let has_files = std::fs::read_dir(&files)
        .is_ok_and(|mut all| all.any(|entry| entry.is_ok_and(|entry| entry.file_name() != "incoming")));
    let left = [(key.exists(), &key), (has_files, &files), (log.exists(), &log)];
    let Some((_, left)) = left.into_iter().find(|(there, _)| *there) else { return Ok(()) };
    let (path, left) = (path.display(), left.display());
    bail!(
        "{}",
        says(
            format!(
                "{path} 里没有数据，但 {left} 还在：这里以前有过一个区，它的数据丢了。请先把数据库（连同 -wal 文件）或备份放回来；\
             确实要从头建一个新区，请加 --new"
            ),
            format!(
                "{path} holds no zone, but {left} lies there: the data of an earlier zone are gone. Put the database (with its \
             -wal file) or a backup back; to begin a new zone here all the same, give --new"
            ),
        )
    )
}

/// The secret of the zone in this store.
///
/// # Errors
/// When the store is the target of an unfinished move, or has no zone and none may begin; when the secret is
/// missing, unreadable or another zone's.
pub async fn secret(
    database: &Database,
    key: Option<&Path>,
    store: &dyn Store,
    purpose: Purpose,
) -> Result<Secret> {
    let path = database.key_file(key)?;
    let now = Timestamp::now();
    if store::is_moving(store, now).await? {
        bail!(
            "{}",
            say(
                "这个数据库是一次没有完成的搬迁的目标，数据不全：请重新运行同一条 migrate 命令，把它做完",
                "this database is the target of a move that did not come to its end, and is not whole: run the same migrate \
             command again to finish it",
            )
        );
    }
    let print = store.kv_get(SPACE, PRINT, now).await?;
    if let Some(print) = &print
        && purpose != Purpose::Look
    {
        finish_change(&path, print)?;
    }
    let begun = print.is_some()
        || store.head().await? > store::Position::START
        || !store.editions().await?.is_empty();
    let secret = match (read(&path)?, begun, purpose) {
        (Some(secret), true, _) => {
            hold_against(&path, &secret, print.as_deref(), store).await?;
            secret
        }
        (None, true, _) => bail!("{}", missing(&path)),
        (found, false, Purpose::Begin { .. }) => match found {
            Some(secret) => secret,
            None => make(&path)?,
        },
        (_, false, _) => bail!(
            "{}",
            say(
                "这个数据库里还没有区：请先用 yichuang serve --pack 启动一次",
                "this database holds no zone yet: yichuang serve --pack begins one",
            )
        ),
    };
    warn_of_readers(&path);
    if print.is_none() && purpose != Purpose::Look {
        remember(&path, &secret, store).await?;
    }
    Ok(secret)
}

/// The fingerprint of a secret that the database stores.
pub fn print_of(secret: &Secret) -> Vec<u8> {
    Digest::of(&[b"yichuang signing secret 1\n", &secret[..]].concat()).0.to_vec()
}

/// The change that stores the fingerprint of another secret.
pub fn put_print(secret: &Secret) -> Change {
    Change::KvPut { space: SPACE.into(), key: PRINT.into(), bytes: print_of(secret), expires_at: None }
}

/// Whether this is the secret that the store has the fingerprint of; `None` when it has none.
///
/// # Errors
/// When the store cannot be read.
pub async fn fits(secret: &Secret, store: &dyn Store) -> Result<Option<bool>> {
    let print = store.kv_get(SPACE, PRINT, Timestamp::now()).await?;
    Ok(print.map(|print| print == print_of(secret)))
}

async fn hold_against(path: &Path, secret: &Secret, print: Option<&[u8]>, store: &dyn Store) -> Result<()> {
    let fits = match print {
        Some(print) => print == print_of(secret),
        // An older version stored no fingerprint for SQLite: then the newest signature decides.
        None => office::signed_the_newest(store, &DerivedKeys::new(*secret)).await?,
    };
    if fits {
        return Ok(());
    }
    let path = path.display();
    bail!(
        "{}",
        says(
            format!(
                "{path} 不是这个区的签名密钥：用它签发的证照无法核验。请把原来的密钥文件（备份或其他节点上的那一份）放回来；\
             原来的确实丢了，请用 yichuang keys change --lost"
            ),
            format!(
                "{path} is not the secret of this zone: what it signs would not verify. Put the right key file back, from its \
             backup or from another node; if that is lost for good, see yichuang keys change --lost"
            ),
        )
    )
}

fn missing(path: &Path) -> String {
    let path = path.display();
    says(
        format!(
            "签名密钥 {path} 不在：这个区已经有数据，不会另造一把。请把密钥文件从它的备份放回来（或用 --key 指明）；\
             确实丢了，请用 yichuang keys change --lost"
        ),
        format!(
            "the signing key {path} is missing: this zone has data, so no other key is made. Put the file back from its \
             backup, or name it by --key; if it is lost for good, see yichuang keys change --lost"
        ),
    )
}

async fn remember(path: &Path, secret: &Secret, store: &dyn Store) -> Result<()> {
    let (space, key) = (SPACE.to_owned(), PRINT.to_owned());
    let claim = Change::KvClaim { space, key, bytes: print_of(secret), expires_at: None };
    // Another node may have been first; the stored fingerprint decides.
    match store.commit(Batch::new(Timestamp::now()).change(claim)).await {
        Err(error) if error.conflict().is_none() => return Err(error.into()),
        _ => {}
    }
    match fits(secret, store).await? {
        Some(true) => Ok(()),
        _ => hold_against(path, secret, Some(&[]), store).await,
    }
}

/// The secret in the file; `None` when there is no file.
///
/// # Errors
/// When the file cannot be read, or does not have 32 bytes.
pub fn read(path: &Path) -> Result<Option<Secret>> {
    match std::fs::read(path) {
        Ok(bytes) => match bytes.try_into() {
            Ok(secret) => Ok(Some(secret)),
            Err(_) => {
                let path = path.display();
                bail!(
                    "{}",
                    says(
                        format!("{path} 不是 32 字节的密钥文件，请从备份放回正确的文件"),
                        format!("{path} is not a key of 32 bytes; put the right file back from a backup"),
                    )
                )
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error)
            .with_context(|| says(format!("读取 {}", path.display()), format!("reading {}", path.display()))),
    }
}

/// Creates a secret.
///
/// # Errors
/// When the file exists, or cannot be written.
pub fn make(path: &Path) -> Result<Secret> {
    let mut secret = [0; 32];
    SystemEntropy.fill(&mut secret);
    keep(path, &secret)?;
    Ok(secret)
}

/// Writes a secret to a new file that only the owner may read.
///
/// # Errors
/// When the file exists, or cannot be written.
pub fn keep(path: &Path, secret: &Secret) -> Result<()> {
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).with_context(
            || says(format!("写入 {}", path.display()), format!("making {}", path.display())),
        )?;
    file.write_all(secret)?;
    file.sync_all()?;
    sync_folder_of(path)
}

/// Where a new secret waits until the database has its fingerprint.
pub fn next_file(path: &Path) -> PathBuf {
    beside(path, ".next")
}

/// Completes a change of keys that broke off after the database had stored the new fingerprint.
fn finish_change(path: &Path, print: &[u8]) -> Result<()> {
    let next = next_file(path);
    match read(&next)? {
        Some(secret) if print_of(&secret) == print => put_in_place(path),
        _ => Ok(()),
    }
}

/// Replaces the present secret by the waiting one; the old one is kept beside it.
///
/// # Errors
/// When a file cannot be renamed.
pub fn put_in_place(path: &Path) -> Result<()> {
    if path.exists() {
        std::fs::rename(path, retired_file(path))?;
    }
    std::fs::rename(next_file(path), path)?;
    sync_folder_of(path)
}

fn retired_file(path: &Path) -> PathBuf {
    let mut number = 1;
    loop {
        let name = beside(path, &format!(".retired-{number}"));
        if !name.exists() {
            return name;
        }
        number += 1;
    }
}

fn sync_folder_of(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

fn warn_of_readers(path: &Path) {
    let Ok(found) = std::fs::metadata(path) else { return };
    let mode = found.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = path.display();
        eprintln!(
            "{}",
            says(
                format!(
                    "警告：本机其他账户也能读取签名密钥 {path}（权限 {mode:o}），请执行 chmod 600 {path}"
                ),
                format!(
                    "warning: other accounts of this machine can use the signing key {path} (mode {mode:o}): chmod 600 {path}"
                ),
            )
        );
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
