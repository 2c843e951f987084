//! Y030 · 大厅的人数表写错了 / A table of a hall that cannot be read
//!
//! `halls/arrivals.csv`（大厅,业务,日,刻,人数）或 `halls/lanes.csv`（大厅,队列,占比）有一行读不懂：
//! 等候预测和排班会用这些数。没有这样的大厅，一刻钟不是从整刻开始，人数或占比不是数。
//!
//! ---
//!
//! A row of `halls/arrivals.csv` (hall,line,day,quarter,expected) or `halls/lanes.csv` (hall,lane,share) cannot be read.
//! Forecasts of waits and rosters are computed from these figures.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y030");

pub fn finding(at: Place, line: usize, zh: &str, en: &str) -> Finding {
    Finding::error(CODE, at, format!("第 {line} 行：{zh}"), format!("line {line}: {en}"))
}
