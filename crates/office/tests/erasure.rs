//! Nothing that a person typed outlives its rule: each kind of person is forgotten or passes its time, and then the whole
//! store is searched, byte by byte, for everything that was typed.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use catalogue::{Channel, FieldKind, HallId, LaneKind, Tongue};
use form::Raw;
use hall::{Source, Want};
use jiff::SignedDuration;
use office::{
    AccessKey, Act, Again, Attachment, Booking, By, CaseId, DerivedKeys, DraftId, Ground, NewAccount,
    NotPossible, Office, OfficeError, RateVisit, SecondFactor, Shown, Standing, Submitted, Surroundings,
    TakeTicket, TicketAbout, Viewer, WindowAct, WithinPeriod,
};
use store::MemoryStore;
use store_sqlite::{SqliteOptions, SqliteStore};
use support::{Dice, START, TestClock, Zone, edition, officer};

/// A zone on a file of its own, and everything that anybody typed into it.
struct Typed {
    zone: Zone,
    folder: PathBuf,
    marks: Mutex<Vec<String>>,
}

impl Typed {
    async fn open(name: &str, seed: u64) -> Self {
        Self::at(fresh(name), seed).await
    }

    /// On the store that lies there, or a new one.
    async fn at(folder: PathBuf, seed: u64) -> Self {
        let clock = Arc::new(TestClock::at(START));
        let roles = edition().parts().roles.keys().cloned().collect::<Vec<_>>();
        let surroundings = Surroundings {
            store: Arc::new(SqliteStore::open(SqliteOptions::new(folder.join("zone.db"))).unwrap()),
            clock: clock.clone(),
            entropy: Arc::new(Dice::new(seed)),
            keys: Arc::new(DerivedKeys::new([7; 32])),
            public_url: "http://zone.test".into(),
            second_factor: SecondFactor::Off,
        };
        let office = Office::start(surroundings, Some(edition())).await.unwrap();
        let officers = [1, 2].map(|number| officer(number, roles.clone()));
        let zone = Zone { office, store: MemoryStore::new(), clock, dice: Dice::new(seed), officers };
        Self { zone, folder, marks: Mutex::default() }
    }

    fn office(&self) -> &Office {
        &self.zone.office
    }

    /// Words that stand nowhere else.
    fn mark(&self) -> String {
        let mut marks = self.marks.lock().unwrap();
        let mark = format!("孑孓{:04}豕亥", marks.len());
        marks.push(mark.clone());
        mark
    }

    fn phone(&self) -> String {
        let mut marks = self.marks.lock().unwrap();
        let phone = format!("1391{:07}", 7_700_000 + marks.len());
        marks.push(phone.clone());
        phone
    }

    fn about(&self) -> TicketAbout {
        TicketAbout { name: self.mark(), phone: self.phone(), ..TicketAbout::default() }
    }

    /// A form with everything filled in, in words of its own, and a file with a name of its own for each paper.
    async fn draft(&self, channel: Channel, by: By<'_>) -> DraftId {
        let thing = &self.zone.services()[0];
        let open = self.zone.start(thing, channel, by).await.unwrap();
        let open = self.zone.fill(open, false, by).await.unwrap();
        let filled = support::examples(&open, &open.draft.answers).unwrap();
        let mut own = filled.clone();
        for (id, raw) in &filled {
            let field = open.edition.field(id).unwrap();
            let typed = match field.kind {
                FieldKind::Text { .. } | FieldKind::Address => self.mark(),
                FieldKind::Phone => self.phone(),
                _ => continue,
            };
            let typed = Raw::One(typed);
            if form::parse_answer(field, &typed, open.today).is_ok() && matches!(raw, Raw::One(_)) {
                own.insert(id.clone(), typed);
            }
        }
        let mut open = self.office().save_answers(open.id, &own, by).await.unwrap();
        for material in open.papers_missing().unwrap() {
            open = self.attach(open.id, material, by).await;
        }
        let first = open.draft.attachments[0].material.clone().unwrap();
        let open = self.attach(open.id, first, by).await;
        assert!(open.is_ready().unwrap());
        open.id
    }

