//! Y906 · 证照发给谁指错了 / The holder goes by a field of the wrong kind
//!
//! 结果的 holder：name 要指一行文字，code 要指证件号码。指反了，签出来的证照就发给了一串号码。
//!
//! ---
//!
//! In the `holder` of a result, `name` is a line of text and `code` an identifier. Swapped, the licence would be made out to
//! a number.

use catalogue::FieldKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y906");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["results"]) {
        return;
    }
    for result in item.item.results.values() {
        let Some(holder) = &result.holder else { continue };
        let wrong = [("name", Some(&holder.name)), ("code", holder.code.as_ref())];
        for (key, field) in wrong {
            let Some(field) = field.and_then(|id| item.pack.parts.fields.get(id)) else { continue };
            let fits = match (&field.kind, key) {
                (FieldKind::Text { multiline, .. }, "name") => !multiline,
                (FieldKind::Identifier { .. }, "code") => true,
                _ => false,
            };
            if fits || !item.pack.field_is_sound(field.id.as_str()) {
                continue;
            }
            let (zh, en) = if key == "name" { ("一行文字", "a line of text") } else { ("证件号码", "an identifier") };
            out.push(
                Finding::error(
                    CODE,
                    item.at("results").key(&result.id).key("holder").key(key),
                    format!("“{}”不是{zh}", field.id),
                    format!("“{}” is not {en}", field.id),
                )
                .help("指到持证人的名称或号码", "name the field that holds the holder's"),
            );
        }
    }
}
