//! What a real server stands on: the system's clock and entropy, a key file, a database address.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use office::{Clock, DerivedKeys, Entropy, Office, Surroundings};
use store::Store;
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite(PathBuf),
}

impl Database {
    /// `sqlite:PATH`.
    pub fn parse(url: &str) -> Result<Self> {
        match url.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", _)) => {
                bail!("this build keeps data in SQLite: give sqlite:PATH")
            }
            _ => bail!("{url:?} is no database: give sqlite:PATH, for example sqlite:zone.db"),
        }
    }

    pub fn path(&self) -> &Path {
        match self {
            Self::Sqlite(path) => path,
        }
    }

    pub fn open(&self) -> Result<Arc<SqliteStore>> {
        let Self::Sqlite(path) = self;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        }
        let store = SqliteStore::open(SqliteOptions::new(path));
        Ok(Arc::new(store.with_context(|| format!("opening {}", path.display()))?))
    }
}

/// The secret from which the signing keys follow; made on the first start and readable by the owner alone.
pub fn secret_beside(database: &Database) -> Result<[u8; 32]> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut name = database.path().as_os_str().to_owned();
    name.push(".key");
    let path = PathBuf::from(name);
    match std::fs::read(&path) {
        Ok(bytes) => match bytes.try_into() {
            Ok(secret) => Ok(secret),
            Err(_) => {
                bail!("{} is not a key of 32 bytes; put the right file back from a backup", path.display())
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut secret = [0; 32];
            SystemEntropy.fill(&mut secret);
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)
                .with_context(|| format!("making {}", path.display()))?;
            file.write_all(&secret)?;
            file.sync_all()?;
            Ok(secret)
        }
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

/// Opens the office of a real server.
pub async fn open_office(
    store: Arc<dyn Store>,
    secret: [u8; 32],
    public_url: String,
    edition: Option<catalogue::Edition>,
) -> Result<Office> {
    let surroundings = Surroundings {
        store,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        keys: Arc::new(DerivedKeys::new(secret)),
        public_url,
    };
    Ok(Office::start(surroundings, edition).await?)
}
