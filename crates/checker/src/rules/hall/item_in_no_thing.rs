//! Y604 · 不属于任何一件事的事项 / An item in no thing
//!
//! 群众从“一件事”进来办事。这个事项没有放进任何一件事，从首页和搜索都走不到。
//!
//! ---
//!
//! People come in through things. This item is in none, so nobody can apply for it.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y604");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if item.pack.things_with(&item.item.id).is_empty() && !item.pack.soundness.uses_uncertain {
        out.push(
            Finding::advice(
                CODE,
                item.at("title").name(),
                format!("“{}”不在任何一件事里", item.item.id),
                format!("“{}” is in no thing", item.item.id),
            )
            .help("放进 things/ 里的一件事", "put it into a thing under things/"),
        );
    }
}
