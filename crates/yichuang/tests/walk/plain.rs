//! Everybody's way to the number by forms alone, as a browser without script sends them; and what the pages on it are made
//! of, so that whoever looks at pages need not look at the same ones again.

use std::cell::RefCell;
use std::collections::BTreeSet;

use catalogue::{Edition, PartyKind};
use jiff::civil::Date;

use crate::answers::{Asked, Said, said};
use crate::citizen::{PAGES_MAX, PDF, Reached, TRIES_MAX};
use crate::findings::Findings;
use crate::html::{self, Form};
use crate::look::{self, kind_of};
use crate::people::Person;
use crate::visitor::{Page, Visitor, encode, together};
use crate::zone::Zone;

pub struct Plain<'w> {
    pub person: &'w Person,
    pub edition: &'w Edition,
    pub today: Date,
    pub findings: &'w Findings,
    visitor: Visitor,
    steps: RefCell<Vec<String>>,
    met: RefCell<BTreeSet<String>>,
}

/// How far somebody came.
pub struct Way {
    pub reached: Reached,
    /// The number, or how it ended.
    pub ended: String,
    /// What the pages on the way are made of.
    pub met: BTreeSet<String>,
    pub pages: usize,
    /// Who goes on from there.
    pub visitor: Visitor,
}

impl<'w> Plain<'w> {
    pub fn new(
        person: &'w Person,
        zone: &'w Zone,
        edition: &'w Edition,
        today: Date,
        findings: &'w Findings,
    ) -> Self {
        let (steps, met) = Default::default();
        Self { person, edition, today, findings, visitor: Visitor::new(&zone.host), steps, met }
    }

    pub fn walk(self) -> Way {
        let (reached, ended) = match self.to_the_number() {
            Ok(number) => (Reached::Number, number),
            Err(ended) => ended,
        };
        let pages = self.steps.borrow().len();
        Way { reached, ended, met: self.met.take(), pages, visitor: self.visitor }
    }

    fn found(&self, what: &str) {
        let Person { title, party, situation, .. } = self.person;
        let mut told = vec![format!("{} · {party:?} · {situation} (forms alone)", title.zh)];
        told.extend(self.steps.borrow().iter().cloned());
        self.findings.add(&format!("{}: {what}", title.zh), &told, None);
    }

    fn ended(&self, word: &str, what: &str) -> (Reached, String) {
        self.found(what);
        (Reached::Nowhere, word.to_owned())
    }

    fn to_the_number(&self) -> Result<String, (Reached, String)> {
        let mut page = self.get(&format!("/things/{}", encode(self.person.thing.as_str())))?;
        let (mut reckoned, mut refused) = (false, 0);
        let mut attached = BTreeSet::new();
        for _ in 0..PAGES_MAX {
            let path = page.path.split(['#', '?']).next().unwrap_or_default().to_owned();
            let kind = kind_of(&path);
            if let Some(number) = path.strip_prefix("/cases/").and_then(|rest| rest.strip_suffix("/number")) {
                return Ok(number.to_owned());
            }
            if page.body.contains("class=\"error-summary") {
                refused += 1;
                let said = summary(&page.body);
                self.found(&format!("{kind}: everything asked was answered, yet: {said}"));
                if refused > TRIES_MAX {
                    return Err((Reached::Nowhere, "refused".into()));
                }
            } else if page.status != 200 {
                return Err(self.ended("refused", &format!("{kind}: {}", page.status)));
            }
            let forms = html::forms(&page.body);
            let form = |part: &str| forms.iter().find(|form| form.action.contains(part));
            page = if path.starts_with("/things/") {
                self.begin(&forms, &mut reckoned)?
            } else if path.contains("/s/") {
                match self.wanted_file(&page, &attached) {
                    Some(field) => {
                        let draft = path.split("/s/").next().unwrap_or_default();
                        let to = format!("{draft}/answer-file/{}", encode(&field));
                        attached.insert(field);
                        self.send(&to, &[], &["file".to_owned()])?;
                        self.get(&path)?
                    }
                    None => {
                        let form =
                            form("/s/").ok_or_else(|| self.ended("dead end", &format!("{kind}: no form")))?;
                        self.post(&form.action, &self.filled(form, "on"))?
                    }
                }
            } else if path.ends_with("/papers") {
                let files: Vec<String> = names(&page.body, "name=\"file:")
                    .into_iter()
                    .filter(|name| attached.insert(name.clone()))
                    .map(|name| format!("file:{name}"))
                    .collect();
                self.send(&path, &[("go".to_owned(), "check".to_owned())], &files)?
            } else if let Some(form) = form("/submit") {
                self.post(&form.action, &form.untouched())?
            } else if !self.person.closed.is_empty() {
                return Err(self.told_closed(&page));
            } else if let Some(to) = way_on(&page.body).filter(|_| !path.ends_with("/check")) {
                self.get(&to)?
            } else {
                return Err(self.ended("dead end", &format!("{kind}: nothing leads on")));
            };
        }
        Err(self.ended("a circle", "the form goes round in a circle"))
    }

