//! Y128 · 同一事项里写了两遍 / Listed twice in one item
//!
//! 同一个数据元或同一份材料在一个事项里列了两次，而且有的情况下两处都成立。留一处，把条件合在一起。
//!
//! ---
//!
//! An item lists one field or one paper twice, and both entries hold under some answers. Keep one, with both conditions in it.

use std::collections::HashMap;

use expression::analysis::{Finding as Found, Formula};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y128");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["fields", "materials"]) {
        return;
    }
    let fields = item.item.fields.iter().map(|each| (each.field.as_str(), each.when.as_ref())).collect();
    let materials = item.item.materials.iter().map(|each| (each.material.as_str(), each.when.as_ref())).collect();
    for (key, listed) in [("fields", fields), ("materials", materials)] {
        twice(item, key, &listed, out);
    }
}

fn twice(item: &ItemView<'_>, key: &str, listed: &Vec<(&str, Option<&Condition>)>, out: &mut Vec<Finding>) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (index, (name, when)) in listed.iter().enumerate() {
        let Some(first) = seen.insert(name, index) else { continue };
        let both = Formula::all([Formula::from(*when), Formula::from(listed[first].1)]);
        if matches!(item.find(&both), Found::Found(_)) {
            out.push(
                Finding::warning(
                    CODE,
                    item.at(key).index(index),
                    format!("“{name}”在这个事项里列了两次"),
                    format!("the item lists “{name}” twice"),
                )
                .also(item.at(key).index(first), "第一次在这里", "first here")
                .help("删去一处", "delete one of them"),
            );
        }
    }
}
