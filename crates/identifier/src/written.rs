//! Cleaning texts that people write for others: removes characters that are invisible or change the reading
//! direction. Used for all of them: answers, names, telephone numbers, officers' texts, file names, data of
//! registries.

use std::borrow::Cow;

/// Cleans a text of several lines: line ends become `\n`, tabs become spaces, and it is trimmed.
#[must_use]
pub fn lines(typed: &str) -> String {
    clean(typed, '\n')
}

/// Cleans a text of one line: line ends become spaces.
#[must_use]
pub fn line(typed: &str) -> String {
    clean(typed, ' ')
}

fn clean(typed: &str, end_of_line: char) -> String {
    let typed = if typed.contains('\r') { Cow::from(typed.replace("\r\n", "\n")) } else { Cow::from(typed) };
    let mut clean = String::with_capacity(typed.len());
    for c in typed.chars() {
        match c {
            '\n' | '\r' | '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push(end_of_line),
            '\t' => clean.push(' '),
            // A variation selector after a character, as in some names; a second one, or one without a
            // character, is dropped.
            c if is_variant(c) && clean.chars().next_back().is_some_and(has_variants) => clean.push(c),
            c if is_unseen(c) => {}
            c => clean.push(c),
        }
    }
    clean.trim().to_owned()
}

/// Whether a text says anything: at least two letters, digits or characters that can be seen.
#[must_use]
pub fn says_something(typed: &str) -> bool {
    const SEEN_MIN: usize = 2;
    typed.chars().filter(|c| c.is_alphanumeric() && !is_unseen(*c)).take(SEEN_MIN).count() == SEEN_MIN
}

/// Why a text is not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// Nothing in it can be read: blanks, dots, signs that are not drawn.
    Unseen,
    TooLong,
}

/// A name as it is kept: one line with a letter or digit in it, of at most so many characters. Whoever shows a name, or compares
/// one with what somebody typed, can rely on its being seen.
///
/// # Errors
/// That it is none, and why.
pub fn name(typed: &str, most: usize) -> Result<String, NameProblem> {
    let name = line(typed);
    if !name.chars().any(char::is_alphanumeric) {
        Err(NameProblem::Unseen)
    } else if name.chars().count() > most {
        Err(NameProblem::TooLong)
    } else {
        Ok(name)
    }
}

/// Whether a character is a variation selector (Unicode 23.4).
const fn is_variant(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn has_variants(c: char) -> bool {
    !c.is_whitespace() && !is_variant(c)
}

/// Whether a character is invisible: controls, marks of direction and format, tags,
/// `Default_Ignorable_Code_Point`, and the rest of the categories Cc, Cf, Zl and Zp. Visible Arabic signs of
/// category Cf are excepted.
#[must_use]
pub const fn is_unseen(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{70f}'
        | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

    use super::*;

    /// Visible signs of category Cf, drawn before or around the digits that follow.
    const DRAWN: [std::ops::RangeInclusive<char>; 6] = [
        '\u{600}'..='\u{605}',
        '\u{6dd}'..='\u{6dd}',
        '\u{890}'..='\u{891}',
        '\u{8e2}'..='\u{8e2}',
        '\u{110bd}'..='\u{110bd}',
        '\u{110cd}'..='\u{110cd}',
    ];

    #[test]
    fn whatever_unicode_calls_a_control_a_format_or_a_separator_of_lines_is_unseen() {
        for c in '\0'..=char::MAX {
            let category = c.general_category();
            let formats = matches!(
                category,
                GeneralCategory::Control
                    | GeneralCategory::Format
                    | GeneralCategory::LineSeparator
                    | GeneralCategory::ParagraphSeparator
            );
            let drawn = DRAWN.iter().any(|range| range.contains(&c));
            assert!(!formats || drawn || is_unseen(c), "{:x}", u32::from(c));
            assert!(
                !is_unseen(c)
                    || !c.is_alphabetic()
                    || matches!(u32::from(c), 0x115f | 0x1160 | 0x3164 | 0xffa0)
            );
        }
    }

    #[test]
    fn names_read_as_they_are_written() {
        for (typed, read) in [
            ("某某\u{200b}公司 ", "某某公司"),
            ("\u{202e}司公某某\u{202c}", "司公某某"),
            ("甲\u{e0041}\u{e007f}乙", "甲乙"),
            ("一\u{2028}二\u{2029}三\r\n四\t五", "一 二 三 四 五"),
            ("葛\u{e0100}西", "葛\u{e0100}西"),
            ("葛\u{e0100}\u{e0101}西\u{fe0f}", "葛\u{e0100}西\u{fe0f}"),
            ("\u{fe0f}\u{e0100}", ""),
            ("\u{3164}", ""),
            ("Ağa Ömər 阿·木", "Ağa Ömər 阿·木"),
        ] {
            assert_eq!(line(typed), read, "{typed:?}");
        }
        assert_eq!(lines(" 一\r\n二\r三\u{2028}四\n\n"), "一\n二\n三\n四");
    }

    #[test]
    fn a_name_is_something_that_can_be_read_and_ends() {
        for unseen in
            ["", " \t", "\u{200b}\u{2060}", "\u{3164}\u{3164}", "\u{2800}\u{2800}", "。。", "——", "\u{301}"]
        {
            assert_eq!(name(unseen, 80), Err(NameProblem::Unseen), "{unseen:?}");
        }
        assert_eq!(name("\u{200b}李\u{202e}四 ", 80).as_deref(), Ok("李四"));
        assert_eq!(name("Ō", 80).as_deref(), Ok("Ō"));
        assert_eq!(name(&"长".repeat(80), 80).map(|name| name.chars().count()), Ok(80));
        assert_eq!(name(&"长".repeat(81), 80), Err(NameProblem::TooLong));
    }

    proptest! {
        #[test]
        fn what_was_cleaned_stays_as_it_is_and_holds_nothing_unseen(typed in any::<String>()) {
            for clean in [line(&typed), lines(&typed)] {
                prop_assert!(clean.chars().all(|c| c == '\n' || is_variant(c) || !is_unseen(c)));
                prop_assert_eq!(&lines(&clean), &clean);
            }
            prop_assert!(!line(&typed).contains('\n'));
        }
    }
}
