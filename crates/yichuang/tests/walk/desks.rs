//! The officers' side, step by step: for each role and each kind of step of the zone somebody finds a task from the landing
//! page by links alone, does it, says no to another, and prints the notice of it. Every link of the pages on the way answers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Instant;

use catalogue::{Edition, Performer, StepKind};
use jiff::Timestamp;

use crate::findings::Findings;
use crate::html::{self, Form};
use crate::look::kind_of;
use crate::people::{Person, everybody};
use crate::plain::{Plain, Way};
use crate::visitor::{Page, Visitor};
use crate::walks::seed;
use crate::zone::{Due, PASSWORD, Zone, edition};

/// Pages that somebody opens to find a task; more would be no way to work.
const SEARCH_MAX: usize = 40;
/// Acts on one case.
const ACTS_MAX: usize = 200;
/// Of all things, so many in a run of all tests; `ops/walk` takes all.
const THINGS_OF_TESTS: usize = 1;

#[test]
fn every_officer_finds_a_task_does_it_says_no_to_another_and_prints_the_notice() {
    let edition = edition();
    let today = edition.offset().to_datetime(Timestamp::now()).date();
    let zone = Zone::open(edition.clone(), 0);
    let (findings, begun) = (Findings::default(), Instant::now());
    let mut desks = Desks {
        zone: &zone,
        findings: &findings,
        signed_in: BTreeMap::new(),
        done: BTreeSet::new(),
        links: BTreeSet::new(),
        notices: 0,
    };
    let people = whole(&edition, everybody(&edition, today, seed()));
    let applicants: Vec<(Person, Way)> = [false, true]
        .iter()
        .flat_map(|_| people.iter().cloned())
        .map(|person| {
            let way = Plain::new(&person, &zone, &edition, today, &findings).walk();
            (person, way)
        })
        .collect();
    for (place, (person, way)) in applicants.iter().enumerate() {
        desks.work(person, way, place >= people.len());
    }
    println!(
        "{} roles and kinds of steps, {} notices, {} kinds of links, {:.0} s",
        desks.done.len(),
        desks.notices,
        desks.links.len(),
        begun.elapsed().as_secs_f64()
    );
    let done = std::mem::take(&mut desks.done);
    findings.close();
    let items: BTreeSet<&String> = people.iter().flat_map(|person| &person.items).collect();
    let declared = declared(&edition, &items);
    let missed: Vec<_> =
        declared.iter().filter(|(role, kind)| !done.contains(&(role.clone(), *kind, false))).collect();
    assert!(missed.is_empty(), "nobody did these: {missed:?}");
    let refused: BTreeSet<StepKind> =
        done.iter().filter(|(_, _, no)| *no).map(|(_, kind, _)| *kind).collect();
    let may: BTreeSet<StepKind> =
        declared.iter().map(|(_, kind)| *kind).filter(|kind| may_refuse(*kind)).collect();
    let never: Vec<_> = may.difference(&refused).collect();
    assert!(never.is_empty(), "nobody said no in these: {never:?}");
}

/// Of each thing as few people as need every item of it.
fn whole(edition: &Edition, everybody: Vec<Person>) -> Vec<Person> {
    let things = match std::env::var("YICHUANG_WALK").as_deref() {
        Ok("all") => usize::MAX,
        _ => THINGS_OF_TESTS,
    };
    let mut taken = Vec::new();
    let all: Vec<_> = edition.parts().things.keys().collect();
    let drawn = (0..all.len()).map(|place| all[(place + seed()) % all.len()]);
    for thing in drawn.filter(|thing| everybody.iter().any(|person| person.thing == **thing)).take(things) {
        let of: Vec<&Person> =
            everybody.iter().filter(|person| person.thing == *thing && person.closed.is_empty()).collect();
        let mut wanted: BTreeSet<&String> = of.iter().flat_map(|person| &person.items).collect();
        while !wanted.is_empty() {
            let best = of
                .iter()
                .max_by_key(|person| person.items.iter().filter(|item| wanted.contains(item)).count());
            let Some(best) = best else { break };
            wanted.retain(|item| !best.items.contains(item));
            taken.push((*best).clone());
        }
    }
    taken
}