    async fn attach(&self, id: DraftId, material: catalogue::MaterialId, by: By<'_>) -> office::OpenDraft {
        let paper = self.file(by).await;
        let attachment = Attachment { material: Some(material), ..paper };
        self.office().attach(id, attachment, by).await.unwrap()
    }

    async fn file(&self, by: By<'_>) -> Attachment {
        let mut upload = self.office().begin_upload(4096, by).await.unwrap();
        let inside = format!("%PDF-1.4\n%{}\ntrailer<<>>\n%%EOF\n", self.mark());
        upload.write(inside.as_bytes()).await.unwrap();
        self.office().finish_upload(upload, &format!("{}.pdf", self.mark()), by).await.unwrap()
    }

    /// A case in which everybody said something, and which is over.
    async fn case(&self, channel: Channel, by: By<'_>) -> Submitted {
        let id = self.draft(channel, by).await;
        let submitted = self.office().submit(id, by, None).await.unwrap();
        self.talk(submitted.id, by).await;
        submitted
    }

    async fn talk(&self, id: CaseId, by: By<'_>) {
        let clerk = By::Viewer(&self.zone.officers[0]);
        let say = |text| Act::Message { item: None, text };
        self.office().act(id, say(self.mark()), clerk, None).await.unwrap();
        let file = self.file(clerk).await;
        self.office().add_case_file(id, file, clerk).await.unwrap();
        let fields = self.zone.office.edition().parts().fields.keys().take(1).cloned().collect();
        self.office().reveal(id, fields, &self.mark(), &self.zone.officers[0]).await.unwrap();
        if !matches!(by, By::Viewer(viewer) if viewer.is_officer()) {
            self.office().act(id, say(self.mark()), by, None).await.unwrap();
            let withdraw = Act::Withdraw { item: None, reason: self.mark() };
            self.office().act(id, withdraw, by, None).await.unwrap();
        }
    }

    async fn forget(
        &self,
        whom: &str,
        ground: Ground,
        within: WithinPeriod,
    ) -> office::Result<office::Forgotten> {
        let keeper = Viewer { standing: Standing::Administrator, ..officer(40, Vec::new()) };
        self.office().forget_person(whom, ground, within, &keeper).await
    }

    /// Somebody with an account, by a name and a telephone that nobody else has.
    async fn account(&self, login: &str) -> Viewer {
        let new = NewAccount {
            login: login.to_owned(),
            password: "long enough 8".into(),
            name: self.mark(),
            phone: self.phone(),
            standing: Standing::Applicant,
            roles: Vec::new(),
        };
        let id = self.office().open_account(new, "system").await.unwrap();
        self.office().viewer(id).await.unwrap().unwrap()
    }

