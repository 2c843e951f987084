//! The file with the secret from which a zone's signing keys follow. It is made once, when a zone begins; a database
//! remembers which one it was and never takes another unnoticed.

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

/// Where a database keeps the print of its secret.
const SPACE: &str = "zone";
const PRINT: &str = "signing-secret";

/// What a command does to the zone whose key it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Begins one where there is none; `insist` when something of an earlier one lies there.
    Begin { insist: bool },
    /// Works on one that is there.
    Work,
    /// Looks, and writes nothing.
    Look,
}

/// Before an embedded database is opened, or made: whether one may begin here.
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

/// What a database keeps of its secret.
pub fn print_of(secret: &Secret) -> Vec<u8> {
    Digest::of(&[b"yichuang signing secret 1\n", &secret[..]].concat()).0.to_vec()
}

/// The change that makes a database remember another secret.
pub fn put_print(secret: &Secret) -> Change {
    Change::KvPut { space: SPACE.into(), key: PRINT.into(), bytes: print_of(secret), expires_at: None }
}

/// Whether this is the secret that the store remembers; nothing when it remembers none.
pub async fn fits(secret: &Secret, store: &dyn Store) -> Result<Option<bool>> {
    let print = store.kv_get(SPACE, PRINT, Timestamp::now()).await?;
    Ok(print.map(|print| print == print_of(secret)))
}

async fn hold_against(path: &Path, secret: &Secret, print: Option<&[u8]>, store: &dyn Store) -> Result<()> {
    let fits = match print {
        Some(print) => print == print_of(secret),
        // An older version kept no print beside SQLite: then what was signed last tells.
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
    // Another node may be first; what counts is what is there in the end.
    match store.commit(Batch::new(Timestamp::now()).change(claim)).await {
        Err(error) if error.conflict().is_none() => return Err(error.into()),
        _ => {}
    }
    match fits(secret, store).await? {
        Some(true) => Ok(()),
        _ => hold_against(path, secret, Some(&[]), store).await,
    }
}

/// The file's secret; nothing when there is no file.
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

/// Makes a secret where there is none.
pub fn make(path: &Path) -> Result<Secret> {
    let mut secret = [0; 32];
    SystemEntropy.fill(&mut secret);
    keep(path, &secret)?;
    Ok(secret)
}

/// Writes a secret where there is none yet, for the owner alone.
pub fn keep(path: &Path, secret: &Secret) -> Result<()> {
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).with_context(
            || says(format!("写入 {}", path.display()), format!("making {}", path.display())),
        )?;
    file.write_all(secret)?;
    file.sync_all()?;
    sync_folder_of(path)
}

/// Where a new secret lies until the database remembers it.
pub fn next_file(path: &Path) -> PathBuf {
    beside(path, ".next")
}

/// A change of keys that broke off after the database had taken the new secret is brought to its end.
fn finish_change(path: &Path, print: &[u8]) -> Result<()> {
    let next = next_file(path);
    match read(&next)? {
        Some(secret) if print_of(&secret) == print => put_in_place(path),
        _ => Ok(()),
    }
}

/// Puts the next secret in the place of the present one, which is kept beside it.
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
