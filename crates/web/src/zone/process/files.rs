//! The tables as a workbook, a sheet each, and one by one as CSV.

use axum::extract::{Query, State};
use axum::response::Response;
use rust_xlsxwriter::{Format, FormatBorder, Workbook, XlsxError};

use crate::app::App;
use crate::fault::{Failure, next_incident};
use crate::shell::Shell;
use crate::zone::export::{attachment, quoted, sheet_name};
use crate::zone::process::asked::{Asked, Source};
use crate::zone::process::tables::{self, Table, Value};

async fn all(app: &App, shell: &Shell, asked: &Asked) -> Result<(String, Vec<Table>), Failure> {
    let viewer = shell.staff()?;
    let source = Source::of(app, shell, asked, viewer).await?;
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
    let bytes = workbook(&tables).map_err(|error| {
        tracing::error!(incident = next_incident(), %error, "the tables could not be written");
        Failure::BadRequest
    })?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(attachment(bytes, kind, &name, "xlsx"))
}

pub async fn as_csv(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (name, tables) = all(&app, &shell, &asked).await?;
    let wanted = if asked.table.is_empty() { "steps" } else { &asked.table };
    let table = tables.iter().find(|table| table.key == wanted).ok_or(Failure::NotFound)?;
    let name = format!("{name} {}", table.title);
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
    line(table.head.clone());
    for (name, values) in &table.rows {
        line(std::iter::once(name.clone()).chain(values.iter().map(plain)).collect());
    }
    text
}

fn plain(value: &Value) -> String {
    match value {
        Value::Count(count, _) => count.to_string(),
        Value::Hours(seconds) => seconds.map_or_else(String::new, |seconds| in_hours(seconds).to_string()),
        Value::Text(text) => text.clone(),
    }
}

/// With two places.
#[allow(clippy::cast_precision_loss)]
fn in_hours(seconds: i64) -> f64 {
    (seconds as f64 / 36.0).round() / 100.0
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
        for (column, title) in (0_u16..).zip(&table.head) {
            sheet.write_string_with_format(0, column, title, &head)?;
            sheet.set_column_width(column, if column == 0 { 40.0 } else { 14.0 })?;
        }
        for (line, (name, values)) in (1_u32..).zip(&table.rows) {
            sheet.write_string(line, 0, name)?;
            for (column, value) in (1_u16..).zip(values) {
                match value {
                    Value::Count(count, _) => sheet.write_number(line, column, *count as f64)?,
                    Value::Hours(Some(seconds)) => sheet.write_number(line, column, in_hours(*seconds))?,
                    Value::Hours(None) => sheet,
                    Value::Text(text) => sheet.write_string(line, column, text)?,
                };
            }
        }
        sheet.set_freeze_panes(1, 1)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_leaves_with_all_its_rows() {
        let rows = vec![(
            "=a,b".into(),
            vec![Value::Count(3, String::new()), Value::Hours(Some(5400)), Value::Hours(None)],
        )];
        let head = ["步骤", "件", "等", "办"].map(str::to_owned).to_vec();
        let table = Table { key: "steps", title: "各环节".into(), head, rows, left_out: 0 };
        assert_eq!(csv(&table), "\u{feff}步骤,件,等,办\r\n\"'=a,b\",3,1.5,\r\n");
        assert_eq!(&workbook(&[table]).unwrap()[..4], b"PK\x03\x04");
    }
}
