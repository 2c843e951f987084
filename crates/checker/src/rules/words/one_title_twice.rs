//! Y801 · 两个同名 / Two of one title
//!
//! 两件事（或两个事项）的中文标题一样：搜索结果里分不清点哪一个。
//!
//! ---
//!
//! Two things, or two items, have one title: nobody can tell them apart in search.

use std::collections::HashMap;

use diagnostic::Bilingual;

use crate::resolve::{item_file, thing_file};
use crate::rules::kit::*;

pub const CODE: Code = Code("Y801");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let things = pack.parts.things.values().map(|thing| (&thing.title, thing_file(thing.id.as_str())));
    twice(things, out);
    let items = pack.parts.items.values().map(|item| (&item.title, item_file(item.id.as_str())));
    twice(items, out);
}

fn twice<'p>(titled: impl Iterator<Item = (&'p Bilingual, String)>, out: &mut Vec<Finding>) {
    let mut first: HashMap<&str, String> = HashMap::new();
    for (title, file) in titled.filter(|(title, _)| !title.zh.is_empty()) {
        let at = |file: &str| Place::file(file).key("title");
        let Some(earlier) = first.get(title.zh.as_str()) else {
            first.insert(&title.zh, file);
            continue;
        };
        out.push(
            Finding::warning(
                CODE,
                at(&file),
                format!("“{}”这个标题已经用了", title.zh),
                format!("the title “{}” is taken", title.zh),
            )
            .also(at(earlier), "在这里", "here")
            .help("让标题说出两者的区别", "let the titles say what differs"),
        );
    }
}
