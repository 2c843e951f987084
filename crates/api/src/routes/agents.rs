//! Consents: letting somebody act for oneself in one case or draft, for a time, and ending it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use office::{AccountId, By, Consent, Entrusted, OfficeError, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Api;
use crate::ask::{Body, PageOf, Place, Who};
use crate::shown::At;
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(case_agents, allow_in_case))
        .routes(routes!(dismiss_in_case))
        .routes(routes!(draft_agents, allow_in_draft))
        .routes(routes!(dismiss_in_draft))
}

/// A consent, remembered also after it ended.
#[derive(Debug, Serialize, ToSchema)]
struct ConsentView {
    /// The account that may act.
    agent: String,
    /// Empty once forgotten.
    name: String,
    given_at: At,
    /// The first instant at which it no longer holds.
    until: At,
    /// When it was taken back or given up before its time.
    ended_at: Option<At>,
    holds: bool,
}

/// Whom to let act, named twice so that a slip of the finger opens nothing to a stranger.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsentAsked {
    login: String,
    /// The name under which that account is registered.
    name: String,
    #[schema(minimum = 1, maximum = 180)]
    days: u16,
}

/// Names stay out of logs.
impl std::fmt::Debug for ConsentAsked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsentAsked").field("days", &self.days).finish_non_exhaustive()
    }
}

/// What a route is about, opened for whoever asks.
struct About<'a> {
    what: Entrusted,
    by: By<'a>,
    consents: Vec<Consent>,
}

impl<'a> About<'a> {
    async fn case(api: &Api, who: &'a Who, number: &str) -> Result<Self, Trouble> {
        let opened = who.case(api, number).await?;
        // Whom applicants let act is theirs to say and to see, as on the pages.
        if matches!(opened.by, By::Viewer(viewer) if viewer.is_officer()) {
            return Err(OfficeError::Denied.into());
        }
        Ok(Self { what: Entrusted::Case(opened.id), by: opened.by, consents: opened.consents() })
    }

    async fn draft(api: &Api, who: &'a Who, id: &str) -> Result<Self, Trouble> {
        let (open, by) = who.draft(api, id).await?;
        Ok(Self { what: Entrusted::Draft(open.id), by, consents: open.draft.consents.clone() })
    }

    async fn allow(&self, api: &Api, asked: ConsentAsked) -> Result<(), Trouble> {
        Ok(api.office.allow_agent(self.what, &asked.login, &asked.name, asked.days, self.by).await?)
    }

    /// An agent that gave its consent up opens nothing here any more, so what is told is what was read before.
    async fn dismiss(mut self, api: &Api, agent: &str) -> Result<Json<PageOf<ConsentView>>, Trouble> {
        let agent: AccountId = agent.parse().map_err(|_| Trouble::from(OfficeError::NotFound))?;
        api.office.end_consent(self.what, agent, self.by).await?;
        let now = api.office.now();
        for consent in self.consents.iter_mut().filter(|one| one.agent == agent && one.holds(now)) {
            consent.ended_at = Some(now);
        }
        self.list(api).await
    }

    async fn list(&self, api: &Api) -> Result<Json<PageOf<ConsentView>>, Trouble> {
        let names = api.office.agent_names(&self.consents).await?;
        let now = api.office.now();
        let view = |consent: &Consent| ConsentView {
            agent: consent.agent.0.to_string(),
            name: names.get(&consent.actor()).cloned().unwrap_or_default(),
            given_at: consent.given_at.into(),
            until: consent.until.into(),
            ended_at: consent.ended_at.map(At::from),
            holds: consent.holds(now),
        };
        Ok(Json(PageOf::whole(self.consents.iter().map(view).collect())))
    }
}

/// Who may act in a case, and who might before
#[utoipa::path(get, path = "/cases/{number}/agents", tag = "cases", params(("number" = String, Path)), responses((status = 200, body = PageOf<ConsentView>)))]
async fn case_agents(
    State(api): State<Api>,
    who: Who,
    Place(number): Place<String>,
) -> Result<Json<PageOf<ConsentView>>, Trouble> {
    who.may(Scope::ReadCases)?;
    About::case(&api, &who, &number).await?.list(&api).await
}

/// Lets somebody act in a case
///
/// Only the applicant does. A later consent for the same account takes the place of the one before.
#[utoipa::path(post, path = "/cases/{number}/agents", tag = "cases", params(("number" = String, Path)), request_body = ConsentAsked, responses((status = 201, body = PageOf<ConsentView>)))]
async fn allow_in_case(
    State(api): State<Api>,
    who: Who,
    Place(number): Place<String>,
    Body(asked): Body<ConsentAsked>,
) -> Result<(StatusCode, Json<PageOf<ConsentView>>), Trouble> {
    who.may(Scope::ActOnCases)?;
    About::case(&api, &who, &number).await?.allow(&api, asked).await?;
    Ok((StatusCode::CREATED, About::case(&api, &who, &number).await?.list(&api).await?))
}

/// Takes a consent back, or gives it up
#[utoipa::path(delete, path = "/cases/{number}/agents/{account}", tag = "cases", params(("number" = String, Path), ("account" = String, Path)), responses((status = 200, body = PageOf<ConsentView>)))]
async fn dismiss_in_case(
    State(api): State<Api>,
    who: Who,
    Place((number, agent)): Place<(String, String)>,
) -> Result<Json<PageOf<ConsentView>>, Trouble> {
    who.may(Scope::ActOnCases)?;
    About::case(&api, &who, &number).await?.dismiss(&api, &agent).await
}

/// Who may fill in a draft
#[utoipa::path(get, path = "/drafts/{draft}/agents", tag = "drafts", params(("draft" = String, Path)), responses((status = 200, body = PageOf<ConsentView>)))]
async fn draft_agents(
    State(api): State<Api>,
    who: Who,
    Place(id): Place<String>,
) -> Result<Json<PageOf<ConsentView>>, Trouble> {
    who.may(Scope::Drafts)?;
    About::draft(&api, &who, &id).await?.list(&api).await
}

/// Lets somebody fill in a draft and hand it in
///
/// The consent goes with the case that the draft becomes.
#[utoipa::path(post, path = "/drafts/{draft}/agents", tag = "drafts", params(("draft" = String, Path)), request_body = ConsentAsked, responses((status = 201, body = PageOf<ConsentView>)))]
async fn allow_in_draft(
    State(api): State<Api>,
    who: Who,
    Place(id): Place<String>,
    Body(asked): Body<ConsentAsked>,
) -> Result<(StatusCode, Json<PageOf<ConsentView>>), Trouble> {
    who.may(Scope::Drafts)?;
    About::draft(&api, &who, &id).await?.allow(&api, asked).await?;
    Ok((StatusCode::CREATED, About::draft(&api, &who, &id).await?.list(&api).await?))
}

/// Takes a consent back, or gives it up
#[utoipa::path(delete, path = "/drafts/{draft}/agents/{account}", tag = "drafts", params(("draft" = String, Path), ("account" = String, Path)), responses((status = 200, body = PageOf<ConsentView>)))]
async fn dismiss_in_draft(
    State(api): State<Api>,
    who: Who,
    Place((id, agent)): Place<(String, String)>,
) -> Result<Json<PageOf<ConsentView>>, Trouble> {
    who.may(Scope::Drafts)?;
    About::draft(&api, &who, &id).await?.dismiss(&api, &agent).await
}
