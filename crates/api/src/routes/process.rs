//! Where the time goes: what mining tells of the zone's own log.

use axum::Json;
use axum::extract::State;
use mining::{Chosen, Hours, Report};
use office::{Fault, OfficeError, Scope};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::figures::period;
use crate::app::Api;
use crate::ask::{Account, Ask};
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(process))
}

/// Which matters, by the months in which they came in, and which of them. Everything that is given must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ProcessAsked {
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    from: Option<String>,
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    to: Option<String>,
    /// An item, by the name that the report gives it.
    kind: Option<String>,
    /// A department that did something, likewise.
    group: Option<String>,
    /// Something that was done, likewise.
    activity: Option<String>,
    /// Count all hours of the day instead of the hours of the office.
    by_the_clock: Option<bool>,
}

/// What is told of a log.
#[derive(Debug, Serialize, ToSchema)]
struct ProcessView {
    from: String,
    to: String,
    /// The departments whose matters these are; none when it is the whole zone.
    departments: Option<Vec<String>>,
    /// There are more matters than are looked at at once.
    cut: bool,
    /// As `yichuang mine --format json` gives it: steps and departments with working and waiting time, ways, what came
    /// after what, corrections, and how far the declared steps were kept.
    #[schema(value_type = Object)]
    report: serde_json::Value,
}

/// Where the time goes, by step and department
///
/// For whoever may see figures; heads see their departments. Names are the pack's own, in Chinese, so that counts depend on no reader.
#[utoipa::path(get, path = "/process", tag = "figures", params(ProcessAsked), responses((status = 200, body = ProcessView)))]
async fn process(
    State(api): State<Api>,
    account: Account,
    Ask(asked): Ask<ProcessAsked>,
) -> Result<Json<ProcessView>, Trouble> {
    let viewer = account.may(Scope::ReadFigures)?;
    let period = period(&api, asked.from.as_deref(), asked.to.as_deref())?;
    let own = api.office.own_log(period, viewer).await?;
    let hours = match asked.by_the_clock {
        Some(true) => Hours::Clock,
        _ => office::working_hours(&api.office.edition(), &own.log),
    };
    let chosen =
        Chosen { kind: asked.kind, group: asked.group, activity: asked.activity, ..Chosen::default() };
    let looked_at = own.clone();
    // Away from the threads that answer others.
    let report = tokio::task::spawn_blocking(move || Report::of(&looked_at.log, &chosen, &hours)).await;
    let report = report.map_err(|error| OfficeError::Fault(Fault::Broken(error.to_string())))?;
    Ok(Json(ProcessView {
        from: period.first().to_string(),
        to: period.last().to_string(),
        departments: own.departments.clone(),
        cut: own.cut,
        report: serde_json::to_value(&report).map_err(OfficeError::from)?,
    }))
}
