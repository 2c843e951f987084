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
use crate::plain::{Plain, Way};
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

/// Everybody who comes by forms alone, with what came of it.
type Ways = Vec<(Person, Way)>;

/// Who comes, and how.
struct Comer {
    person: Person,
    manner: Manner,
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
    let people = chosen(everybody(&edition, today, seed()));
    let zone = Zone::open(edition.clone(), 0);
    let (findings, begun) = (Findings::default(), Instant::now());
    println!("{} people come by forms alone", people.len());
    let ways = all_by_forms(people, &zone, &edition, today, &findings);
    let (pages, seconds) =
        (ways.iter().map(|(_, way)| way.pages).sum::<usize>(), begun.elapsed().as_secs_f64());
    println!("{} people, {pages} pages by forms alone, {seconds:.0} s", ways.len());
    let who = lookers(&ways, &edition);
    println!("{} of them look at the pages in browsers", who.len());
    let driver = Driver::start();
    let (known, rows) = Default::default();
    let (edition, zone) = (&edition, &zone);
    let walks =
        Walks { zone, edition, today, axe: &axe, known, findings, rows, next: AtomicUsize::new(0), who };
    let browsers =
        std::env::var("YICHUANG_WALK_BROWSERS").ok().and_then(|count| count.parse().ok()).unwrap_or(3);
    std::thread::scope(|scope| {
        for _ in 0..browsers {
            scope.spawn(|| walks.take_turns(&driver));
        }
    });
    // Once the driver is gone, its time counts as that of this process's children, with all its browsers.
    drop(driver);
    let rows = walks.rows.into_inner().expect("nobody holds the rows");
    println!("thing\tparty\tsituation\tmanner\tended\tseconds\tpages");
    for row in &rows {
        println!("{}", walks.who[row.who].told(row));
    }
    let looked: usize = rows.iter().map(|row| row.pages).sum();
    let (kinds, shapes) = walks.known.counts();
    println!(
        "{} people and {pages} pages by forms alone, {} of them and {looked} pages in browsers up to the result; {kinds} kinds \
         of pages and {shapes} of elements in axe; {:.0} s, {:.0} s of the processors",
        ways.len(),
        rows.len(),
        begun.elapsed().as_secs_f64(),
        processor_seconds()
    );
    walks.findings.close();
    came_through(&ways, &walks.who, &rows, edition);
}

/// Everybody, a few at a time.
fn all_by_forms(
    people: Vec<Person>,
    zone: &Zone,
    edition: &Edition,
    today: Date,
    findings: &Findings,
) -> Ways {
    const AT_ONCE: usize = 4;
    let (next, ways) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(person) = people.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let way = Plain::new(person, zone, edition, today, findings).walk();
                    ways.lock().expect("nobody failed while writing").push((person.clone(), way));
                }
            });
        }
    });
    ways.into_inner().expect("nobody holds the ways")
}

/// Those who look: together they see every kind of element and every question of every page that anybody met, every item of each
/// thing for each party, and every answer of a situation. Nobody else sees anything new.
fn lookers(ways: &Ways, edition: &Edition) -> Vec<Comer> {
    let mut unseen: BTreeSet<String> = BTreeSet::new();
    let met: Vec<BTreeSet<String>> = ways
        .iter()
        .map(|(person, way)| {
            let who = format!("{} {:?}", person.thing, person.party);
            let items = person.items.iter().map(|item| format!("{who} item {item}"));
            let answers = person.situation.split(' ').map(|answer| format!("{who} answer {answer}"));
            way.met.iter().cloned().chain(items).chain(answers).collect()
        })
        .collect();
    met.iter().for_each(|met| unseen.extend(met.iter().cloned()));
    let mut who: Vec<Comer> = Vec::new();
    let mut things = BTreeSet::new();
    while !unseen.is_empty() {
        let best = (0..ways.len()).max_by_key(|place| met[*place].intersection(&unseen).count());
        let Some(place) = best else { break };
        unseen.retain(|each| !met[place].contains(each));
        let (person, way) = &ways[place];
        if way.reached == Reached::Number && things.insert(person.thing.clone()) {
            who.extend([(KEYS, "甲"), (PLAIN, "乙")].map(|(manner, mark)| {
                let person = person.once_more(edition, mark);
                Comer { person, manner }
            }));
        }
        who.push(Comer { person: person.once_more(edition, "丙"), manner: TOUCH });
    }
    // A browser is opened anew for each manner.
    who.sort_by_key(|comer| [KEYS.0, PLAIN.0, TOUCH.0].iter().position(|manner| *manner == comer.manner.0));
    who
}

/// Of this process and of those that it waited for.
fn processor_seconds() -> f64 {
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let times = after.split_whitespace().skip(11).take(4).filter_map(|ticks| ticks.parse::<f64>().ok());
    times.sum::<f64>() / TICKS
}

/// That nobody was missed: everybody has a number or was told why not, everybody who looks has the result, and among them is
/// somebody of each party of each thing.
fn came_through(ways: &Ways, who: &[Comer], rows: &[Row], edition: &Edition) {
    let wanted = |person: &Person, open| if person.closed.is_empty() { open } else { Reached::Closed };
    let short: Vec<String> = ways
        .iter()
        .filter(|(person, way)| way.reached != wanted(person, Reached::Number))
        .map(|(person, way)| {
            format!("{} {:?} {}: {}", person.title.zh, person.party, person.situation, way.ended)
        })
        .chain(
            rows.iter()
                .filter(|row| row.reached != wanted(&who[row.who].person, Reached::Result))
                .map(|row| who[row.who].told(row)),
        )
        .collect();
    assert!(short.is_empty(), "they did not get where they wanted to: {short:#?}");
    let walked: BTreeSet<usize> = rows.iter().map(|row| row.who).collect();
    assert_eq!(walked.len(), who.len(), "everybody walked");
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

pub fn seed() -> usize {
    std::env::var("YICHUANG_WALK_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
}

/// All, those whose thing and situation contain the words, or a part drawn by the seed; for each thing once by keyboard and
/// once without script.
fn chosen(everybody: Vec<Person>) -> Vec<Person> {
    let asked = std::env::var("YICHUANG_WALK").unwrap_or_default();
    let words: Vec<&str> = asked.split_whitespace().collect();
    let all = words == ["all"];
    let fits = |person: &Person| {
        let told = format!("{} {:?} {}", person.title.zh, person.party, person.situation);
        words.iter().all(|word| told.contains(word))
    };
    let comes = |place: usize, person: &Person| {
        all || !words.is_empty() && fits(person) || words.is_empty() && (place + seed()).is_multiple_of(EVERY)
    };
    everybody
        .into_iter()
        .enumerate()
        .filter(|(place, person)| comes(*place, person))
        .map(|(_, person)| person)
        .collect()
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
        let Comer { person, manner: Manner(_, _, hand) } = comer;
        let citizen = Citizen {
            person,
            browser,
            hand: *hand,
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
                (Reached::Nowhere, "broke off".into())
            }
        };
        let pages = *citizen.pages.borrow();
        (result, pages)
    }
}
