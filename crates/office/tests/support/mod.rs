//! A whole zone on a memory store, people who apply, and officers who do whatever waits.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use casework::{Delivery, Doer, Task};
use catalogue::{Channel, Edition, FieldKind, RoleId, RoleRank, StepKind, ThingId};
use expression::Value;
use form::Raw;
use jiff::{SignedDuration, Timestamp};
use office::{
    AccessKey, AccountId, Act, Attachment, By, CameFrom, CaseId, Clock, Correction, DerivedKeys, Entropy,
    NewAccount, Office, OfficeError, OpenDraft, Standing, StartDraft, Submitted, Surroundings, Viewer,
};
use store::MemoryStore;
use uuid::Uuid;

/// Monday morning in the zone.
pub const START: &str = "2026-03-02T01:30:00Z";

#[derive(Debug)]
pub struct TestClock(Mutex<Timestamp>);

impl TestClock {
    pub fn at(instant: &str) -> Self {
        Self(Mutex::new(instant.parse().unwrap()))
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// SplitMix64: different each time, the same in every run with the same seed.
#[derive(Debug)]
pub struct Dice(Mutex<u64>);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }

    pub fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    pub fn chance(&self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

impl Entropy for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill_with(|| (self.next() >> 24) as u8);
    }
}

pub struct Zone {
    pub office: Office,
    pub store: MemoryStore,
    pub clock: Arc<TestClock>,
    pub dice: Dice,
    /// Two people who hold every role between them: each holds all.
    pub officers: [Viewer; 2],
}

/// The shipped zone, compiled once for all tests.
pub fn edition() -> Edition {
    static EDITION: OnceLock<Edition> = OnceLock::new();
    EDITION.get_or_init(|| compile(&pack())).clone()
}

pub fn pack() -> checker::PackFiles {
    let mut files = checker::PackFiles::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones/qingdao"), "", &mut files);
    files
}

pub fn compile(files: &checker::PackFiles) -> Edition {
    let compiled = checker::compile(files);
    compiled.edition.unwrap_or_else(|| panic!("the zone does not compile: {:#?}", compiled.diagnostics))
}

fn read(folder: &Path, prefix: &str, files: &mut checker::PackFiles) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, Arc::from(std::fs::read(entry.path()).unwrap()));
        }
    }
}

impl Zone {
    pub async fn open(seed: u64) -> Self {
        Self::on(MemoryStore::new(), edition(), seed).await
    }

    pub async fn on(store: MemoryStore, edition: Edition, seed: u64) -> Self {
        let clock = Arc::new(TestClock::at(START));
        let roles: Vec<RoleId> = edition.parts().roles.keys().cloned().collect();
        let office = Office::start(surroundings(&store, &clock, seed), Some(edition)).await.unwrap();
        let officers = [
            in_every_role(&office, "officer1", &roles).await,
            in_every_role(&office, "officer2", &roles).await,
        ];
        Self { office, store, clock, dice: Dice::new(seed), officers }
    }

    /// Another office on the same store, as after a restart with this pack.
    pub async fn restarted(&self, edition: Edition) -> Office {
        let seed = self.dice.next();
        Office::start(surroundings(&self.store, &self.clock, seed), Some(edition)).await.unwrap()
    }

    pub fn pass(&self, time: SignedDuration) {
        let mut now = self.clock.0.lock().unwrap();
        *now += time;
    }

    pub fn guest(&self) -> AccessKey {
        self.office.new_access_key()
    }

    /// Things that somebody applies for, without reports about the administration.
    pub fn services(&self) -> Vec<ThingId> {
        let edition = self.office.edition();
        let zone = edition.zone();
        let service =
            |id: &&ThingId| zone.feedback.as_ref() != Some(id) && zone.callback.as_ref() != Some(id);
        edition.parts().things.keys().filter(service).cloned().collect()
    }

    pub async fn start(
        &self,
        thing: &ThingId,
        channel: Channel,
        by: By<'_>,
    ) -> Result<OpenDraft, OfficeError> {
        let came_from = CameFrom { rating: Some(1), ..CameFrom::default() };
        let start = StartDraft { thing: thing.clone(), party: None, channel, came_from };
        self.office.start_draft(start, by).await
    }

