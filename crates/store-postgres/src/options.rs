//! The settings of a PostgreSQL store.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use store::{Result, StoreError};

#[derive(Clone)]
pub struct PostgresOptions {
    /// `postgres://user@host:port/database`; several hosts, separated by commas, are tried in turn until one
    /// accepts writes.
    pub url: String,
    /// Used instead of a password in the URL, which other users of the machine can see.
    pub password: Option<String>,
    /// A PEM file with the certificate authorities for the server's certificate. With it, nothing is sent
    /// unless the connection is encrypted and the server's name is the host in the URL; without it, nothing
    /// is encrypted.
    pub root_certificates: Option<PathBuf>,
    /// The schema in the database that holds the store. One database can hold several.
    pub schema: String,
    /// Whether to create the store where there is none.
    pub begin: bool,
    /// Whether to refuse a store that other nodes use.
    pub alone: bool,
    /// Number of connections for queries.
    pub readers: usize,
    /// The most batches in one group commit.
    pub group_max: usize,
    /// The most batches in the queue; at the limit callers wait.
    pub queue_max: usize,
    /// How long the store retries while the database is unavailable before it returns [`StoreError::Away`].
    pub patience: Duration,
    /// Interval of polling for other nodes' commits when no notification comes.
    pub poll: Duration,
}

/// Prints no URL and no password, because debug output may reach logs.
impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl PostgresOptions {
    /// Parses a URL. Its parameter `schema=NAME` selects a schema other than `yichuang`, and
    /// `sslrootcert=FILE` gives the certificate authorities for the server.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when the schema's name is empty, longer than 40 bytes, begins with `pg_`, or
    /// has other characters than small letters, digits and `_`.
    pub fn new(url: &str) -> Result<Self> {
        let mut options = Self {
            url: url.to_owned(),
            password: None,
            root_certificates: None,
            schema: "yichuang".into(),
            begin: true,
            alone: false,
            readers: 8,
            group_max: 512,
            queue_max: 4096,
            patience: Duration::from_secs(30),
            poll: Duration::from_secs(1),
        };
        if let Some((base, query)) = url.split_once('?') {
            let mut others = Vec::new();
            for pair in query.split('&') {
                match pair.split_once('=') {
                    Some(("schema", name)) => name.clone_into(&mut options.schema),
                    Some(("sslrootcert", file)) => options.root_certificates = Some(file.into()),
                    _ => others.push(pair),
                }
            }
            options.url =
                if others.is_empty() { base.into() } else { format!("{base}?{}", others.join("&")) };
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let name = &options.schema;
        if name.is_empty() || name.len() > 40 || !name.chars().all(plain) || name.starts_with("pg_") {
            return Err(StoreError::malformed(format!("a schema cannot be named {name:?}")));
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_taken_out_of_the_address() {
        let of = |url: &str| PostgresOptions::new(url).map(|options| (options.url, options.schema)).unwrap();
        assert_eq!(of("postgres://h/d"), ("postgres://h/d".into(), "yichuang".into()));
        assert_eq!(of("postgres://h/d?schema=a"), ("postgres://h/d".into(), "a".into()));
        assert_eq!(
            of("postgres://h/d?sslmode=disable&schema=a_1&connect_timeout=3"),
            ("postgres://h/d?sslmode=disable&connect_timeout=3".into(), "a_1".into())
        );
        let secured = PostgresOptions::new("postgres://h/d?sslrootcert=/etc/ca.pem").unwrap();
        assert_eq!(secured.root_certificates, Some("/etc/ca.pem".into()));
        assert!(PostgresOptions::new("postgres://h/d?schema=a\"b").is_err());
        assert!(PostgresOptions::new("postgres://h/d?schema=").is_err());
    }
}
