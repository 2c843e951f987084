//! Y113 · 条件用到没有问的数据元 / A condition on something not asked
//!
//! 环节、材料、收费等的条件要看这个数据元，但事项没有问它，包含这个事项的事也没有把它作为情形问题。
//! 单看这个事项的办事指南，就不知道要答什么。
//!
//! ---
//!
//! A condition of a step, material or fee looks at this field, but the item does not ask it, and no thing that holds the
//! item asks it as a situation question. Its guide would not tell what has to be answered.

use std::collections::HashSet;

use crate::rules::kit::*;
use crate::uses;

pub const CODE: Code = Code("Y113");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["fields"]) || item.pack.soundness.uses_uncertain {
        return;
    }
    let mut told: HashSet<&str> = item.item.fields.iter().map(|each| each.field.as_str()).collect();
    let things = item.pack.things_with(&item.item.id);
    let outside = |name: &str| {
        !things.is_empty()
            && things.iter().all(|thing| {
                thing.questions.iter().any(|question| question.field == *name)
                    || uses::of_thing(thing).any(|field| field == name)
            })
    };
    for (at, condition) in uses::conditions(item) {
        for name in condition.names_used() {
            if !told.contains(&**name) && !outside(name) {
                told.insert(name);
                let start = condition.text().find(&**name).unwrap_or(0);
                out.push(
                    Finding::warning(
                        CODE,
                        at.clone().within(start..start + name.len()),
                        format!("条件用到“{name}”，但事项没有问它"),
                        format!("the condition looks at “{name}”, which the item does not ask"),
                    )
                    .help(format!("把“{name}”加进 fields"), format!("add “{name}” to `fields`")),
                );
            }
        }
    }
}