    /// Answers everything, the situation by chance where that is wanted, and uploads every paper.
    pub async fn fill(&self, open: OpenDraft, vary: bool, by: By<'_>) -> Result<OpenDraft, OfficeError> {
        let mut chosen = open.draft.answers.clone();
        if vary {
            for question in &open.thing()?.questions {
                let Some(field) = open.edition.field(&question.field) else { continue };
                match &field.kind {
                    FieldKind::Choice { options } => {
                        chosen.give(field.id.clone(), Value::Choice(self.dice.pick(options).value.clone()));
                    }
                    FieldKind::YesNo => chosen.give(field.id.clone(), Value::Bool(self.dice.chance(50))),
                    _ => {}
                }
            }
        }
        let filled = examples(&open, &chosen)?;
        let mut open = self.office.save_answers(open.id, &filled, by).await?;
        // What a register says of the example's number stays as it is registered.
        let fixed = open.unlike_registered()?;
        if !fixed.is_empty() {
            open = self.office.confirm_known(open.id, &fixed, by).await?;
        }
        let paper = self.paper(by).await?;
        for material in open.papers_missing()? {
            open = self
                .office
                .attach(open.id, Attachment { material: Some(material), ..paper.clone() }, by)
                .await?;
        }
        Ok(open)
    }

