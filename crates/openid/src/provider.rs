//! One provider: its endpoints, its current signing keys, and the claims that it makes about a person.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier,
    CoreJwsSigningAlgorithm as Algorithm, CoreProviderMetadata,
};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse as _,
};
use serde::{Deserialize, Serialize};

use crate::http;
use crate::settings::{Settings, SettingsFault};

/// How long endpoints and keys are cached.
const KNOWN_FOR: Duration = Duration::from_secs(3600);
/// The shortest time between two reads of the keys, when a token's signature does not verify with the cached
/// ones.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// The accepted signature algorithms: no symmetric ones, and not `none`.
const ALGORITHMS: [Algorithm; 10] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EcdsaP521Sha512,
    Algorithm::EdDsa,
];

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet, EndpointMaybeSet>;

/// The zone's provider. Share one instance, because it caches endpoints and keys.
#[derive(Debug)]
pub struct Provider {
    settings: Settings,
    issuer: IssuerUrl,
    back: RedirectUrl,
    agent: ureq::Agent,
    known: RwLock<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

/// The URL for the browser, and the state to keep until it comes back.
#[derive(Debug)]
pub struct Begun {
    pub address: String,
    pub pending: Pending,
}

/// State kept while a person is at the provider; secret, and used for one answer only.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pending {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pending")
    }
}

/// The parameters with which the browser comes back.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    pub code: String,
    pub state: String,
    pub iss: String,
    pub error: String,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answer")
    }
}

/// The person that the provider vouches for.
#[derive(Clone, PartialEq, Eq)]
pub struct Claimed {
    pub issuer: String,
    /// The provider's id of the person; the issuer never reuses it for another.
    pub subject: String,
    /// The value of the agreed claim.
    pub login: Option<String>,
}

/// Does not print who the person is, because debug output may reach logs.
impl std::fmt::Debug for Claimed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Claimed").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Why signing in failed. The texts name no person and contain no token.
#[derive(Debug, thiserror::Error)]
pub enum Unproved {
    /// The person cancelled, or the provider refused.
    #[error("the provider said {0:?}")]
    Declined(String),
    /// The answer does not match the pending state: it is of another browser, old, or forged.
    #[error("the answer does not belong to the question: {0}")]
    NotOurs(&'static str),
    /// The provider cannot be reached, or its response cannot be understood.
    #[error("the provider does not answer: {0}")]
    Silent(String),
    /// The token's signature or claims do not verify.
    #[error("the token does not prove itself: {0}")]
    Invalid(String),
}

impl Provider {
    /// # Errors
    /// A [`SettingsFault`] when the issuer or the return address is not an allowed URL. The provider is not
    /// contacted yet.
    pub fn new(settings: Settings) -> Result<Self, SettingsFault> {
        let (issuer, back) = settings.addresses()?;
        Ok(Self { settings, issuer, back, agent: http::agent(), known: RwLock::new(None) })
    }

    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// # Errors
    /// [`Unproved::Silent`] when the provider's discovery document cannot be read.
    pub fn begin(&self) -> Result<Begun, Unproved> {
        let client = self.client(&*self.metadata(false)?)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("profile".into()))
            .set_pkce_challenge(challenge)
            .url();
        let pending = Pending {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        };
        Ok(Begun { address: address.to_string(), pending })
    }

    /// Exchanges the browser's answer for the person's identity.
    ///
    /// # Errors
    /// See [`Unproved`]; then nobody is signed in.
    pub fn finish(&self, pending: &Pending, answer: &Answer) -> Result<Claimed, Unproved> {
        if answer.state.is_empty() || answer.state != pending.state {
            return Err(Unproved::NotOurs("state"));
        }
        if !answer.iss.is_empty() && answer.iss != self.settings.issuer {
            return Err(Unproved::NotOurs("issuer"));
        }
        if !answer.error.is_empty() {
            return Err(Unproved::Declined(answer.error.chars().take(60).collect()));
        }
        let client = self.client(&*self.metadata(false)?)?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(answer.code.clone()))
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()))
            .request(&|request| http::call(&self.agent, request))
            .map_err(|error| Unproved::Silent(error.to_string()))?;
        let token = tokens.id_token().ok_or_else(|| Unproved::Invalid("there is none".into()))?;
        let nonce = Nonce::new(pending.nonce.clone());
        match self.claimed(&client, token, &nonce) {
            // The provider may have changed its signing key.
            Err(ClaimsVerificationError::SignatureVerification(_)) if self.may_ask_again() => {
                let client = self.client(&*self.metadata(true)?)?;
                self.claimed(&client, token, &nonce)
            }
            other => other,
        }
        .map_err(|error| Unproved::Invalid(error.to_string()))
    }

    fn claimed(
        &self,
        client: &Client,
        token: &CoreIdToken,
        nonce: &Nonce,
    ) -> Result<Claimed, ClaimsVerificationError> {
        let verifier: CoreIdTokenVerifier<'_> = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
        let claims: &CoreIdTokenClaims = token.claims(&verifier, nonce)?;
        let login = match &self.settings.login_claim {
            Some(name) => self.login(token, &verifier, nonce, name)?,
            None => None,
        };
        Ok(Claimed {
            issuer: self.settings.issuer.clone(),
            subject: claims.subject().as_str().to_owned(),
            login,
        })
    }

    /// A claim by its name: the same token is verified again with all claims it contains.
    fn login(
        &self,
        token: &CoreIdToken,
        verifier: &CoreIdTokenVerifier<'_>,
        nonce: &Nonce,
        name: &str,
    ) -> Result<Option<String>, ClaimsVerificationError> {
        let other = |error: serde_json::Error| ClaimsVerificationError::Other(error.to_string());
        let whole: WholeToken =
            serde_json::from_value(serde_json::Value::String(token.to_string())).map_err(other)?;
        let claims = serde_json::to_value(whole.claims(verifier, nonce)?).map_err(other)?;
        Ok(claims.get(name).and_then(serde_json::Value::as_str).map(str::to_owned))
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> Result<Client, Unproved> {
        let secret = self.settings.secret.clone().map(ClientSecret::new);
        let tokens = metadata
            .token_endpoint()
            .cloned()
            .ok_or_else(|| Unproved::Silent("its discovery document names no token endpoint".into()))?;
        let client = CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(self.settings.client.clone()),
            secret,
        );
        Ok(client.set_token_uri(tokens).set_redirect_uri(self.back.clone()))
    }

    fn may_ask_again(&self) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().is_none_or(|(read_at, _)| read_at.elapsed() >= AGAIN_AFTER)
    }

    fn metadata(&self, again: bool) -> Result<Arc<CoreProviderMetadata>, Unproved> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read_at, metadata)) = known
            && !again
            && read_at.elapsed() < KNOWN_FOR
        {
            return Ok(metadata);
        }
        // Checks that the document belongs to this issuer, and reads its keys.
        let read = CoreProviderMetadata::discover(&self.issuer, &|request| http::call(&self.agent, request));
        let metadata = Arc::new(read.map_err(|error| Unproved::Silent(error.to_string()))?);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }
}

/// All claims by name.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Whole {
    #[serde(flatten)]
    claims: std::collections::BTreeMap<String, serde_json::Value>,
}

impl openidconnect::AdditionalClaims for Whole {}

type WholeToken = openidconnect::IdToken<
    Whole,
    openidconnect::core::CoreGenderClaim,
    openidconnect::core::CoreJweContentEncryptionAlgorithm,
    Algorithm,
>;
