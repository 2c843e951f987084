//! People before the pages: a zone on a memory store, and actors who read pages and send forms.

#![allow(dead_code, unused_imports, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

mod actor;
pub mod flow;
mod html;

use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use catalogue::Edition;
use jiff::{SignedDuration, Timestamp};
use office::{Clock, DerivedKeys, Entropy, NewAccount, Office, SecondFactor, Standing, Surroundings, Viewer};
use store::MemoryStore;
use web::{App, DemoAccount, Settings};

pub use actor::{Actor, Answer, PDF, encoded, percent};
pub use html::{Control, Form, forms, text};

pub const PASSWORD: &str = "long enough 8";

/// Monday morning in the zone.
pub const START: &str = "2026-11-23T01:30:00Z";

#[derive(Debug)]
pub struct TestClock(Mutex<Timestamp>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Different bytes each time, the same in every run.
#[derive(Debug, Default)]
pub struct TestEntropy(Mutex<u64>);

impl Entropy for TestEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap();
        for byte in bytes {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (mixed >> 29) as u8;
        }
    }
}

pub struct Site {
    pub office: Office,
    pub store: Arc<MemoryStore>,
    pub clock: Arc<TestClock>,
    pub router: Router,
    /// What only those who run the zone see.
    pub operations: Router,
}

/// The shipped zone, compiled once for all tests.
pub fn edition() -> Edition {
    use std::sync::OnceLock;
    static EDITION: OnceLock<Edition> = OnceLock::new();
    EDITION.get_or_init(|| compile(&pack())).clone()
}

pub fn pack() -> checker::PackFiles {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones/qingdao");
    let mut files = checker::PackFiles::new();
    read(&root, "", &mut files);
    files
}

pub fn compile(files: &checker::PackFiles) -> Edition {
    let compiled = checker::compile(files);
    compiled.edition.unwrap_or_else(|| panic!("the zone does not compile: {:#?}", compiled.diagnostics))
}

/// Every route of the router, as it stands in the sources.
pub fn routes() -> std::collections::BTreeSet<String> {
    let mut routes = std::collections::BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut routes);
    routes
}

fn collect(folder: &Path, routes: &mut std::collections::BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, routes);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for part in text.split(".route(").skip(1) {
                if let Some(route) =
                    part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
                {
                    routes.insert(route.to_owned());
                }
            }
        }
    }
}

fn read(folder: &Path, prefix: &str, files: &mut checker::PackFiles) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(entry.path()).unwrap().into());
        }
    }
}

impl Site {
    pub async fn new() -> Self {
        Self::with(edition()).await
    }

    /// A zone that demands a second factor of its staff.
    pub async fn strict() -> Self {
        Self::demanding(edition(), SecondFactor::Officers).await
    }

    /// A zone whose people may sign in at a provider.
    pub async fn with_provider(provider: openid::Provider) -> Self {
        let mut site = Self::new().await;
        let openid = Some(Arc::new(provider));
        let settings = Settings { openid, ..Settings::default() };
        site.router = web::router(App { office: site.office.clone(), settings: Arc::new(settings) });
        site
    }

    pub async fn with(edition: Edition) -> Self {
        Self::demanding(edition, SecondFactor::Off).await
    }

    async fn demanding(edition: Edition, second_factor: SecondFactor) -> Self {
        let clock = Arc::new(TestClock(Mutex::new(START.parse().unwrap())));
        let store = Arc::new(MemoryStore::new());
        let surroundings = Surroundings {
            store: store.clone(),
            clock: clock.clone(),
            entropy: Arc::new(TestEntropy::default()),
            keys: Arc::new(DerivedKeys::new([7; 32])),
            public_url: "http://zone.test".into(),
            second_factor,
        };
        let office = Office::start(surroundings, Some(edition)).await.unwrap();
        let demo = DemoAccount { login: "demo".into(), password: PASSWORD.into(), role: "演示".into() };
        let settings =
            Settings { demo_accounts: vec![demo], upload_bytes_max: 4 * 1024 * 1024, ..Settings::default() };
        let app = App { office: office.clone(), settings: Arc::new(settings) };
        let (router, operations) = (web::router(app.clone()), web::operations(app, None));
        Self { office, store, clock, router, operations }
    }

    /// Pages that have shown nothing yet, before the same office.
    pub fn started_again(&self) -> Router {
        web::router(App { office: self.office.clone(), settings: Arc::new(Settings::default()) })
    }

    pub fn wait(&self, days: i64) {
        let mut now = self.clock.0.lock().unwrap();
        *now += SignedDuration::from_hours(24 * days);
    }

    pub fn wait_minutes(&self, minutes: i64) {
        *self.clock.0.lock().unwrap() += SignedDuration::from_mins(minutes);
    }

    /// Somebody without an account.
    pub fn guest(&self) -> Actor {
        Actor::new(self.router.clone(), self.office.clone())
    }

    pub async fn account(&self, login: &str, standing: Standing, roles: &[&str]) -> Viewer {
        let new = NewAccount {
            login: login.into(),
            password: PASSWORD.into(),
            name: login.into(),
            phone: "13800001234".into(),
            standing,
            roles: roles.iter().map(|role| (*role).into()).collect(),
        };
        let id = self.office.open_account(new, "test").await.unwrap();
        self.office.viewer(id).await.unwrap().unwrap()
    }

    /// An officer who holds every role of the zone.
    pub async fn officer(&self) -> Viewer {
        self.in_every_role("everybody").await
    }

    pub async fn in_every_role(&self, login: &str) -> Viewer {
        let edition = self.office.edition();
        let roles: Vec<&str> = edition.parts().roles.keys().map(|role| role.as_str()).collect();
        self.account(login, Standing::Officer, &roles).await
    }

    /// Somebody signed in through the page.
    pub async fn signed_in(&self, login: &str) -> Actor {
        let mut actor = self.guest();
        let answer = actor.post("/sign-in", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        actor
    }
}
