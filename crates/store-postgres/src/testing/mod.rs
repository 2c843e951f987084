//! A PostgreSQL server of one's own in a temporary folder, for tests and measurements.

mod server;

pub use self::server::Server;
