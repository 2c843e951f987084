//! What a real server stands on: the system's clock and entropy, a key file, a database address.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use office::{Clock, DerivedKeys, Entropy, Office, SecondFactor, Surroundings};
use store::Store;
use store_postgres::{PostgresOptions, PostgresStore};
use store_sqlite::{SqliteOptions, SqliteStore};

#[derive(Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

#[derive(Debug)]
pub struct SystemEntropy;

/// Bytes that the system gave and nobody used yet. Asking it for a few at a time is what most of an id costs.
struct Reserve {
    bytes: [u8; 512],
    used: usize,
}

thread_local! {
    static RESERVE: RefCell<Reserve> = const { RefCell::new(Reserve { bytes: [0; 512], used: 512 }) };
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let ask = |bytes: &mut [u8]| {
            getrandom::fill(bytes).expect("the operating system always has entropy once it is up");
        };
        RESERVE.with_borrow_mut(|Reserve { bytes: reserve, used }| {
            if bytes.len() > reserve.len() {
                return ask(bytes);
            }
            if *used + bytes.len() > reserve.len() {
                ask(reserve);
                *used = 0;
            }
            let given = &mut reserve[*used..*used + bytes.len()];
            bytes.copy_from_slice(given);
            // No byte is given twice, and none lies about after it was given.
            given.fill(0);
            *used += bytes.len();
        });
    }
}

/// Where a zone's data is kept.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    Sqlite(PathBuf),
    /// The whole address.
    Postgres(String),
}

/// An address may carry a password.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres"),
        }
    }
}

impl Database {
    /// `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
    pub fn parse(url: &str) -> Result<Self> {
        match url.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                Ok(Self::Postgres(url.to_owned()))
            }
            _ => bail!(
                "{url:?} is no database: give sqlite:PATH, for example sqlite:zone.db, or \
                 postgres://USER@HOST/DATABASE"
            ),
        }
    }

    /// The file of an embedded database.
    pub fn path(&self) -> Result<&Path> {
        match self {
            Self::Sqlite(path) => Ok(path),
            Self::Postgres(_) => bail!("PostgreSQL has its own copies: use pg_basebackup or pg_dump"),
        }
    }

    /// Opens the store, or makes it.
    pub async fn open(&self) -> Result<Arc<dyn Store>> {
        match self {
            Self::Sqlite(path) => {
                if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder)
                        .with_context(|| format!("making {}", folder.display()))?;
                }
                let store = SqliteStore::open(SqliteOptions::new(path));
                Ok(Arc::new(store.with_context(|| format!("opening {}", path.display()))?))
            }
            Self::Postgres(url) => {
                let mut options = PostgresOptions::new(url)?;
                options.password = std::env::var("PGPASSWORD").ok();
                Ok(Arc::new(PostgresStore::open(options).await.context("opening the database")?))
            }
        }
    }

    /// The file with the secret from which the signing keys follow: beside an embedded database, unless it is given.
    pub fn key_file(&self, given: Option<&Path>) -> Result<PathBuf> {
        match (given, self) {
            (Some(given), _) => Ok(given.to_owned()),
            (None, Self::Sqlite(path)) => {
                let mut name = path.as_os_str().to_owned();
                name.push(".key");
                Ok(name.into())
            }
            (None, Self::Postgres(_)) => bail!(
                "name the file with the zone's signing secret by --key FILE; every node needs the same one, and the \
                 first start makes it"
            ),
        }
    }
}

/// The secret from which the signing keys follow; made on the first start and readable by the owner alone. A database
/// remembers which secret its documents were signed with and refuses another one.
pub async fn secret(database: &Database, key: Option<&Path>, store: &dyn Store) -> Result<[u8; 32]> {
    const SPACE: &str = "zone";
    const KEY: &str = "signing-secret";
    let path = database.key_file(key)?;
    let secret = read_or_make(&path)?;
    if matches!(database, Database::Sqlite(_)) {
        return Ok(secret);
    }
    let now = Timestamp::now();
    let print = store::Digest::of(&[b"yichuang signing secret 1\n", &secret[..]].concat()).0.to_vec();
    if store.kv_get(SPACE, KEY, now).await?.is_none() {
        let claim = store::Change::KvClaim {
            space: SPACE.into(),
            key: KEY.into(),
            bytes: print.clone(),
            expires_at: None,
        };
        // Another node may be first; what counts is what is there in the end.
        match store.commit(store::Batch::new(now).change(claim)).await {
            Err(error) if error.conflict().is_none() => return Err(error.into()),
            _ => {}
        }
    }
    if store.kv_get(SPACE, KEY, now).await?.as_ref() != Some(&print) {
        bail!("{} is not the secret of this zone: copy the file of the other nodes", path.display());
    }
    Ok(secret)
}

fn read_or_make(path: &Path) -> Result<[u8; 32]> {
    match std::fs::read(path) {
        Ok(bytes) => match bytes.try_into() {
            Ok(secret) => Ok(secret),
            Err(_) => {
                bail!("{} is not a key of 32 bytes; put the right file back from a backup", path.display())
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut secret = [0; 32];
            SystemEntropy.fill(&mut secret);
            keep_secret(path, &secret)?;
            Ok(secret)
        }
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

/// Writes a secret where there is none yet, for the owner alone.
pub fn keep_secret(path: &Path, secret: &[u8; 32]) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("making {}", path.display()))?;
    file.write_all(secret)?;
    file.sync_all()?;
    Ok(())
}

/// Opens the office of a real server.
pub async fn open_office(
    store: Arc<dyn Store>,
    secret: [u8; 32],
    public_url: String,
    second_factor: SecondFactor,
    edition: Option<catalogue::Edition>,
) -> Result<Office> {
    let surroundings = Surroundings {
        store,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        keys: Arc::new(DerivedKeys::new(secret)),
        public_url,
        second_factor,
    };
    Ok(Office::start(surroundings, edition).await?)
}
