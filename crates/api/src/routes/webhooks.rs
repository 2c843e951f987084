//! Where webhooks go, for administrators.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use office::{DeliveryLine, DeliveryState, Duty, Hook, NewHook, OfficeError, Replay, Scope, message_name};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::Api;
use crate::ask::{Account, Body, Once, PageOf, Place};
use crate::shown::At;
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(webhooks, add_webhook))
        .routes(routes!(webhook, change_webhook, remove_webhook))
        .routes(routes!(deliveries))
        .routes(routes!(replay))
}

/// A destination.
#[derive(Debug, Serialize, ToSchema)]
struct HookView {
    id: String,
    url: String,
    kinds: Vec<String>,
    made_at: At,
    /// Why nothing is sent any more; none while it is.
    stopped: Option<String>,
}

impl From<Hook> for HookView {
    fn from(hook: Hook) -> Self {
        Self {
            id: hook.id.to_string(),
            url: hook.url,
            kinds: hook.kinds,
            made_at: hook.made_at.into(),
            stopped: hook.stopped,
        }
    }
}

fn id_of(text: &str) -> Result<Uuid, Trouble> {
    text.parse().map_err(|_| OfficeError::NotFound.into())
}

/// The destinations of webhooks
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", responses((status = 200, body = PageOf<HookView>)))]
async fn webhooks(State(api): State<Api>, account: Account) -> Result<Json<PageOf<HookView>>, Trouble> {
    let viewer = account.may(Scope::Webhooks)?;
    let hooks = api.office.webhooks(viewer).await?;
    Ok(Json(PageOf::whole(hooks.into_iter().map(HookView::from).collect())))
}

/// A destination as it is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HookAsked {
    /// `https`, outside the internal network unless whoever runs the server allows more.
    #[schema(max_length = 500)]
    url: String,
    /// `case.accepted`, `case.issued` and so on; `case.*` for all.
    #[schema(min_items = 1)]
    kinds: Vec<String>,
}

/// A destination with its secret, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
struct HookMade {
    #[serde(flatten)]
    hook: HookView,
    /// `whsec_…`: checks `webhook-signature`.
    secret: String,
}

/// Names a destination
///
/// What happens from now on is told to it, by the Standard Webhooks rules.
#[utoipa::path(post, path = "/webhooks", tag = "webhooks", request_body = HookAsked, responses((status = 201, body = HookMade)))]
async fn add_webhook(
    State(api): State<Api>,
    account: Account,
    Body(asked): Body<HookAsked>,
) -> Result<(StatusCode, Json<HookMade>), Trouble> {
    let viewer = account.may(Scope::Webhooks)?;
    let new = NewHook { url: asked.url, kinds: asked.kinds };
    let (hook, secret) = api.office.add_webhook(new, &api.settings.reach, viewer).await?;
    Ok((StatusCode::CREATED, Json(HookMade { hook: hook.into(), secret: secret.text() })))
}

/// A destination
#[utoipa::path(get, path = "/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)), responses((status = 200, body = HookView)))]
async fn webhook(
    State(api): State<Api>,
    account: Account,
    Place(id): Place<String>,
) -> Result<Json<HookView>, Trouble> {
    let viewer = account.on_duty(Scope::Webhooks, Duty::System)?;
    Ok(Json(api.office.webhook(id_of(&id)?, viewer).await?.into()))
}

/// Whether something is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HookChange {
    open: bool,
}

/// Stops sending, or begins again
///
/// What happened in between is told when it begins again.
#[utoipa::path(patch, path = "/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)), request_body = HookChange, responses((status = 200, body = HookView)))]
async fn change_webhook(
    State(api): State<Api>,
    account: Account,
    Place(id): Place<String>,
    Body(asked): Body<HookChange>,
) -> Result<Json<HookView>, Trouble> {
    let viewer = account.on_duty(Scope::Webhooks, Duty::System)?;
    Ok(Json(api.office.set_webhook_open(id_of(&id)?, asked.open, viewer).await?.into()))
}

