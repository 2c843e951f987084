//! Y019 · 条件写得不对 / A condition that cannot be read
//!
//! 条件形如 `营业面积 > 200 and 经营方式 = "堂食"`：名称、比较、英文标点，用 and、or、not 连接，文字加英文双引号。
//!
//! ---
//!
//! A condition reads like `营业面积 > 200 and 经营方式 = "堂食"`: names, comparisons and ASCII punctuation, joined by
//! and, or, not; texts between double quotes.

use diagnostic::Code;

pub const CODE: Code = Code("Y019");
