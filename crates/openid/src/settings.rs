//! What the provider and this server have agreed on.

use openidconnect::{IssuerUrl, RedirectUrl};

/// How this server is known to the provider.
#[derive(Clone)]
pub struct Settings {
    /// As the provider writes it in every token; its discovery document lies under it.
    pub issuer: String,
    pub client: String,
    /// None for a public client, which proves itself by PKCE alone.
    pub secret: Option<String>,
    /// Where the provider sends people back to: registered there, letter for letter.
    pub back: String,
    /// The claim that holds the login of somebody's account here; without one, accounts are linked by hand.
    pub login_claim: Option<String>,
}

/// The secret stays out of logs.
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

/// Why a provider cannot be used as it is set.
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
        // Whoever reads the exchange could come in; only the own machine is near enough to do without TLS.
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