    fn told_closed(&self, page: &Page) -> (Reached, String) {
        let text = html::text(&page.body);
        if self.person.closed.iter().any(|item| text.contains(item.as_str())) {
            return (Reached::Closed, "told that it is closed".into());
        }
        self.ended("cannot hand in", "the situation is closed to this party, and the page does not say so")
    }

    /// On the guide: says what the own situation is, and begins.
    fn begin(&self, forms: &[Form], reckoned: &mut bool) -> Result<Page, (Reached, String)> {
        let of_guide = |form: &&Form| {
            let asks = |name: &str| name == "party" || name.starts_with("f.");
            form.method == "get" && form.names().into_iter().any(asks)
        };
        if let Some(form) = forms.iter().find(of_guide).filter(|_| !*reckoned) {
            *reckoned = true;
            let mut pairs = self.filled(form, "");
            if form.names().contains(&"party") {
                pairs.retain(|(name, _)| name != "party");
                let party = match self.person.party {
                    PartyKind::Natural => "natural",
                    PartyKind::Legal => "legal",
                };
                pairs.push(("party".into(), party.into()));
            }
            return self.get(&format!("{}?{}", form.action, together(&pairs)));
        }
        let begin = forms.iter().find(|form| form.action == "/drafts" && form.method == "post");
        let begin = begin.ok_or_else(|| self.ended("dead end", "the guide has nothing to begin with"))?;
        self.post(&begin.action, &begin.untouched())
    }

    /// The controls of a form with what this person says to them.
    fn filled(&self, form: &Form, go: &str) -> Vec<(String, String)> {
        let mut pairs = form.untouched();
        let mut done = BTreeSet::new();
        for control in form.controls.iter().filter(|control| control.name.starts_with("f.")) {
            let name = control.name.as_str();
            let many = matches!(control.kind.as_str(), "radio" | "checkbox");
            let (is_list, is_file) = (control.tag == "option", control.kind == "file");
            if control.kind == "hidden" || is_file || control.tag == "button" || !done.insert((name, is_list))
            {
                continue;
            }
            let filled = pairs
                .iter()
                .any(|(other, value)| other == name && !value.is_empty() && !value.ends_with(':'));
            let asked = Asked { name, is_list, required: control.required || many, filled };
            let Some(Said { texts, lacked }) = said(self.person, self.edition, self.today, asked) else {
                continue;
            };
            if let Some(field) = lacked {
                self.found(&format!("asks for {field}, which nobody has in this situation"));
            }
            if many || is_list {
                // What stood there is chosen no longer; of a number beside its list only the list.
                pairs.retain(|(other, value)| {
                    other != name
                        || is_list && !value.ends_with(':') && !texts[0].is_empty() && texts[0].ends_with(':')
                });
                let place = pairs.iter().position(|(other, _)| other == name).unwrap_or(pairs.len());
                for (at, text) in texts.into_iter().enumerate() {
                    pairs.insert(place + at, (name.to_owned(), text));
                }
            } else if !filled {
                let empty = pairs.iter().position(|(other, value)| other == name && value.is_empty());
                match empty {
                    Some(place) => pairs[place].1 = texts[0].clone(),
                    None => pairs.push((name.to_owned(), texts[0].clone())),
                }
            }
        }
        if !go.is_empty() {
            pairs.push(("go".into(), go.into()));
        }
        pairs
    }

