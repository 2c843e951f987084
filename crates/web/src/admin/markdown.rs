//! The little Markdown that the pages of rules use: headings, paragraphs, lists, fenced code, code words.

use maud::{Markup, html};

pub fn draw(text: &str) -> Markup {
    let mut blocks: Vec<Markup> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        if trimmed.starts_with("```") {
            let mut code = String::new();
            for line in lines.by_ref() {
                if line.trim_start().starts_with("```") {
                    break;
                }
                code.push_str(line);
                code.push('\n');
            }
            blocks.push(html! { pre { code { (code) } } });
        } else if let Some(heading) = trimmed.strip_prefix('#') {
            blocks.push(html! { h2 { (words(heading.trim_start_matches('#').trim())) } });
        } else if let Some(first) = item(trimmed) {
            let mut items = vec![first.to_owned()];
            while let Some(next) = lines.peek() {
                match item(next.trim()) {
                    Some(next) => items.push(next.to_owned()),
                    None if next.starts_with(' ') && !next.trim().is_empty() => {
                        if let Some(last) = items.last_mut() {
                            last.push(' ');
                            last.push_str(next.trim());
                        }
                    }
                    None => break,
                }
                lines.next();
            }
            blocks.push(html! { ul { @for item in &items { li { (words(item)) } } } });
        } else {
            let mut paragraph = trimmed.to_owned();
            while let Some(next) = lines.peek().map(|next| next.trim()) {
                if next.is_empty() || next.starts_with("```") || next.starts_with('#') || item(next).is_some()
                {
                    break;
                }
                // Chinese lines join without a space.
                if paragraph.ends_with(|last: char| last.is_ascii()) {
                    paragraph.push(' ');
                }
                paragraph.push_str(next);
                lines.next();
            }
            blocks.push(html! { p { (words(&paragraph)) } });
        }
    }
    html! { @for block in blocks { (block) } }
}

fn item(line: &str) -> Option<&str> {
    line.strip_prefix("- ").or_else(|| line.strip_prefix("* "))
}

/// `code words` between backquotes; an unpaired one stays.
fn words(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    html! {
        @if paired { @for (place, part) in parts.iter().enumerate() { @if place % 2 == 1 { code { (part) } } @else { (part) } } }
        @else { (text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_apart_and_nothing_runs() {
        let page = draw("# 标题\n一行\n二行 `码`\n\n- 甲\n- <b>乙</b>\n\n```yaml\na: 1\n```\n").into_string();
        assert_eq!(
            page,
            "<h2>标题</h2><p>一行二行 <code>码</code></p><ul><li>甲</li><li>&lt;b&gt;乙&lt;/b&gt;</li></ul><pre><code>a: 1\n</code></pre>"
        );
    }
}
