//! What becomes of records: forgetting a person, what goes when, what is held, and the trail of those who administer.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use office::{Duty, Forgotten, Ground, Scope, TrailFilter, TrailLine, WithinPeriod};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Api;
use crate::ask::{Account, Ask, Body, PageOf, Place, page};
use crate::shown::{At, On};
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(forgotten, forget))
        .routes(routes!(due))
        .routes(routes!(holds, hold))
        .routes(routes!(lift))
        .routes(routes!(trail))
}

/// That somebody was forgotten; who it was is nowhere any more.
#[derive(Debug, Serialize, ToSchema)]
struct ForgottenView {
    at: At,
    /// The administrator, as events name it.
    by: String,
    ground: GroundWord,
    /// Cases that lost their personal data.
    cases: usize,
    /// Cases within their period by law: stored, and not used any more.
    restricted: usize,
}

/// The grounds of the law on personal information.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum GroundWord {
    PurposeOver,
    PeriodOver,
    ConsentWithdrawn,
    Unlawful,
    OtherLaw,
}

impl From<Ground> for GroundWord {
    fn from(ground: Ground) -> Self {
        match ground {
            Ground::PurposeOver => Self::PurposeOver,
            Ground::PeriodOver => Self::PeriodOver,
            Ground::ConsentWithdrawn => Self::ConsentWithdrawn,
            Ground::Unlawful => Self::Unlawful,
            Ground::OtherLaw => Self::OtherLaw,
        }
    }
}

impl From<GroundWord> for Ground {
    fn from(ground: GroundWord) -> Self {
        match ground {
            GroundWord::PurposeOver => Self::PurposeOver,
            GroundWord::PeriodOver => Self::PeriodOver,
            GroundWord::ConsentWithdrawn => Self::ConsentWithdrawn,
            GroundWord::Unlawful => Self::Unlawful,
            GroundWord::OtherLaw => Self::OtherLaw,
        }
    }
}

impl From<Forgotten> for ForgottenView {
    fn from(forgotten: Forgotten) -> Self {
        Self {
            at: forgotten.at.into(),
            by: forgotten.by,
            ground: forgotten.ground.into(),
            cases: forgotten.cases,
            restricted: forgotten.restricted,
        }
    }
}

/// Everybody who was forgotten, the newest first
#[utoipa::path(get, path = "/forgotten", tag = "records", responses((status = 200, body = PageOf<ForgottenView>)))]
async fn forgotten(State(api): State<Api>, account: Account) -> Result<Json<PageOf<ForgottenView>>, Trouble> {
    let viewer = account.may(Scope::Records)?;
    let all = api.office.forgotten(viewer).await?;
    Ok(Json(PageOf::whole(all.into_iter().map(ForgottenView::from).collect())))
}

/// Whom to forget, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ForgetAsked {
    /// The number of a case that the person handed in, or the login of the person's account.
    whom: String,
    ground: GroundWord,
    /// Cases whose period by law is not over are stored and not used, and the rest is forgotten. Without it, such a case
    /// makes the whole request fail with `within-period`.
    #[serde(default)]
    restrict: bool,
}

/// Whoever is to be forgotten is not written down by a log first.
impl std::fmt::Debug for ForgetAsked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForgetAsked").field("ground", &self.ground).finish_non_exhaustive()
    }
}

/// Forgets a person, for the security administrator
///
/// What the zone knows of the person goes, for good; the numbers of cases, the chains and the results that were issued stay.
#[utoipa::path(post, path = "/forgotten", tag = "records", request_body = ForgetAsked, responses((status = 201, body = ForgottenView)))]
async fn forget(
    State(api): State<Api>,
    account: Account,
    Body(asked): Body<ForgetAsked>,
) -> Result<(StatusCode, Json<ForgottenView>), Trouble> {
    let viewer = account.may(Scope::Records)?;
    let within_period = if asked.restrict { WithinPeriod::Restrict } else { WithinPeriod::Refuse };
    let forgotten = api.office.forget_person(&asked.whom, asked.ground.into(), within_period, viewer).await?;
    Ok((StatusCode::CREATED, Json(forgotten.into())))
}

/// A case whose time is over, or will be.
#[derive(Debug, Serialize, ToSchema)]
struct DueRecordView {
    number: String,
    /// The rule of the pack.
    rule: String,
    /// The first day on which its personal data is erased.
    due_on: On,
    /// It is held, so it is not erased for now.
    held: bool,
}

/// Until when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DueAsked {
    /// The last day that is looked at; today when it is left out.
    #[param(value_type = Option<String>, format = Date)]
    by: Option<Date>,
}

/// What is erased by a day, for the audit administrator
#[utoipa::path(get, path = "/records/due", tag = "records", params(DueAsked), responses((status = 200, body = PageOf<DueRecordView>)))]
async fn due(
    State(api): State<Api>,
    account: Account,
    Ask(asked): Ask<DueAsked>,
) -> Result<Json<PageOf<DueRecordView>>, Trouble> {
    let viewer = account.may(Scope::Records)?;
    let due = api.office.due_by(asked.by.unwrap_or_else(|| api.office.today()), viewer).await?;
    let view = |record: office::DueRecord| DueRecordView {
        number: record.number,
        rule: record.rule,
        due_on: On(record.due_on),
        held: record.held,
    };
    Ok(Json(PageOf::whole(due.into_iter().map(view).collect())))
}

