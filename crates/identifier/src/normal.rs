//! Normalising what people type to the form of the standards.

use crate::written::is_unseen;

/// The longest input in characters; longer input is refused before anything else.
pub(crate) const LONGEST: usize = 200;

/// Half-width forms and capital letters, without spaces, hyphens and invisible characters.
pub(crate) fn compact(text: &str) -> String {
    text.chars().map(half_width).filter(|c| !is_filler(*c)).map(|c| c.to_ascii_uppercase()).collect()
}

/// A typed or pasted code reduced to ASCII capitals and digits.
#[must_use]
pub fn plain(text: &str) -> String {
    compact(text).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// As [`compact`], but every hyphen or dash becomes `-`, for kinds whose groups have a meaning.
pub(crate) fn spaced(text: &str) -> String {
    text.chars()
        .map(half_width)
        .filter(|c| is_hyphen(*c) || !is_filler(*c))
        .map(|c| if is_hyphen(c) { '-' } else { c.to_ascii_uppercase() })
        .collect()
}

/// For kinds without a standard: half-width, trimmed, runs of white space replaced by one space.
pub(crate) fn tidy(text: &str) -> String {
    let half: String = text
        .chars()
        .map(half_width)
        .filter(|c| c.is_whitespace() || is_hyphen(*c) || !is_filler(*c))
        .collect();
    half.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Converts full-width ASCII forms (U+FF01–FF5E) and the ideographic space.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(c) - 0xFEE0).expect("the full-width block mirrors printable ASCII")
        }
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// Every hyphen or dash that an input method offers.
fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}')
}

/// White space, hyphens, and invisible characters that come along with copying.
fn is_filler(c: char) -> bool {
    c.is_whitespace() || is_hyphen(c) || is_unseen(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_becomes_what_standards_write() {
        let rows = [
            ("１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"),
            (" 110105 1949-1231 002x\u{200B}\u{3000}", "11010519491231002X"),
            ("\u{202D}138—1234–5678\u{202C}", "13812345678"),
            ("１．２．１５６", "1.2.156"),
            ("", ""),
            // Digits of other scripts are not converted.
            ("١٢", "١٢"),
        ];
        for (typed, written) in rows {
            assert_eq!(compact(typed), written, "{typed}");
        }
    }
}
