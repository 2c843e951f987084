//! Turning pages of lists.

use maud::{Markup, html};

use crate::shell::{Shell, encode};

/// The link to the next page, and back to the first.
pub fn pages(shell: &Shell, next: Option<&store::Cursor>, paged: bool) -> Markup {
    html! {
        nav.pages aria-label=(shell.w.t("list-pages")) {
            @if paged { a href=(query_with(&shell.here, "after", "")) { (shell.w.t("list-first")) } }
            @if let Some(cursor) = next {
                a href=(query_with(&shell.here, "after", &cursor.to_text())) { (shell.w.t("list-next")) }
            }
        }
    }
}

/// The address with one parameter set, or taken out when the value is empty.
pub fn query_with(here: &str, name: &str, value: &str) -> String {
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name));
    let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
    if !value.is_empty() {
        pairs.push(format!("{name}={}", encode(value)));
    }
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_parameter_changes_and_the_others_stay() {
        assert_eq!(query_with("/a?x=1&after=z", "after", "q"), "/a?x=1&after=q");
        assert_eq!(query_with("/a?after=z", "after", ""), "/a");
        assert_eq!(query_with("/a", "w", "办"), "/a?w=%E5%8A%9E");
    }
}
