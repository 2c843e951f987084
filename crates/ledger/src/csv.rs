//! CSV that spreadsheets open as UTF-8 and whose cells they do not execute.

use std::io::Write;

use diagnostic::Lang;
use office::Records;

use crate::table::{Sheet, Value};
use crate::{Result, Written, words};

/// Writes one of the ledgers.
///
/// # Errors
/// When a case cannot be read or the output not written.
pub async fn write_csv(
    records: &mut Records,
    out: &mut (dyn Write + Send),
    sheet: Sheet,
    lang: Lang,
) -> Result<Written> {
    let mut written = Written::default();
    // The byte order mark tells spreadsheets that the text is UTF-8.
    out.write_all("\u{feff}".as_bytes())?;
    line(out, sheet.head(lang).map(str::to_owned))?;
    records.rewind();
    while let Some(case) = records.next().await? {
        written.cases += 1;
        written.events += case.events.len() as u64;
        written.activities.extend(case.events.iter().map(|event| words::activity(event, lang)));
        for row in sheet.rows(&case, lang) {
            written.entries += 1;
            line(out, row.iter().map(plain))?;
        }
    }
    out.flush()?;
    Ok(written)
}

fn line(out: &mut (dyn Write + Send), cells: impl Iterator<Item = String>) -> Result<()> {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    Ok(out.write_all(b"\r\n")?)
}

fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => harmless(text),
        Value::Number(number) => number.to_string(),
        Value::Time(at) => at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Value::Day(date) => date.to_string(),
        Value::Nothing => String::new(),
    }
}

/// Prefixes a text that begins like a formula with an apostrophe (CSV injection): a pack's author may have
/// written it.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_what_is_in_them_and_run_nothing() {
        let mut out = Vec::new();
        let cells = ["a,b", "说\"好\"", "一\n二", "=1+1", "a=b"].map(|text| plain(&Value::Text(text.into())));
        line(&mut out, cells.into_iter()).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\"a,b\",\"说\"\"好\"\"\",\"一\n二\",'=1+1,a=b\r\n");
        assert_eq!(plain(&Value::Number(-1)), "-1");
    }
}
