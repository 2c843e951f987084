//! Numbers for speech: digit by digit, never as a quantity.

use crate::problem::Lang;

/// Joins groups with a pause between them.
pub(crate) fn spoken(groups: &[&str], lang: Lang) -> String {
    match lang {
        Lang::Zh => {
            groups.iter().map(|group| group.chars().map(zh).collect()).collect::<Vec<String>>().join("，")
        }
        Lang::En => groups.iter().map(|group| en(group)).collect::<Vec<String>>().join(", "),
    }
}

fn zh(c: char) -> char {
    c.to_digit(10).and_then(|digit| "零一二三四五六七八九".chars().nth(digit as usize)).unwrap_or(c)
}

fn en(group: &str) -> String {
    let mut text = String::new();
    for c in group.chars() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push(c);
    }
    text
}