/// Forgets a destination
#[utoipa::path(delete, path = "/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)), responses((status = 200, body = HookView)))]
async fn remove_webhook(
    State(api): State<Api>,
    account: Account,
    Place(id): Place<String>,
) -> Result<Json<HookView>, Trouble> {
    let viewer = account.on_duty(Scope::Webhooks, Duty::System)?;
    let id = id_of(&id)?;
    let hook = api.office.webhook(id, viewer).await?;
    api.office.remove_webhook(id, viewer).await?;
    Ok(Json(hook.into()))
}

/// What became of one message.
#[derive(Debug, Serialize, ToSchema)]
struct DeliveryView {
    /// `webhook-id`: the same however often it is sent.
    message: String,
    kind: String,
    /// In the journal: later events have greater ones.
    position: u64,
    happened_at: At,
    state: DeliveryWord,
    attempts: u32,
    tried_at: Option<At>,
    /// What the destination answered last.
    status: Option<u16>,
    problem: Option<String>,
    next_at: Option<At>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum DeliveryWord {
    Waiting,
    Delivered,
    GivenUp,
}

fn line(line: DeliveryLine) -> DeliveryView {
    DeliveryView {
        message: message_name(line.message),
        kind: line.kind,
        position: line.position,
        happened_at: line.happened_at.into(),
        state: match line.state {
            DeliveryState::Waiting => DeliveryWord::Waiting,
            DeliveryState::Delivered => DeliveryWord::Delivered,
            DeliveryState::GivenUp => DeliveryWord::GivenUp,
        },
        attempts: line.attempts,
        tried_at: line.tried_at.map(At::from),
        status: line.status,
        problem: line.problem,
        next_at: line.next_at.map(At::from),
    }
}

/// What became of the messages of the last thirty days, the newest first
#[utoipa::path(get, path = "/webhooks/{webhook}/deliveries", tag = "webhooks", params(("webhook" = String, Path)), responses((status = 200, body = PageOf<DeliveryView>)))]
async fn deliveries(
    State(api): State<Api>,
    account: Account,
    Place(id): Place<String>,
) -> Result<Json<PageOf<DeliveryView>>, Trouble> {
    let viewer = account.on_duty(Scope::Webhooks, Duty::System)?;
    let lines = api.office.webhook_log(id_of(&id)?, viewer).await?;
    Ok(Json(PageOf::whole(lines.into_iter().map(line).collect())))
}

/// What is to be sent once more: everything after a position, or one message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplayAsked {
    after: Option<u64>,
    /// `msg_…`.
    message: Option<String>,
}

/// Sends once more
///
/// Messages keep their ids, so a destination knows those that it has.
#[utoipa::path(post, path = "/webhooks/{webhook}/replays", tag = "webhooks", params(("webhook" = String, Path)), request_body = ReplayAsked, responses((status = 202, body = HookView)))]
async fn replay(
    State(api): State<Api>,
    account: Account,
    Place(id): Place<String>,
    once: Once<ReplayAsked>,
) -> Result<(StatusCode, Json<HookView>), Trouble> {
    let viewer = account.on_duty(Scope::Webhooks, Duty::System)?;
    let (asked, command, claim) = once.open();
    let id = id_of(&id)?;
    let what = match (asked.after, asked.message.as_deref()) {
        (Some(after), None) => Ok(Replay::After(after)),
        (None, Some(name)) => Replay::message(name).map_err(Trouble::from),
        _ => Err(Trouble::Body("after, message".into())),
    };
    let done = match what {
        Ok(what) => api.office.replay_webhook(id, what, command, viewer).await.map_err(Trouble::from),
        Err(trouble) => Err(trouble),
    };
    claim.settle(&api, done).await?;
    Ok((StatusCode::ACCEPTED, Json(api.office.webhook(id, viewer).await?.into())))
}
