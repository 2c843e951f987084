//! How text is cut into words for search, the same in every adapter.

use std::collections::BTreeSet;

/// The terms under which a text is found.
///
/// A run of letters and digits of an alphabetic script is one term, in lower case. Of Chinese, each character
/// and each pair of neighbours is a term (unigrams and bigrams), which finds two-character words without a
/// dictionary.
#[must_use]
pub fn search_words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for run in runs(text) {
        match run {
            Run::Latin(word) => {
                words.insert(word);
            }
            Run::Han(chars) => {
                words.extend(chars.iter().map(char::to_string));
                words.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
            }
        }
    }
    words
}

/// One term that a match must contain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// Exactly this word.
    Word(String),
    /// A word that begins with this; people type the beginning of a number or a name.
    Beginning(String),
}

/// The words that a query asks for: all of them must be found. Empty when the query has no word.
#[must_use]
pub fn wanted_words(query: &str) -> Vec<Wanted> {
    let mut wanted = BTreeSet::new();
    for run in runs(query) {
        match run {
            Run::Latin(word) => {
                wanted.insert(Wanted::Beginning(word));
            }
            Run::Han(chars) if chars.len() == 1 => {
                wanted.insert(Wanted::Word(chars[0].to_string()));
            }
            Run::Han(chars) => {
                wanted.extend(chars.windows(2).map(|pair| Wanted::Word(pair.iter().collect())));
            }
        }
    }
    wanted.into_iter().collect()
}

/// Whether the terms from [`search_words`] contain all wanted ones; false when none is wanted.
#[must_use]
pub fn words_match(words: &BTreeSet<String>, wanted: &[Wanted]) -> bool {
    !wanted.is_empty()
        && wanted.iter().all(|each| match each {
            Wanted::Word(word) => words.contains(word),
            Wanted::Beginning(start) => {
                words.range(start.clone()..).next().is_some_and(|word| word.starts_with(start.as_str()))
            }
        })
}

enum Run {
    Latin(String),
    Han(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for c in text.chars().map(narrow) {
        if is_han(c) {
            match runs.last_mut() {
                Some(Run::Han(chars)) if open => chars.push(c),
                _ => runs.push(Run::Han(vec![c])),
            }
            open = true;
        } else if c.is_alphanumeric() {
            match runs.last_mut() {
                Some(Run::Latin(word)) if open => word.extend(c.to_lowercase()),
                _ => runs.push(Run::Latin(c.to_lowercase().collect())),
            }
            open = true;
        } else if !(joins(c) && matches!(runs.last(), Some(Run::Han(_)))) {
            open = false;
        }
    }
    runs
}

/// Marks that stand within a Chinese name and that nobody types: 《语文报》社 is found as 语文报社.
fn joins(c: char) -> bool {
    matches!(
        c,
        '《' | '》'
            | '〈'
            | '〉'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '"'
            | '「'
            | '」'
            | '『'
            | '』'
            | '【'
            | '】'
            | '('
            | ')'
            | '·'
            | '•'
    )
}

/// Full-width letters and digits, as Chinese keyboards give them, count as their narrow forms.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_without_the_marks_within_it() {
        let words = search_words("《语文报》社食堂有限责任公司 张三（青岛）店");
        for (query, found) in [
            ("语文报社", true),
            ("《语文报》社", true),
            ("语文报", true),
            ("三青", true),
            ("三 青", true),
            ("公司张", false),
        ] {
            assert_eq!(words_match(&words, &wanted_words(query)), found, "{query}");
        }
    }

    #[test]
    fn chinese_is_found_by_any_part_and_latin_by_its_beginning() {
        let words = search_words("海边餐饮店，ＡＢ12 西路8号");
        for (query, found) in [
            ("餐饮", true),
            ("店", true),
            ("海边餐饮店", true),
            ("边餐", true),
            ("饮餐", false),
            ("ab", true),
            ("AB12", true),
            ("b12", false),
            ("餐饮 西路", true),
            ("餐饮 东路", false),
            ("8", true),
            ("", false),
            ("，", false),
        ] {
            assert_eq!(words_match(&words, &wanted_words(query)), found, "{query}");
        }
    }
}
