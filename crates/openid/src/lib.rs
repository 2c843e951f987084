//! Signing in at an outside provider: OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636).
//!
//! The provider says who somebody is, and only what is signed is trusted: issuer, audience, nonce, expiry and
//! signature are checked by the `openidconnect` crate, state and `iss` (RFC 9207) here. It must not know
//! accounts, sessions or pages, and connects only to the configured issuer. Calls block: keep them off the
//! threads that serve pages. Start at [`Provider`].

mod http;
mod provider;
mod settings;

pub use provider::{Answer, Begun, Claimed, Pending, Provider, Unproved};
pub use settings::{Settings, SettingsFault};
