//! One person's way, page by page, from the home page to the result.

use std::cell::RefCell;

use catalogue::{Edition, PartyKind};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

use crate::answers::{Asked, Said, said};
use crate::driver::Browser;
use crate::findings::Findings;
use crate::hand::Hand;
use crate::look::{Known, judge, kind_of};
use crate::people::Person;
use crate::zone::Zone;

/// Pages from the first to the number; more would be a page that leads back to itself.
pub const PAGES_MAX: usize = 60;
/// As often somebody tries again what the page refused.
pub const TRIES_MAX: usize = 3;
pub const PDF: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Size 4/Root 1 0 R>>\n%%EOF\n";

/// A control that waits for an answer, with those that belong to its group.
#[derive(Debug, Deserialize)]
struct Control {
    mark: usize,
    name: String,
    kind: String,
    options: Vec<String>,
    /// The places of the options that are chosen.
    chosen: Vec<usize>,
    required: bool,
    filled: bool,
    value: String,
}

/// How far somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Something that was found stood in the way.
    Nowhere,
    /// Told, rightly, that it is closed to such a party.
    Closed,
    Number,
    Result,
}

const CONTROLS: &str = "
    const seen = new Map(), out = [];
    document.querySelectorAll('[data-walk]').forEach(each => each.removeAttribute('data-walk'));
    for (const each of document.querySelectorAll('main [name^=\"f.\"]')) {
        if (each.type === 'hidden' || each.closest('details:not([open])') || !(each.closest('label, .question, fieldset') || each).getClientRects().length) continue;
        const many = each.type === 'radio' || each.type === 'checkbox';
        let control = many ? seen.get(each.type + each.name) : null;
        if (!control) {
            control = {mark: out.length, name: each.name, kind: each.tagName === 'SELECT' ? 'select' : each.type, options: [], chosen: [], filled: false, value: each.value || '',
                required: each.getAttribute('aria-required') === 'true' || each.required || many};
            out.push(control); seen.set(each.type + each.name, control);
        }
        if (many) {
            (each.closest('label') || each).dataset.walk = control.mark + '-' + control.options.length;
            if (each.checked) control.chosen.push(control.options.length);
            control.options.push(each.value); control.filled = control.filled || each.checked;
        } else {
            each.dataset.walk = control.mark;
            if (control.kind === 'select') control.options = [...each.options].map(one => one.value);
            control.filled = each.value !== '';
        }
    }
    return out;";

pub struct Citizen<'w> {
    pub person: &'w Person,
    pub browser: &'w Browser,
    pub hand: Hand,
    pub zone: &'w Zone,
    pub edition: &'w Edition,
    pub today: Date,
    pub axe: &'w str,
    pub known: &'w Known,
    pub findings: &'w Findings,
    /// A real document on the disk.
    pub paper: String,
    pub steps: RefCell<Vec<String>>,
    pub pages: RefCell<usize>,
}

/// Written once: a browser refuses to send a file that changed after it was chosen.
pub fn paper() -> String {
    static PAPER: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let write = || {
        let path = std::env::temp_dir().join(format!("yichuang-walk-{}.pdf", std::process::id()));
        std::fs::write(&path, PDF).expect("a temporary file can be written");
        path.into_os_string().into_string().expect("a UTF-8 path")
    };
    PAPER.get_or_init(write).clone()
}

