//! `yichuang explain CODE`: a rule's page is the `//!` text of the file that holds it.

use diagnostic::Bilingual;

use crate::rules::{self, Rule};

/// The page of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub code: &'static str,
    /// The flagged pattern: the name of the rule's file.
    pub name: &'static str,
    pub title: Bilingual,
    pub markdown: Bilingual,
}

/// The page of a code, in upper or lower case.
pub fn explain(code: &str) -> Option<Explanation> {
    rules::all().find(|rule| rule.code.0.eq_ignore_ascii_case(code.trim())).and_then(page)
}

/// The pages of all rules, sorted by code.
pub fn rules() -> Vec<Explanation> {
    let mut pages: Vec<Explanation> = rules::all().filter_map(page).collect();
    pages.sort_by_key(|page| page.code);
    pages
}

fn page(rule: &Rule) -> Option<Explanation> {
    let text: Vec<&str> = rule
        .source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let (title, body) = text.split_first()?;
    let (zh, en) = title.strip_prefix(rule.code.0)?.trim_start_matches([' ', '·']).split_once(" / ")?;
    let cut = body.iter().position(|line| *line == "---")?;
    let join = |lines: &[&str]| lines.join("\n").trim().to_owned();
    Some(Explanation {
        code: rule.code.0,
        name: rule.name,
        title: Bilingual::new(zh.trim(), en.trim()),
        markdown: Bilingual::new(join(&body[..cut]), join(&body[cut + 1..])),
    })
}
