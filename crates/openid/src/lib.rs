//! Signing in at a provider outside: OpenID Connect Core 1.0, authorization code with PKCE (RFC 7636).
//!
//! It asks the provider who somebody is and believes nothing that is not signed: issuer, audience, nonce, expiry and signature
//! are checked by the `openidconnect` crate, state and `iss` (RFC 9207) here. It must not know accounts, sessions or pages, and
//! talks to nobody but the issuer that it was given. Calls block: keep them away from the threads that serve pages.
//! Start at [`Provider`].

mod http;
mod provider;
mod settings;

pub use provider::{Answer, Begun, Claimed, Pending, Provider, Unproved};
pub use settings::{Settings, SettingsFault};
