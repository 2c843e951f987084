//! Y138 · 赋的号写错了地方 / A number assigned to the wrong field
//!
//! 环节的 assigns 要写到统一社会信用代码这样的号码项，不能是事项要申请人填的一项，也要在这个结果上印出来。写错了，
//! 申请人填的内容会被盖掉，证照上印的却是别的号码。
//!
//! ---
//!
//! What a step `assigns` is a field of kind credit code, which the item asks nobody to fill in and which the result prints.
//! Written elsewhere it would replace an answer, while the paper bears another number.

use catalogue::FieldKind;
use identifier::IdentifierKind;

use crate::resolve::placeholders;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y138");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["steps", "fields", "results"]) {
        return;
    }
    for step in item.item.steps.values() {
        for (place, each) in step.assigns.iter().enumerate() {
            let Some(field) = item.pack.parts.fields.get(&each.field) else { continue };
            let kind = matches!(&field.kind, FieldKind::Identifier { identifier: IdentifierKind::CreditCode, .. });
            let asked = item.item.fields.iter().any(|used| used.field == each.field);
            let printed = step.result.as_ref().and_then(|result| item.item.results.get(result)).is_some_and(|result| {
                let body = result.body.as_ref();
                let in_text = body.is_some_and(|body| {
                    placeholders(&body.zh).any(|(_, name)| name == each.field.as_str())
                });
                let holder = result.holder.as_ref().and_then(|holder| holder.code.as_ref());
                result.fields.contains(&each.field) || in_text || holder == Some(&each.field)
            });
            let (zh, en) = match () {
                () if !kind => ("不是统一社会信用代码", "is no credit code"),
                () if asked => ("是要申请人填的", "is asked of the applicant"),
                () if !printed => ("没有印在这个结果上", "does not stand on the result"),
                () => continue,
            };
            out.push(
                Finding::error(
                    CODE,
                    item.step_at(&step.id).key("assigns").index(place).key("field"),
                    format!("“{}”{zh}", each.field),
                    format!("“{}” {en}", each.field),
                )
                .help("写号码赋到的那一项，并印在结果上", "name the field that the number goes to, and print it"),
            );
        }
    }
}
