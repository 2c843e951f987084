//! The tables as a workbook, a sheet each, and one by one as CSV.

use axum::extract::{Query, State};
use axum::response::Response;
use office::Period;
use serde::Deserialize;

use crate::app::App;
use crate::fault::Failure;
use crate::sheet;
use crate::shell::Shell;
use crate::zone::period;
use crate::zone::tables::{self, Table, Value};

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    period: String,
    /// The key of one table; the months' when it is left out.
    #[serde(default)]
    table: String,
}

async fn all(app: &App, shell: &Shell, asked: &Asked) -> Result<(Period, Vec<Table>), Failure> {
    let viewer = shell.staff()?;
    let period = period::parse(&asked.period, app.office.this_month())?;
    let figures = app.office.figures(period, viewer).await?;
    Ok((period, tables::all(shell, &figures)))
}

pub async fn as_xlsx(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (period, tables) = all(&app, &shell, &asked).await?;
    let name = shell.w.with("zone-title", &[("period", period::name(&shell, period).into())]);
    sheet::figures_xlsx(&name, &tables.iter().map(leaving).collect::<Vec<_>>())
}

pub async fn as_csv(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (period, tables) = all(&app, &shell, &asked).await?;
    let wanted = if asked.table.is_empty() { "months" } else { &asked.table };
    let table = tables.iter().find(|table| table.key == wanted).ok_or(Failure::NotFound)?;
    Ok(leaving(table).figures_csv(&format!("{} {}", table.title, period::name(&shell, period))))
}

#[allow(clippy::cast_precision_loss)]
fn leaving(table: &Table) -> sheet::Table {
    let plain = |value: &Value| match value {
        Value::Count(count, _) => sheet::Value::Number(*count as f64),
        Value::Number(number) => sheet::rounded(*number),
        Value::Nothing => sheet::Value::Nothing,
    };
    let row = |(name, values): &(String, Vec<Value>)| {
        std::iter::once(sheet::Value::Text(name.clone())).chain(values.iter().map(plain)).collect()
    };
    sheet::Table {
        name: table.title.clone(),
        head: std::iter::once(table.label.clone()).chain(table.head.iter().cloned()).collect(),
        rows: table.rows.iter().map(row).collect(),
    }
}
