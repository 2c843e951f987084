//! Lists and figures that leave as files: CSV that a spreadsheet opens in the right letters and runs nothing of, and XLSX
//! with real dates and numbers.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::{Date, DateTime};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::fault::{Failure, next_incident};
use crate::shell::encode;

/// One value of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Number(f64),
    Time(DateTime),
    /// A day without a time, such as the last one of a limit.
    Day(Date),
    Nothing,
}

/// A list with a heading for each column.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

/// How a sheet looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// To be sorted and filtered.
    List,
    /// To be printed; the first column says what a row is about.
    Figures,
}

impl Table {
    pub fn csv(&self) -> Response {
        attachment(self.text().into_bytes(), CSV, &self.name, "list.csv")
    }

    pub fn xlsx(&self) -> Result<Response, Failure> {
        workbook(&self.name, std::slice::from_ref(self), Look::List, "list.xlsx")
    }

    /// One of several tables of figures; `name` is the file's.
    pub fn figures_csv(&self, name: &str) -> Response {
        attachment(self.text().into_bytes(), CSV, name, "figures.csv")
    }

    fn text(&self) -> String {
        // The mark tells spreadsheets that the text is UTF-8.
        let mut text = String::from("\u{feff}");
        push_line(&mut text, self.head.iter().map(|cell| harmless(cell)));
        for row in &self.rows {
            push_line(&mut text, row.iter().map(plain));
        }
        text
    }

    fn write(&self, sheet: &mut Worksheet, look: Look) -> Result<(), XlsxError> {
        let head =
            Format::new().set_bold().set_background_color(0xE6_F1_F3).set_border_bottom(FormatBorder::Thin);
        let head = if look == Look::Figures { head.set_text_wrap() } else { head };
        let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        let day = Format::new().set_num_format("yyyy-mm-dd");
        for (column, title) in (0_u16..).zip(&self.head) {
            sheet.write_string_with_format(0, column, title, &head)?;
            let cells = self.rows.iter().filter_map(|row| row.get(usize::from(column)));
            let wide = match (look, column) {
                (Look::List, _) => width(title, cells),
                (Look::Figures, 0) => 40.0,
                (Look::Figures, _) => 14.0,
            };
            sheet.set_column_width(column, wide)?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, value) in (0_u16..).zip(row) {
                match value {
                    // Always a string cell: a spreadsheet does not run it, whatever it begins with.
                    Value::Text(text) => sheet.write_string(line, column, text)?,
                    Value::Number(number) => sheet.write_number(line, column, *number)?,
                    Value::Time(at) => sheet.write_datetime_with_format(line, column, &excel(*at)?, &time)?,
                    Value::Day(date) => {
                        let cell = excel(date.at(0, 0, 0, 0))?;
                        sheet.write_datetime_with_format(line, column, &cell, &day)?
                    }
                    Value::Nothing => sheet,
                };
            }
        }
        if look == Look::Figures {
            sheet.set_name(sheet_name(&self.name))?;
            sheet.set_freeze_panes(1, 1)?;
            sheet.set_landscape().set_print_fit_to_pages(1, 0);
            return Ok(());
        }
        sheet.set_freeze_panes(1, 0)?;
        if let (Ok(last_row), Ok(columns)) = (u32::try_from(self.rows.len()), u16::try_from(self.head.len()))
            && columns > 0
        {
            sheet.autofilter(0, 0, last_row, columns - 1)?;
        }
        Ok(())
    }
}

/// Tables of figures as one workbook, a sheet each.
pub fn figures_xlsx(name: &str, tables: &[Table]) -> Result<Response, Failure> {
    workbook(name, tables, Look::Figures, "figures.xlsx")
}

/// A number as figures show it: two places are more than anybody reads.
pub fn rounded(number: f64) -> Value {
    Value::Number((number * 100.0).round() / 100.0)
}

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn workbook(name: &str, tables: &[Table], look: Look, plain: &str) -> Result<Response, Failure> {
    let bytes = written(tables, look).map_err(|error| {
        tracing::error!(incident = next_incident(), %error, "a list could not be written");
        Failure::BadRequest
    })?;
    Ok(attachment(bytes, XLSX, name, plain))
}

fn written(tables: &[Table], look: Look) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for table in tables {
        table.write(book.add_worksheet(), look)?;
    }
    book.save_to_buffer()
}

/// Spreadsheets allow 31 characters and none of `[]:*?/\`.
fn sheet_name(title: &str) -> String {
    title.chars().filter(|letter| !"[]:*?/\\'".contains(*letter)).take(31).collect()
}

/// `plain` is the name for programs that read no other letters; its ending is the file's.
fn attachment(bytes: Vec<u8>, kind: &'static str, name: &str, plain: &str) -> Response {
    let ending = plain.rsplit('.').next().unwrap_or_default();
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}.{ending}", encode(name));
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
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
            Value::Day(_) => 10,
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
        Value::Day(date) => date.to_string(),
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
        let row = vec![
            Value::Text("=1".into()),
            Value::Number(3.0),
            Value::Time(at),
            Value::Day(at.date()),
            Value::Nothing,
        ];
        let head = ["甲", "乙", "丙", "丁", "戊"].map(str::to_owned).to_vec();
        let table = Table { name: "各/表".into(), head, rows: vec![row] };
        for look in [Look::List, Look::Figures] {
            let bytes = written(std::slice::from_ref(&table), look).unwrap();
            assert_eq!(&bytes[..4], b"PK\x03\x04");
            assert!(bytes.len() > 2000);
        }
        assert_eq!(sheet_name(&table.name), "各表");
    }

    #[test]
    fn figures_leave_with_all_their_rows() {
        let rows = vec![
            vec![Value::Text("甲,\"乙\"".into()), rounded(4.256), Value::Nothing],
            vec![Value::Text("-1".into()), Value::Number(3.0), rounded(1.5)],
        ];
        let head = ["事项", "早", "晚"].map(str::to_owned).to_vec();
        let table = Table { name: "各事项".into(), head, rows };
        assert_eq!(table.text(), "\u{feff}事项,早,晚\r\n\"甲,\"\"乙\"\"\",4.26,\r\n'-1,3,1.5\r\n");
    }
}
