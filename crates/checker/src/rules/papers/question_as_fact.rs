//! Y315 · 结果上印着问句 / A question printed as a fact
//!
//! 结果上列出的数据元，名称是问句（“上外卖平台或者自己开网店吗？”），印在证照上、显示在核验页上就成了“……吗？：是”。给它写一个
//! 名词（noun），例如“网络经营”：表里照旧问，纸上用名词。
//!
//! ---
//!
//! A field that a result lists has a question for its label (“Will you sell online?”), so that the licence and the page that
//! verifies it read “Will you sell online?: yes”. Give it a `noun`, such as “Online sale”: the form goes on asking, papers
//! name the fact.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y315");

/// Words that ask, wherever they stand in a label.
const ASKING: [&str; 10] = ["是否", "有没有", "哪", "怎", "什么", "谁", "多少", "多久", "第几", "几层"];

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for (id, field) in &pack.parts.fields {
        if field.noun.is_some() || !asks(&field.label.zh) {
            continue;
        }
        let shows = |item: &&catalogue::Item| {
            item.results.values().any(|result| result.fields.iter().any(|shown| shown == id))
        };
        let Some(item) = pack.parts.items.values().find(shows) else { continue };
        out.push(
            Finding::warning(
                CODE,
                pack.field(id.as_str()).key("label"),
                format!("“{}”印在“{}”的结果上，名称却是问句", field.label.zh, item.id),
                format!("“{}” is printed on a result of “{}”, but its label is a question", field.label.en, item.id),
            )
            .help("加上 noun，写成名词", "add a `noun` that names the fact"),
        );
    }
}

fn asks(label: &str) -> bool {
    label.ends_with(['吗', '？', '?', '呢']) || ASKING.iter().any(|word| label.contains(word))
}
