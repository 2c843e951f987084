//! Y805 · 两种文字写的不一样 / Two languages say different things
//!
//! 同一份证照、文书，中文和英文正文里填的数据元不一样：两种读者拿到的是两份内容。
//!
//! ---
//!
//! The Chinese and the English text of one signed document print different fields, so that its readers hold two documents.

use std::collections::BTreeSet;

use crate::resolve::placeholders;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y805");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["results"]) {
        return;
    }
    for result in item.item.results.values() {
        let Some(body) = &result.body else { continue };
        let printed = |text| placeholders(text).map(|(_, name)| name).collect::<BTreeSet<&str>>();
        let (zh, en) = (printed(&body.zh), printed(&body.en));
        // What names no field has its own finding.
        if !zh.union(&en).all(|name| item.pack.parts.fields.contains_key(*name)) {
            continue;
        }
        let Some(only) = zh.symmetric_difference(&en).next() else { continue };
        let (has, lacks) = if zh.contains(only) { (("中文", "Chinese"), "en") } else { (("英文", "English"), "zh") };
        out.push(
            Finding::error(
                CODE,
                item.at("results").key(&result.id).key("body").key(lacks),
                format!("“{only}”只在{}正文里", has.0),
                format!("“{only}” stands in the {} text only", has.1),
            )
            .help("两种文字填一样的数据元", "print the same fields in both languages"),
        );
    }
}
