//! Halls on the embedded database under concurrent load.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use catalogue::{Edition, HallId, LaneKind, Tongue};
use hall::{Refusal, Source, Want};
use jiff::Timestamp;
use office::{
    Booking, By, DerivedKeys, Office, OfficeError, Surroundings, TakeTicket, TicketAbout, WindowAct,
};
use sim::{Cast, PlayClock, SeededEntropy};
use store::Store;
use store_sqlite::{SqliteOptions, SqliteStore};

/// Thursday morning in the zone.
const NOW: &str = "2026-11-26T01:30:00Z";

fn edition() -> Edition {
    let mut files = checker::PackFiles::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones/qingdao"), "", &mut files);
    checker::compile(&files).edition.expect("the shipped zone compiles")
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

struct Place(std::path::PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Two nodes on one database.
async fn nodes(name: &str) -> (Place, [Office; 2]) {
    let place = Place(std::env::temp_dir().join(format!("yichuang-halls-{name}-{}", std::process::id())));
    let _ = std::fs::remove_dir_all(&place.0);
    std::fs::create_dir_all(&place.0).unwrap();
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open(SqliteOptions::new(place.0.join("zone.db"))).unwrap());
    let node = async |seed, edition| {
        let surroundings = Surroundings {
            store: store.clone(),
            clock: Arc::new(PlayClock::standing_at(NOW.parse::<Timestamp>().unwrap())),
            entropy: Arc::new(SeededEntropy::new(seed)),
            keys: Arc::new(DerivedKeys::new([7; 32])),
            public_url: "http://zone.test".into(),
            second_factor: office::SecondFactor::Off,
        };
        Office::start(surroundings, edition).await.unwrap()
    };
    let first = node(1, Some(edition())).await;
    let second = node(2, None).await;
    (place, [first, second])
}

fn hall() -> HallId {
    "政务服务大厅".into()
}

fn want(line: &str) -> Want {
    Want { line: line.into(), thing: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_people_book_one_slot_at_once_and_none_too_many() {
    let (_place, nodes) = nodes("book").await;
    let date = nodes[0].today().tomorrow().unwrap();
    let slot = nodes[0].hall_setup(&hall(), date).unwrap().slots()[0];
    let free = async |office: &Office| {
        let days = office.free_slots(&hall(), &"税务".into(), Tongue::Zh).await.unwrap();
        let day = days.into_iter().find(|day| day.date == date).unwrap();
        day.slots.into_iter().find(|each| each.at == slot).unwrap().free
    };
    let capacity = free(&nodes[0]).await;
    let books = (0..200_usize).map(|place| {
        let office = nodes[place % 2].clone();
        tokio::spawn(async move {
            let booking = Booking {
                hall: hall(),
                date,
                slot: slot.from,
                want: want("税务"),
                language: Tongue::Zh,
                specialist: None,
                about: TicketAbout::default(),
            };
            let key = office.new_access_key();
            office.book(booking, By::Guest(&key), None).await
        })
    });
    let (mut booked, mut full) = (0, 0);
    for book in books.collect::<Vec<_>>() {
        match book.await.unwrap() {
            Ok(_) => booked += 1,
            Err(OfficeError::Hall(Refusal::SlotFull)) => full += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((booked, full), (capacity, 200 - capacity));
    assert_eq!(free(&nodes[1]).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn windows_of_two_nodes_never_call_one_person_twice() {
    let (_place, nodes) = nodes("call").await;
    let take = |place: usize| {
        let office = nodes[place % 2].clone();
        tokio::spawn(async move {
            let take = TakeTicket {
                hall: hall(),
                wants: vec![want(["企业登记", "税务", "公共服务"][place % 3])],
                lane: LaneKind::WalkIn,
                language: Tongue::Zh,
                source: Source::Kiosk,
                specialist: None,
                on_the_way: false,
                about: TicketAbout::default(),
            };
            office.take_ticket(take, By::System, None).await.unwrap().number
        })
    };
    let mut numbers = BTreeSet::new();
    for taken in (0..80).map(take).collect::<Vec<_>>() {
        assert!(numbers.insert(taken.await.unwrap()), "a number was given twice");
    }
    let cast = Cast::unseated(&nodes[0].edition(), 3);
    let clerks: Vec<_> = cast.window(&nodes[0].edition()).into_iter().take(10).cloned().collect();
    let names = ["A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "C01", "E01"];
    let windows = names.into_iter().zip(clerks).enumerate().map(|(place, (name, clerk))| {
        let office = nodes[place % 2].clone();
        tokio::spawn(async move {
            let window = name.into();
            office.at_window(&hall(), &window, WindowAct::Open, &clerk, None).await.unwrap();
            let mut called = Vec::new();
            loop {
                match office.at_window(&hall(), &window, WindowAct::Next, &clerk, None).await {
                    Ok(done) => match done.loaded.day.post(&window).unwrap().ticket {
                        Some(number) => called.push(number),
                        None => return called,
                    },
                    Err(OfficeError::Hall(Refusal::NobodyWaits)) => return called,
                    Err(error) => panic!("{error:?}"),
                }
                office.at_window(&hall(), &window, WindowAct::Start, &clerk, None).await.unwrap();
            }
        })
    });
    let mut called = BTreeSet::new();
    for window in windows.collect::<Vec<_>>() {
        for number in window.await.unwrap() {
            assert!(called.insert(number), "{number} was called twice");
        }
    }
    assert_eq!(called, numbers, "and everybody was called");
}
