//! How a request is read: who asks, with what right, in which words, and how often.

pub mod body;
pub mod limit;
pub mod once;
pub mod page;
pub mod who;

pub use body::{Ask, Body, File, Place};
pub use once::Once;
pub use page::{PageOf, Paged};
pub use who::{Account, Origin, Who};

use axum::http::{HeaderMap, header};
use diagnostic::Lang;

/// The reader's language: Chinese unless English is asked for first.
pub fn language(headers: &HeaderMap) -> Lang {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut tags = accepted.unwrap_or_default().split(',').map(|tag| tag.trim().to_ascii_lowercase());
    match tags.find(|tag| tag.starts_with("zh") || tag.starts_with("en")) {
        Some(tag) if tag.starts_with("en") => Lang::En,
        _ => Lang::Zh,
    }
}
