//! The settings agreed between the provider and this server.

use openidconnect::{IssuerUrl, RedirectUrl};

/// How this server is registered with the provider.
#[derive(Clone)]
pub struct Settings {
    /// The issuer's URL exactly as in its tokens; the discovery document lies under it.
    pub issuer: String,
    pub client: String,
    /// `None` for a public client, which relies on PKCE alone.
    pub secret: Option<String>,
    /// The redirect URL, exactly as registered with the provider.
    pub back: String,
    /// The claim with the login of the person's account here; without one, accounts are linked by hand.
    pub login_claim: Option<String>,
}

/// Does not print the secret, because debug output may reach logs.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { issuer, client, login_claim, .. } = self;
        f.debug_struct("Settings")
            .field("issuer", issuer)
            .field("client", client)
            .field("login_claim", login_claim)
            .finish_non_exhaustive()
    }
}

/// Why the settings of a provider cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SettingsFault {
    #[error("{0:?} is no address of an issuer: give one that begins with https://")]
    Issuer(String),
    #[error("{0:?} is no address to come back to: give --public-url")]
    Back(String),
}

impl Settings {
    pub(crate) fn addresses(&self) -> Result<(IssuerUrl, RedirectUrl), SettingsFault> {
        let wrong = || SettingsFault::Issuer(self.issuer.clone());
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(|_| wrong())?;
        let host = issuer.url().host_str().unwrap_or_default();
        // Whoever can read the exchange could sign in, so only the local machine may be used without TLS.
        let near = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
        if issuer.url().scheme() != "https" && !(near && issuer.url().scheme() == "http") {
            return Err(wrong());
        }
        let back = RedirectUrl::new(self.back.clone()).map_err(|_| SettingsFault::Back(self.back.clone()))?;
        Ok((issuer, back))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_spoken_to_under_tls_or_on_the_own_machine() {
        let fits = |issuer: &str| {
            let settings = Settings {
                issuer: issuer.into(),
                client: "zone".into(),
                secret: None,
                back: "https://zone.example/sign-in/openid/back".into(),
                login_claim: None,
            };
            settings.addresses().is_ok()
        };
        assert!(fits("https://id.example/zone") && fits("http://127.0.0.1:9") && fits("http://localhost:9"));
        for issuer in ["http://id.example", "id.example", "", "ftp://id.example", "javascript:1"] {
            assert!(!fits(issuer), "{issuer}");
        }
    }
}
