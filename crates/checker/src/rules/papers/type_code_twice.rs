//! Y318 · 两种证照一个类型代码 / Two licences under one type code
//!
//! 同一部门的两个结果用了同一个证照类型代码，证照编号就分不清是哪一种。
//!
//! ---
//!
//! Two results of one department have one type code, so that their numbers do not tell which is which.

use std::collections::HashMap;

use super::plain;
use crate::resolve::item_file;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y318");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let mut first: HashMap<(&str, &str), (&catalogue::Item, &catalogue::ResultDeclaration)> = HashMap::new();
    for item in pack.parts.items.values().filter(|item| pack.item_is_sound(&item.id, &["results"])) {
        for result in item.results.values() {
            let Some(code) = &result.type_code else { continue };
            let key = (item.department.as_str(), code.as_str());
            let (other, earlier) = *first.entry(key).or_insert((item, result));
            if plain(&earlier.title.zh) == plain(&result.title.zh) {
                continue;
            }
            let at = |item: &catalogue::Item| Place::file(item_file(item.id.as_str())).key("results");
            out.push(
                Finding::warning(
                    CODE,
                    at(item).key(&result.id).key("type_code"),
                    format!("类型代码 {code} 已经用于“{}”", earlier.title.zh),
                    format!("the type code {code} is already that of “{}”", earlier.title.en),
                )
                .also(at(other).key(&earlier.id).key("type_code"), "在这里", "here"),
            );
        }
    }
}
