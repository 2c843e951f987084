//! Who asks: an account by its token, somebody without an account by an access key, or anybody.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use office::{
    AccessKey, ApiToken, Bearer, By, CaseReach, DraftId, Duty, LoadedCase, NotPossible, OfficeError,
    OpenDraft, OpenedCase, Scope, Viewer,
};

use crate::app::Api;
use crate::trouble::Trouble;

/// Marks the key of somebody without an account.
pub const GUEST: &str = "ycg_";
const GUEST_SCOPES: [Scope; 4] = [Scope::ReadCases, Scope::ActOnCases, Scope::Drafts, Scope::Halls];

/// Found out once a request, by the frame round it.
#[derive(Clone, Debug)]
pub enum Who {
    Nobody,
    /// A token or key that opens nothing.
    Unknown,
    Guest(AccessKey),
    Account(Bearer),
}

impl Who {
    pub async fn of(api: &Api, headers: &HeaderMap) -> Result<Self, OfficeError> {
        let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(Self::Nobody) };
        let Some(secret) = value.to_str().ok().and_then(|text| {
            let (scheme, secret) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
        }) else {
            return Ok(Self::Unknown);
        };
        if let Some(key) = secret.strip_prefix(GUEST) {
            let fits = key.len() == 48 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
            return Ok(if fits { Self::Guest(AccessKey(key.to_owned())) } else { Self::Unknown });
        }
        let bearer = api.office.bearer(&ApiToken(secret.to_owned())).await?;
        Ok(bearer.map_or(Self::Unknown, Self::Account))
    }

    /// Whose requests are counted together; nothing tells strangers apart but where they come from.
    pub fn counted(&self) -> Option<String> {
        match self {
            Self::Account(bearer) => Some(bearer.viewer.id.to_string()),
            Self::Nobody | Self::Unknown | Self::Guest(_) => None,
        }
    }

    /// Lets pass whoever holds this right.
    pub fn may(&self, scope: Scope) -> Result<(), Trouble> {
        let held = match self {
            Self::Nobody => return Err(Trouble::NoToken),
            Self::Unknown => return Err(Trouble::WrongToken),
            Self::Guest(_) => GUEST_SCOPES.contains(&scope),
            Self::Account(bearer) => bearer.scopes.contains(&scope),
        };
        if held { Ok(()) } else { Err(Trouble::Scope(scope)) }
    }

    pub fn viewer(&self) -> Option<&Viewer> {
        match self {
            Self::Account(bearer) => Some(&bearer.viewer),
            Self::Nobody | Self::Unknown | Self::Guest(_) => None,
        }
    }

    /// Acts under its own name.
    pub fn by(&self) -> Result<By<'_>, Trouble> {
        match self {
            Self::Nobody => Err(Trouble::NoToken),
            Self::Unknown => Err(Trouble::WrongToken),
            Self::Guest(key) => Ok(By::Guest(key)),
            Self::Account(bearer) => Ok(By::Viewer(&bearer.viewer)),
        }
    }

    /// As [`Who::by`], then as an agent: what is one's own needs no consent.
    fn ways(&self) -> Result<Vec<By<'_>>, Trouble> {
        let agent = self.viewer().filter(|viewer| !viewer.is_administrator()).map(By::Agent);
        Ok(std::iter::once(self.by()?).chain(agent).collect())
    }

    /// The draft, and as whom it opens. Other people's drafts do not exist.
    pub async fn draft(&self, api: &Api, id: &str) -> Result<(OpenDraft, By<'_>), Trouble> {
        let ways = self.ways()?;
        let id: DraftId = id.parse().map_err(|_| Trouble::from(OfficeError::NotFound))?;
        for by in ways {
            match api.office.open_draft(id, by).await {
                Ok(open) => return Ok((open, by)),
                Err(OfficeError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(OfficeError::NotFound.into())
    }

    /// The case with this number, and as whom it opens: officers open what they have to do with, others their own.
    pub async fn case(&self, api: &Api, number: &str) -> Result<OpenedCase<'_>, Trouble> {
        let number =
            identifier::CaseNumber::parse(number).map_err(|_| Trouble::from(OfficeError::NotFound))?;
        let number = number.to_string();
        let mut denied = false;
        if let Some(viewer) = self.viewer().filter(|viewer| !viewer.is_applicant()) {
            match api.office.case_for_officer(&number, viewer).await {
                Ok(opened) => return Ok(opened),
                Err(OfficeError::Denied) => denied = true,
                Err(error) => return Err(error.into()),
            }
        }
        let mut ways = self.ways()?;
        ways.retain(|by| !(denied && matches!(by, By::Viewer(_))));
        match api.office.open_case(api.office.case_numbered(&number).await?, ways).await {
            Err(OfficeError::NotFound) if denied => Err(OfficeError::Denied.into()),
            opened => Ok(opened?),
        }
    }

    /// As [`Who::case`], for what shows only where a case stands: a key may reach no further.
    pub async fn follow(&self, api: &Api, number: &str) -> Result<(LoadedCase, CaseReach), Trouble> {
        match (self, self.case(api, number).await) {
            (Self::Guest(key), Err(Trouble::Office(OfficeError::NotPossible(NotPossible::ProgressOnly)))) => {
                let number = identifier::CaseNumber::parse(number)
                    .map_err(|_| Trouble::from(OfficeError::NotFound))?;
                let id = api.office.case_numbered(&number.to_string()).await?;
                Ok(api.office.follow_case(id, vec![By::Guest(key)]).await?)
            }
            (_, opened) => Ok((opened?.into_loaded(), CaseReach::Whole)),
        }
    }
}

/// Where a request comes from, as tries are counted: an address, or the network of one IPv6 customer.
#[derive(Clone, Debug, Default)]
pub struct Origin(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or(Self::Nobody))
    }
}

/// Somebody with an account, for what nobody does without one.
#[derive(Clone, Debug)]
pub struct Account(pub Bearer);

impl Account {
    pub fn may(&self, scope: Scope) -> Result<&Viewer, Trouble> {
        if self.0.scopes.contains(&scope) { Ok(&self.0.viewer) } else { Err(Trouble::Scope(scope)) }
    }

    /// As [`Account::may`], for whoever has this duty: others are refused before a body is read or anything is said about
    /// what there is.
    pub fn on_duty(&self, scope: Scope, duty: Duty) -> Result<&Viewer, Trouble> {
        let viewer = self.may(scope)?;
        if viewer.has_duty(duty) { Ok(viewer) } else { Err(OfficeError::Denied.into()) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Account {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        match Who::from_request_parts(parts, state).await {
            Ok(Who::Account(bearer)) => Ok(Self(bearer)),
            Ok(Who::Guest(_)) => Err(Trouble::from(OfficeError::Denied)),
            Ok(Who::Unknown) => Err(Trouble::WrongToken),
            Ok(Who::Nobody) => Err(Trouble::NoToken),
        }
    }
}
