//! Y014 · 引用了没有声明的名称 / Unknown name
//!
//! 这里提到的部门、岗位、数据元、材料、环节等，包里没有声明。多半是错别字；有相近的名称时，按相近的理解并继续检查。
//!
//! ---
//!
//! The department, role, field, material, step or the like named here is not declared. Where a name is near enough,
//! checking goes on as if that had been written.

use diagnostic::Code;

use crate::finding::{Finding, Place};
use crate::shape::Kind;

pub const CODE: Code = Code("Y014");

pub fn finding(at: Place, kind: Kind, name: &str, nearest: Option<&str>) -> Finding {
    let found = Finding::error(
        CODE,
        at,
        format!("没有名为“{name}”的{}", kind.zh()),
        format!("there is no {} “{name}”", kind.en()),
    );
    match nearest {
        Some(nearest) => {
            found.help(format!("是不是“{nearest}”？"), format!("did you mean “{nearest}”?")).fix(nearest)
        }
        None => found.help(format!("先声明这个{}", kind.zh()), format!("declare the {} first", kind.en())),
    }
}
