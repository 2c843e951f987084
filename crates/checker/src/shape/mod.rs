//! The shapes of all pack files: one table for validation, suggestions for misspelt keys, and the JSON
//! Schema.

mod hall;
mod item;
mod rest;
mod schema;
mod story;
mod words;
mod zone;

use diagnostic::Code;

pub use item::ITEM;
pub use rest::{CALENDAR, FESTIVALS, FIELDS, MATERIALS, REGISTRIES, THING};
pub use schema::schema;
pub use story::STORY;
pub use words::{
    ACTS, ANSWERS, CERTAINTIES, CHANNELS, CLOSINGS, CONTEXTS, DAY_KINDS, DAYS, FIELD_TYPES, IDENTIFIERS,
    ISSUERS, LANES, MEDIA, NEEDS, OPENINGS, PARTIES, PERFORMERS, RANKS, RECORD_KINDS, RESULT_KINDS,
    SENSITIVITIES, SERVES, SILENCES, STEP_KINDS, TONGUES,
};
pub use zone::ZONE;

/// The shape of a value.
#[derive(Debug)]
pub enum Shape {
    /// `{zh: …, en: …}`.
    Text,
    /// A non-empty string.
    Line,
    Word(&'static [Word]),
    Bool,
    Whole {
        min: i64,
        max: i64,
    },
    Decimal,
    Date,
    /// `2026-09-18 10:00`.
    Moment,
    /// `09:00`.
    Clock,
    Limit,
    /// A limit, or the word `none`.
    LimitOrNone,
    Validity,
    /// `+08:00`.
    Offset,
    Region,
    CreditCode,
    ImplementationCodes,
    Pause,
    Condition,
    Name(Kind),
    Citation,
    /// Unchecked here; validated by its reader, such as the answers of a story.
    Any,
    Record(&'static Record),
    /// A mapping from names chosen by the author.
    Dictionary {
        names: &'static str,
        of: &'static Shape,
    },
    /// A mapping from declared names of one kind.
    Index {
        names: Kind,
        of: &'static Shape,
    },
    List(&'static Shape),
    /// A short form for the common case, or a mapping.
    Either {
        short: &'static Shape,
        long: &'static Record,
    },
}

/// A mapping with a closed list of keys.
#[derive(Debug)]
pub struct Record {
    pub zh: &'static str,
    pub en: &'static str,
    pub keys: &'static [Key],
    /// The key whose word decides which other keys are allowed.
    pub by: Option<&'static str>,
    /// Dictionaries of this record whose names its other parts refer to.
    pub scope: &'static [(&'static str, Kind)],
}

#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub shape: &'static Shape,
    pub required: bool,
    pub zh: &'static str,
    pub en: &'static str,
    /// Words of the record's `by` key for which this key is allowed; empty: always.
    pub only: &'static [&'static str],
    /// The rule that reports the missing key, if not the general one.
    pub missing: Option<Code>,
}

#[derive(Debug)]
pub struct Word {
    pub text: &'static str,
    pub zh: &'static str,
}

/// The kinds of declared names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Class,
    Department,
    Role,
    LocalPause,
    Hall,
    Window,
    Section,
    Field,
    Material,
    Registry,
    Item,
    Thing,
    Step,
    Result,
    Fee,
    Line,
    Lane,
    Specialist,
}

impl Kind {
    pub const COUNT: usize = 18;

    pub const fn zh(self) -> &'static str {
        match self {
            Self::Class => "大类",
            Self::Department => "部门",
            Self::Role => "岗位",
            Self::LocalPause => "本地暂停情形",
            Self::Hall => "大厅",
            Self::Window => "窗口",
            Self::Section => "表单分节",
            Self::Field => "数据元",
            Self::Material => "材料",
            Self::Registry => "数据源",
            Self::Item => "事项",
            Self::Thing => "一件事",
            Self::Step => "环节",
            Self::Result => "结果",
            Self::Fee => "收费项",
            Self::Line => "业务队列",
            Self::Lane => "优先队列",
            Self::Specialist => "专员",
        }
    }

    pub const fn en(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Department => "department",
            Self::Role => "role",
            Self::LocalPause => "local pause",
            Self::Hall => "hall",
            Self::Window => "window",
            Self::Section => "section",
            Self::Field => "field",
            Self::Material => "material",
            Self::Registry => "registry",
            Self::Item => "item",
            Self::Thing => "thing",
            Self::Step => "step",
            Self::Result => "result",
            Self::Fee => "fee",
            Self::Line => "service line",
            Self::Lane => "lane",
            Self::Specialist => "specialist",
        }
    }
}

const fn key(name: &'static str, shape: &'static Shape, zh: &'static str, en: &'static str) -> Key {
    Key { name, shape, required: false, zh, en, only: &[], missing: None }
}

impl Key {
    const fn must(mut self) -> Self {
        self.required = true;
        self
    }

    const fn only(mut self, words: &'static [&'static str]) -> Self {
        self.only = words;
        self
    }

    const fn missing(mut self, code: Code) -> Self {
        self.missing = Some(code);
        self
    }
}

const fn record(zh: &'static str, en: &'static str, keys: &'static [Key]) -> Record {
    Record { zh, en, keys, by: None, scope: &[] }
}

impl Record {
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// Whether a word is a key of some record; decides doubtful punctuation.
pub fn is_key(word: &str) -> bool {
    use std::sync::OnceLock;
    static KEYS: OnceLock<std::collections::HashSet<&'static str>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        let mut keys = std::collections::HashSet::from(["zh", "en"]);
        for record in [&ZONE, &ITEM, &THING, &CALENDAR, &FESTIVALS, &STORY] {
            gather(record, &mut keys);
        }
        for shape in [&FIELDS, &MATERIALS, &REGISTRIES] {
            gather_shape(shape, &mut keys);
        }
        keys
    });
    keys.contains(word)
}

fn gather(record: &'static Record, keys: &mut std::collections::HashSet<&'static str>) {
    for key in record.keys {
        keys.insert(key.name);
        gather_shape(key.shape, keys);
    }
}

fn gather_shape(shape: &'static Shape, keys: &mut std::collections::HashSet<&'static str>) {
    match shape {
        Shape::Record(record) | Shape::Either { long: record, .. } => gather(record, keys),
        Shape::Dictionary { of, .. } | Shape::Index { of, .. } | Shape::List(of) => gather_shape(of, keys),
        _ => {}
    }
}

/// The keys of a citation written as a mapping.
pub static CITATION_KEYS: [Key; 3] = [
    key("cite", &Shape::Line, "名称和条款", "instrument and article").must(),
    key("certainty", &Shape::Word(&CERTAINTIES), "把握程度", "how sure"),
    key("says", &Shape::Text, "说了什么", "what it says"),
];
