//! Y017 · 值不合要求 / Value out of bounds
//!
//! 日期、时限、数字等读不懂，或者超出允许的范围。时限写成 `5 working days`、`30 calendar days`、`24 hours`、
//! `30 minutes`，或者 `5个工作日`、`30日`、`24小时`、`30分钟`。
//!
//! ---
//!
//! A date, limit or number cannot be read or is out of bounds. Limits are written `5 working days`,
//! `30 calendar days`, `24 hours` or `30 minutes`.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y017");

pub fn finding(at: Place, text: &str, wanted: (&str, &str)) -> Finding {
    Finding::error(
        CODE,
        at,
        format!("“{text}”不能用在这里"),
        format!("“{text}” cannot be used here"),
    )
    .help(format!("应当是{}", wanted.0), format!("write {}", wanted.1))
}

pub fn reversed(at: Place, zh: &str, en: &str) -> Finding {
    Finding::error(CODE, at, zh, en)
}