/// A case that must not be erased for now.
#[derive(Debug, Serialize, ToSchema)]
struct HeldView {
    number: String,
    /// Who holds it, as events name them.
    by: String,
    at: At,
    /// The last day of it.
    until: On,
    why: String,
}

/// What is held, the first to end first
#[utoipa::path(get, path = "/records/holds", tag = "records", responses((status = 200, body = PageOf<HeldView>)))]
async fn holds(State(api): State<Api>, account: Account) -> Result<Json<PageOf<HeldView>>, Trouble> {
    let viewer = account.may(Scope::Records)?;
    held(&api, viewer).await
}

async fn held(api: &Api, viewer: &office::Viewer) -> Result<Json<PageOf<HeldView>>, Trouble> {
    let view = |held: office::Held| HeldView {
        number: held.number,
        by: held.by,
        at: held.at.into(),
        until: On(held.until),
        why: held.why,
    };
    Ok(Json(PageOf::whole(api.office.holds(viewer).await?.into_iter().map(view).collect())))
}

/// Which case to hold, until when, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HoldAsked {
    number: String,
    #[schema(min_length = 1, max_length = 500)]
    why: String,
    /// The last day of it, within three years.
    #[schema(value_type = String, format = Date)]
    until: Date,
}

/// Keeps a case from being erased: a lawsuit, an inspection
#[utoipa::path(post, path = "/records/holds", tag = "records", request_body = HoldAsked, responses((status = 201, body = PageOf<HeldView>)))]
async fn hold(
    State(api): State<Api>,
    account: Account,
    Body(asked): Body<HoldAsked>,
) -> Result<(StatusCode, Json<PageOf<HeldView>>), Trouble> {
    let viewer = account.may(Scope::Records)?;
    api.office.hold_erasure(&asked.number, &asked.why, asked.until, viewer).await?;
    Ok((StatusCode::CREATED, held(&api, viewer).await?))
}

/// Lets a held case go the way of the others again
#[utoipa::path(delete, path = "/records/holds/{number}", tag = "records", params(("number" = String, Path)), responses((status = 200, body = PageOf<HeldView>)))]
async fn lift(
    State(api): State<Api>,
    account: Account,
    Place(number): Place<String>,
) -> Result<Json<PageOf<HeldView>>, Trouble> {
    let viewer = account.on_duty(Scope::Records, Duty::Audit)?;
    api.office.lift_hold(api.office.case_numbered(&number).await?, viewer).await?;
    held(&api, viewer).await
}

/// One thing that somebody did.
#[derive(Debug, Serialize, ToSchema)]
struct TrailView {
    id: String,
    at: At,
    /// `account-opened`, `roles-set`, `signed-in`, `edition-published` and so on.
    kind: String,
    /// Who did it, as events name them.
    actor: String,
    /// To whom or what.
    about: String,
    /// The number of the case that it is about.
    case: Option<String>,
    /// What the event says besides.
    #[schema(value_type = Object)]
    says: serde_json::Value,
}

/// Which part of the trail. Everything that is given must hold.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TrailAsked {
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    #[param(max_length = 4096)]
    cursor: Option<String>,
    kind: Option<String>,
    /// As events name them.
    actor: Option<String>,
    /// What was done to this case, by its number.
    case: Option<String>,
    /// First day.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Last day.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// What those who administer did, who came in, and who opened what is masked
///
/// For the audit administrator; the newest first.
#[utoipa::path(get, path = "/trail", tag = "records", params(TrailAsked), responses((status = 200, body = PageOf<TrailView>)))]
async fn trail(
    State(api): State<Api>,
    account: Account,
    Ask(asked): Ask<TrailAsked>,
) -> Result<Json<PageOf<TrailView>>, Trouble> {
    let viewer = account.may(Scope::Records)?;
    let (limit, after) = (page::limit(asked.limit)?, page::cursor(asked.cursor.as_deref())?);
    let edition = api.office.edition();
    let midnight =
        |date: Date| edition.offset().to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).ok();
    if asked.from.zip(asked.to).is_some_and(|(from, to)| from > to) {
        return Err(Trouble::Query("from, to: from <= to".into()));
    }
    let case = match &asked.case {
        Some(number) => Some(api.office.case_by_number(number).await?),
        None => None,
    };
    let filter = TrailFilter {
        case,
        kind: asked.kind,
        actor: asked.actor,
        from: asked.from.and_then(midnight),
        before: asked.to.and_then(|day| day.tomorrow().ok()).and_then(midnight),
    };
    let (lines, next) = page::fits(api.office.trail(&filter, limit, after, viewer).await)?;
    Ok(Json(PageOf::new(lines.into_iter().map(line).collect(), next.as_ref())))
}

fn line(line: TrailLine) -> TrailView {
    TrailView {
        id: line.id,
        at: line.at.into(),
        kind: line.kind,
        actor: line.actor,
        about: line.stream,
        case: line.case,
        // Events say what they say as an object.
        says: serde_json::from_str(&line.body).unwrap_or_else(|_| serde_json::json!({})),
    }
}
