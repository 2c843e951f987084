//! Who looks at a page or gives a command.

use std::fmt;
use std::str::FromStr;

use catalogue::{Edition, RoleId, RoleRank};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An account's identity; also the actor written into events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub Uuid);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "account/{}", self.0)
    }
}

impl FromStr for AccountId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.strip_prefix("account/").unwrap_or(text).parse().map(Self)
    }
}

/// What an account is for. Duties inside the zone follow from roles; this tells applicants, officers and those who administer apart, and these by the one duty that each has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Applicant,
    Officer,
    /// Whoever sets a zone up: holds every duty of administration until each has somebody of its own, and none afterwards.
    Administrator,
    SystemAdministrator,
    SecurityAdministrator,
    AuditAdministrator,
}

/// 三员: the duties of administration that are kept apart (GB/T 22239—2019, 8.1.4.2 and 8.1.5). None of them decides cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// 系统管理员: opens and closes accounts, gives first passwords, publishes packs.
    System,
    /// 安全管理员: grants roles and duties, resets second factors, forgets people.
    Security,
    /// 审计管理员: reads the trail that everybody leaves, and changes none of it.
    Audit,
}

impl Duty {
    pub const ALL: [Self; 3] = [Self::System, Self::Security, Self::Audit];

    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Security => "security",
            Self::Audit => "audit",
        }
    }

    pub const fn standing(self) -> Standing {
        match self {
            Self::System => Standing::SystemAdministrator,
            Self::Security => Standing::SecurityAdministrator,
            Self::Audit => Standing::AuditAdministrator,
        }
    }
}

impl Standing {
    /// Every kind that works for the zone.
    pub const STAFF: [Self; 5] = [
        Self::Officer,
        Self::Administrator,
        Self::SystemAdministrator,
        Self::SecurityAdministrator,
        Self::AuditAdministrator,
    ];

    /// As rows and pages name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Officer => "officer",
            Self::Administrator => "administrator",
            Self::SystemAdministrator => "system-administrator",
            Self::SecurityAdministrator => "security-administrator",
            Self::AuditAdministrator => "audit-administrator",
        }
    }

    /// The one duty for which an account is.
    pub fn duty(self) -> Option<Duty> {
        Duty::ALL.into_iter().find(|duty| duty.standing() == self)
    }
}

/// A row of the list of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    pub id: AccountId,
    pub login: String,
    pub standing: Standing,
    pub roles: Vec<RoleId>,
    pub open: bool,
    pub second_factor: bool,
    /// How often all sessions were ended: by a new password, other roles, a closed account.
    pub endings: i64,
    /// The password came from an administrator and opens nothing but the choice of another.
    pub password_given: bool,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub id: AccountId,
    pub login: String,
    /// As it is shown to the person and on records that the person signs.
    pub name: String,
    pub standing: Standing,
    pub roles: Vec<RoleId>,
    /// The duties of administration are held apart in this zone: [`Standing::Administrator`] holds none of them any more.
    pub apart: bool,
}

impl Viewer {
    pub fn is_applicant(&self) -> bool {
        self.standing == Standing::Applicant
    }

    pub fn is_officer(&self) -> bool {
        self.standing == Standing::Officer
    }

    /// One of those who administer, whatever they may still do.
    pub fn is_administrator(&self) -> bool {
        !self.is_applicant() && !self.is_officer()
    }

    pub fn has_duty(&self, duty: Duty) -> bool {
        match self.standing {
            Standing::Administrator => !self.apart,
            standing => standing.duty() == Some(duty),
        }
    }

    pub fn has_any_duty(&self) -> bool {
        Duty::ALL.into_iter().any(|duty| self.has_duty(duty))
    }

    /// Sits at the comprehensive window.
    pub fn works_at_window(&self, edition: &Edition) -> bool {
        self.roles.iter().any(|role| edition.role(role).is_some_and(|role| role.window))
    }

    /// Runs halls: their queues, their windows, their numbers.
    pub fn runs_halls(&self, edition: &Edition) -> bool {
        self.is_officer()
            && (self.leads(edition)
                || self.roles.iter().any(|role| edition.role(role).is_some_and(|role| role.hall)))
    }

    /// The highest rank among the roles.
    pub fn rank(&self, edition: &Edition) -> Option<RoleRank> {
        self.roles.iter().filter_map(|role| edition.role(role)).map(|role| role.rank).max()
    }

    /// Sees figures: of the own departments, or of the whole zone where they answer for all.
    pub fn leads(&self, edition: &Edition) -> bool {
        self.rank(edition).is_some_and(|rank| rank >= RoleRank::Head)
    }

    /// Opens every case: at the comprehensive window, where anybody comes with anything, or answering for all departments. A
    /// head answers for the own one.
    pub fn opens_all(&self, edition: &Edition) -> bool {
        self.is_officer() && (self.works_at_window(edition) || self.rank(edition) == Some(RoleRank::Leader))
    }

    pub fn holds(&self, role: &RoleId) -> bool {
        self.roles.contains(role)
    }
}
