//! Y908 · 两个部门同一个代码 / Two departments with one code
//!
//! 两个部门的统一社会信用代码一样，证照的签发机关就分不清了。请核对各自的登记证书。
//!
//! ---
//!
//! Two departments have one credit code, so that licences do not tell which of them issued.

use std::collections::HashMap;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y908");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("departments") {
        return;
    }
    let mut first = HashMap::new();
    for department in pack.parts.departments.values() {
        let at = |id: &catalogue::DepartmentId| pack.zone().key("departments").key(id).key("code");
        let Some(earlier) = first.insert(department.code.as_str(), &department.id) else { continue };
        out.push(
            Finding::warning(
                CODE,
                at(&department.id),
                format!("“{}”和“{earlier}”用同一个代码", department.id),
                format!("“{}” has the code of “{earlier}”", department.id),
            )
            .also(at(earlier), "在这里", "here"),
        );
    }
}
