//! A small history of the shipped zone, with titles that need escaping in every format.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalogue::{Edition, Tongue};
use checker::{PackFiles, compile};
use jiff::Timestamp;
use office::{Booking, By, CaseFilter, CaseId, DerivedKeys, Office, Surroundings, TicketAbout, TicketRef};
use sim::halls::HallSpec;
use sim::history::{self, Spec};
use sim::{Cast, PlayClock, SeededEntropy};
use store::{MemoryStore, Position, Store};

/// Appended to every title of an item or step.
pub const MARK: &str = "<&\"'>]]>\u{7},\n。";

pub struct Played {
    pub office: Office,
    pub folder: PathBuf,
    store: MemoryStore,
    cast: Cast,
}

/// The counts in the journal itself.
#[derive(Debug, Default)]
pub struct Counted {
    pub cases: u64,
    pub matters: u64,
    pub events: u64,
    /// Events that name a matter.
    pub of_matters: u64,
    pub claims: u64,
    /// Events of halls.
    pub of_halls: u64,
    /// Tickets taken.
    pub tickets: u64,
    /// Appointments booked.
    pub appointments: u64,
}

impl Played {
    pub async fn history(cases: u32) -> Self {
        let now: Timestamp = "2026-09-18T06:30:00Z".parse().unwrap();
        let store = MemoryStore::new();
        let surroundings = Surroundings {
            store: Arc::new(store.clone()),
            clock: Arc::new(PlayClock::standing_at(now)),
            entropy: Arc::new(SeededEntropy::new(7)),
            keys: Arc::new(DerivedKeys::new([7; 32])),
            public_url: "http://localhost".into(),
            second_factor: office::SecondFactor::Off,
        };
        let office = Office::start(surroundings, Some(edition())).await.unwrap();
        let (cast, _) = sim::seat(&office, "a-long-password-1").await.unwrap();
        let spec = Spec { cases, weeks: 6, until: now, seed: 7, at_once: 1, mended: None };
        history::play(&office, &cast, spec).await.unwrap();
        let day = "2026-09-17".parse().unwrap();
        let halls = HallSpec { from: day, until: day, now, visitors: 60, seed: 7, at_once: 1 };
        sim::halls::play(&office, &cast, halls).await.unwrap();
        let folder = std::env::temp_dir().join(format!("yichuang-ledger-{}-{cases}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let played = Self { office, folder, store, cast };
        played.link_tickets().await;
        played.book().await;
        played
    }

    /// Links two cases to a ticket of a hall without a recorded day; each call uses another number.
    pub async fn link_tickets(&self) {
        let head = self.store.head().await.unwrap();
        let ticket = TicketRef {
            hall: "hall".into(),
            date: "2026-09-17".parse().unwrap(),
            number: hall::TicketNo(u32::try_from(head.0).unwrap()),
        };
        self.link(&ticket).await;
    }

    /// Links two cases to this ticket.
    pub async fn link(&self, ticket: &TicketRef) {
        let officer = self.cast.officers.first().unwrap();
        let list = self.office.cases(&CaseFilter::default(), 2, None, officer).await.unwrap();
        assert_eq!(list.lines.len(), 2);
        for line in list.lines {
            self.office.link_ticket(line.row.id, ticket, officer).await.unwrap();
        }
    }

    /// Books an appointment, moves it to another day, and cancels it.
    async fn book(&self) {
        let edition = self.office.edition();
        let hall = edition.parts().halls.keys().next().unwrap().clone();
        let lines = edition.lines();
        let mut free = Vec::new();
        let line = lines.first().unwrap();
        for day in self.office.free_slots(&hall, &line.id, Tongue::Zh).await.unwrap() {
            free.extend(day.slots.iter().find(|slot| slot.free > 0).map(|slot| (day.date, slot.at.from)));
        }
        let [(date, slot), (other_date, other_slot), ..] = free[..] else {
            panic!("two free days: {free:?}")
        };
        let want = hall::Want { line: line.id.clone(), thing: None };
        let about = TicketAbout::default();
        let booking = Booking { hall, date, slot, want, language: Tongue::Zh, specialist: None, about };
        let by = By::Viewer(self.cast.applicants.first().unwrap());
        let booked = self.office.book(booking, by, None).await.unwrap();
        self.office.move_booking(&booked.code, other_date, other_slot).await.unwrap();
        self.office.cancel_booking(&booked.code).await.unwrap();
    }

    pub async fn count(&self) -> Counted {
        let mut counted = Counted::default();
        let mut booked = std::collections::BTreeSet::new();
        for event in self.store.read_all(Position::START, 1_000_000).await.unwrap() {
            let body: serde_json::Value = serde_json::from_slice(&event.body).unwrap();
            if event.stream.kind().starts_with("hall-") {
                counted.of_halls += 1;
                counted.tickets += u64::from(["ticket-taken", "ticket-split"].contains(&event.kind.as_str()));
                if event.kind == "appointment-booked" {
                    booked.insert(body["id"].as_str().unwrap().to_owned());
                }
                continue;
            }
            if event.stream.kind() != "case" {
                continue;
            }
            counted.events += 1;
            counted.cases += u64::from(event.kind == "case-opened");
            counted.matters += u64::from(event.kind == "matter-opened");
            counted.claims += u64::from(event.kind == "task-claimed");
            counted.of_matters += u64::from(body["item"].is_string());
        }
        counted.appointments = booked.len() as u64;
        counted
    }

    /// Checks that no name, number or telephone of an applicant and no name or login of an officer is in a
    /// file.
    pub async fn names_nobody_in(&self, text: &str) {
        let mut people = 0;
        for event in self.store.read_all(Position::START, 1_000_000).await.unwrap() {
            if event.kind == "case-opened" {
                let id: CaseId = event.stream.id().parse().unwrap();
                let party = self.office.party(id).await.unwrap();
                for secret in [&party.name, &party.code, &party.phone] {
                    assert!(secret.is_empty() || !text.contains(secret.as_str()), "{secret} is told");
                }
                people += usize::from(!party.name.is_empty());
            }
            let account = event.actor.split_once('/').map(|(_, id)| id);
            assert!(account.is_none_or(|id| !text.contains(id)), "{} is told", event.actor);
        }
        assert!(people > 0);
        for viewer in self.cast.officers.iter().chain(&self.cast.applicants) {
            assert!(
                !text.contains(&viewer.name) && !text.contains(&viewer.login),
                "{} is told",
                viewer.login
            );
        }
    }
}

impl Drop for Played {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn edition() -> Edition {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones/qingdao");
    let mut files = PackFiles::new();
    gather(&root, &root, &mut files);
    let mut parts = compile(&files).edition.unwrap().parts().clone();
    for item in parts.items.values_mut() {
        item.title.zh.push_str(MARK);
        for step in item.steps.values_mut() {
            step.title.zh.push_str(MARK);
        }
    }
    Edition::seal(parts).unwrap()
}

fn gather(root: &Path, folder: &Path, files: &mut PackFiles) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            files.insert(name, Arc::from(std::fs::read(&path).unwrap()));
        }
    }
}
