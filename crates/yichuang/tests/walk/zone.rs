//! The zone within the test's own process: pages are served as ever, officers act through the office.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use casework::{Case, Delivery, Doer, Matter, MatterState, PlannedStep};
use catalogue::{Edition, StepKind};
use jiff::{SignedDuration, Timestamp};
use office::{Act, By, Clock, DerivedKeys, Entropy, Office, SecondFactor, Surroundings, Viewer};
use sim::history::{self, Spec};
use sim::{Cast, PlayClock, Seat};
use store::MemoryStore;
use tokio::runtime::Runtime;
use web::{App, Limits, Settings};

const WEEKS: u32 = 3;
pub const PASSWORD: &str = "yichuang-demo";

/// The clock of this machine, so many seconds ahead.
#[derive(Debug, Default)]
struct Ahead(AtomicI64);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.0.load(Ordering::Relaxed))
    }
}

#[derive(Debug)]
struct Chance;

impl Entropy for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the machine has entropy");
    }
}

/// What somebody of the administration can do next.
#[derive(Debug)]
pub struct Due {
    pub login: String,
    pub role: String,
    pub kind: StepKind,
    pub item: String,
    pub step: String,
    /// In whose name.
    pub organ: String,
    /// How many have to put their names to it.
    pub officers: usize,
    pub act: Act,
}

pub struct Zone {
    runtime: Runtime,
    pub office: Office,
    cast: Cast,
    pub seats: Vec<Seat>,
    pub host: String,
    ahead: Arc<Ahead>,
}

/// The shipped zone, compiled. What has to run for days, such as a public notice, runs for a minute: days would leave everybody
/// else's case behind its clocks.
pub fn edition() -> Edition {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones/qingdao");
    let mut files = checker::PackFiles::new();
    read(&root, "", &mut files);
    for text in files.values_mut() {
        let Ok(written) = std::str::from_utf8(text) else { continue };
        let shorter = (1..=20).fold(written.to_owned(), |text, days| {
            text.replace(&format!("lasts: {days} working days"), "lasts: 1 minute")
        });
        if shorter != written {
            *text = shorter.into_bytes().into();
        }
    }
    let compiled = checker::compile(&files);
    compiled.edition.unwrap_or_else(|| panic!("the zone does not compile: {:#?}", compiled.diagnostics))
}

fn read(folder: &Path, prefix: &str, files: &mut checker::PackFiles) {
    for entry in std::fs::read_dir(folder).expect("the zone is a folder") {
        let entry = entry.expect("it can be read");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(entry.path()).expect("files can be read").into());
        }
    }
}

