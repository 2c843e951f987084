//! Y024 · 数据表与声明不符 / A table that does not fit its registry
//!
//! CSV 表缺少声明的列，或者某一行的列数与表头不同。
//!
//! ---
//!
//! The CSV table lacks a column that the registry declares, or a row has another number of columns than the heading.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y024");

pub fn no_column(at: Place, column: &str, file: &str) -> Finding {
    Finding::error(
        CODE,
        at,
        format!("“{file}”没有“{column}”这一列"),
        format!("“{file}” has no column “{column}”"),
    )
}

pub fn ragged(at: Place, line: usize, found: usize, wanted: usize) -> Finding {
    Finding::error(
        CODE,
        at,
        format!("第 {line} 行有 {found} 列，表头有 {wanted} 列"),
        format!("line {line} has {found} columns, the heading {wanted}"),
    )
}

pub fn unreadable(at: Place, line: usize) -> Finding {
    Finding::error(
        CODE,
        at,
        format!("第 {line} 行的引号没有收尾"),
        format!("a quote on line {line} never closes"),
    )
}
