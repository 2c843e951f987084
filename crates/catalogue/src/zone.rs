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
    /// The six-digit region code in our numbers.
    pub region: String,
    /// Minutes east of UTC.
    pub utc_offset_minutes: i32,
    /// The thing that opens with a pain point report, if the zone accepts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<ThingId>,
    /// The thing that opens after a bad rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<ThingId>,
    pub warnings: Warnings,
    /// Stated with every refusal.
    #[serde(default)]
    pub remedies: Vec<Citation>,
    pub contact: Bilingual,
    /// Retention rules; the first that applies to a record counts. Without one, drafts and numbers are kept
    /// for [`RecordKind::days_without_rule`] days and other records until somebody erases them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retention: Vec<Retention>,
}

impl Zone {
    /// How long drafts or numbers are kept after their last use; `None` for ever, where the zone's rule says
    /// so.
    #[must_use]
    pub fn kept(&self, kind: RecordKind) -> Option<Span> {
        match self.retention.iter().find(|rule| rule.of == kind) {
            Some(rule) => rule.period(),
            None => kind.days_without_rule().map(|days| i64::from(days).days()),
        }
    }
}

/// How long one kind of record keeps personal information.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    pub id: String,
    pub of: RecordKind,
    /// Only records of these classes; of all classes when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassId>,
    /// Years after the last act; for ever when neither years nor days are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u32>,
    /// Days instead of years, for short periods.
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

    /// The first day on which a record last used on `last_used` may be erased; `None` when it is kept for
    /// ever.
    #[must_use]
    pub fn due_on(&self, last_used: Date) -> Option<Date> {
        last_used.checked_add(self.period()?).ok()?.tomorrow().ok()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    /// Closed cases.
    Cases,
    /// Closed reports of pain points and call-backs.
    Reports,
    /// Forms that were begun and not submitted.
    Drafts,
    /// Personal information given with a number or an appointment in a hall.
    Numbers,
}

impl RecordKind {
    /// Days for which records of a kind are kept where the zone has no rule, because information must not be
    /// kept longer than needed (个人信息保护法 Art. 19). Cases and reports have no such limit.
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
    /// Search words of people who do not know the exact item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    pub id: DepartmentId,
    pub name: Bilingual,
    /// The credit code under which it issues; part of licence identifiers.
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Bilingual>,
    /// Where its decisions can be reviewed administratively, and before which court.
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
    /// Works at the comprehensive window, which accepts cases for every department.
    #[serde(default)]
    pub window: bool,
    /// Manages a hall: its queues, windows and numbers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hall: bool,
    /// The people who hold the role in the demonstration.
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

/// A local practice that stops the promised clock but not the statutory one.
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
    /// Directions: buses, parking, the entrance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directions: Option<Bilingual>,
    pub hours: Vec<Opening>,
    /// Machines only: open without any window, so that nobody takes a number there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub self_service: bool,
    /// The rules of its queue, where the pack declares them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueRules>,
}

/// A day of the week, as in packs.
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
    /// The seven days of an ordinary week.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    pub fn of(date: jiff::civil::Date) -> Self {
        Self::ALL[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())]
    }
}

/// Open from `from` to `to` on these weekdays. Opening hours are unrelated to statutory working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub days: Vec<Weekday>,
    pub from: Time,
    pub to: Time,
    #[serde(default)]
    pub kind: OpeningKind,
}

/// Regular hours, or one of a hall's extra services.
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
    /// When it is staffed. The rosters of a hall's windows together should cover the hall's hours.
    pub roster: Vec<Opening>,
    /// Lines and languages by date; when left out, they follow from `serves`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Skill>,
    /// Times within the roster without service.
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
