//! Y327 · 提示的位数填不进去 / A hint that does not fit
//!
//! 提示里说有多少位，比 max_length 还多：照提示填的人填不完整。
//!
//! ---
//!
//! The hint names more characters than `max_length` takes: whoever follows it cannot type the whole.

use catalogue::{Field, FieldKind};
use expression::Number;

use crate::rules::figures::figures;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y327");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for field in pack.parts.fields.values().filter(|field| pack.field_is_sound(field.id.as_str())) {
        let at = pack.declared_field(field.id.as_str());
        of_field(field, &at, out);
        if let FieldKind::Rows { columns, .. } = &field.kind {
            columns.iter().for_each(|column| of_field(column, &at.clone().key("columns").key(&column.id), out));
        }
    }
}

fn of_field(field: &Field, at: &Place, out: &mut Vec<Finding>) {
    let (FieldKind::Text { max_length, .. }, Some(hint)) = (&field.kind, &field.hint) else { return };
    let counted = figures(&hint.zh).into_iter().filter(|(_, rest)| rest.starts_with('位') || rest.starts_with("个字"));
    if let Some((odd, _)) = counted.into_iter().find(|(number, _)| *number > Number::from(*max_length)) {
        out.push(
            Finding::warning(
                CODE,
                at.clone().key("hint"),
                format!("提示说有 {odd} 位，最多只能填 {max_length} 个字"),
                format!("the hint says {odd} characters, {max_length} are the most"),
            )
            .help("改提示或者 max_length", "mend the hint or `max_length`"),
        );
    }
}
