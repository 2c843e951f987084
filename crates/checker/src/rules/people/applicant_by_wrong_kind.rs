//! Y905 · 申请人的名称、号码或电话指错了 / The applicant goes by a field of the wrong kind
//!
//! applicant 和 applicant_when 的 name 要指一行文字，code 要指证件号码，phone 要指电话：列表里会显示它，
//! 核对身份、发通知都靠它。
//!
//! ---
//!
//! In `applicant` and `applicant_when`, `name` is a line of text, `code` an identifier, `phone` a telephone. Lists show
//! them, identity is checked and notices are sent by them.

use catalogue::{FieldId, FieldKind};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y905");

pub fn check(view: &ThingView<'_>, out: &mut Vec<Finding>) {
    if !view.is_sound(&["applicant", "applicant_when"]) {
        return;
    }
    let thing = view.thing;
    let by = thing.goes_by(None);
    one(view, &view.at("applicant"), (Some(by.name), by.code, thing.applicant_phone.as_ref()), out);
    for (index, situation) in thing.applicant_when.iter().enumerate() {
        let at = view.at("applicant_when").index(index);
        one(view, &at, (Some(&situation.name), situation.code.as_ref(), situation.phone.as_ref()), out);
    }
}

type Fits = fn(&FieldKind) -> bool;
type Goes<'a> = (Option<&'a FieldId>, Option<&'a FieldId>, Option<&'a FieldId>);

fn one(view: &ThingView<'_>, at: &Place, (name, code, phone): Goes<'_>, out: &mut Vec<Finding>) {
    let line: Fits = |kind| matches!(kind, FieldKind::Text { multiline: false, .. });
    let number: Fits = |kind| matches!(kind, FieldKind::Text { multiline: false, .. } | FieldKind::Identifier { .. });
    let telephone: Fits = |kind| matches!(kind, FieldKind::Phone);
    let roles = [
        ("name", name, line, ["一行文字", "a line of text"]),
        ("code", code, number, ["证件号码", "an identifier"]),
        ("phone", phone, telephone, ["电话", "a telephone"]),
    ];
    for (key, field, fits, [zh, en]) in roles {
        let Some(field) = field.and_then(|id| view.pack.parts.fields.get(id)) else { continue };
        if fits(&field.kind) || !view.pack.field_is_sound(field.id.as_str()) {
            continue;
        }
        out.push(
            Finding::error(
                CODE,
                at.clone().key(key),
                format!("“{}”不是{zh}", field.id),
                format!("“{}” is not {en}", field.id),
            )
            .help("指到申请人的名称、号码或电话", "name the field that holds the applicant's"),
        );
    }
}
