//! The walks themselves, a few at a time.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use catalogue::Edition;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::citizen::{Citizen, paper};
use crate::driver::{Browser, DESK, Driver, Look, PHONE, Silent};
use crate::findings::Findings;
use crate::hand::Hand;
use crate::look::Known;
use crate::people::{Person, everybody};
use crate::zone::{Zone, edition};

/// Of all people, so many come in a run of all tests.
const EVERY: usize = 40;

/// The accessibility checker's text; nothing, said aloud, where a browser is missing and nobody insists.
pub fn axe() -> Option<String> {
    let there = |program: &str| std::process::Command::new(program).arg("--version").output().is_ok();
    let axe = std::env::var("YICHUANG_AXE").ok().and_then(|path| std::fs::read_to_string(path).ok());
    let axe = axe.filter(|_| there("chromium") && there("chromedriver"));
    if axe.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "chromium, chromedriver or YICHUANG_AXE is missing; ops/test sets them"
        );
        eprintln!("SKIPPED, nobody walked: chromium, chromedriver or YICHUANG_AXE is missing");
    }
    axe
}

/// How somebody comes.
#[derive(Clone, Copy, Debug)]
struct Manner(&'static str, Look, Hand);

const TOUCH: Manner = Manner("touch", PHONE, Hand::Touch);
const KEYS: Manner = Manner("keyboard", DESK, Hand::Keys);
const PLAIN: Manner = Manner("no script", Look { script: false, ..DESK }, Hand::Keys);

struct Walks<'w> {
    zone: &'w Zone,
    edition: &'w Edition,
    today: Date,
    axe: &'w str,
    known: Known,
    findings: Findings,
    rows: Mutex<Vec<String>>,
    next: AtomicUsize,
    who: Vec<(Person, Manner)>,
}

#[test]
#[ignore = "takes minutes; ops/walk runs it"]
fn everybody_gets_from_the_home_page_to_the_result() {
    let Some(axe) = axe() else { return };
    let edition = edition();
    let today = edition.offset().to_datetime(Timestamp::now()).date();
    let who = chosen(everybody(&edition, today, seed()));
    let zone = Zone::open(edition.clone(), 0);
    let driver = Driver::start();
    let walks = Walks {
        zone: &zone,
        edition: &edition,
        today,
        axe: &axe,
        known: Known::default(),
        findings: Findings::default(),
        rows: Mutex::default(),
        next: AtomicUsize::new(0),
        who,
    };
    let begun = Instant::now();
    let browsers =
        std::env::var("YICHUANG_WALK_BROWSERS").ok().and_then(|count| count.parse().ok()).unwrap_or(3);
    std::thread::scope(|scope| {
        for _ in 0..browsers {
            scope.spawn(|| walks.take_turns(&driver));
        }
    });
    let rows = walks.rows.into_inner().expect("nobody holds the rows");
    println!("thing\tparty\tsituation\tmanner\tresult\tseconds\tpages");
    for row in &rows {
        println!("{row}");
    }
    println!("{} people in {:.0} s", rows.len(), begun.elapsed().as_secs_f64());
    assert_eq!(rows.len(), walks.who.len(), "everybody walked");
    walks.findings.close();
}

fn seed() -> usize {
    std::env::var("YICHUANG_WALK_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
}

/// All, those whose thing and situation contain the words, or a part drawn by the seed; for each thing once by keyboard and
/// once without script.
fn chosen(everybody: Vec<Person>) -> Vec<(Person, Manner)> {
    let asked = std::env::var("YICHUANG_WALK").unwrap_or_default();
    let words: Vec<&str> = asked.split_whitespace().collect();
    let all = words == ["all"];
    let fits = |person: &Person| {
        let told = format!("{} {:?} {}", person.title.zh, person.party, person.situation);
        words.iter().all(|word| told.contains(word))
    };
    let mut who: Vec<(Person, Manner)> = Vec::new();
    let mut things = Vec::new();
    for (place, person) in everybody.into_iter().enumerate() {
        if all
            || (!words.is_empty() && fits(&person))
            || (words.is_empty() && (place + seed()).is_multiple_of(EVERY))
        {
            if all && !things.contains(&person.thing) && person.closed.is_empty() {
                things.push(person.thing.clone());
                who.push((person.clone(), KEYS));
                who.push((person.clone(), PLAIN));
            }
            who.push((person, TOUCH));
        }
    }
    who
}

impl Walks<'_> {
    fn take_turns(&self, driver: &Driver) {
        let mut held: Option<Browser> = None;
        while let Some((person, manner)) = self.who.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            let Manner(_, look, hand) = *manner;
            let begun = Instant::now();
            // The driver falls silent now and then, which says nothing of the site.
            for _ in 0..3 {
                let ended = catch_unwind(AssertUnwindSafe(|| {
                    let browser = match held.take() {
                        Some(browser) if browser.look == look => browser,
                        _ => driver.open(look),
                    };
                    let pages = self.walk(person, &browser, hand);
                    held = Some(browser);
                    pages
                }));
                match ended {
                    Ok((result, pages)) => {
                        let Person { title, party, situation, .. } = person;
                        let row = format!(
                            "{}\t{party:?}\t{situation}\t{}\t{result}\t{:.1}\t{pages}",
                            title.zh,
                            manner.0,
                            begun.elapsed().as_secs_f64()
                        );
                        eprintln!("{row}");
                        self.rows.lock().expect("nobody failed while writing").push(row);
                        break;
                    }
                    Err(why) if why.is::<Silent>() => held = None,
                    Err(why) => std::panic::resume_unwind(why),
                }
            }
        }
    }

    /// What breaks off is a finding too.
    fn walk(&self, person: &Person, browser: &Browser, hand: Hand) -> (String, usize) {
        let citizen = Citizen {
            person,
            browser,
            hand,
            zone: self.zone,
            edition: self.edition,
            today: self.today,
            axe: self.axe,
            known: &self.known,
            findings: &self.findings,
            paper: paper(),
            steps: RefCell::default(),
            pages: RefCell::default(),
        };
        let result = match catch_unwind(AssertUnwindSafe(|| citizen.walk())) {
            Ok(result) => result,
            Err(why) if why.is::<Silent>() => std::panic::resume_unwind(why),
            Err(why) => {
                let said = why.downcast_ref::<String>().cloned();
                let said = said.or_else(|| why.downcast_ref::<&str>().map(|said| (*said).to_owned()));
                let said = said.unwrap_or_default().replace(self.zone.host.as_str(), "");
                let brief = said.lines().next().unwrap_or_default().to_owned();
                self.findings.add(
                    &format!("{}: broke off: {brief}", person.title.zh),
                    &citizen.steps.borrow(),
                    Some(browser),
                );
                "broke off".into()
            }
        };
        let pages = *citizen.pages.borrow();
        (result, pages)
    }
}
