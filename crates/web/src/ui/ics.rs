//! Calendar files (RFC 5545) that calendar programs accept.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// One VEVENT in a calendar, as a file to keep. `lines` are content lines without folding.
pub fn file(product: &str, method: &str, lines: &[String], name: &str) -> Response {
    let head = ["BEGIN:VCALENDAR", "VERSION:2.0"].map(str::to_owned);
    let product = [
        format!("PRODID:-//Yichuang//{product}//EN"),
        // RFC 5546: without it programs take a cancelled event for one that only says so.
        format!("METHOD:{method}"),
        "BEGIN:VEVENT".to_owned(),
    ];
    let tail = ["END:VEVENT", "END:VCALENDAR"].map(str::to_owned);
    let all = head.iter().chain(&product).chain(lines).chain(&tail);
    let text: String = all.map(|line| fold(line)).collect();
    (
        [
            (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.ics\"")),
        ],
        text,
    )
        .into_response()
}

/// `20261125T013000Z`.
pub fn instant(at: jiff::Timestamp) -> String {
    jiff::tz::Offset::UTC.to_datetime(at).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// RFC 5545 §3.3.11.
pub fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n").replace('\r', "")
}

/// RFC 5545 §3.1: at most 75 octets a line, never inside a character.
fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_lines_are_folded_between_characters() {
        let folded = fold(&format!("SUMMARY:{}", "办".repeat(40)));
        assert!(folded.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(folded.replace("\r\n ", "").trim_end().matches('办').count(), 40);
        assert_eq!(escape("a,b;c\\d\r\ne"), "a\\,b\\;c\\\\d\\ne");
    }
}
