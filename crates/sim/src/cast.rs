//! The people of a simulation: an account for every role holder named in the pack, administrators, and
//! applicants.

use std::collections::BTreeMap;

use catalogue::{DepartmentId, Edition, RoleId};
use office::{AccountId, NewAccount, NotPossible, Office, OfficeError, Standing, Viewer};
use pinyin::ToPinyin as _;
use uuid::Uuid;

use crate::dice::Dice;
use crate::history::all;

/// A demonstration account, with a description of its duties.
#[derive(Clone, Debug)]
pub struct Seat {
    pub login: String,
    pub name: String,
    pub title: String,
    pub standing: Standing,
    pub roles: Vec<RoleId>,
}

/// Everybody who acts in a simulation, as the office sees signed-in users.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    pub officers: Vec<Viewer>,
    pub applicants: Vec<Viewer>,
    pub administrator: Option<Viewer>,
}

/// The accounts of a zone: applicants and administrators first, then officers by name.
pub(crate) fn seats(edition: &Edition) -> Vec<Seat> {
    let mut people: BTreeMap<&str, Vec<RoleId>> = BTreeMap::new();
    for role in edition.parts().roles.values() {
        for holder in &role.holders {
            people.entry(holder).or_default().push(role.id.clone());
        }
    }
    let plain = |login: &str, name: &str, standing, title: &str| Seat {
        login: login.into(),
        name: name.into(),
        title: title.into(),
        standing,
        roles: Vec::new(),
    };
    let mut seats = vec![
        plain("zhangsan", "张三", Standing::Applicant, "办事群众"),
        plain("lisi", "李四", Standing::Applicant, "企业经办人"),
        plain("admin", "系统管理员", Standing::SystemAdministrator, "系统管理员"),
        plain("security", "安全管理员", Standing::SecurityAdministrator, "安全管理员"),
        plain("auditor", "审计管理员", Standing::AuditAdministrator, "审计管理员"),
    ];
    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    for (name, roles) in people {
        let titles: Vec<&str> =
            roles.iter().filter_map(|role| edition.role(role)).map(|role| role.name.zh.as_str()).collect();
        let login = latin(name);
        let same = taken.entry(login.clone()).or_default();
        *same += 1;
        // Different names may have the same spelling.
        let login = if *same > 1 { format!("{login}{same}") } else { login };
        let title = format!("{name} {}", titles.join("、"));
        seats.push(Seat { login, name: name.into(), title, standing: Standing::Officer, roles });
    }
    seats
}

/// Opens the zone's demonstration accounts, all with one password. Existing accounts are left unchanged.
///
/// # Errors
/// When the office cannot open an account.
pub async fn seat(office: &Office, password: &str) -> Result<(Cast, Vec<Seat>), OfficeError> {
    let seats = seats(&office.edition());
    let opened = all(seats.iter().enumerate().map(|(place, seat)| async move {
        // Telephone numbers for demonstrations.
        let phone = match seat.standing {
            Standing::Applicant => format!("1380000{:04}", 1234 + place),
            _ => String::new(),
        };
        let new = NewAccount {
            login: seat.login.clone(),
            password: password.to_owned(),
            name: seat.name.clone(),
            phone,
            standing: seat.standing,
            roles: seat.roles.clone(),
        };
        match office.open_account(new, "system").await {
            Ok(id) => Ok(Some(id)),
            Err(OfficeError::NotPossible(NotPossible::LoginTaken)) => Ok(None),
            Err(error) => Err(error),
        }
    }))
    .await;
    let mut cast = Cast::default();
    for (seat, id) in seats.iter().zip(opened) {
        if let Some(id) = id? {
            cast.place(seat, id);
        }
    }
    Ok((cast, seats))
}

impl Cast {
    /// A cast without accounts: the office trusts the caller about who acts, so a simulation needs no
    /// passwords.
    pub fn unseated(edition: &Edition, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut cast = Self::default();
        for seat in seats(edition) {
            cast.place(&seat, AccountId(Uuid::from_u64_pair(dice.roll(), dice.roll())));
        }
        cast
    }

    fn place(&mut self, seat: &Seat, id: AccountId) {
        let viewer = Viewer {
            id,
            login: seat.login.clone(),
            name: seat.name.clone(),
            standing: seat.standing,
            roles: seat.roles.clone(),
            apart: true,
        };
        match seat.standing {
            Standing::Applicant => self.applicants.push(viewer),
            Standing::Officer => self.officers.push(viewer),
            Standing::SystemAdministrator => self.administrator = Some(viewer),
            // These do not act in a simulation.
            Standing::Administrator | Standing::SecurityAdministrator | Standing::AuditAdministrator => {}
        }
    }

    /// Officers with a role.
    pub fn holders(&self, role: &RoleId) -> Vec<&Viewer> {
        self.officers.iter().filter(|officer| officer.holds(role)).collect()
    }

    /// Officers of a department.
    pub fn department(&self, edition: &Edition, department: &DepartmentId) -> Vec<&Viewer> {
        let works = |role: &RoleId| edition.role(role).is_some_and(|role| role.department == *department);
        self.officers.iter().filter(|officer| officer.roles.iter().any(works)).collect()
    }

    /// Colleagues to be named in a record beside `officer`: holders of the role first, then others of the
    /// department.
    pub(crate) fn others(
        &self,
        edition: &Edition,
        role: &RoleId,
        officer: &Viewer,
        count: usize,
    ) -> Vec<String> {
        let mut others = self.holders(role);
        if let Some(role) = edition.role(role) {
            others.extend(self.department(edition, &role.department));
        }
        let mut named: Vec<String> = Vec::with_capacity(count);
        for other in others.into_iter().filter(|other| other.id != officer.id) {
            let id = other.id.to_string();
            if named.len() < count && !named.contains(&id) {
                named.push(id);
            }
        }
        named
    }

    /// Officers of the comprehensive window.
    pub fn window(&self, edition: &Edition) -> Vec<&Viewer> {
        self.officers.iter().filter(|officer| officer.works_at_window(edition)).collect()
    }
}

/// A name in Latin letters, for keyboards without Chinese input.
fn latin(name: &str) -> String {
    let text: String = name.to_pinyin().flatten().map(|syllable| syllable.plain()).collect();
    // `v` replaces `ü`, as is usual on keyboards without it.
    let text = text.replace('ü', "v");
    if text.len() < 3 { format!("user-{text}") } else { text }
}
