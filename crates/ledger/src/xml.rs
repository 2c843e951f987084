//! Escapes text for XML, so that every parser accepts it.

use std::borrow::Cow;

/// Escapes an attribute value in double quotes. Control characters that XML cannot hold become their Unicode
/// pictures.
pub fn attribute(text: &str) -> Cow<'_, str> {
    if !text.contains(is_special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Parsers turn these into spaces unless they are written as character references.
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\0'..='\x1f' => out.push(char::from_u32(0x2400 + u32::from(letter)).unwrap_or('\u{fffd}')),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    Cow::Owned(out)
}

fn is_special(letter: char) -> bool {
    matches!(letter, '&' | '<' | '>' | '"' | '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::attribute;

    #[test]
    fn what_means_something_in_xml_is_written_as_a_reference() {
        assert_eq!(attribute("甲<乙>&\"丙\""), "甲&lt;乙&gt;&amp;&quot;丙&quot;");
        assert_eq!(attribute("一\n二\t三\r"), "一&#10;二&#9;三&#13;");
        assert_eq!(attribute("不变"), "不变");
    }

    #[test]
    fn characters_that_xml_forbids_are_shown_by_their_pictures() {
        assert_eq!(attribute("a\0b\u{7}c\u{1f}\u{ffff}"), "a␀b␇c␟\u{fffd}");
    }
}
