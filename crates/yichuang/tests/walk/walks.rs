//! The walks themselves, a few at a time.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use catalogue::Edition;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::citizen::{Citizen, Reached, paper};
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
    rows: Mutex<Vec<Row>>,
    next: AtomicUsize,
    who: Vec<Comer>,
}

/// Who comes, and how.
struct Comer {
    person: Person,
    manner: Manner,
    to_result: bool,
}

/// What came of it.
struct Row {
    /// The place among all who come.
    who: usize,
    reached: Reached,
    ended: String,
    pages: usize,
    seconds: f64,
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
    println!("{} people come", walks.who.len());
    let begun = Instant::now();
    let browsers =
        std::env::var("YICHUANG_WALK_BROWSERS").ok().and_then(|count| count.parse().ok()).unwrap_or(3);
    std::thread::scope(|scope| {
        for _ in 0..browsers {
            scope.spawn(|| walks.take_turns(&driver));
        }
    });
    let seconds = begun.elapsed().as_secs_f64();
    let rows = walks.rows.into_inner().expect("nobody holds the rows");
    println!("thing\tparty\tsituation\tmanner\tended\tseconds\tpages");
    for row in &rows {
        println!("{}", walks.who[row.who].told(row));
    }
    let pages: usize = rows.iter().map(|row| row.pages).sum();
    let results = rows.iter().filter(|row| row.reached == Reached::Result).count();
    let (kinds, shapes) = walks.known.counts();
    println!(
        "{} people, {results} of them to the result, {pages} pages; {kinds} kinds of pages and {shapes} of elements in axe; \
         {seconds:.0} s, {:.0} s of the processors for the site and the hands",
        rows.len(),
        own_seconds()
    );
    walks.findings.close();
    came_through(&walks.who, &rows, &edition);
}

/// Of this process: the site and what moves the browsers, which have processes of their own.
fn own_seconds() -> f64 {
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let times = after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    times.sum::<f64>() / TICKS
}

/// That nobody was missed: everybody has a number or was told why not, and of each thing somebody of each party that is
/// not closed has the result.
fn came_through(who: &[Comer], rows: &[Row], edition: &Edition) {
    let walked: BTreeSet<usize> = rows.iter().map(|row| row.who).collect();
    assert_eq!(walked.len(), who.len(), "everybody walked");
    let short: Vec<String> = rows
        .iter()
        .filter(|row| {
            let Comer { person, to_result, .. } = &who[row.who];
            let wanted = match (person.closed.is_empty(), to_result) {
                (false, _) => Reached::Closed,
                (true, false) => Reached::Number,
                (true, true) => Reached::Result,
            };
            row.reached != wanted
        })
        .map(|row| who[row.who].told(row))
        .collect();
    assert!(short.is_empty(), "they did not get where they wanted to: {short:#?}");
    if !std::env::var("YICHUANG_WALK").is_ok_and(|who| who == "all") {
        return;
    }
    for thing in edition.parts().things.values() {
        if edition.zone().callback.as_ref() == Some(&thing.id) {
            continue;
        }
        for party in &thing.applicants {
            let came = |row: &&Row| {
                let person = &who[row.who].person;
                person.thing == thing.id && person.party == *party
            };
            let best = rows.iter().filter(came).map(|row| row.reached).max();
            assert!(best == Some(Reached::Result), "{} {party:?}: {best:?}", thing.id);
        }
    }
}

impl Comer {
    fn told(&self, row: &Row) -> String {
        let Person { title, party, situation, .. } = &self.person;
        let Row { ended, seconds, pages, .. } = row;
        format!("{}\t{party:?}\t{situation}\t{}\t{ended}\t{seconds:.1}\t{pages}", title.zh, self.manner.0)
    }
}

fn seed() -> usize {
    std::env::var("YICHUANG_WALK_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
}

/// All, those whose thing and situation contain the words, or a part drawn by the seed; for each thing once by keyboard and
/// once without script.
fn chosen(everybody: Vec<Person>) -> Vec<Comer> {
    let asked = std::env::var("YICHUANG_WALK").unwrap_or_default();
    let words: Vec<&str> = asked.split_whitespace().collect();
    let all = words == ["all"];
    let fits = |person: &Person| {
        let told = format!("{} {:?} {}", person.title.zh, person.party, person.situation);
        words.iter().all(|word| told.contains(word))
    };
    let mut who: Vec<Comer> = Vec::new();
    let (mut things, mut results) = (BTreeSet::new(), BTreeSet::new());
    for (place, person) in everybody.into_iter().enumerate() {
        if all
            || (!words.is_empty() && fits(&person))
            || (words.is_empty() && (place + seed()).is_multiple_of(EVERY))
        {
            // The first with the same items goes on to the result; what officers do with the others is the same.
            let first = results.insert((person.thing.clone(), person.party, person.items.clone()));
            if all && person.closed.is_empty() && things.insert(person.thing.clone()) {
                for manner in [KEYS, PLAIN] {
                    who.push(Comer { person: person.clone(), manner, to_result: true });
                }
            }
            who.push(Comer { person, manner: TOUCH, to_result: first || !all });
        }
    }
    // A browser is opened anew for each manner.
    who.sort_by_key(|comer| [KEYS.0, PLAIN.0, TOUCH.0].iter().position(|manner| *manner == comer.manner.0));
    who
}

impl Walks<'_> {
    fn take_turns(&self, driver: &Driver) {
        let mut held: Option<Browser> = None;
        loop {
            let who = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(comer) = self.who.get(who) else { return };
            let Manner(_, look, _) = comer.manner;
            let begun = Instant::now();
            // The driver falls silent now and then, which says nothing of the site.
            for _ in 0..3 {
                let ended = catch_unwind(AssertUnwindSafe(|| {
                    let browser = match held.take() {
                        Some(browser) if browser.look == look => browser,
                        _ => driver.open(look),
                    };
                    let walked = self.walk(comer, &browser);
                    held = Some(browser);
                    walked
                }));
                match ended {
                    Ok(((reached, ended), pages)) => {
                        let seconds = begun.elapsed().as_secs_f64();
                        let row = Row { who, reached, ended, pages, seconds };
                        eprintln!("{}/{} {}", who + 1, self.who.len(), comer.told(&row));
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
    fn walk(&self, comer: &Comer, browser: &Browser) -> ((Reached, String), usize) {
        let Comer { person, manner: Manner(_, _, hand), to_result } = comer;
        let citizen = Citizen {
            person,
            browser,
            hand: *hand,
            to_result: *to_result,
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
                (Reached::Nothing, "broke off".into())
            }
        };
        let pages = *citizen.pages.borrow();
        (result, pages)
    }
}
