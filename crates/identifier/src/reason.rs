//! What counts as a reason: one rule for every text by which somebody says why.

use crate::written::lines;

/// Six Chinese characters, or as much in letters: less says that something is wrong, but not what.
const WEIGHT_MIN: usize = 12;
const DIFFERENT_MIN: usize = 4;

/// Why a text is no reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoReason {
    /// Nothing was written.
    Missing,
    /// Something was written, and it does not say why.
    Short,
}

/// The text, cleaned, if it says why. Blanks and punctuation do not count, nor does one sign over and over, nor a single word of a
/// language that has words.
///
/// # Errors
/// [`NoReason`] otherwise.
pub fn reason(typed: &str) -> Result<String, NoReason> {
    let text = lines(typed);
    if text.is_empty() {
        return Err(NoReason::Missing);
    }
    let signs: Vec<char> = text.chars().filter(|sign| sign.is_alphanumeric()).collect();
    let weight: usize = signs.iter().map(|sign| if is_wide(*sign) { 2 } else { 1 }).sum();
    let mut different = signs.clone();
    different.sort_unstable();
    different.dedup();
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    let one_word = words < 2 && !signs.iter().copied().any(is_wide);
    if weight < WEIGHT_MIN || different.len() < DIFFERENT_MIN || one_word {
        return Err(NoReason::Short);
    }
    Ok(text)
}

/// A character that is about a word by itself.
const fn is_wide(sign: char) -> bool {
    matches!(sign, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_is_no_reason_in_any_language() {
        for typed in [
            "行",
            "xx",
            "同意",
            "没问题。",
            "不符合！！！！！！！！",
            "可以可以可以可以",
            "unsatisfactory",
            "ok ok ok ok ok ok",
            "。。。 、、、 ……",
            "1234567890123",
        ] {
            assert_eq!(reason(typed), Err(NoReason::Short), "{typed}");
        }
        for typed in ["", " \n ", "\u{200b}\u{200b}"] {
            assert_eq!(reason(typed), Err(NoReason::Missing), "{typed:?}");
        }
        for typed in ["后厨面积不足", "已当场改正，复核无误。", "the drain is blocked", "不符合：GB 14881"]
        {
            assert!(reason(typed).is_ok(), "{typed}");
        }
    }
}
