//! Lists that leave as files: CSV that a spreadsheet opens in the right letters and runs nothing of, and XLSX with real
//! dates and numbers.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::DateTime;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatBorder, Workbook, XlsxError};

use crate::fault::{Failure, next_incident};
use crate::shell::encode;

/// One value of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Number(f64),
    Time(DateTime),
    Nothing,
}

/// A list with a heading for each column.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    pub fn csv(&self) -> Response {
        // The mark tells spreadsheets that the text is UTF-8.
        let mut text = String::from("\u{feff}");
        push_line(&mut text, self.head.iter().map(|cell| harmless(cell)));
        for row in &self.rows {
            push_line(&mut text, row.iter().map(plain));
        }
        self.attachment(text.into_bytes(), "text/csv; charset=utf-8", "csv")
    }

    pub fn xlsx(&self) -> Result<Response, Failure> {
        let bytes = self.workbook().map_err(|error| {
            tracing::error!(incident = next_incident(), %error, "a list could not be written");
            Failure::BadRequest
        })?;
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        Ok(self.attachment(bytes, kind, "xlsx"))
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let head =
            Format::new().set_bold().set_background_color(0xE6_F1_F3).set_border_bottom(FormatBorder::Thin);
        let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        for (column, title) in (0_u16..).zip(&self.head) {
            sheet.write_string_with_format(0, column, title, &head)?;
            sheet.set_column_width(
                column,
                width(title, self.rows.iter().filter_map(|row| row.get(usize::from(column)))),
            )?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, value) in (0_u16..).zip(row) {
                match value {
                    // Always a string cell: a spreadsheet does not run it, whatever it begins with.
                    Value::Text(text) => sheet.write_string(line, column, text)?,
                    Value::Number(number) => sheet.write_number(line, column, *number)?,
                    Value::Time(at) => sheet.write_datetime_with_format(line, column, &excel(*at)?, &time)?,
                    Value::Nothing => sheet,
                };
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        if let (Ok(last_row), Ok(columns)) = (u32::try_from(self.rows.len()), u16::try_from(self.head.len()))
            && columns > 0
        {
            sheet.autofilter(0, 0, last_row, columns - 1)?;
        }
        book.save_to_buffer()
    }

    fn attachment(&self, bytes: Vec<u8>, kind: &'static str, ending: &str) -> Response {
        let disposition = format!(
            "attachment; filename=\"list.{ending}\"; filename*=UTF-8''{}.{ending}",
            encode(&self.name)
        );
        let mut response = bytes.into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Ok(value) = HeaderValue::from_str(&disposition) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
        response
    }
}

fn excel(at: DateTime) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(at.year()).unwrap_or(1900);
    let (month, day) = (at.month().unsigned_abs(), at.day().unsigned_abs());
    ExcelDateTime::from_ymd(year, month, day)?.and_hms(
        at.hour().unsigned_abs().into(),
        at.minute().unsigned_abs(),
        0.0,
    )
}

/// Chinese characters are two wide.
fn width<'a>(title: &str, values: impl Iterator<Item = &'a Value>) -> f64 {
    let wide = |text: &str| text.chars().map(|c| if c.is_ascii() { 1_u32 } else { 2 }).sum::<u32>();
    let widest = values
        .take(200)
        .map(|value| match value {
            Value::Text(text) => wide(text),
            Value::Time(_) => 16,
            Value::Number(_) | Value::Nothing => 6,
        })
        .max()
        .unwrap_or_default();
    f64::from(widest.max(wide(title)).clamp(6, 48) + 2)
}

fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => harmless(text),
        Value::Number(number) => number.to_string(),
        Value::Time(at) => {
            format!("{:04}-{:02}-{:02} {:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
        }
        Value::Nothing => String::new(),
    }
}

/// What begins like a formula gets an apostrophe, so that no spreadsheet runs what somebody typed into a form.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn push_line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn text_that_looks_like_a_formula_is_not_one() {
        for text in ["=1+1", "+86", "-1", "@SUM(A1)", "\tx"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        assert_eq!(harmless("青岛=好"), "青岛=好");
    }

    #[test]
    fn commas_quotes_and_line_ends_stay_in_their_cell() {
        let mut line = String::new();
        push_line(&mut line, ["a,b".to_owned(), "说\"好\"".to_owned(), "一\n二".to_owned()].into_iter());
        assert_eq!(line, "\"a,b\",\"说\"\"好\"\"\",\"一\n二\"\r\n");
    }

    #[test]
    fn a_workbook_is_written_with_times_and_numbers() {
        let at = date(2026, 11, 23).at(9, 5, 0, 0);
        let row = vec![Value::Text("=1".into()), Value::Number(3.0), Value::Time(at), Value::Nothing];
        let head = ["甲", "乙", "丙", "丁"].map(str::to_owned).to_vec();
        let bytes = Table { name: "表".into(), head, rows: vec![row] }.workbook().unwrap();
        assert_eq!(&bytes[..4], b"PK\x03\x04");
        assert!(bytes.len() > 2000);
    }
}
