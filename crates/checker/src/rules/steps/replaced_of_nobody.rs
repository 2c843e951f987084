//! Y150 · 换发的证照认不出持有人 / Nobody can tell whose result is replaced
//!
//! replaces 让旧证在换发新证时失效，靠持有人的号码认出是同一个人的：新证和旧证都要写 holder，并且写上 code。只有名称的，同名的人的证也会失效，
//! 所以不按名称认。
//!
//! ---
//!
//! `replaces` ends an old result when the new one is made out, and tells by the holder's number that both are the same one's. So both
//! declare a `holder` with a `code`. A name alone would end the papers of everybody who is called the same.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y150");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["results"]) {
        return;
    }
    let numbered = |result: &catalogue::ResultDeclaration| {
        result.holder.as_ref().is_some_and(|holder| holder.code.is_some())
    };
    for result in item.item.results.values() {
        for (index, old) in result.replaces.iter().enumerate() {
            let Some(other) = item.pack.parts.items.get(&old.item) else { continue };
            let Some(other) = other.results.get(&old.result) else { continue };
            let lacking = if !numbered(result) {
                &result.id
            } else if !numbered(other) && item.pack.item_is_sound(&old.item, &["results"]) {
                &old.result
            } else {
                continue;
            };
            out.push(
                Finding::error(
                    CODE,
                    item.at("results").key(&result.id).key("replaces").index(index),
                    format!("“{lacking}”没有写持有人的号码，认不出换的是谁的“{}”", old.result),
                    format!("“{lacking}” has no holder's number, so nobody can tell whose “{}” is replaced", old.result),
                )
                .help("给它写上 holder: {name: …, code: …}", "declare `holder: {name: …, code: …}` on it"),
            );
        }
    }
}
