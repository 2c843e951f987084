//! Reads registries and the tables shipped with them.

use std::sync::Arc;

use catalogue::{Registry, RegistrySource};
use jiff::civil::Date;

use super::take::*;
use super::validate::Reading;
use super::{place, scalar};
use crate::PackFiles;
use crate::finding::Place;
use crate::rules::writing::{encoding, missing_file, missing_key, registry_table};
use crate::syntax::Map;

pub fn read(reading: &mut Reading, id: &str, map: &Map<'_>, file: &Arc<str>, files: &PackFiles) -> Registry {
    let at = place(file).key(id);
    Registry {
        id: id.into(),
        title: text(map, "title").unwrap_or_default(),
        source: source(reading, map, &at, file, files),
        key: name(map, "key").unwrap_or_else(|| "".into()),
        supplies: pairs(map, "supplies"),
        materials: names(map, "materials"),
    }
}

fn source(
    reading: &mut Reading,
    map: &Map<'_>,
    at: &Place,
    file: &Arc<str>,
    files: &PackFiles,
) -> RegistrySource {
    if let Some(http) = record(map, "http") {
        return RegistrySource::Http {
            url: line(http, "url"),
            timeout_ms: whole(http, "timeout_ms").unwrap_or(2_000),
        };
    }
    let Some(csv) = word(map, "csv") else {
        if !map.incomplete && map.get("csv").is_none() && map.get("http").is_none() {
            reading.push(missing_key::one_of(at.clone().name(), &["csv", "http"]));
        }
        return RegistrySource::Http { url: String::new(), timeout_ms: 0 };
    };
    let mut lacking = |key: &str, zh: &str, en: &str| {
        if !map.incomplete && map.get(key).is_none() {
            reading.push(missing_key::finding(missing_key::CODE, at.clone().name(), key, zh, en));
        }
    };
    lacking("key_column", "CSV 里对应的列", "the column of the key");
    lacking("as_of", "数据截至哪天", "the day of the data");
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = format!("{folder}/{csv}");
    let mut columns = Vec::new();
    let mut rows = Vec::new();
    match files.get(&path) {
        None => reading.push(missing_file::finding(at.clone().key("csv"), &path)),
        Some(bytes) => match std::str::from_utf8(bytes) {
            Err(error) => {
                let from = error.valid_up_to();
                reading.push(encoding::finding(Place::bytes(path.as_str().into(), from..from + 1), None));
            }
            Ok(text) => {
                (columns, rows) = table(reading, &path, text.strip_prefix('\u{feff}').unwrap_or(text));
                let key_column =
                    word(map, "key_column").into_iter().map(|column| ("key_column", None, column));
                let supplied = record(map, "supplies")
                    .into_iter()
                    .flat_map(|inner| &inner.entries)
                    .filter_map(|entry| {
                        Some(("supplies", Some(entry.key.text.to_string()), entry.value.text()?.trim()))
                    });
                for (key, field, column) in key_column.chain(supplied) {
                    if !columns.is_empty() && !columns.iter().any(|known| known == column) {
                        let at = at.clone().key(key);
                        let at = field.iter().fold(at, |at, field| at.key(field));
                        reading.push(registry_table::no_column(at, column, csv));
                    }
                }
            }
        },
    }
    RegistrySource::Csv {
        file: csv.to_owned(),
        key_column: line(map, "key_column"),
        columns,
        rows,
        as_of: word(map, "as_of").and_then(scalar::date).unwrap_or(Date::ZERO),
    }
}

/// Parses comma-separated values (RFC 4180); all rows must be as wide as the heading.
fn table(reading: &mut Reading, path: &str, text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut rows: Vec<(usize, usize, Vec<String>)> = Vec::new();
    let mut row = Vec::new();
    let mut cell = String::new();
    let (mut line, mut row_line, mut row_start) = (1, 1, 0);
    let mut quoted = false;
    let mut chars = text.char_indices().peekable();
    let mut opened = 1;
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if quoted && chars.peek().is_some_and(|(_, next)| *next == '"') => {
                cell.push('"');
                chars.next();
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => {
                quoted = true;
                opened = line;
            }
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && chars.peek().is_some_and(|(_, next)| *next == '\n') => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push((row_line, row_start, std::mem::take(&mut row)));
                line += 1;
                (row_line, row_start) = (line, at + 1);
            }
            _ => {
                line += usize::from(c == '\n');
                cell.push(c);
            }
        }
    }
    if quoted {
        let at = Place::bytes(path.into(), row_start..text.len());
        reading.push(registry_table::unreadable(at, opened));
    } else if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push((row_line, row_start, row));
    }
    let mut rows = rows.into_iter().filter(|(_, _, row)| !(row.len() == 1 && row[0].trim().is_empty()));
    let Some((_, _, heading)) = rows.next() else { return (Vec::new(), Vec::new()) };
    let heading: Vec<String> = heading.into_iter().map(|name| name.trim().to_owned()).collect();
    let mut good = Vec::new();
    for (line, start, row) in rows {
        if row.len() == heading.len() {
            good.push(row.into_iter().map(|cell| cell.trim().to_owned()).collect());
        } else {
            let at = Place::bytes(path.into(), start..start + 1);
            reading.push(registry_table::ragged(at, line, row.len(), heading.len()));
        }
    }
    (heading, good)
}
