//! Line icons, drawn for this product. All decorative: the word beside them says what they mean.

use maud::{Markup, PreEscaped, html};

/// The mark: a window of four panes, one of them lit.
pub fn mark() -> Markup {
    draw(
        r#"<rect x="3" y="3" width="26" height="26" rx="3"/><path d="M16 3v26M3 16h26"/><rect x="17.5" y="4.5" width="10" height="10" fill="currentColor" stroke="none"/>"#,
        2.5,
    )
}

pub fn search() -> Markup {
    draw(r#"<circle cx="14" cy="14" r="9"/><path d="M21 21l7 7"/>"#, 2.5)
}

pub fn tray() -> Markup {
    draw(r#"<path d="M4 18l4-12h16l4 12v9H4zM4 18h7l2 4h6l2-4h7"/>"#, 2.0)
}

fn draw(body: &'static str, width: f32) -> Markup {
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="currentColor"
            stroke-width=(width) stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" {
            (PreEscaped(body))
        }
    }
}
