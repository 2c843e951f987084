//! Figures, each of which lists what it counts.

use axum::Json;
use axum::extract::State;
use office::{Counted, Figures, Month, OfficeError, Period, Scope};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Api;
use crate::ask::{Account, Ask, PageOf, Place, page};
use crate::shown::At;
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(figures)).routes(routes!(behind))
}

/// Which months; this month when nothing is said.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MonthsAsked {
    /// `2026-11`.
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    from: Option<String>,
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    to: Option<String>,
}

pub fn period(api: &Api, from: Option<&str>, to: Option<&str>) -> Result<Period, Trouble> {
    let month = |text: Option<&str>, or: Month| match text {
        None => Ok(or),
        Some(text) => text.parse().map_err(|_| Trouble::Query("from, to: 2026-11".into())),
    };
    let from = month(from, api.office.this_month())?;
    let order = |_| Trouble::Query(format!("from, to: from <= to, {}", Period::MONTHS_MAX));
    Period::from_to(from, month(to, from)?).map_err(order)
}

/// Figures of a period: of the whole zone for leaders and administrators, of their departments for heads.
#[derive(Debug, Serialize, ToSchema)]
struct FiguresView {
    from: String,
    to: String,
    /// The departments that were counted; none when it was the whole zone.
    departments: Option<Vec<String>>,
    total: Counts,
    /// As many months before.
    before: Counts,
    by_department: Vec<Group>,
    by_item: Vec<Group>,
    by_thing: Vec<Group>,
    by_channel: Vec<Group>,
    by_month: Vec<Group>,
}

/// Counts by the code of the figure, and what follows from them.
#[derive(Debug, Serialize, ToSchema)]
struct Counts {
    /// `received`, `accepted`, `decided`, `open`, `overdue` and so on: each code lists its cases under
    /// `/figures/{code}/cases`.
    counts: std::collections::BTreeMap<String, u64>,
    corrections_per_hundred: Option<f64>,
    days_early_mean: Option<f64>,
    days_saved_mean: Option<f64>,
    rating_mean: Option<f64>,
    questions_spared: i64,
    papers_spared: i64,
    visits_spared: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct Group {
    id: String,
    totals: Counts,
}

impl From<&office::Totals> for Counts {
    fn from(totals: &office::Totals) -> Self {
        let counts = Counted::all().map(|what| (what.code().to_owned(), totals.count(what)));
        Self {
            counts: counts.collect(),
            corrections_per_hundred: totals.corrections_per_hundred(),
            days_early_mean: totals.days_early_mean(),
            days_saved_mean: totals.days_saved_mean(),
            rating_mean: totals.rating_mean(),
            questions_spared: totals.questions_spared,
            papers_spared: totals.papers_spared,
            visits_spared: totals.visits_spared,
        }
    }
}

/// The figures of some months
#[utoipa::path(get, path = "/figures", tag = "figures", params(MonthsAsked), responses((status = 200, body = FiguresView)))]
async fn figures(
    State(api): State<Api>,
    account: Account,
    Ask(asked): Ask<MonthsAsked>,
) -> Result<Json<FiguresView>, Trouble> {
    let viewer = account.may(Scope::ReadFigures)?;
    let period = period(&api, asked.from.as_deref(), asked.to.as_deref())?;
    let found: Figures = api.office.figures(period, viewer).await?;
    let groups = |rows: &[office::Grouped]| {
        rows.iter().map(|row| Group { id: row.id.clone(), totals: (&row.totals).into() }).collect()
    };
    Ok(Json(FiguresView {
        from: period.first().to_string(),
        to: period.last().to_string(),
        departments: found.departments.clone(),
        total: (&found.total).into(),
        before: (&found.before).into(),
        by_department: groups(&found.by_department),
        by_item: groups(&found.by_item),
        by_thing: groups(&found.by_thing),
        by_channel: groups(&found.by_channel),
        by_month: found
            .by_month
            .iter()
            .map(|(month, totals)| Group { id: month.to_string(), totals: totals.into() })
            .collect(),
    }))
}

/// Which months, and narrowed to what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct BehindAsked {
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    from: Option<String>,
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    to: Option<String>,
    department: Option<String>,
    item: Option<String>,
    thing: Option<String>,
    channel: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    #[param(max_length = 4096)]
    cursor: Option<String>,
}

/// One matter, or one whole case, that a figure counted.
#[derive(Debug, Serialize, ToSchema)]
struct BehindView {
    number: String,
    thing: String,
    item: Option<String>,
    channel: String,
    applicant: String,
    colour: String,
    received_at: At,
    rating: Option<u8>,
}

/// Exactly what a figure counts, the newest first
#[utoipa::path(get, path = "/figures/{figure}/cases", tag = "figures", params(("figure" = String, Path), BehindAsked), responses((status = 200, body = PageOf<BehindView>)))]
async fn behind(
    State(api): State<Api>,
    account: Account,
    Place(figure): Place<String>,
    Ask(asked): Ask<BehindAsked>,
) -> Result<Json<PageOf<BehindView>>, Trouble> {
    let viewer = account.may(Scope::ReadFigures)?;
    let what = Counted::parse(&figure).ok_or(OfficeError::NotFound)?;
    let mut filter =
        office::FigureFilter::new(what, period(&api, asked.from.as_deref(), asked.to.as_deref())?);
    (filter.department, filter.item) = (asked.department, asked.item);
    (filter.thing, filter.channel) = (asked.thing, asked.channel);
    let (limit, after) = (page::limit(asked.limit)?, page::cursor(asked.cursor.as_deref())?);
    let list = page::fits(api.office.matters(&filter, limit, after, viewer).await)?;
    let line = |line: office::MatterLine| BehindView {
        number: line.number,
        thing: line.thing,
        item: line.matter.map(|matter| matter.item),
        channel: line.channel,
        applicant: line.applicant,
        colour: line.colour,
        received_at: line.received_at.into(),
        rating: line.rating,
    };
    Ok(Json(PageOf::new(list.lines.into_iter().map(line).collect(), list.next.as_ref())))
}
