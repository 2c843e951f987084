//! Both ledgers as a workbook with real dates and numbers; rows are not kept in memory.

use std::io::{Seek, Write};

use diagnostic::Lang;
use jiff::civil::DateTime;
use office::Records;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::table::{Sheet, Value};
use crate::{Result, Written, words};

/// Rows under the heading: a worksheet holds 2²⁰ rows in all. More rows go to another worksheet.
const ROWS_MAX: u32 = 1_048_575;

/// One for each sheet.
pub const XLSX_PASSES: u64 = 2;

/// Writes a workbook with a sheet for each ledger.
///
/// # Errors
/// When a case cannot be read or the workbook not written.
pub async fn write_xlsx<W: Write + Seek + Send>(
    records: &mut Records,
    out: W,
    lang: Lang,
) -> Result<Written> {
    let mut written = Written::default();
    let mut book = Workbook::new();
    for sheet in [Sheet::Cases, Sheet::Events] {
        records.rewind();
        let mut page = Page::begin(&mut book, sheet, lang)?;
        while let Some(case) = records.next().await? {
            if sheet == Sheet::Cases {
                written.cases += 1;
                written.entries += case.matters.len() as u64;
            } else {
                written.events += case.events.len() as u64;
                written.activities.extend(case.events.iter().map(|event| words::activity(event, lang)));
            }
            for row in sheet.rows(&case, lang) {
                page.row(&mut book, &row)?;
            }
        }
    }
    book.save_to_writer(out)?;
    Ok(written)
}

/// The worksheet that the rows of a ledger are being written to.
struct Page {
    sheet: Sheet,
    lang: Lang,
    /// Index of the worksheet in the workbook.
    place: usize,
    number: u32,
    /// Rows under the heading.
    rows: u32,
    time: Format,
    day: Format,
}

impl Page {
    fn begin(book: &mut Workbook, sheet: Sheet, lang: Lang) -> Result<Self> {
        let time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let mut page = Self { sheet, lang, place: 0, number: 0, rows: 0, time, day };
        page.turn(book)?;
        Ok(page)
    }

    fn turn(&mut self, book: &mut Workbook) -> Result<()> {
        self.place = book.worksheets().len();
        self.number += 1;
        self.rows = 0;
        let worksheet = book.add_worksheet_with_constant_memory()?;
        let title = self.sheet.title(self.lang);
        worksheet.set_name(if self.number == 1 {
            title.to_owned()
        } else {
            format!("{title} {}", self.number)
        })?;
        worksheet.set_freeze_panes(1, 0)?;
        let head =
            Format::new().set_bold().set_background_color(0xE6_F1_F3).set_border_bottom(FormatBorder::Thin);
        for (column, name) in (0_u16..).zip(self.sheet.head(self.lang)) {
            worksheet.set_column_width(column, 18.0)?;
            worksheet.write_string_with_format(0, column, name, &head)?;
        }
        Ok(())
    }

    fn row(&mut self, book: &mut Workbook, row: &[Value]) -> Result<()> {
        if self.rows == ROWS_MAX {
            self.turn(book)?;
        }
        self.rows += 1;
        let worksheet = book.worksheet_from_index(self.place)?;
        Ok(write_row(worksheet, self.rows, row, (&self.time, &self.day))?)
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of days are small")]
fn write_row(
    sheet: &mut Worksheet,
    line: u32,
    row: &[Value],
    (time, day): (&Format, &Format),
) -> Result<(), XlsxError> {
    for (column, value) in (0_u16..).zip(row) {
        match value {
            // Always a string cell, which a spreadsheet never executes, whatever it begins with.
            Value::Text(text) => sheet.write_string(line, column, text)?,
            Value::Number(number) => sheet.write_number(line, column, *number as f64)?,
            Value::Time(at) => sheet.write_datetime_with_format(line, column, excel(*at)?, time)?,
            Value::Day(date) => {
                sheet.write_datetime_with_format(line, column, excel(date.at(0, 0, 0, 0))?, day)?
            }
            Value::Nothing => sheet,
        };
    }
    Ok(())
}

fn excel(at: DateTime) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(at.year()).unwrap_or(1900);
    ExcelDateTime::from_ymd(year, at.month().unsigned_abs(), at.day().unsigned_abs())?.and_hms(
        at.hour().unsigned_abs().into(),
        at.minute().unsigned_abs(),
        f64::from(at.second()),
    )
}
