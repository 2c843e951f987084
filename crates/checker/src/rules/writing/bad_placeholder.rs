//! Y025 · 正文里的占位不对 / A placeholder that names nothing
//!
//! 结果正文里 `{数据元}` 会换成申请人的答案；这里花括号里的名称不是数据元。
//!
//! ---
//!
//! In the text of a result `{field}` becomes the applicant's answer; the name between these braces is no field.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y025");

pub fn finding(at: Place, name: &str, nearest: Option<&str>) -> Finding {
    let found = Finding::error(
        CODE,
        at,
        format!("正文里的“{{{name}}}”不是数据元"),
        format!("“{{{name}}}” in the text is no field"),
    );
    match nearest {
        Some(nearest) => {
            found.help(format!("是不是“{{{nearest}}}”？"), format!("did you mean “{{{nearest}}}”?")).fix(nearest)
        }
        None => found,
    }
}
