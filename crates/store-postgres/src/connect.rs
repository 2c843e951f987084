//! Connections, and retries while the database is unavailable.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use store::{Result, StoreError};
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Config, NoTls, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::options::PostgresOptions;
use crate::value::fault;

/// A parameter with the type that the server must use for it.
pub(crate) type Typed<'a> = (&'a (dyn ToSql + Sync), Type);

pub(crate) fn config(options: &PostgresOptions) -> Result<Config> {
    let mut config: Config = options.url.parse().map_err(fault)?;
    if let (None, Some(password)) = (config.get_password(), &options.password) {
        config.password(password);
    }
    if config.get_application_name().is_none() {
        config.application_name("yichuang");
    }
    let within = config.get_connect_timeout().copied().unwrap_or(Duration::from_secs(3));
    match (&options.root_certificates, config.get_ssl_mode()) {
        (Some(_), _) => {
            config.ssl_mode(SslMode::Require);
        }
        (None, SslMode::Require) => {
            return Err(StoreError::malformed(
                "name the authorities of the server's certificate by sslrootcert=FILE",
            ));
        }
        (None, _) => {}
    }
    config
        .target_session_attrs(TargetSessionAttrs::ReadWrite)
        .connect_timeout(within)
        .keepalives_idle(Duration::from_secs(5))
        .keepalives_interval(Duration::from_secs(2))
        .keepalives_retries(3)
        .tcp_user_timeout(Duration::from_secs(10));
    Ok(config)
}

/// The TLS settings that verify the server's certificate; `None` without root certificates.
pub(crate) fn tls(options: &PostgresOptions) -> Result<Option<MakeRustlsConnect>> {
    let Some(path) = &options.root_certificates else { return Ok(None) };
    let unreadable = |error: &dyn fmt::Display| {
        StoreError::malformed(format!("{} has no certificate that can be read: {error}", path.display()))
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unreadable(&error))? {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        roots.add(certificate).map_err(|error| unreadable(&error))?;
    }
    if roots.is_empty() {
        return Err(unreadable(&"it is empty"));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(StoreError::fault)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Some(MakeRustlsConnect::new(client)))
}

/// The purpose of a pool's connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Writer,
    Reader,
}

/// The settings of every session. A transaction of a node that stopped halfway times out, so that it blocks
/// no other writer. `statement_timeout` is off, whatever the server's default: if it ran out while a commit
/// waits for its standby, the commit would be acknowledged too early.
pub(crate) fn session(schema: &str, role: Role) -> String {
    // A plan made while a table was small must not be kept while it grows. Queries are planned anew for each
    // execution; the writer's statements find rows by key only, so one plan that never scans a whole table is
    // right for ever.
    let plans = match role {
        // The planner gives a disabled scan a very high cost, and would start JIT compilation for it.
        Role::Writer => "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off;",
        Role::Reader => "set plan_cache_mode = force_custom_plan;",
    };
    format!(
        "{plans} set search_path to \"{schema}\", pg_catalog; set lock_timeout = '20s';
         set idle_in_transaction_session_timeout = '10s'; set client_min_messages = warning;
         set statement_timeout = 0; set default_transaction_isolation = 'read committed';
         select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'"
    )
}

#[derive(Clone)]
pub(crate) struct Connections {
    pool: Pool,
    pub(crate) patience: Duration,
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("status", &self.pool.status()).finish_non_exhaustive()
    }
}

impl Connections {
    pub(crate) fn new(options: &PostgresOptions, size: usize, role: Role) -> Result<Self> {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match tls(options)? {
            Some(tls) => Manager::from_config(config(options)?, tls, recycling),
            None => Manager::from_config(config(options)?, NoTls, recycling),
        };
        let session = session(&options.schema, role);
        let greet = Hook::async_fn(move |client, _| {
            let session = session.clone();
            Box::pin(async move { client.batch_execute(&session).await.map_err(HookError::Backend) })
        });
        let pool = Pool::builder(manager)
            .max_size(size.max(1))
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .wait_timeout(Some(options.patience))
            .create_timeout(Some(Duration::from_secs(10)))
            .post_create(greet)
            .build()
            .map_err(StoreError::fault)?;
        Ok(Self { pool, patience: options.patience })
    }

