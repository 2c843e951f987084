//! The tables as a workbook, a sheet each, and one by one as CSV.

use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use office::Period;
use rust_xlsxwriter::{Format, FormatBorder, Workbook, XlsxError};
use serde::Deserialize;

use crate::app::App;
use crate::fault::{Failure, next_incident};
use crate::shell::{Shell, encode};
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
    let period = period::parse(&asked.period, app.office.this_month());
    let figures = app.office.figures(period, viewer).await?;
    Ok((period, tables::all(shell, &figures)))
}

pub async fn as_xlsx(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (period, tables) = all(&app, &shell, &asked).await?;
    let bytes = workbook(&tables).map_err(|error| {
        tracing::error!(incident = next_incident(), %error, "the figures could not be written");
        Failure::BadRequest
    })?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = shell.w.with("zone-title", &[("period", period::name(&shell, period).into())]);
    Ok(attachment(bytes, kind, &name, "xlsx"))
}

pub async fn as_csv(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (period, tables) = all(&app, &shell, &asked).await?;
    let wanted = if asked.table.is_empty() { "months" } else { &asked.table };
    let table = tables.iter().find(|table| table.key == wanted).ok_or(Failure::NotFound)?;
    let name = format!("{} {}", table.title, period::name(&shell, period));
    Ok(attachment(csv(table).into_bytes(), "text/csv; charset=utf-8", &name, "csv"))
}

fn csv(table: &Table) -> String {
    // The mark tells spreadsheets that the text is UTF-8.
    let mut text = String::from("\u{feff}");
    let mut line = |cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    };
    line(std::iter::once(table.label.clone()).chain(table.head.iter().cloned()).collect());
    for (name, values) in &table.rows {
        line(std::iter::once(name.clone()).chain(values.iter().map(plain)).collect());
    }
    text
}

fn plain(value: &Value) -> String {
    match value {
        Value::Count(count, _) => count.to_string(),
        Value::Number(number) => rounded(*number).to_string(),
        Value::Nothing => String::new(),
    }
}

/// Two places are more than anybody reads.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

pub(super) fn quoted(cell: &str) -> String {
    let cell = if cell.starts_with(['=', '+', '@', '\t']) { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[allow(clippy::cast_precision_loss)]
fn workbook(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_background_color(0xE6_F1_F3)
        .set_border_bottom(FormatBorder::Thin);
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&table.title))?;
        sheet.write_string_with_format(0, 0, &table.label, &head)?;
        sheet.set_column_width(0, 32.0)?;
        for (column, title) in (1_u16..).zip(&table.head) {
            sheet.write_string_with_format(0, column, title, &head)?;
            sheet.set_column_width(column, 14.0)?;
        }
        for (line, (name, values)) in (1_u32..).zip(&table.rows) {
            sheet.write_string(line, 0, name)?;
            for (column, value) in (1_u16..).zip(values) {
                match value {
                    Value::Count(count, _) => sheet.write_number(line, column, *count as f64)?,
                    Value::Number(number) => sheet.write_number(line, column, rounded(*number))?,
                    Value::Nothing => sheet,
                };
            }
        }
        sheet.set_freeze_panes(1, 1)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
    }
    book.save_to_buffer()
}

/// Spreadsheets allow 31 characters and none of `[]:*?/\`.
pub(super) fn sheet_name(title: &str) -> String {
    title.chars().filter(|letter| !"[]:*?/\\'".contains(*letter)).take(31).collect()
}

pub(super) fn attachment(bytes: Vec<u8>, kind: &'static str, name: &str, ending: &str) -> Response {
    let disposition =
        format!("attachment; filename=\"figures.{ending}\"; filename*=UTF-8''{}.{ending}", encode(name));
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let rows = vec![("甲,\"乙\"".into(), vec![Value::Number(4.26), Value::Nothing])];
        Table {
            key: "items",
            title: "各/事项".into(),
            label: "事项".into(),
            head: vec!["早".into(), "晚".into()],
            rows,
        }
    }

    #[test]
    fn cells_keep_what_is_in_them() {
        assert_eq!(csv(&table()), "\u{feff}事项,早,晚\r\n\"甲,\"\"乙\"\"\",4.26,\r\n");
        assert_eq!(quoted("=1"), "'=1");
    }

    #[test]
    fn each_table_is_a_sheet() {
        assert_eq!(sheet_name("各/事项"), "各事项");
        let bytes = workbook(&[table()]).unwrap();
        assert_eq!(&bytes[..4], b"PK\x03\x04");
    }
}
