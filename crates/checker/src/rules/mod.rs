//! Stage three: the rules. Each is one file whose `//!` text is its `yichuang explain` page: a title line
//! `Y101 · 中文 / English`, the Chinese page, a line `---`, the English page.

use diagnostic::Code;

use crate::finding::Finding;
use crate::view::{ItemView, Pack, ThingView};

/// Declares the rules of a family: their modules, and the table that runs and explains them.
macro_rules! rules {
    ($(reading { $($reading:ident),* $(,)? })? $(item { $($item:ident),* $(,)? })?
     $(thing { $($thing:ident),* $(,)? })? $(pack { $($pack:ident),* $(,)? })?) => {
        $($(pub mod $reading;)*)? $($(pub mod $item;)*)? $($(pub mod $thing;)*)? $($(pub mod $pack;)*)?

        pub static RULES: &[crate::rules::Rule] = &[
            $($(crate::rules::Rule {
                code: $reading::CODE, name: stringify!($reading),
                source: include_str!(concat!(stringify!($reading), ".rs")), check: crate::rules::Check::Reading,
            },)*)?
            $($(crate::rules::Rule {
                code: $item::CODE, name: stringify!($item),
                source: include_str!(concat!(stringify!($item), ".rs")), check: crate::rules::Check::Item($item::check),
            },)*)?
            $($(crate::rules::Rule {
                code: $thing::CODE, name: stringify!($thing),
                source: include_str!(concat!(stringify!($thing), ".rs")), check: crate::rules::Check::Thing($thing::check),
            },)*)?
            $($(crate::rules::Rule {
                code: $pack::CODE, name: stringify!($pack),
                source: include_str!(concat!(stringify!($pack), ".rs")), check: crate::rules::Check::Pack($pack::check),
            },)*)?
        ];
    };
}

pub mod conditions;
pub mod figures;
pub mod hall;
pub mod kit;
pub mod papers;
pub mod people;
pub mod steps;
pub mod time;
pub mod visits;
pub mod words;
pub mod writing;

/// One rule: when it runs, and the file that explains it.
#[derive(Debug)]
pub struct Rule {
    pub code: Code,
    pub name: &'static str,
    pub source: &'static str,
    pub check: Check,
}

/// What a rule looks at.
#[derive(Debug)]
pub enum Check {
    /// Found while files are read.
    Reading,
    Item(fn(&ItemView<'_>, &mut Vec<Finding>)),
    Thing(fn(&ThingView<'_>, &mut Vec<Finding>)),
    Pack(fn(&Pack<'_>, &mut Vec<Finding>)),
}

/// Every rule, by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        writing::RULES,
        steps::RULES,
        time::RULES,
        papers::RULES,
        visits::RULES,
        conditions::RULES,
        hall::RULES,
        people::RULES,
        words::RULES,
    ]
    .into_iter()
    .flatten()
}

/// Runs every rule that looks at declarations.
pub fn run(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let mut on_item = Vec::new();
    let mut on_thing = Vec::new();
    for rule in all() {
        match rule.check {
            Check::Reading => {}
            Check::Item(check) => on_item.push(check),
            Check::Thing(check) => on_thing.push(check),
            Check::Pack(check) => check(pack, out),
        }
    }
    for item in pack.items() {
        on_item.iter().for_each(|check| check(&item, out));
    }
    for thing in pack.things() {
        on_thing.iter().for_each(|check| check(&thing, out));
    }
}