    /// A file that is an answer and not there yet.
    fn wanted_file(&self, page: &Page, attached: &BTreeSet<String>) -> Option<String> {
        names(&page.body, "name=\"attach\" value=\"").into_iter().find(|field| !attached.contains(field))
    }

    fn get(&self, path: &str) -> Result<Page, (Reached, String)> {
        self.arrive(path, self.visitor.get(path))
    }

    fn post(&self, path: &str, pairs: &[(String, String)]) -> Result<Page, (Reached, String)> {
        self.arrive(path, self.visitor.post(path, pairs))
    }

    fn send(
        &self,
        path: &str,
        fields: &[(String, String)],
        files: &[String],
    ) -> Result<Page, (Reached, String)> {
        self.arrive(path, self.visitor.send(path, fields, files, PDF))
    }

    fn arrive(&self, path: &str, answer: std::io::Result<Page>) -> Result<Page, (Reached, String)> {
        let page = answer.map_err(|error| self.ended("no answer", &format!("{}: {error}", kind_of(path))))?;
        self.steps.borrow_mut().push(page.path.clone());
        self.judge(&page);
        Ok(page)
    }

    fn judge(&self, page: &Page) {
        let kind = kind_of(&page.path);
        let main = page.body.find("<main").map_or(page.body.as_str(), |at| &page.body[at..]);
        let main = main.split("</main>").next().unwrap_or(main);
        for wrong in look::words(&html::text(main), "zh", &self.person.own) {
            self.found(&format!("{kind}: {wrong}"));
        }
        self.met.borrow_mut().extend(made_of(self.person.thing.as_str(), &kind, main));
    }
}

/// The kinds of elements of a page, each with the name under which it is sent: every question on its page, whatever else is asked
/// there. All that is asked together is answered by forms alone.
fn made_of(thing: &str, kind: &str, main: &str) -> BTreeSet<String> {
    let mut met = BTreeSet::new();
    for tag in main.split('<').skip(1).filter(|tag| !tag.starts_with('/')) {
        let tag = tag.split('>').next().unwrap_or_default();
        let element = tag.split([' ', '\n']).next().unwrap_or_default();
        let of = |attribute: &str| {
            let rest = tag.split_once(&format!(" {attribute}=\""))?.1;
            Some(rest.split('"').next().unwrap_or_default())
        };
        let name = of("name").filter(|name| name.starts_with("f.") || name.starts_with("file:"));
        let parts = [Some(element), of("class"), of("type"), of("role"), name].map(Option::unwrap_or_default);
        met.insert(format!("{thing} {kind} {}", parts.join(" ")));
    }
    met
}

/// What stands behind each of the marks, up to the next quotation mark.
fn names(body: &str, mark: &str) -> Vec<String> {
    let found = body.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
    found.map(|name| name.replace("&amp;", "&")).collect()
}

/// Where the large button leads.
fn way_on(body: &str) -> Option<String> {
    let main = body.split_once("<main")?.1;
    let links = main.split("<a ").skip(1).filter_map(|tag| tag.split('>').next());
    let button = links.into_iter().find(|tag| {
        tag.split_once("class=\"").is_some_and(|(_, rest)| {
            rest.split('"').next().is_some_and(|class| class.split(' ').any(|one| one == "button"))
        })
    })?;
    Some(button.split_once("href=\"")?.1.split('"').next()?.replace("&amp;", "&"))
}

fn summary(body: &str) -> String {
    let at = body.find("error-summary").and_then(|at| body[..at].rfind('<')).unwrap_or(0);
    let list = body[at..].split("</div>").next().unwrap_or_default();
    html::text(list).split_whitespace().collect::<Vec<_>>().join(" ")
}
