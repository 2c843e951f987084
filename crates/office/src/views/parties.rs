//! Who applies, for lists and search. Filled from the vault, emptied when somebody is forgotten.

use catalogue::{Lang, Thing};
use store::{ViewChange, ViewSchema};

use crate::case::{CaseId, Party};

pub const TABLE: &str = "parties";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 2).text("case_id").text("shown").text("words").key(&["case_id"]).search(&["words"])
}

/// What a case is found by besides who applies: its number and what it is about, in both languages.
pub fn words(number: &str, thing: Option<&Thing>) -> String {
    let titles = thing.map(|thing| format!("{} {}", thing.title.get(Lang::Zh), thing.title.get(Lang::En)));
    format!("{number} {}", titles.unwrap_or_default())
}

/// `words` are what the search finds it by: the number, the thing's titles, and an undertaking's name and code. A
/// person's name or number is not searchable.
pub fn row(id: CaseId, party: &Party, other_words: &str) -> ViewChange {
    let mut words = other_words.to_owned();
    if party.is_undertaking() {
        words = format!("{words} {} {}", party.name, party.code);
    }
    ViewChange::upsert(TABLE, vec![id.to_string().into(), party.shown().into(), words.into()])
}
