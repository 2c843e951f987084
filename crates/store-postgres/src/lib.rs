//! The store on PostgreSQL: any number of nodes on one database, group commit in each.
//!
//! It knows SQL and nothing of cases. Every commit of every node locks the one row of `journal`, so the order
//! of positions is the order of commits; nodes coordinate through PostgreSQL alone. Start at
//! [`PostgresStore`]; `writer` combines batches of many callers into one transaction of a few statements.

mod belongings;
mod blobs;
mod check;
mod connect;
mod in_order;
mod listen;
mod migrations;
mod options;
mod postgres;
mod read;
#[cfg(feature = "testing")]
pub mod testing;
mod value;
mod views;
mod writer;

pub use self::options::PostgresOptions;
pub use self::postgres::PostgresStore;