    pub async fn paper(&self, by: By<'_>) -> Result<Attachment, OfficeError> {
        let mut upload = self.office.begin_upload(1024, by).await?;
        upload.write(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n").await?;
        self.office.finish_upload(upload, "paper.pdf", by).await
    }

    /// From nothing to a number. None when chance chose a situation in which nothing applies.
    pub async fn apply(&self, thing: &ThingId, vary: bool, by: By<'_>) -> Option<Submitted> {
        let channel = if matches!(by, By::Viewer(viewer) if viewer.is_officer()) {
            Channel::Window
        } else {
            Channel::Online
        };
        let open = self.start(thing, channel, by).await.unwrap();
        let open = self.fill(open, vary, by).await.unwrap();
        if !open.is_ready().unwrap() {
            assert!(vary, "{thing} cannot be filled in by its examples");
            return None;
        }
        Some(self.office.submit(open.id, by, Some(self.office.new_id())).await.unwrap())
    }

    pub async fn tasks(&self, id: CaseId) -> Vec<Task> {
        let loaded = self.office.load_case(id).await.unwrap();
        let mut tasks =
            loaded.case.worklist(loaded.edition.calendar(), loaded.edition.offset(), self.office.now());
        tasks.retain(|task| task.need == casework::Need::Step);
        // A public notice is shown for as long as it has to be.
        let (edition, now) = (&loaded.edition, self.office.now());
        let until = |task: &Task| {
            let matter = loaded.case.matter(&task.item)?;
            matter.runs_until(&task.step, edition.calendar(), edition.offset(), now)
        };
        if let Some(until) = tasks.iter().filter_map(until).filter(|until| now < *until).max() {
            self.pass(until.duration_since(now));
        }
        tasks
    }

    /// What has to be done for a task, the good way.
    pub fn act_for(&self, task: &Task) -> Act {
        let edition = self.office.edition();
        let (item, step) = (task.item.clone(), task.step.clone());
        let declared = edition.item(&item).and_then(|each| each.step(&step)).unwrap();
        let officers = match declared.officers {
            0 | 1 => Vec::new(),
            _ => vec![self.officers[1].id.to_string()],
        };
        match task.kind {
            StepKind::Accept if task.held_by == Some(casework::Hold::PresenceAwaited) => {
                Act::Present { item, proof: office::Shown::IdentitySeen }
            }
            StepKind::Accept => Act::Accept { item: Some(item) },
            StepKind::Decide => Act::Grant { item, opinion: "符合规定的条件".into(), officers },
            StepKind::Issue => {
                Act::Issue { item, result: declared.result.clone().unwrap(), originals_seen: true }
            }
            StepKind::Deliver => Act::Deliver { item, how: Delivery::Online },
            _ => Act::CompleteStep {
                item,
                step,
                yes: true,
                opinion: "按记录办理".into(),
                officers,
                checked: office::Checklist::default(),
                joint: false,
            },
        }
    }

    pub fn doer<'a>(&'a self, task: &Task, applicant: By<'a>) -> By<'a> {
        if task.by == Doer::Applicant { applicant } else { By::Viewer(&self.officers[0]) }
    }

    /// Does whatever waits until nothing does. Gives how many acts that took.
    pub async fn finish(&self, id: CaseId, applicant: By<'_>) -> usize {
        for acts in 0.. {
            assert!(acts < 200, "a case never ends");
            let tasks = self.tasks(id).await;
            let Some(task) = tasks.iter().find(|task| can_go_on(task)) else { return acts };
            let done = self.office.act(id, self.act_for(task), self.doer(task, applicant), None).await;
            done.unwrap_or_else(|error| panic!("{} {}: {error:?}", task.item, task.step));
        }
        unreachable!("the loop returns")
    }

    /// One thing that somebody might do to a case, good or bad. What the engine refuses did not happen.
    pub async fn stir(&self, id: CaseId, applicant: By<'_>) {
        let tasks = self.tasks(id).await;
        let loaded = self.office.load_case(id).await.unwrap();
        let officer = By::Viewer(&self.officers[0]);
        let random_item = loaded.case.matters[self.dice.below(loaded.case.matters.len())].item.clone();
        let (act, by) = match self.dice.below(40) {
            0 => (
                Act::Rate { level: 1 + self.dice.below(5) as u8, comment: String::new(), named: true },
                applicant,
            ),
            1 => (Act::Withdraw { item: Some(random_item), reason: String::new() }, applicant),
            2 => (Act::ExplainOverdue { item: random_item, text: "系统故障，已致歉。".into() }, officer),
            3 => (Act::Message { item: None, text: "请问到哪一步了？".into() }, applicant),
            4..=6 => {
                let note = "请补充".to_owned();
                let matter = loaded.case.matter(&random_item);
                let materials =
                    matter.map(|matter| matter.plan.materials.iter().map(|paper| paper.id.clone()).collect());
                let correction = Correction {
                    item: Some(random_item),
                    materials: materials.unwrap_or_default(),
                    note,
                    ..Correction::default()
                };
                (Act::AskCorrection(correction), officer)
            }
            7..=9 => {
                let asked = loaded.case.matter(&random_item).and_then(|matter| matter.correction.as_ref());
                let materials = asked.map(|asked| asked.points.materials.clone()).unwrap_or_default();
                (Act::SupplyCorrection { item: random_item, materials, answers: None }, applicant)
            }
            10 => (
                Act::Refuse {
                    item: random_item,
                    reason: "不符合规定的条件".into(),
                    officers: vec![self.officers[1].id.to_string()],
                },
                officer,
            ),
            11 => (Act::NotRequired { item: random_item, reason: "这件事不需要办理".into() }, officer),
            _ => match tasks.iter().filter(|task| can_go_on(task)).nth(self.dice.below(tasks.len().max(1))) {
                Some(task) => (self.act_for(task), self.doer(task, applicant)),
                None => return,
            },
        };
        match self.office.act(id, act, by, Some(self.office.new_id())).await {
            Ok(_) | Err(OfficeError::Refused(_) | OfficeError::NotPossible(_)) => {}
            // Who left no telephone at the window cannot follow the case.
            Err(OfficeError::NotFound) if loaded.case.channel == Channel::Window => {}
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Many cases over some months, each pushed along by chance, with the timers in between.
    pub async fn history(&self, cases: usize, rounds: usize) -> Vec<(CaseId, AccessKey)> {
        let mut things = self.services();
        let edition = self.office.edition();
        things.extend(edition.zone().feedback.clone());
        things.extend(edition.zone().callback.clone());
        let mut open: Vec<(CaseId, AccessKey)> = Vec::new();
        for round in 0..rounds {
            for _ in 0..cases.div_ceil(rounds) {
                let key = self.guest();
                let at_window = self.dice.chance(25);
                let by = if at_window { By::Viewer(&self.officers[0]) } else { By::Guest(&key) };
                if let Some(submitted) = self.apply(self.dice.pick(&things), true, by).await {
                    if at_window {
                        // What was handed in at the window is followed with the number and the receipt.
                        let code = self.office.receipt_code(submitted.id, by).await.unwrap();
                        let opened = self
                            .office
                            .open_case_with(&submitted.number, &code.0, &key.actor(), &key, Vec::new())
                            .await;
                        assert_eq!(opened.unwrap(), (submitted.id, office::Access::Whole));
                    }
                    open.push((submitted.id, key));
                }
            }
            for _ in 0..open.len() * 2 {
                let (id, key) = self.dice.pick(&open);
                self.stir(*id, By::Guest(key)).await;
            }
            self.pass(SignedDuration::from_hours(
                8 + self.dice.below(24 * 12) as i64 * i64::from(round % 2 == 0),
            ));
            assert_eq!(self.office.tick().await.unwrap().failed, 0);
        }
        open
    }

    pub async fn applicant(&self, login: &str) -> Viewer {
        self.account(login, Standing::Applicant, Vec::new()).await
    }

    pub async fn account(&self, login: &str, standing: Standing, roles: Vec<RoleId>) -> Viewer {
        account(&self.office, login, standing, roles).await
    }

    /// A head of the department that answers for most items.
    pub fn head(&self) -> Viewer {
        let edition = self.office.edition();
        let items = |department: &catalogue::DepartmentId| {
            edition.parts().items.values().filter(|item| item.department == *department).count()
        };
        let heads = edition.parts().roles.values().filter(|role| role.rank == RoleRank::Head);
        let role = heads.max_by_key(|role| items(&role.department)).unwrap();
        officer(7, vec![role.id.clone()])
    }

    pub fn leader(&self) -> Viewer {
        let edition = self.office.edition();
        let roles = edition.parts().roles.values().filter(|role| role.rank == RoleRank::Leader);
        officer(8, roles.map(|role| role.id.clone()).collect())
    }
}

async fn account(office: &Office, login: &str, standing: Standing, roles: Vec<RoleId>) -> Viewer {
    let new = NewAccount {
        login: login.into(),
        password: "long enough 8".into(),
        name: format!("{login} 某"),
        phone: "13800001234".into(),
        standing,
        roles,
    };
    let id = office.open_account(new, "system").await.unwrap();
    office.viewer(id).await.unwrap().unwrap()
}

/// Whoever stands in a record works in the department whose step it is, so that an account must be there; a node that
/// starts later finds it.
async fn in_every_role(office: &Office, login: &str, roles: &[RoleId]) -> Viewer {
    match office.viewer_with_login(login).await {
        Ok(viewer) => viewer,
        Err(_) => account(office, login, Standing::Officer, roles.to_vec()).await,
    }
}

pub fn surroundings(store: &MemoryStore, clock: &Arc<TestClock>, seed: u64) -> Surroundings {
    Surroundings {
        store: Arc::new(store.clone()),
        clock: clock.clone(),
        entropy: Arc::new(Dice::new(seed ^ 0x5eed)),
        keys: Arc::new(DerivedKeys::new([7; 32])),
        public_url: "http://zone.test".into(),
        second_factor: office::SecondFactor::Off,
    }
}

pub fn officer(number: u128, roles: Vec<RoleId>) -> Viewer {
    Viewer {
        id: AccountId(Uuid::from_u128(number)),
        login: format!("officer{number}"),
        name: format!("officer {number}"),
        standing: Standing::Officer,
        roles,
        apart: false,
    }
}

/// Answers by example to everything that is still asked.
pub fn examples(
    open: &OpenDraft,
    chosen: &form::Answers,
) -> Result<BTreeMap<catalogue::FieldId, Raw>, OfficeError> {
    let draft = &open.draft;
    let filled =
        form::example_answers(&open.edition, open.thing()?, draft.party, &draft.known, chosen, open.today);
    Ok(filled.iter().filter_map(|(id, _)| Some((id.clone(), Raw::of(filled.value(id.as_str())?)))).collect())
}

/// A digest of every view.
pub async fn views(office: &Office) -> BTreeMap<&'static str, store::Digest> {
    let tables = [
        "accounts",
        "cases",
        "documents",
        "figures",
        "hall_appointments",
        "hall_days",
        "hall_links",
        "hall_tickets",
        "hall_usage",
        "hall_visits",
        "matters",
        "parties",
        "savings",
        "tasks",
        "timers",
        "trail",
    ];
    let mut digests = BTreeMap::new();
    for table in tables {
        digests.insert(table, office.store().view_digest(table).await.unwrap());
    }
    digests
}

/// Not held, or held until those who apply come, which they do.
pub fn can_go_on(task: &Task) -> bool {
    matches!(task.held_by, None | Some(casework::Hold::PresenceAwaited))
}
