//! What a real server runs on: the system's clock and entropy, a key file, a database address.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use office::{Clock, DerivedKeys, Entropy, Office, SecondFactor, Surroundings};
use store::Store;
use store_postgres::{PostgresOptions, PostgresStore};
use store_sqlite::{SqliteOptions, SqliteStore};

use crate::lang::{say, says};

#[derive(Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

#[derive(Debug)]
pub struct SystemEntropy;

/// Random bytes from the system, not yet used: one system call per id would be most of its cost.
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
            // No byte is given out twice or left in memory afterwards.
            given.fill(0);
            *used += bytes.len();
        });
    }
}

/// What lies beside an embedded database.
const BESIDE: [&str; 8] = ["-wal", "-shm", "-journal", ".lock", ".key", ".key.next", ".forgotten", ".blobs"];

/// Whether both names are of one file, also by links. A file that is not there yet is known by its folder.
fn is_same(own: &Path, out: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    if let (Ok(own), Ok(out)) = (own.metadata(), out.metadata()) {
        return (own.dev(), own.ino()) == (out.dev(), out.ino());
    }
    let place = |path: &Path| {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        Some((parent.unwrap_or(Path::new(".")).canonicalize().ok()?, path.file_name()?.to_owned()))
    };
    place(own).is_some_and(|own| place(out) == Some(own))
}

/// The address of a zone's database.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    Sqlite(PathBuf),
    /// The whole address.
    Postgres(String),
}

/// Hides the address, which may contain a password.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres"),
        }
    }
}

impl Database {
    /// Parses `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(url: &str) -> Result<Self> {
        match url.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                Ok(Self::Postgres(url.to_owned()))
            }
            _ => bail!(
                "{}",
                says(
                    format!(
                        "{url:?} 不是数据库地址：请写 sqlite:路径（例如 sqlite:zone.db），或 postgres://用户@主机/库名"
                    ),
                    format!(
                        "{url:?} is no database: give sqlite:PATH, for example sqlite:zone.db, or \
                     postgres://USER@HOST/DATABASE"
                    ),
                )
            ),
        }
    }

    /// Refuses to write over what the zone consists of: the database, what lies beside it, its key, and any other database.
    ///
    /// # Errors
    /// When `out` is one of these files, by whatever name or link.
    pub fn need_apart(&self, out: &Path, key: Option<&Path>) -> Result<()> {
        let Self::Sqlite(database) = self else { return Ok(()) };
        let key = self.key_file(key)?;
        let beside = |suffix: &str| {
            let mut name = database.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let own = [database.clone(), key]
            .into_iter()
            .chain(BESIDE.iter().map(|suffix| beside(suffix)))
            .any(|own| is_same(&own, out));
        let inside = |folder: &Path| {
            let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty());
            let parent = parent.unwrap_or(Path::new(".")).canonicalize();
            parent.is_ok_and(|parent| folder.canonicalize().is_ok_and(|folder| parent.starts_with(folder)))
        };
        if own || inside(&beside(".blobs")) {
            bail!(
                "{}",
                says(
                    format!("{} 是这个区自己的文件，写上去这个区就没有了：请换一个文件名", out.display()),
                    format!(
                        "{} is a file of the zone itself, which would be gone; name another file",
                        out.display()
                    ),
                )
            );
        }
        Ok(())
    }

    /// The file of an embedded database.
    ///
    /// # Errors
    /// For PostgreSQL.
    pub fn path(&self) -> Result<&Path> {
        match self {
            Self::Sqlite(path) => Ok(path),
            Self::Postgres(_) => bail!(
                "{}",
                say(
                    "PostgreSQL 有自己的备份办法：请用 pg_basebackup 或 pg_dump",
                    "PostgreSQL has its own copies: use pg_basebackup or pg_dump",
                )
            ),
        }
    }

    /// Opens the store, creating it if needed.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn begin(&self) -> Result<Arc<dyn Store>> {
        match self {
            Self::Sqlite(path) => {
                let store = SqliteStore::open(SqliteOptions::new(path));
                Ok(Arc::new(store.with_context(|| opening(path))?))
            }
            Self::Postgres(_) => self.open_postgres(|_| {}).await,
        }
    }

    /// Opens an existing store for work.
    ///
    /// # Errors
    /// When there is none, or it cannot be opened.
    pub async fn open(&self) -> Result<Arc<dyn Store>> {
        self.must_be_there()?;
        match self {
            Self::Sqlite(_) => self.begin().await,
            Self::Postgres(_) => self.open_postgres(|options| options.begin = false).await,
        }
    }

    /// Opens an existing store for exclusive use.
    ///
    /// # Errors
    /// When there is none, or it is in use.
    pub async fn open_alone(&self) -> Result<Arc<dyn Store>> {
        match self {
            Self::Sqlite(_) => self.open().await,
            Self::Postgres(_) => {
                self.open_postgres(|options| (options.begin, options.alone) = (false, true)).await
            }
        }
    }

    /// Opens an existing store for reading; the file of an embedded one is not changed by a single byte.
    ///
    /// # Errors
    /// When there is none, or it cannot be opened.
    pub async fn look(&self) -> Result<Arc<dyn Store>> {
        self.must_be_there()?;
        match self {
            Self::Sqlite(path) => {
                let store = SqliteStore::open_to_look(SqliteOptions::new(path));
                Ok(Arc::new(store.with_context(|| opening(path))?))
            }
            Self::Postgres(_) => self.open().await,
        }
    }

    async fn open_postgres(&self, choose: impl FnOnce(&mut PostgresOptions)) -> Result<Arc<dyn Store>> {
        let Self::Postgres(url) = self else { bail!("this is no PostgreSQL") };
        let mut options = PostgresOptions::new(url)?;
        options.password = std::env::var("PGPASSWORD").ok();
        choose(&mut options);
        let store = PostgresStore::open(options).await;
        Ok(Arc::new(store.with_context(|| say("打开数据库", "opening the database"))?))
    }

    fn must_be_there(&self) -> Result<()> {
        let Self::Sqlite(path) = self else { return Ok(()) };
        if !path.exists() {
            bail!(
                "{}",
                says(
                    format!("{} 不存在：请检查 --database 后面的路径", path.display()),
                    format!("{} does not exist; check the path after --database", path.display()),
                )
            );
        }
        if !SqliteStore::is_begun(path).with_context(|| opening(path))? {
            bail!(
                "{}",
                says(
                    format!("{} 里没有一窗的数据", path.display()),
                    format!("{} holds no zone", path.display()),
                )
            );
        }
        Ok(())
    }

    /// The file with the secret that the signing keys are derived from: beside an embedded database, unless
    /// given.
    ///
    /// # Errors
    /// For PostgreSQL when none is given.
    pub fn key_file(&self, given: Option<&Path>) -> Result<PathBuf> {
        match (given, self) {
            (Some(given), _) => Ok(given.to_owned()),
            (None, Self::Sqlite(path)) => {
                let mut name = path.as_os_str().to_owned();
                name.push(".key");
                Ok(name.into())
            }
            (None, Self::Postgres(_)) => bail!(
                "{}",
                say(
                    "请用 --key 指定签名密钥文件；每个节点用同一份，第一次启动时生成",
                    "name the file with the zone's signing secret by --key FILE; every node needs the same one, and \
                 the first start makes it",
                )
            ),
        }
    }
}

fn opening(path: &Path) -> String {
    says(format!("打开 {}", path.display()), format!("opening {}", path.display()))
}

/// Opens the office of a real server.
///
/// # Errors
/// When the office cannot start.
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
