//! Y023 · 缺少文件 / A missing file
//!
//! 事项包必须有 zone.yaml；数据源提到的 CSV 表要和它放在同一个文件夹；有例子的事项文件夹里要有 item.yaml。
//!
//! ---
//!
//! A pack has a zone.yaml; the CSV table of a registry stands beside it; a folder of an item holds its item.yaml.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y023");

pub fn finding(at: Place, path: &str) -> Finding {
    Finding::error(CODE, at, format!("缺少文件“{path}”"), format!("the file “{path}” is missing"))
}
