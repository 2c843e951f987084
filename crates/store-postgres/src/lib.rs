//! The store on PostgreSQL: any number of nodes on one database, group commit in each.
//!
//! It knows SQL and nothing of cases. Every commit of every node locks the one row of `journal`, so the order of
//! positions is the order of commits; between nodes there is no other agreement than PostgreSQL's own. Start at
//! [`PostgresStore`]; `writer` gathers what many callers commit into one transaction of a few statements.

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