impl Zone {
    /// An empty zone, or one that has had so many cases in the last weeks.
    pub fn open(edition: Edition, cases: u32) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("threads can be started");
        let ahead = Arc::new(Ahead::default());
        let base = ahead.clone();
        let (office, cast, seats, host) = runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
            let host = listener.local_addr().expect("it has an address").to_string();
            let surroundings = Surroundings {
                store: Arc::new(MemoryStore::new()),
                clock: Arc::new(PlayClock::over(base)),
                entropy: Arc::new(Chance),
                keys: Arc::new(DerivedKeys::new([7; 32])),
                public_url: format!("http://{host}"),
                second_factor: SecondFactor::Off,
            };
            let now = Timestamp::now();
            let begin = now - SignedDuration::from_hours(24 * 7 * i64::from(WEEKS));
            let opening = async {
                let office = Office::start(surroundings, Some(edition)).await.expect("the office opens");
                let (cast, seats) = sim::seat(&office, PASSWORD).await.expect("everybody takes a seat");
                (office, cast, seats)
            };
            let (office, cast, seats) = PlayClock::at(begin, opening).await;
            if cases > 0 {
                let spec = Spec { cases, weeks: WEEKS, until: now, seed: 1, at_once: 8, mended: None };
                history::play(&office, &cast, spec).await.expect("the history is played");
            }
            // Everybody comes from this machine.
            let mut bounds = office::Bounds::default();
            bounds.share(std::net::IpAddr::from([127, 0, 0, 1]));
            for amount in ["drafts=100000", "upload-mb=100000"] {
                bounds.set(amount).expect("an amount that there is");
            }
            office.set_bounds(bounds);
            let programs = api::Api::new(office.clone(), api::Settings::default());
            let settings =
                Settings { interface: Some(Arc::new(api::described(&programs))), ..Settings::default() };
            let metrics = settings.metrics.clone();
            let programs = web::for_programs(api::router(programs), &settings);
            let app = App { office: office.clone(), settings: Arc::new(settings) };
            let pages = programs.merge(web::router(app));
            let serving = async move {
                web::serve(listener, pages, Limits::default(), &metrics, std::future::pending()).await
            };
            tokio::spawn(serving);
            (office, cast, seats, host)
        });
        Self { runtime, office, cast, seats, host, ahead }
    }

    /// Lets the time pass that a step of the case has to run, such as a public notice; says whether there was one.
    pub fn wait(&self, number: &str) -> Result<bool, String> {
        self.runtime.block_on(async {
            let id = self.office.case_by_number(number).await.map_err(|error| error.to_string())?;
            let loaded = self.office.load_case(id).await.map_err(|error| error.to_string())?;
            let (edition, now) = (&loaded.edition, self.office.now());
            let running =
                loaded.case.matters.iter().filter(|matter| !matter.state.is_over()).flat_map(|matter| {
                    matter.open_steps().filter_map(|(step, _)| {
                        matter.runs_until(&step.id, edition.calendar(), edition.offset(), now)
                    })
                });
            let Some(until) = running.filter(|until| now < *until).min() else { return Ok(false) };
            let passes = until.duration_since(now).as_secs() + 1;
            self.ahead.0.fetch_add(passes, Ordering::Relaxed);
            Ok(true)
        })
    }

    /// The step that somebody of the administration can do next, with who does it and the act; nothing when the case is over,
    /// waits for the applicant, or has to run for a time.
    pub fn due(&self, number: &str, refuse: bool) -> Result<Option<Due>, String> {
        self.runtime.block_on(async {
            let id = self.office.case_by_number(number).await.map_err(|error| error.to_string())?;
            let loaded = self.office.load_case(id).await.map_err(|error| error.to_string())?;
            Ok(loaded.case.matters.iter().find_map(|matter| {
                let steps = matter.open_steps().filter(|_| !matter.state.is_over());
                steps.map(|(planned, _)| (matter, planned)).find_map(|(matter, step)| {
                    let (officer, act) = self.next(&loaded.edition, &loaded.case, matter, step, refuse)?;
                    let department = loaded.edition.parts().departments.get(&matter.department);
                    Some(Due {
                        login: officer.login.clone(),
                        role: match &step.by {
                            Doer::Role { role, .. } => role.to_string(),
                            _ => "the department".into(),
                        },
                        kind: step.kind,
                        item: matter.item.to_string(),
                        step: step.id.to_string(),
                        organ: department.map(|department| department.name.zh.clone()).unwrap_or_default(),
                        officers: usize::from(step.officers),
                        act,
                    })
                })
            }))
        })
    }

    /// Does what is due without a page.
    pub fn carry_on(&self, number: &str, due: Due) -> Result<(), String> {
        self.runtime.block_on(async {
            let told = format!("{}: {:?}", due.login, due.act);
            let id = self.office.case_by_number(number).await.map_err(|error| error.to_string())?;
            let officer = self.cast.officers.iter().find(|officer| officer.login == due.login);
            let officer = officer.ok_or_else(|| format!("nobody is {}", due.login))?;
            let acted = self.office.act(id, due.act, By::Viewer(officer), None).await;
            acted.map(drop).map_err(|error| format!("{told}: {error}"))
        })
    }

    /// Everything that officers can do on the case, until nobody of them can do anything more. Gives how many acts it took,
    /// or what was refused.
    pub fn work(&self, number: &str, refuse: bool) -> Result<usize, String> {
        const ACTS_MAX: usize = 200;
        self.runtime.block_on(async {
            let id = self.office.case_by_number(number).await.map_err(|error| error.to_string())?;
            for done in 0..ACTS_MAX {
                let loaded = self.office.load_case(id).await.map_err(|error| error.to_string())?;
                let next = loaded.case.matters.iter().find_map(|matter| {
                    let steps = matter.open_steps().filter(|_| !matter.state.is_over());
                    steps.map(|(planned, _)| (matter, planned)).find_map(|(matter, step)| {
                        self.next(&loaded.edition, &loaded.case, matter, step, refuse)
                    })
                });
                let Some((officer, act)) = next else { return Ok(done) };
                let told = format!("{}: {act:?}", officer.login);
                let acted = self.office.act(id, act, By::Viewer(officer), None).await;
                acted.map_err(|error| format!("{told}: {error}"))?;
            }
            Err(format!("{number} is not done after {ACTS_MAX} acts"))
        })
    }

    fn next(
        &self,
        edition: &Edition,
        case: &Case,
        matter: &Matter,
        step: &PlannedStep,
        refuse: bool,
    ) -> Option<(&Viewer, Act)> {
        let (calendar, offset) = (edition.calendar(), edition.offset());
        let now = self.office.now();
        if matter.runs_until(&step.id, calendar, offset, now).is_some_and(|until| now < until) {
            return None;
        }
        // What waits for another item's result is done once that is there.
        if matter.state == MatterState::Correcting || !refuse && matter.awaits_result(&step.id) {
            return None;
        }
        let able = match &step.by {
            Doer::Role { role, .. } => self.cast.holders(role),
            Doer::System => self.cast.department(edition, &matter.department),
            Doer::Applicant => return None,
        };
        let officer = *able.first()?;
        let item = matter.item.clone();
        let wanted = usize::from(step.officers).saturating_sub(1);
        let colleagues = able.iter().copied().chain(self.cast.department(edition, &matter.department));
        let mut officers: Vec<String> = Vec::new();
        for colleague in colleagues {
            let id = colleague.id.to_string();
            if colleague.id != officer.id && !officers.contains(&id) && officers.len() < wanted {
                officers.push(id);
            }
        }
        let act = match step.kind {
            StepKind::Accept if matter.awaits_presence => {
                Act::Present { item, proof: office::Shown::IdentitySeen }
            }
            StepKind::Accept => Act::Accept { item: Some(item) },
            StepKind::Decide if refuse => {
                Act::Refuse { item, reason: "不符合规定的条件。".into(), officers }
            }
            StepKind::Decide => {
                Act::Grant { item, opinion: "看过全部材料，符合条件。".into(), officers }
            }
            StepKind::Issue => Act::Issue { item, result: step.result.clone()?, originals_seen: true },
            StepKind::Deliver => Act::Deliver { item, how: Delivery::Online },
            _ => {
                // Without the result that it waits for it does not pass.
                let yes = !step.confirms.as_ref().is_some_and(|result| case.awaits(result));
                let opinion =
                    if yes { "已经看过，符合要求。" } else { "还没有等到要查的结果。" }.into();
                let (step, checked) = (step.id.clone(), office::Checklist::default());
                Act::CompleteStep { item, step, yes, opinion, checked, officers, joint: false }
            }
        };
        Some((officer, act))
    }
}