/// Roles and kinds of steps of these items, as the pack declares them.
fn declared(edition: &Edition, items: &BTreeSet<&String>) -> BTreeSet<(String, StepKind)> {
    let own = edition.parts().items.values().filter(|item| items.contains(&item.id.to_string()));
    own.flat_map(|item| item.steps.values())
        .filter(|step| step.when.is_none())
        .filter_map(|step| match &step.by {
            Performer::Role { role } => Some((role.to_string(), step.kind)),
            _ => None,
        })
        .collect()
}

struct Desks<'z> {
    zone: &'z Zone,
    findings: &'z Findings,
    signed_in: BTreeMap<String, (Visitor, String)>,
    /// Role, kind of step, and whether it was refused.
    done: BTreeSet<(String, StepKind, bool)>,
    /// Login and kind of page.
    links: BTreeSet<(String, String)>,
    notices: usize,
}

impl Desks<'_> {
    fn found(&self, due: &Due, number: &str, steps: &[String], what: &str) {
        let Due { login, role, kind, item, .. } = due;
        let mut told = vec![format!("{login} as {role}, {kind:?} of {item}, case {number}")];
        told.extend(steps.iter().cloned());
        self.findings.add(&format!("{role} {kind:?}: {what}"), &told, None);
    }

    /// What officers and the applicant do until nobody can do anything more.
    fn work(&mut self, person: &Person, way: &Way, refuse: bool) {
        const TURNS_MAX: usize = 6;
        let number = way.ended.as_str();
        let told = |what: &str| format!("{}: {what}", person.title.zh);
        for _ in 0..TURNS_MAX {
            for _ in 0..ACTS_MAX {
                let due = match self.zone.due(number, refuse) {
                    Ok(Some(due)) => due,
                    Ok(None) => match self.zone.wait(number) {
                        Ok(true) => continue,
                        Ok(false) => break,
                        Err(error) => return self.findings.add(&told(&error), &[number.to_owned()], None),
                    },
                    Err(error) => return self.findings.add(&told(&error), &[number.to_owned()], None),
                };
                let key = (due.role.clone(), due.kind, refuse);
                let by_page = may_refuse(due.kind) || !refuse;
                if by_page && self.done.insert(key) {
                    self.by_page(number, &due, refuse);
                } else if let Err(error) = self.zone.carry_on(number, due) {
                    return self.findings.add(&told(&error), &[number.to_owned()], None);
                }
            }
            let Ok(page) = way.visitor.get(&format!("/cases/{number}")) else { return };
            let Some(todo) = page.body.split_once("<section class=\"todo").map(|(_, rest)| rest) else {
                return;
            };
            let todo = todo.split("</section>").next().unwrap_or_default();
            let Some(form) = html::forms(todo).into_iter().next() else { return };
            // The first button says yes.
            let button =
                form.controls.iter().find(|control| control.tag == "button" && !control.name.is_empty());
            let pressed = button.map(|button| (button.name.clone(), button.value.clone()));
            let pairs: Vec<_> = form.untouched().into_iter().chain(pressed).collect();
            if way.visitor.post(&form.action, &pairs).is_err() {
                return;
            }
        }
    }

    /// From the landing page to the task, its act, and its notice.
    fn by_page(&mut self, number: &str, due: &Due, refuse: bool) {
        let mut steps = Vec::new();
        if let Err(what) = self.try_by_page(number, due, refuse, &mut steps) {
            self.found(due, number, &steps, &what.replace(number, "*"));
            // So that what comes after it is seen too.
            if let Ok(Some(due)) = self.zone.due(number, refuse) {
                let _ = self.zone.carry_on(number, due);
            }
        }
    }

    fn try_by_page(
        &mut self,
        number: &str,
        due: &Due,
        refuse: bool,
        steps: &mut Vec<String>,
    ) -> Result<(), String> {
        let login = due.login.clone();
        if !self.signed_in.contains_key(&login) {
            let signed_in = sign_in(&self.zone.host, &login)?;
            self.signed_in.insert(login.clone(), signed_in);
        }
        let (visitor, landing) = self.signed_in.remove(&login).ok_or("nobody is signed in")?;
        let did = self.act(&visitor, &landing, number, due, refuse, steps);
        self.signed_in.insert(login, (visitor, landing));
        did
    }

    fn act(
        &mut self,
        visitor: &Visitor,
        landing: &str,
        number: &str,
        due: &Due,
        refuse: bool,
        steps: &mut Vec<String>,
    ) -> Result<(), String> {
        let page = self.search(visitor, landing, number, due, steps)?;
        let mut act = match (due.kind, refuse) {
            (StepKind::Accept, false) => "accept",
            (StepKind::Accept, true) => "not-required",
            (StepKind::Decide, false) => "grant",
            (StepKind::Decide, true) => "refuse",
            (StepKind::Issue, _) => "issue",
            (StepKind::Deliver, _) => "deliver",
            _ => "complete",
        };
        steps.push(format!("  {act} {} {}", due.item, due.step));
        let mut sent = send(visitor, &page, act, due, refuse)?;
        // What others need a number of does not end as not required.
        if act == "not-required" && sent.body.contains("不能按不需要办理了结") {
            act = "not-remit";
            sent = send(visitor, &sent, act, due, refuse)?;
        }
        if sent.status != 200 || !sent.path.contains("done=") {
            let said = sent.body.split_once("class=\"problem\"").map_or("", |(_, rest)| rest);
            let said = html::text(&format!("<p {}", said.split("</p>").next().unwrap_or_default()));
            return Err(format!("{act} leads to {} {}: {said}", sent.status, kind_of(&sent.path)));
        }
        self.follow_all(visitor, &sent, due, number, steps);
        let kinds: &[&str] = match act {
            "accept" => &["accepted", "tolerant"],
            "grant" => &["granted"],
            "refuse" => &["refused"],
            "not-required" => &["not-required"],
            "not-remit" => &["not-remit"],
            "deliver" => &["delivered"],
            _ => return Ok(()),
        };
        // Its own is the newest of its kind.
        let place = |link: &String| {
            let (kind, place) = link.rsplit_once("/notices/")?.1.rsplit_once('-')?;
            Some((kinds.contains(&kind).then_some(place)?.parse::<usize>().ok()?, link.clone()))
        };
        let newest = links(&sent.body).iter().filter_map(place).max();
        let (_, link) = newest.ok_or_else(|| format!("no notice is offered after {act}"))?;
        self.print(visitor, &link, number, due, steps)
    }

    /// By links alone; gives the page of the case.
    fn search(
        &mut self,
        visitor: &Visitor,
        landing: &str,
        number: &str,
        due: &Due,
        steps: &mut Vec<String>,
    ) -> Result<Page, String> {
        let wanted = format!("/desk/cases/{number}");
        let mut waiting = VecDeque::from([landing.to_owned()]);
        let mut seen = BTreeSet::from([landing.to_owned()]);
        for _ in 0..SEARCH_MAX {
            let Some(path) = waiting.pop_front() else { break };
            let page = visitor.get(&path).map_err(|error| error.to_string())?;
            steps.push(path.clone());
            if page.status != 200 {
                return Err(format!("{} answers {}", kind_of(&path), page.status));
            }
            if path == landing {
                self.follow_all(visitor, &page, due, number, steps);
            }
            for link in links(&page.body) {
                if link.split(['?', '#']).next() == Some(wanted.as_str()) {
                    steps.push(link.clone());
                    let page = visitor.get(&link).map_err(|error| error.to_string())?;
                    if page.status != 200 {
                        return Err(format!("{} answers {}", kind_of(&link), page.status));
                    }
                    self.follow_all(visitor, &page, due, number, steps);
                    return Ok(page);
                }
                // Lists and their further pages; other cases and files lead to no task.
                let list = link.starts_with("/desk")
                    && !link.starts_with("/desk/cases/")
                    && !link.contains(".csv")
                    && !link.contains(".xlsx");
                if list && seen.insert(link.clone()) {
                    waiting.push_back(link);
                }
            }
        }
        Err(format!("the task is not found from {landing} by links"))
    }

    /// Every kind of link of a page answers whoever sees it.
    fn follow_all(&mut self, visitor: &Visitor, page: &Page, due: &Due, number: &str, steps: &[String]) {
        for link in links(&page.body) {
            if !self.links.insert((due.login.clone(), kind_of(&link))) {
                continue;
            }
            let status = visitor.get(&link).map_or(0, |page| page.status);
            if status != 200 {
                self.found(due, number, steps, &format!("the link {} answers {status}", kind_of(&link)));
            }
        }
    }

    /// The printed notice names the case, the organ and the day.
    fn print(
        &mut self,
        visitor: &Visitor,
        link: &str,
        number: &str,
        due: &Due,
        steps: &mut Vec<String>,
    ) -> Result<(), String> {
        steps.push(link.to_owned());
        let page = visitor.get(link).map_err(|error| error.to_string())?;
        let text = html::text(&page.body);
        let day = text
            .match_indices('年')
            .any(|(at, _)| text[..at].ends_with(|digit: char| digit.is_ascii_digit()));
        for (what, there) in [
            ("the page", page.status == 200),
            ("a button that prints", page.body.contains("data-print")),
            ("the number", text.contains(number)),
            ("the organ", text.contains(&due.organ)),
            ("the day with its year", day),
        ] {
            if !there {
                return Err(format!("the notice lacks {what}"));
            }
        }
        self.notices += 1;
        Ok(())
    }
}

