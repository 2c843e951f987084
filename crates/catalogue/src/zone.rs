//! The zone itself: departments, roles, halls, windows.

use diagnostic::Bilingual;
use jiff::civil::{Date, Time};
use jiff::{Span, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::{
    Citation, ClassId, DepartmentId, HallId, ItemId, LocalPauseId, QueueRules, RoleId, Skill, ThingId,
    WindowId, ZoneId,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    pub id: ZoneId,
    pub name: Bilingual,
    /// Six-digit region code used in numbers.
    pub region: String,
    /// Minutes east of UTC.
    pub utc_offset_minutes: i32,
    /// The thing that a pain point report opens, if the zone takes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<ThingId>,
    /// The thing that a bad rating opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<ThingId>,
    pub warnings: Warnings,
    /// Told with every refusal.
    #[serde(default)]
    pub remedies: Vec<Citation>,
    pub contact: Bilingual,
    /// How long records are kept; the first that fits counts. What none fits is kept until somebody forgets it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retention: Vec<Retention>,
}

impl Zone {
    /// How long drafts or numbers are kept after their last use; `None` for ever, where the zone says so.
    #[must_use]
    pub fn kept(&self, kind: RecordKind) -> Option<Span> {
        match self.retention.iter().find(|rule| rule.of == kind) {
            Some(rule) => rule.period(),
            None => kind.days_without_rule().map(|days| i64::from(days).days()),
        }
    }
}

/// How long one kind of record keeps what it says about people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    pub id: String,
    pub of: RecordKind,
    /// Of these classes only; of all, when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassId>,
    /// From the last act on; for ever, when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u32>,
    /// Instead of years, for what is needed only for days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    pub basis: Citation,
}

impl Retention {
    /// How long a record is kept after its last use; `None` for ever.
    #[must_use]
    pub fn period(&self) -> Option<Span> {
        match (self.years, self.days) {
            (Some(years), _) => Some(i64::from(years).years()),
            (None, Some(days)) => Some(i64::from(days).days()),
            (None, None) => None,
        }
    }

    /// The first day on which a record that was last used on `last_used` may go; `None` when it is kept for ever.
    #[must_use]
    pub fn due_on(&self, last_used: Date) -> Option<Date> {
        last_used.checked_add(self.period()?).ok()?.tomorrow().ok()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    /// Cases that are over.
    Cases,
    /// Reports of pain points and call-backs that are over.
    Reports,
    /// Forms that were begun and not handed in.
    Drafts,
    /// What people say about themselves with a number or an appointment in a hall.
    Numbers,
}

impl RecordKind {
    /// Days for which records of a kind are kept where the zone has no rule: what nobody needs any more is not kept for
    /// want of a rule (个人信息保护法 Art. 19). Cases and reports have no such end.
    #[must_use]
    pub const fn days_without_rule(self) -> Option<u32> {
        match self {
            Self::Cases | Self::Reports => None,
            Self::Drafts => Some(90),
            Self::Numbers => Some(30),
        }
    }
}

/// When open cases turn yellow and red, in working days before the promised day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warnings {
    pub yellow_days_left: u32,
    pub red_days_left: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    pub id: ClassId,
    pub name: Bilingual,
    /// What people say when they mean business of this kind without knowing which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    pub id: DepartmentId,
    pub name: Bilingual,
    /// Credit code under which it issues; used in licence identifiers.
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Bilingual>,
    /// Where its decisions can be reviewed, and before which court.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconsideration: Option<Bilingual>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub court: Option<Bilingual>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    pub id: RoleId,
    pub name: Bilingual,
    pub department: DepartmentId,
    pub rank: RoleRank,
    /// Works at the comprehensive window: takes in cases of every department.
    #[serde(default)]
    pub window: bool,
    /// Runs a hall: its queues, its windows, its numbers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hall: bool,
    /// People who hold it in the demonstration.
    #[serde(default)]
    pub holders: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum RoleRank {
    #[default]
    Officer,
    /// 部门负责人
    Head,
    /// 管委会负责人
    Leader,
}

/// Local practice that stops the promised clock but not the statutory one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocalPause {
    pub id: LocalPauseId,
    pub name: Bilingual,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Citation>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hall {
    pub id: HallId,
    pub name: Bilingual,
    pub address: Bilingual,
    /// How people get there: buses, parking, the entrance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directions: Option<Bilingual>,
    pub hours: Vec<Opening>,
    /// How its queue is dealt with, where the pack says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueRules>,
}

/// A day of the week, as packs write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
    /// A public holiday, whatever weekday it falls on.
    Holiday,
}

impl Weekday {
    /// Those of a plain week.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    pub fn of(date: jiff::civil::Date) -> Self {
        Self::ALL[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())]
    }
}

/// Open from `from` to `to` on these weekdays. Opening hours are not statutory working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub days: Vec<Weekday>,
    pub from: Time,
    pub to: Time,
    #[serde(default)]
    pub kind: OpeningKind,
}

/// Regular hours, or one of the extra services a hall offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum OpeningKind {
    #[default]
    Regular,
    /// 午间服务
    Noon,
    /// 延时服务
    Evening,
    /// 双休日服务
    Weekend,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub id: WindowId,
    pub name: Bilingual,
    pub hall: HallId,
    pub serves: Serves,
    /// When it is staffed; must cover what it promises within the hall's hours.
    pub roster: Vec<Opening>,
    /// Lines and languages, by date; left out, they follow from `serves`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Skill>,
    /// Within the roster, but not served.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Opening>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Serves {
    All,
    Classes { classes: Vec<ClassId> },
    Items { items: Vec<ItemId> },
}