    pub(crate) async fn get(&self) -> Result<Object, Trouble> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
                Trouble::of(error)
            }
            other => Trouble::Away(other.to_string()),
        })
    }

    /// The rows of a fixed query; retried while the database is unavailable.
    pub(crate) async fn rows(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        let mut trying = Trying::for_as_long_as(self.patience);
        loop {
            match self.rows_once(sql, params).await {
                Err(Trouble::Away(why)) => trying.pause(why).await?,
                Err(Trouble::Sql(error)) => return Err(fault(error)),
                Ok(rows) => return Ok(rows),
            }
        }
    }

    async fn rows_once(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Trouble> {
        let client = self.get().await?;
        let statement = client.prepare_cached(sql).await.map_err(Trouble::of)?;
        client.query(&statement, params).await.map_err(Trouble::of)
    }

    /// The rows of a query that is planned for its actual parameters. The inner error is the server's answer.
    pub(crate) async fn typed(
        &self,
        sql: &str,
        params: &[Typed<'_>],
    ) -> Result<std::result::Result<Vec<Row>, tokio_postgres::Error>> {
        let mut trying = Trying::for_as_long_as(self.patience);
        loop {
            let asked = async {
                let client = self.get().await?;
                client.query_typed(sql, params).await.map_err(Trouble::of)
            };
            match asked.await {
                Err(Trouble::Away(why)) => trying.pause(why).await?,
                Err(Trouble::Sql(error)) => return Ok(Err(error)),
                Ok(rows) => return Ok(Ok(rows)),
            }
        }
    }

    pub(crate) async fn maybe(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Option<Row>> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }
}

/// Why a statement was not executed.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The database is unavailable: it restarts, fails over, or a lock is held. A retry may succeed.
    Away(String),
    /// The statement itself was refused.
    Sql(tokio_postgres::Error),
}

impl Trouble {
    pub(crate) fn of(error: tokio_postgres::Error) -> Self {
        if is_passing(&error) { Self::Away(told(&error)) } else { Self::Sql(error) }
    }

    /// The reason in a fault, when the fault means that the database is unavailable.
    pub(crate) fn in_fault(error: &StoreError) -> Option<String> {
        let StoreError::Fault(cause) = error else { return None };
        let error = cause.downcast_ref::<tokio_postgres::Error>()?;
        is_passing(error).then(|| told(error))
    }
}

fn is_passing(error: &tokio_postgres::Error) -> bool {
    const PASSING: [SqlState; 7] = [
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::OBJECT_IN_USE,
    ];
    match error.code() {
        None => error.is_closed() || is_of_the_wire(error),
        // 08: connections; 57P: shut down, crashed, starting up.
        Some(code) => {
            code.code().starts_with("08") || code.code().starts_with("57P") || PASSING.contains(code)
        }
    }
}

/// Whether the error comes from the connection, not from encoding a parameter or decoding a value.
fn is_of_the_wire(error: &tokio_postgres::Error) -> bool {
    let text = error.to_string();
    ["communicating", "connecting", "connection", "performing TLS"].iter().any(|part| text.contains(part))
}

pub(crate) fn told(error: &tokio_postgres::Error) -> String {
    use std::error::Error as _;
    match (error.as_db_error(), error.source()) {
        (Some(answer), _) => format!("{} ({})", answer.message(), answer.code().code()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

/// Retries with exponential backoff, from 20 ms to 500 ms, until patience ends.
#[derive(Debug)]
pub(crate) struct Trying {
    until: Instant,
    next: Duration,
    told: bool,
}

impl Trying {
    pub(crate) fn for_as_long_as(patience: Duration) -> Self {
        Self { until: Instant::now() + patience, next: Duration::from_millis(20), told: false }
    }

    /// # Errors
    /// [`StoreError::Away`] when the next try would come after the end of patience.
    pub(crate) async fn pause(&mut self, why: String) -> Result<()> {
        if Instant::now() + self.next > self.until {
            return Err(StoreError::Away { why });
        }
        if !std::mem::replace(&mut self.told, true) {
            tracing::warn!(%why, "the database is away, trying again");
        }
        tokio::time::sleep(self.next).await;
        self.next = (self.next * 2).min(Duration::from_millis(500));
        Ok(())
    }
}