impl Citizen<'_> {
    /// How far somebody came, and how it ended in a word.
    pub fn walk(&self) -> (Reached, String) {
        self.browser.forget();
        self.browser.go(&format!("http://{}/", self.zone.host));
        self.look();
        self.find_thing();
        match self.apply() {
            Ok(number) => self.settle(&number),
            Err(ended) => ended,
        }
    }

    fn found(&self, what: &str) {
        let thing = &self.person.title.zh;
        self.findings.add(&format!("{thing}: {what}"), &self.told(), Some(self.browser));
    }

    fn told(&self) -> Vec<String> {
        let Person { title, party, situation, .. } = self.person;
        let mut told = vec![format!("{} · {party:?} · {situation}", title.zh)];
        told.extend(self.steps.borrow().iter().cloned());
        told
    }

    fn note(&self, step: String) {
        self.steps.borrow_mut().push(step);
    }

    fn look(&self) {
        *self.pages.borrow_mut() += 1;
        self.note(self.browser.path());
        let who = (self.person.title.zh.as_str(), self.person.own.as_str());
        for wrong in judge(self.browser, &self.zone.host, who, self.axe, self.known) {
            self.findings.add(&wrong, &self.told(), Some(self.browser));
        }
    }

    fn follow(&self, selector: &str) {
        self.note(format!("  press {selector}"));
        self.hand.follow(self.browser, selector);
        self.look();
    }

    fn find_thing(&self) {
        let title = &self.person.title.zh;
        let marked = |browser: &Browser| {
            let script = "for (const a of document.querySelectorAll('main a[href^=\"/things/\"]')) if (a.innerText.trim() === arguments[0]) { a.dataset.walk = 'thing'; return true; } return false;";
            browser.run(script, &json!(title)) == true
        };
        if !marked(self.browser) {
            self.hand.write(self.browser, "#q", title);
            self.follow("form[role=search] button");
            assert!(marked(self.browser), "{title} is not found by its own title");
        }
        self.follow("[data-walk=thing]");
    }

    /// To the number; otherwise how it ended.
    fn apply(&self) -> Result<String, (Reached, String)> {
        let ended = |word: &str| Err((Reached::Nowhere, word.to_owned()));
        let (mut reckoned, mut refused) = (false, 0);
        for _ in 0..PAGES_MAX {
            let path = self.browser.path();
            let path = path.split(['#', '?']).next().unwrap_or_default();
            if let Some(number) = path.strip_prefix("/cases/").and_then(|rest| rest.strip_suffix("/number")) {
                return Ok(number.to_owned());
            }
            if self.browser.has(".error-summary") {
                refused += 1;
                let said = self.browser.one(".error-summary").text().replace('\n', " ");
                self.found(&format!("{}: everything asked was answered, yet: {said}", kind_of(path)));
                if refused > TRIES_MAX {
                    return ended("refused");
                }
            }
            if path.starts_with("/things/") {
                self.begin(&mut reckoned);
            } else if path.contains("/s/") {
                self.attach_answers();
                self.fill();
                self.follow("form[data-autosave] .actions button[value=on]");
            } else if path.ends_with("/papers") {
                self.bring();
            } else if self.browser.has("form[action$=\"/submit\"] button[type=submit]") {
                self.follow("form[action$=\"/submit\"] button[type=submit]");
            } else if !self.person.closed.is_empty() {
                return self.told_closed();
            } else if path.ends_with("/check") {
                let text = self.browser.text();
                let missing = text
                    .lines()
                    .filter(|line| !line.is_empty())
                    .skip(2)
                    .take(4)
                    .collect::<Vec<_>>()
                    .join(" ");
                self.found(&format!("the check page has nothing to press: {missing}"));
                return ended("cannot hand in");
            } else if self.browser.has(".actions a.button") {
                self.follow(".actions a.button");
            } else {
                self.found(&format!("{}: nothing leads on", kind_of(path)));
                return ended("dead end");
            }
        }
        self.found("the form goes round in a circle");
        ended("a circle")
    }

    /// The situation calls for what is not open to this party; the page must say so.
    fn told_closed(&self) -> Result<String, (Reached, String)> {
        let text = self.browser.text();
        if self.person.closed.iter().any(|item| text.contains(item.as_str())) {
            return Err((Reached::Closed, "told that it is closed".into()));
        }
        self.found("the situation is closed to this party, and the page does not say so");
        Err((Reached::Nowhere, "cannot hand in".into()))
    }

    /// On the guide: says what the own situation is, looks what it takes, and begins.
    fn begin(&self, reckoned: &mut bool) {
        let own = "main form[method=get]:not([role=search])";
        let party = match self.person.party {
            PartyKind::Natural => "natural",
            PartyKind::Legal => "legal",
        };
        let choice = format!("{own} input[type=radio][name=party][value={party}]");
        if !*reckoned && (self.browser.has(&format!("{own} [name^=\"f.\"]")) || self.browser.has(&choice)) {
            *reckoned = true;
            if self.browser.has(&choice) {
                self.hand.choose(self.browser, &choice);
            }
            self.fill();
            self.follow(&format!("{own} button[type=submit]"));
            return;
        }
        self.follow("form.begin button[type=submit]");
    }

    /// Answers everything that the page asks, and what appears by answering.
    fn fill(&self) {
        const ROUNDS_MAX: usize = 4;
        for _ in 0..ROUNDS_MAX {
            let asked = self.browser.run(CONTROLS, &json!(null));
            let asked: Vec<Control> = serde_json::from_value(asked).expect("controls are described");
            let mut touched = false;
            for control in &asked {
                touched |= self.answer(control);
            }
            // Only what is chosen brings further questions.
            if !touched {
                return;
            }
        }
    }

    /// Whether something was chosen that may bring further questions.
    fn answer(&self, control: &Control) -> bool {
        let asked = Asked {
            name: &control.name,
            is_list: control.kind == "select",
            required: control.required,
            filled: control.filled,
        };
        let Some(Said { texts, lacked }) = said(self.person, self.edition, self.today, asked) else {
            return false;
        };
        if let Some(field) = lacked {
            self.found(&format!("asks for {field}, which nobody has in this situation"));
        }
        match control.kind.as_str() {
            "radio" | "checkbox" => {
                let mut touched = false;
                for text in &texts {
                    touched |= self.choose(control, text);
                }
                touched
            }
            _ => self.enter_text(control, &texts[0]),
        }
    }

    fn choose(&self, control: &Control, text: &str) -> bool {
        let place = control.options.iter().position(|option| option == text);
        let Some(place) = place.filter(|place| !control.chosen.contains(place)) else { return false };
        self.note(format!("  choose {} = {text}", control.name));
        let label = format!("[data-walk=\"{}-{place}\"]", control.mark);
        match self.hand {
            // The next look at the controls tells whether it took.
            Hand::Touch => self.browser.touch(&label),
            Hand::Keys => self.hand.choose(self.browser, &format!("{label} input, input{label}")),
        }
        true
    }

    fn enter_text(&self, control: &Control, text: &str) -> bool {
        let mark = control.mark;
        match control.kind.as_str() {
            "select" => {
                let Some(place) = control.options.iter().position(|option| option == text) else {
                    return false;
                };
                if control.value == text {
                    return false;
                }
                self.note(format!("  pick {} = {}", control.name, text));
                self.hand.pick(self.browser, &format!("[data-walk=\"{mark}\"]"), place);
                true
            }
            "file" => false,
            _ if control.filled => false,
            _ => {
                self.note(format!("  type {} = {}", control.name, text));
                let selector = format!("[data-walk=\"{mark}\"]");
                match self.hand {
                    // As the keyboard of a phone gives a whole word.
                    Hand::Touch if control.kind != "date" => {
                        self.browser.touch(&selector);
                        self.browser.insert(text);
                    }
                    _ => self.hand.write(self.browser, &selector, text),
                }
                false
            }
        }
    }

    /// A file that is an answer has a page of its own.
    fn attach_answers(&self) {
        const FILES_MAX: usize = 8;
        let bare = "const bare = [...document.querySelectorAll('button[name=attach]')].find(each => { const note = each.previousElementSibling; return !note || note.classList.contains('quiet'); });
            if (!bare) return false; bare.dataset.walk = 'attach'; return true;";
        for _ in 0..FILES_MAX {
            if self.browser.run(bare, &json!(null)) != true {
                return;
            }
            self.follow("[data-walk=attach]");
            self.browser.attach("main input[type=file]", &self.paper);
            self.follow("main form[enctype] button[type=submit]");
        }
    }

    /// All papers, one after the other, and on from there.
    fn bring(&self) {
        const PAPERS_MAX: usize = 40;
        let bare = "section.paper:not(:has(ul.files)) .upload";
        for _ in 0..PAPERS_MAX {
            let wanted = self.browser.all(bare).len();
            if wanted == 0 {
                break;
            }
            self.note("  bring a paper".into());
            self.browser.attach(&format!("{bare} input[type=file]"), &self.paper);
            if !self.browser.look.script {
                self.follow(&format!("{bare} button[type=submit]"));
                continue;
            }
            // Choosing sends: the paper's own part of the page changes, and nothing else does.
            const ARRIVED: &str = "const done = arguments[arguments.length - 1], [bare, wanted] = arguments[0];
                (function look(tries) {
                    if (document.querySelectorAll(bare).length < wanted || !tries) done(!!tries); else setTimeout(look, 25, tries - 1);
                })(800);";
            assert!(
                self.browser.run_later(ARRIVED, &json!([bare, wanted])) == true,
                "a paper that was chosen does not go up:\n{}",
                self.browser.text()
            );
        }
        self.look();
        self.follow("main .actions button[name=go][value=check]");
    }

    /// Officers work, the applicant does what is theirs, until the result lies there.
    fn settle(&self, number: &str) -> (Reached, String) {
        let stuck = |word: &str| (Reached::Number, word.to_owned());
        const TURNS_MAX: usize = 6;
        let case = format!("http://{}/cases/{number}", self.zone.host);
        for _ in 0..TURNS_MAX {
            if let Err(why) = self.zone.work(number, false) {
                self.found(&format!("officers cannot go on: {why}"));
                return stuck("stuck at the office");
            }
            self.browser.go(&case);
            self.look();
            let own = "section.todo form button[type=submit]";
            if !self.browser.has(own) {
                break;
            }
            self.follow(own);
        }
        let result = "main a[href*=\"/results/\"]";
        if self.browser.has(result) {
            self.follow(result);
            return (Reached::Result, "result".into());
        }
        if self.browser.has("section.todo") || self.browser.text().contains("section.todo") {
            self.found("the applicant's own step does not end");
            return stuck("waits for the applicant");
        }
        // Some items end without a paper: the page says that they are done.
        (Reached::Result, "done, without a paper".into())
    }
}
