//! How the store uses its database.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use store::{Result, StoreError};

#[derive(Clone)]
pub struct PostgresOptions {
    /// `postgres://user@host:port/database`; several hosts, separated by commas, are tried in turn for the one that
    /// takes writes.
    pub url: String,
    /// Instead of one in the address, which other users of the machine can see.
    pub password: Option<String>,
    /// A PEM file with the authorities that the server's certificate must come from. With it, nothing is sent unless the
    /// connection is encrypted and the server's name is that of the address; without it, nothing is encrypted.
    pub root_certificates: Option<PathBuf>,
    /// The schema in the database that holds the store. One database can hold several.
    pub schema: String,
    /// Make the store where there is none.
    pub begin: bool,
    /// Refuse a store that others use.
    pub alone: bool,
    /// Connections for questions.
    pub readers: usize,
    /// How many batches share a transaction at most.
    pub group_max: usize,
    /// How many batches wait at most before callers are held up.
    pub queue_max: usize,
    /// How long the store tries again, while the database is away, before a caller is told of it.
    pub patience: Duration,
    /// How often other nodes' commits are looked for when no notification came.
    pub poll: Duration,
}

/// Addresses and passwords stay out of logs.
impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl PostgresOptions {
    /// Reads an address; `schema=NAME` among its parameters names another schema than `yichuang`, and
    /// `sslrootcert=FILE` the authorities of the server's certificate.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when the schema's name is not plain.
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
