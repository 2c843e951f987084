//! Accounts: who somebody is to the office, and what they may do.

mod attempts;
mod change_password;
mod duties;
mod factor;
mod forget;
mod identity;
mod open_account;
mod password;
pub(crate) mod restrict;
mod session;
mod set_roles;
mod sign_in;
mod tokens;
mod totp;
mod viewer;
mod visit;
pub(crate) mod wire;

pub(crate) use attempts::{Allowance, Attempt};
pub use duties::Appointed;
pub use factor::{Enrolment, RECOVERY_CODES, SecondFactor};
pub(crate) use forget::Listener;
pub use forget::{Again, Erasure, Forgotten, Ground, WithinPeriod};
pub use identity::{ByIdentity, IdentityToken, Vouched};
pub use open_account::NewAccount;
pub(crate) use open_account::account_name;
pub(crate) use password::Chooser;
pub use password::{PASSWORD_CHARS_MIN, STAFF_PASSWORD_CHARS_MIN};
pub use restrict::Restricted;
pub use session::{IDLE_MINUTES, OwnSession, SESSION_HOURS, SessionToken};
pub use sign_in::{Entered, PendingToken, SignedIn};
pub use tokens::{ApiToken, Bearer, NewToken, OwnToken, Scope, TOKEN_DAYS_MAX};
pub use totp::Secret as FactorSecret;
pub use viewer::{AccountId, AccountRow, Duty, Standing, Viewer};
pub use visit::{DeviceToken, Visit};