/// Whether somebody can say no in such a step.
const fn may_refuse(kind: StepKind) -> bool {
    !matches!(kind, StepKind::Issue | StepKind::Deliver | StepKind::Record | StepKind::Pay)
}

/// Fills in the form of an act on the page of a case, and sends it.
fn send(visitor: &Visitor, page: &Page, act: &str, due: &Due, refuse: bool) -> Result<Page, String> {
    let forms = html::forms(&page.body);
    let hidden = |form: &Form, name: &str| {
        form.controls.iter().find(|control| control.name == name).map(|control| control.value.clone())
    };
    let fits = |form: &&Form| {
        hidden(form, "act").as_deref() == Some(act)
            && hidden(form, "item").is_none_or(|item| item == due.item)
            && hidden(form, "step").is_none_or(|step| step == due.step)
    };
    let form = forms.iter().find(fits).ok_or_else(|| format!("the page of the case does not offer {act}"))?;
    visitor.post(&form.action, &filled(form, due, refuse)).map_err(|error| error.to_string())
}

fn filled(form: &Form, due: &Due, refuse: bool) -> Vec<(String, String)> {
    let mut pairs = form.untouched();
    let mut set = |name: &str, value: &str| {
        if form.names().contains(&name) {
            pairs.retain(|(other, _)| other != name);
            pairs.push((name.to_owned(), value.to_owned()));
        }
    };
    set("text", if refuse { "不符合规定的条件。" } else { "已经看过，符合要求。" });
    set("yes", if refuse { "no" } else { "yes" });
    set("how", "online");
    set("originals", "1");
    set("organ", "市级主管部门");
    for place in 0..30 {
        set(&format!("check-{place}"), if refuse { "fail" } else { "pass" });
    }
    let officers = form.controls.iter().filter(|control| control.name == "officer");
    let officers: Vec<String> =
        officers.take(due.officers.saturating_sub(1)).map(|control| control.value.clone()).collect();
    pairs.extend(officers.into_iter().map(|officer| ("officer".to_owned(), officer)));
    pairs
}

/// The visitor and the landing page.
fn sign_in(host: &str, login: &str) -> Result<(Visitor, String), String> {
    let visitor = Visitor::new(host);
    let pairs = [("login", login), ("password", PASSWORD), ("next", "")];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let page = visitor.post("/sign-in", &pairs).map_err(|error| error.to_string())?;
    if page.status != 200 || page.path == "/sign-in" {
        return Err(format!("{login} is not signed in: {}", page.status));
    }
    Ok((visitor, page.path))
}

/// Addresses on this site in their order.
fn links(body: &str) -> Vec<String> {
    let tags = body.split("<a ").skip(1).filter_map(|tag| tag.split('>').next());
    let links = tags.filter_map(|tag| {
        let link = tag.split_once("href=\"")?.1.split('"').next()?.replace("&amp;", "&");
        Some(link.split('#').next()?.to_owned())
    });
    links.filter(|link| link.starts_with('/') && !link.starts_with("//")).collect()
}
