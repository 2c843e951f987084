//! Y027 · 案例与声明不符 / A story that does not fit the pack
//!
//! 案例提到的环节、事项、答案与声明对不上，跑起来必然失败：这件事不含这个事项，事项没有这个环节，或者答案不合数据元的类型。
//!
//! ---
//!
//! A story names an item that its thing does not hold, a step that the item does not have, or an answer that the field
//! does not take; it could never pass.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y027");

pub fn finding(at: Place, zh: impl Into<String>, en: impl Into<String>) -> Finding {
    Finding::error(CODE, at, zh, en)
}
