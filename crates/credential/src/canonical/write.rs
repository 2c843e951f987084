//! The canonical JSON writer: one text for each value.

use std::fmt::Write as _;

use serde_json::Value;

use super::MAX_INTEGER;

/// A value without canonical form: a fraction, or an integer beyond ±(2⁵³ − 1).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the number {0} has no canonical form here: only integers within ±(2^53 - 1) are allowed")]
pub struct NotRepresentable(pub String);

/// The canonical text of `value`.
///
/// # Errors
/// [`NotRepresentable`] for a number that is not an integer within ±(2⁵³ − 1).
pub fn to_canonical(value: &Value) -> Result<String, NotRepresentable> {
    let mut text = String::new();
    write_value(value, &mut text)?;
    Ok(text)
}

fn write_value(value: &Value, text: &mut String) -> Result<(), NotRepresentable> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => match number.as_i64() {
            Some(integer) if (-MAX_INTEGER..=MAX_INTEGER).contains(&integer) => {
                text.push_str(&integer.to_string())
            }
            _ => return Err(NotRepresentable(number.to_string())),
        },
        Value::String(string) => write_string(string, text),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write_value(item, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            // The order of serde_json's map depends on a feature that any crate of the workspace may enable.
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
            text.push('{');
            for (at, (key, member)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write_string(key, text);
                text.push(':');
                write_value(member, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            control if control < ' ' => {
                write!(text, "\\u{:04x}", u32::from(control)).expect("writing to a String cannot fail");
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_sort_by_utf16_code_units() {
        // The example of RFC 8785 section 3.2.3: U+1F600 is encoded with surrogates and therefore sorts
        // before U+FB33.
        let value =
            json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
        let text = to_canonical(&value).unwrap();
        assert_eq!(
            text,
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
        );
    }

    #[test]
    fn strings_carry_only_the_escapes_that_must_be() {
        let text = to_canonical(&json!("\u{20ac}$\u{f}\nA'\u{42}\u{22}\u{5c}\\\"/\u{7f}中")).unwrap();
        assert_eq!(text, "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}中\"");
    }

    #[test]
    fn fractions_and_numbers_that_lose_digits_are_refused() {
        for value in [json!(1.5), json!(1.0), json!(9_007_199_254_740_992_i64), json!(u64::MAX)] {
            assert!(to_canonical(&value).is_err(), "{value}");
        }
        assert_eq!(to_canonical(&json!([-9_007_199_254_740_991_i64, 0])).unwrap(), "[-9007199254740991,0]");
    }
}