    /// What is typed and still there.
    async fn left(self) -> Vec<String> {
        // Files that nobody links to are swept a day later, as a server does it.
        self.zone.pass(SignedDuration::from_hours(25));
        let store = self.office().store();
        store.kv_sweep(self.office().now()).await.unwrap();
        store.blob_sweep(self.office().now() - SignedDuration::from_hours(24)).await.unwrap();
        assert!(self.office().audit().await.unwrap().is_clean());
        let Self { zone, folder, marks } = self;
        // The last connection that closes folds the write-ahead log in.
        drop(zone);
        let mut files = Vec::new();
        walk(&folder, &mut files);
        assert!(files.iter().any(|file| file.ends_with("zone.db")));
        let marks = marks.into_inner().unwrap();
        assert!(marks.len() > 3);
        let mut left = Vec::new();
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            let named = file.to_string_lossy().into_owned();
            for mark in &marks {
                if let Some(at) = memchr::memmem::find(&bytes, mark.as_bytes()) {
                    let around = &bytes[at.saturating_sub(160)..(at + 60).min(bytes.len())];
                    left.push(format!("{mark} in {named}: {}", String::from_utf8_lossy(around)));
                }
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
        left
    }
}

fn fresh(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("yichuang-erasure-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_search_finds_what_is_there() {
    let typed = Typed::open("there", 1).await;
    let key = typed.zone.guest();
    typed.case(Channel::Online, By::Guest(&key)).await;
    let marks = typed.marks.lock().unwrap().len();
    let left = typed.left().await;
    assert!(left.len() > marks / 2, "{} of {marks}", left.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_without_an_account_is_forgotten() {
    let typed = Typed::open("guest", 2).await;
    let key = typed.zone.guest();
    let case = typed.case(Channel::Online, By::Guest(&key)).await;
    typed.draft(Channel::Online, By::Guest(&key)).await;
    typed.forget(&case.number, Ground::Unlawful, WithinPeriod::Refuse).await.unwrap();
    assert_eq!(typed.left().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_with_an_account_is_forgotten_with_what_they_began_before_signing_in() {
    let typed = Typed::open("account", 3).await;
    // Many sign in with their telephone.
    let login = typed.phone();
    let viewer = typed.account(&login).await;
    let by = By::Viewer(&viewer);
    typed.case(Channel::Online, by).await;
    let key = typed.zone.guest();
    let begun = typed.draft(Channel::Online, By::Guest(&key)).await;
    typed.office().adopt_drafts(&key, by).await.unwrap();
    let adopted = typed.office().submit(begun, by, None).await.unwrap();
    typed.talk(adopted.id, by).await;
    let forgotten = typed.forget(&login, Ground::OtherLaw, WithinPeriod::Refuse).await.unwrap();
    assert_eq!(forgotten.cases, 2);
    assert_eq!(typed.left().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_from_before_brings_nobody_back_who_was_forgotten_since() {
    let typed = Typed::open("before", 10).await;
    let login = typed.phone();
    let viewer = typed.account(&login).await;
    typed.case(Channel::Online, By::Viewer(&viewer)).await;
    let key = typed.zone.guest();
    let guest = typed.case(Channel::Online, By::Guest(&key)).await;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let list = heard.clone();
    typed.office().when_forgotten(move |erasure| list.lock().unwrap().push(erasure.clone()));

    let copied = fresh("before-copy");
    store_sqlite::copy(&typed.folder.join("zone.db"), &copied.join("zone.db")).unwrap();
    typed.forget(&login, Ground::OtherLaw, WithinPeriod::Refuse).await.unwrap();
    typed.forget(&guest.number, Ground::Unlawful, WithinPeriod::Refuse).await.unwrap();
    let list = heard.lock().unwrap().clone();
    assert_eq!(list.len(), 2);
    let mut known = typed.office().erasures().await.unwrap();
    known.sort_by_key(|erasure| erasure.forgotten.at);
    assert_eq!(known, list, "what is heard is what the store knows");

    let mut restored = Typed::at(copied, 11).await;
    restored.marks = Mutex::new(typed.marks.lock().unwrap().clone());
    assert!(!restored.office().applicant_shown(guest.id).await.unwrap().is_empty(), "the copy knows them");
    for erasure in &list {
        assert_eq!(restored.office().forget_again(erasure).await.unwrap(), Again::Forgotten { open: 0 });
        assert_eq!(restored.office().forget_again(erasure).await.unwrap(), Again::Known);
    }
    assert_eq!(restored.office().erasures().await.unwrap().len(), 2);
    assert_eq!(restored.left().await, Vec::<String>::new());
    assert_eq!(typed.left().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_for_whom_a_clerk_typed_is_forgotten_with_their_number() {
    let typed = Typed::open("walk-in", 4).await;
    let clerk = officer(11, vec!["综合窗口".into()]);
    let by = By::Viewer(&clerk);
    let hall = HallId::from("政务服务大厅");
    let window = "A01".into();
    let take = take(&typed, &hall, Source::Kiosk);
    let taken = typed.office().take_ticket(take, By::System, None).await.unwrap();
    typed.office().at_window(&hall, &window, WindowAct::Open, &clerk, None).await.unwrap();
    typed.office().at_window(&hall, &window, WindowAct::Next, &clerk, None).await.unwrap();
    typed.office().at_window(&hall, &window, WindowAct::Start, &clerk, None).await.unwrap();
    let case = typed.case(Channel::Window, by).await;
    let withdraw = Act::ForApplicant {
        act: Box::new(Act::Withdraw { item: None, reason: typed.mark() }),
        proof: Shown::Ticket,
        note: typed.mark(),
    };
    typed.office().act(case.id, withdraw, by, None).await.unwrap();
    typed.office().at_window(&hall, &window, WindowAct::Finish, &clerk, None).await.unwrap();
    typed.office().rate_visit(&taken.key, rated(&typed)).await.unwrap();
    typed.forget(&case.number, Ground::Unlawful, WithinPeriod::Refuse).await.unwrap();
    assert_eq!(typed.left().await, Vec::<String>::new());
}

fn rated(typed: &Typed) -> RateVisit {
    RateVisit { level: 3, comment: typed.mark(), named: true, phone: typed.phone() }
}

fn take(typed: &Typed, hall: &HallId, source: Source) -> TakeTicket {
    TakeTicket {
        hall: hall.clone(),
        wants: vec![Want { line: "公共服务".into(), thing: None }],
        lane: LaneKind::WalkIn,
        language: Tongue::Zh,
        source,
        specialist: None,
        about: typed.about(),
        on_the_way: false,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_over_goes_by_itself() {
    let typed = Typed::open("time", 5).await;
    let (key, zone) = (typed.zone.guest(), &typed.zone);
    typed.case(Channel::Online, By::Guest(&key)).await;
    typed.draft(Channel::Online, By::Guest(&key)).await;
    let (hall, day) = (HallId::from("政务服务大厅"), typed.office().today().tomorrow().unwrap());
    let (clerk, window) = (officer(11, vec!["综合窗口".into()]), "A01".into());
    typed.office().at_window(&hall, &window, WindowAct::Open, &clerk, None).await.unwrap();
    for (source, by) in [(Source::Kiosk, By::System), (Source::Phone, By::Guest(&key))] {
        let taken = typed.office().take_ticket(take(&typed, &hall, source), by, None).await.unwrap();
        for act in [WindowAct::Next, WindowAct::Start, WindowAct::Finish] {
            typed.office().at_window(&hall, &window, act, &clerk, None).await.unwrap();
        }
        typed.office().rate_visit(&taken.key, rated(&typed)).await.unwrap();
    }
    let slot = typed.office().hall_setup(&hall, day).unwrap().slots()[2].from;
    let booking = Booking {
        hall,
        date: day,
        slot,
        want: Want { line: "公共服务".into(), thing: None },
        language: Tongue::Zh,
        specialist: None,
        about: typed.about(),
    };
    typed.office().book(booking, By::Guest(&key), None).await.unwrap();
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    zone.pass(days(29));
    let kept = typed.office().keep_no_longer().await.unwrap();
    assert_eq!((kept.numbers, kept.drafts, kept.erased), (0, 0, 0));
    zone.pass(days(4));
    let kept = typed.office().keep_no_longer().await.unwrap();
    assert_eq!((kept.numbers, kept.drafts, kept.erased), (3, 0, 0));
    assert_eq!(typed.office().drafts(By::Guest(&key)).await.unwrap().len(), 1);
    zone.pass(days(59));
    let kept = typed.office().keep_no_longer().await.unwrap();
    assert_eq!((kept.numbers, kept.drafts, kept.erased), (0, 1, 0));
    assert!(typed.office().drafts(By::Guest(&key)).await.unwrap().is_empty());
    zone.pass(days(366 * 11));
    let kept = typed.office().keep_no_longer().await.unwrap();
    assert_eq!((kept.numbers, kept.drafts, kept.erased, kept.failed), (0, 0, 1, 0));
    assert_eq!(typed.left().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_to_which_somebody_comes_back_is_kept() {
    let typed = Typed::open("back", 6).await;
    let key = typed.zone.guest();
    let id = typed.draft(Channel::Online, By::Guest(&key)).await;
    for _ in 0..3 {
        typed.zone.pass(SignedDuration::from_hours(24 * 80));
        typed.office().save_answers(id, &Default::default(), By::Guest(&key)).await.unwrap();
        assert_eq!(typed.office().keep_no_longer().await.unwrap().drafts, 0);
        assert_eq!(typed.office().drafts(By::Guest(&key)).await.unwrap().len(), 1);
    }
    std::fs::remove_dir_all(&typed.folder).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn within_the_period_of_a_law_a_case_is_stored_unread_and_goes_when_the_period_ends() {
    let typed = Typed::open("period", 7).await;
    let key = typed.zone.guest();
    let (office, by) = (typed.office(), By::Guest(&key));
    let case = typed.case(Channel::Online, by).await;
    let name = office.party(case.id).await.unwrap().name;
    let withdrawn = Ground::ConsentWithdrawn;
    let refused = typed.forget(&case.number, withdrawn, WithinPeriod::Refuse).await;
    assert!(matches!(refused, Err(OfficeError::NotPossible(NotPossible::WithinPeriod))), "{refused:?}");
    assert_eq!(office.party(case.id).await.unwrap().name, name, "nothing was changed");
    let forgotten = typed.forget(&case.number, withdrawn, WithinPeriod::Restrict).await.unwrap();
    assert_eq!((forgotten.cases, forgotten.restricted), (0, 1));
    assert_eq!(office.party(case.id).await.unwrap().name, "");
    assert!(office.case_files(case.id, By::System).await.unwrap().is_empty());
    let loaded = office.load_case(case.id).await.unwrap();
    assert!(office.answers(&loaded).await.unwrap().is_empty());
    assert!(matches!(office.actor_in(case.id, &loaded.case, by).await, Err(OfficeError::NotFound)));
    office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(office.applicant_shown(case.id).await.unwrap(), "", "a rebuild brings nothing back");
    // A court asks for it: the audit administrator opens it again, and nobody else.
    let auditor = Viewer { standing: Standing::AuditAdministrator, ..officer(41, Vec::new()) };
    assert!(matches!(
        office.lift_restriction(case.id, &typed.zone.officers[0]).await,
        Err(OfficeError::Denied)
    ));
    assert_eq!(office.restricted(&auditor).await.unwrap()[0].number, case.number);
    office.lift_restriction(case.id, &auditor).await.unwrap();
    assert_eq!(office.party(case.id).await.unwrap().name, name);
    assert_ne!(office.applicant_shown(case.id).await.unwrap(), "", "lists name the applicant again");
    assert!(office.restricted(&auditor).await.unwrap().is_empty());
    assert!(!office.case_files(case.id, By::System).await.unwrap().is_empty());
    typed.zone.pass(SignedDuration::from_hours(24 * 366 * 11));
    assert_eq!(office.keep_no_longer().await.unwrap().erased, 1);
    assert_eq!(typed.left().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restricted_case_goes_unread_too() {
    let typed = Typed::open("unread", 8).await;
    let key: AccessKey = typed.zone.guest();
    let case = typed.case(Channel::Online, By::Guest(&key)).await;
    let ground = Ground::ConsentWithdrawn;
    typed.forget(&case.number, ground, WithinPeriod::Restrict).await.unwrap();
    typed.zone.pass(SignedDuration::from_hours(24 * 366 * 11));
    assert_eq!(typed.office().keep_no_longer().await.unwrap().erased, 1);
    assert_eq!(typed.left().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_that_an_earlier_version_left_whole_is_forgotten_with_its_case() {
    let typed = Typed::open("whole", 9).await;
    let key = typed.zone.guest();
    let by = By::Guest(&key);
    let id = typed.draft(Channel::Online, by).await;
    let store = typed.office().store();
    let at = format!("draft/{id}");
    let Some(store::VaultEntry::Kept { subject, salt, bytes, .. }) = store.vault_get(&at).await.unwrap()
    else {
        panic!("no draft");
    };
    let submitted = typed.office().submit(id, by, None).await.unwrap();
    typed.talk(submitted.id, by).await;
    // As it was written until then: the whole draft, with its files, and the number.
    let mut draft: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    draft["submitted"] = submitted.number.clone().into();
    let mut batch = store::Batch::new(typed.office().now());
    for file in draft["attachments"].as_array().unwrap() {
        let digest = store::Digest::parse(file["digest"].as_str().unwrap()).unwrap();
        batch = batch.change(store::Change::BlobLink { digest, owner: at.clone() });
    }
    let bytes = serde_json::to_vec(&draft).unwrap();
    let whole = store::Change::VaultPut { key: at, subject, salt, bytes };
    store.commit(batch.change(whole)).await.unwrap();
    assert_eq!(
        typed.office().open_draft(id, by).await.unwrap().draft.submitted.as_ref(),
        Some(&submitted.number)
    );
    typed.forget(&submitted.number, Ground::Unlawful, WithinPeriod::Refuse).await.unwrap();
    assert_eq!(typed.left().await, Vec::<String>::new());
}
