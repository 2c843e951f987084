//! A private PostgreSQL server in a temporary folder, for tests and measurements.

mod server;

pub use self::server::Server;
