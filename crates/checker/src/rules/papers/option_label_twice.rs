//! Y323 · 两个选项同一个名称 / Two options that read alike
//!
//! 同一个数据元的两个选项，中文（或英文）写得一样：人分不清选哪个，选错了就走到另一条路上。
//!
//! ---
//!
//! Two options of one field have the same label in a language: nobody can tell which to choose, and the wrong one leads elsewhere.

use std::collections::HashMap;

use catalogue::{Choice, Field, FieldKind};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y323");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for field in pack.parts.fields.values().filter(|field| pack.field_is_sound(field.id.as_str())) {
        let at = pack.declared_field(field.id.as_str());
        of_field(field, &at, out);
        if let FieldKind::Rows { columns, .. } = &field.kind {
            for column in columns {
                of_field(column, &at.clone().key("columns").key(&column.id), out);
            }
        }
    }
}

fn of_field(field: &Field, at: &Place, out: &mut Vec<Finding>) {
    let (FieldKind::Choice { options } | FieldKind::Choices { options }) = &field.kind else { return };
    for lang in ["zh", "en"] {
        let mut first: HashMap<&str, &Choice> = HashMap::new();
        for option in options {
            let Some(earlier) = first.insert(label(option, lang).trim(), option) else { continue };
            let place = |option: &Choice| at.clone().key("options").key(&option.value).key(lang);
            out.push(
                Finding::error(
                    CODE,
                    place(option),
                    format!("“{}”和“{}”两个选项都写着“{}”", earlier.value, option.value, label(option, lang)),
                    format!("the options “{}” and “{}” both read “{}”", earlier.value, option.value, label(option, lang)),
                )
                .also(place(earlier), "前一个在这里", "the other is here"),
            );
            return;
        }
    }
}

fn label<'c>(option: &'c Choice, lang: &str) -> &'c str {
    if lang == "zh" { &option.label.zh } else { &option.label.en }
}
