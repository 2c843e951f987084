//! What counts as a reason: one rule for every act that the law has give one.

use casework::Doer;

use crate::case::act::Act;
use crate::case::load::LoadedCase;
use crate::error::{NotPossible, Result};

/// Six Chinese characters, or as much in letters: less says that something is wrong, but not what.
const WEIGHT_MIN: usize = 12;
const DIFFERENT_MIN: usize = 4;

/// The text, tidied, if it says why. Blanks and punctuation do not count, nor does one sign over and over, nor a single word of
/// a language that has words.
///
/// # Errors
/// `ReasonMissing` where nothing was written, `ReasonShort` where it says nothing.
pub(crate) fn reason(typed: &str) -> Result<String> {
    let text = identifier::lines(typed);
    if text.is_empty() {
        return Err(NotPossible::ReasonMissing.into());
    }
    let signs: Vec<char> = text.chars().filter(|sign| sign.is_alphanumeric()).collect();
    let weight: usize = signs.iter().map(|sign| if is_wide(*sign) { 2 } else { 1 }).sum();
    let mut different = signs.clone();
    different.sort_unstable();
    different.dedup();
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    let one_word = words < 2 && !signs.iter().copied().any(is_wide);
    if weight < WEIGHT_MIN || different.len() < DIFFERENT_MIN || one_word {
        return Err(NotPossible::ReasonShort.into());
    }
    Ok(text)
}

/// A character that is about a word by itself.
const fn is_wide(sign: char) -> bool {
    matches!(sign, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// What was written where the act needs a reason says why. That nothing was written the engine refuses, which knows the article.
pub(crate) fn need_reasons(loaded: &LoadedCase, act: &Act) -> Result<()> {
    let written = |text: &String| if text.trim().is_empty() { Ok(()) } else { reason(text).map(drop) };
    match act {
        Act::NotRequired { reason, .. }
        | Act::NotOurRemit { reason, .. }
        | Act::RequestExtension { reason, .. }
        | Act::DenyExtension { reason, .. }
        | Act::Refuse { reason, .. }
        | Act::ChangeResult { reason, .. } => written(reason),
        Act::ExplainOverdue { text, .. } => written(text),
        Act::AskCorrection(correction) => correction.again.iter().try_for_each(written),
        Act::Grant { item, opinion, .. } => {
            let against = loaded.case.matter(item).is_some_and(|matter| matter.adverse().next().is_some());
            if against { written(opinion) } else { Ok(()) }
        }
        Act::CompleteStep { item, step, yes, opinion, checked, .. } => {
            let planned = loaded.case.matter(item).and_then(|matter| matter.plan.step(step));
            if !planned.is_some_and(|step| matches!(step.by, Doer::Role { .. })) {
                return Ok(());
            }
            checked.reasons.iter().try_for_each(written)?;
            if *yes || checked.explains_all() { Ok(()) } else { written(opinion) }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::OfficeError;

    fn code(typed: &str) -> &'static str {
        match reason(typed) {
            Ok(_) => "",
            Err(OfficeError::NotPossible(why)) => why.code(),
            Err(_) => "another",
        }
    }

    #[test]
    fn one_word_is_no_reason_in_any_language() {
        for typed in [
            "行",
            "同意",
            "没问题。",
            "不符合！！！！！！！！",
            "可以可以可以可以",
            "unsatisfactory",
            "ok ok ok ok ok ok",
            "。。。 、、、 ……",
            "1234567890123",
        ] {
            assert_eq!(code(typed), "reason-short", "{typed}");
        }
        for typed in ["", " \n ", "\u{200b}\u{200b}"] {
            assert_eq!(code(typed), "reason-missing", "{typed:?}");
        }
        for typed in ["后厨面积不足", "已当场改正，复核无误。", "the drain is blocked", "不符合：GB 14881"]
        {
            assert_eq!(code(typed), "", "{typed}");
        }
    }
}
