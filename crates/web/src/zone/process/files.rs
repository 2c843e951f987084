//! The tables as a workbook, a sheet each, and one by one as CSV.

use axum::extract::{Query, State};
use axum::response::Response;

use crate::app::App;
use crate::fault::Failure;
use crate::sheet;
use crate::shell::Shell;
use crate::zone::process::asked::{Asked, Source};
use crate::zone::process::tables::{self, Table, Value};

async fn all(app: &App, shell: &Shell, asked: &Asked) -> Result<(String, Vec<Table>), Failure> {
    let viewer = shell.staff()?;
    let source = Source::of(app, asked, viewer).await?;
    let report = source.report(app, asked).await?;
    let name = format!("{} {}", shell.w.t("mine-title"), source.name(shell));
    Ok((name, tables::all(shell, asked, &report)))
}

pub async fn as_xlsx(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (name, tables) = all(&app, &shell, &asked).await?;
    sheet::figures_xlsx(&name, &tables.iter().map(leaving).collect::<Vec<_>>())
}

pub async fn as_csv(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (name, tables) = all(&app, &shell, &asked).await?;
    let wanted = if asked.table.is_empty() { "steps" } else { &asked.table };
    let table = tables.iter().find(|table| table.key == wanted).ok_or(Failure::NotFound)?;
    Ok(leaving(table).figures_csv(&format!("{name} {}", table.title)))
}

#[allow(clippy::cast_precision_loss)]
fn leaving(table: &Table) -> sheet::Table {
    let plain = |value: &Value| match value {
        Value::Count(count, _) => sheet::Value::Number(*count as f64),
        Value::Number(number) => sheet::Value::Number(*number as f64),
        Value::Hours(Some(seconds)) => sheet::rounded(*seconds as f64 / 3600.0),
        Value::Hours(None) => sheet::Value::Nothing,
        Value::Text(text) => sheet::Value::Text(text.clone()),
    };
    let row = |(name, values): &(String, Vec<Value>)| {
        std::iter::once(sheet::Value::Text(name.clone())).chain(values.iter().map(plain)).collect()
    };
    sheet::Table {
        name: table.title.clone(),
        head: table.head.clone(),
        rows: table.rows.iter().map(row).collect(),
    }
}
