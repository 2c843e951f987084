//! Accounts: who somebody is to the office, and what they may do.

mod open_account;
mod password;
mod set_roles;
mod sign_in;
mod viewer;
pub(crate) mod wire;

pub use open_account::NewAccount;
pub use sign_in::{SESSION_HOURS, SessionToken};
pub use viewer::{AccountId, AccountRow, Standing, Viewer};
